//! Attention of query steps over the key steps of a row.
//!
//! Queries and keys lie on packed steps of two axes. Each query looks at one
//! row of keys, all of it and nothing else: lengths are never ignored. Scores
//! and weights are ragged: for every query, in the order of the queries, its
//! row's steps of keys in order of time ([`Pairs`]).
//!
//! One layer is scores ([`additive`] or [`dot`]), [`softmax`] and [`context`].
//! Projections of queries and keys are ordinary products, made for all steps
//! before.

pub mod additive;
pub mod context;
pub mod dot;
pub mod projection;
pub mod softmax;

use std::ops::Range;

use crate::packed::Packed;

/// Which query looks at which steps of keys.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a> {
    /// For each query the row of keys it looks at; `None` where query `n`
    /// looks at row `n`. Several queries may share a row.
    pub rows: Option<&'a [u32]>,
    /// The rows of keys.
    pub keys: Packed<'a>,
}

impl<'a> Pairs<'a> {
    /// Number of queries.
    pub fn queries(&self) -> usize {
        self.rows.map_or(self.keys.rows(), <[u32]>::len)
    }

    /// Number of pairs: of scores and of weights.
    pub fn count(&self) -> usize {
        self.iter().last().map_or(0, |(_, _, range)| range.end)
    }

    /// Every query with its row of keys and where its scores lie.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, Range<usize>)> + use<'a> {
        let Self { rows, keys } = *self;
        let mut start = 0;
        (0..self.queries()).map(move |query| {
            let row = rows.map_or(query, |rows| rows[query] as usize);
            let range = start..start + keys.length(row);
            start = range.end;
            (query, row, range)
        })
    }
}
