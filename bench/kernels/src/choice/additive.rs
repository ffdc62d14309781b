//! Scores of additive attention: the tanh of each pair in registers, or stored
//! and multiplied afterwards.

use kernels::attend::Pairs;
use kernels::attend::additive::additive_forward;
use kernels::packed::Packed;
use simd::{Function, Vector, slice};

use super::{Choice, Way, exactly, spread};
use crate::V;

/// Queries and keys of one sentence.
const LENGTH: usize = 24;
const SIZE: usize = 128;

/// The result is `[queries, keys]`.
pub const fn choice(make: fn() -> Way) -> Choice {
    Choice {
        amount: LENGTH * LENGTH,
        results: LENGTH * LENGTH,
        make,
        exact,
    }
}

/// Projected queries and keys `[length, size]`, and the weights of the score.
fn given() -> [Vec<f32>; 3] {
    [
        spread(LENGTH * SIZE, 1),
        spread(LENGTH * SIZE, 2),
        spread(SIZE, 3),
    ]
}

/// Production's.
pub fn fused() -> Way {
    let [queries, keys, score] = given();
    let (rows, one) = (vec![0; LENGTH], [LENGTH as u32]);
    let (sizes, offsets) = (vec![1; LENGTH], (0..=LENGTH as u32).collect::<Vec<_>>());
    Box::new(move |out| {
        let keys_axis = Packed {
            lengths: &one,
            order: &[0],
            position: &[0],
            sizes: &sizes,
            offsets: &offsets,
        };
        let pairs = Pairs {
            rows: Some(&rows),
            keys: keys_axis,
        };
        additive_forward::<V>(pairs, SIZE, &queries, &keys, &score, out);
    })
}

pub fn stored() -> Way {
    let [queries, keys, score] = given();
    let mut hidden = vec![0.0; LENGTH * LENGTH * SIZE];
    Box::new(move |out| {
        squash(&queries, &keys, &mut hidden);
        for (out, hidden) in out.iter_mut().zip(hidden.chunks_exact(SIZE)) {
            *out = slice::sum([hidden, &score], |[hidden, score]: [V; 2]| {
                hidden.mul(score)
            });
        }
    })
}

#[inline(never)]
fn squash(queries: &[f32], keys: &[f32], hidden: &mut [f32]) {
    let tanh = <V as Vector>::Tanh::new();
    for (query, hidden) in queries
        .chunks_exact(SIZE)
        .zip(hidden.chunks_exact_mut(LENGTH * SIZE))
    {
        for (key, hidden) in keys.chunks_exact(SIZE).zip(hidden.chunks_exact_mut(SIZE)) {
            slice::zip(query, key, hidden, |query: V, key| {
                tanh.apply(query.add(key))
            });
        }
    }
}

fn exact() -> Vec<f64> {
    let [queries, keys, score] = given().map(exactly);
    let pairs = queries
        .chunks(SIZE)
        .flat_map(|query| keys.chunks(SIZE).map(move |key| (query, key)));
    pairs
        .map(|(query, key)| {
            let each = query.iter().zip(key).zip(&score);
            each.map(|((query, key), score)| (query + key).tanh() * score)
                .sum()
        })
        .collect()
}
