//! A batch as the caller hands it over: ragged, row after row, no padding.
//!
//! The staged form is a list of 32-bit words: the number of rows; for each axis
//! that the entry uses, in the spec's order, the length of every row of that
//! axis; then for each input of the entry, in the spec's order, its ids as
//! `i32` or its numbers as `f32`, row after row.

use crate::error::Error;
use crate::program::Program;
use crate::spec::Signature;
use crate::value::{Space, ValueType};

/// Lengths of one axis in the caller's order.
#[derive(Clone, Debug, Default)]
pub struct RaggedAxis {
    /// Length of every row.
    pub lengths: Vec<u32>,
    /// Where each row starts in the ragged data.
    pub starts: Vec<u32>,
    /// Number of steps.
    pub total: usize,
}

impl RaggedAxis {
    /// Takes the lengths over and sums them up.
    pub fn fill(&mut self, lengths: &[u32]) {
        self.lengths.clear();
        self.lengths.extend_from_slice(lengths);
        self.starts.clear();
        self.total = 0;
        for &length in lengths {
            self.starts.push(self.total as u32);
            self.total += length as usize;
        }
    }
}

/// A whole batch, checked against the signature of its entry.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Number of rows.
    pub rows: usize,
    /// The axes, by id.
    pub axes: Vec<RaggedAxis>,
    words: Vec<u32>,
    /// Where the data of each input of the spec starts in `words`.
    places: Vec<usize>,
}

/// More steps than this in one batch is a mistake in the lengths.
const MOST_STEPS: usize = 1 << 28;

impl Batch {
    /// Number of rows of a space over the whole batch.
    pub fn count(&self, space: Space) -> usize {
        match space {
            Space::Batch => self.rows,
            Space::Steps(axis) => self.axes[axis].total,
            Space::Pairs { queries, keys } => {
                let keys = &self.axes[keys].lengths;
                let width = |row: usize| queries.map_or(1, |q| self.axes[q].lengths[row] as usize);
                keys.iter().enumerate().map(|(row, &k)| k as usize * width(row)).sum()
            }
        }
    }

    /// The ids of an input, in the caller's order.
    pub fn ids(&self, input: usize, count: usize) -> impl Iterator<Item = i32> + '_ {
        let start = self.places[input];
        self.words[start..start + count].iter().map(|&word| word as i32)
    }

    /// The words of an input.
    pub(crate) fn words(&self, input: usize) -> &[u32] {
        &self.words[self.places[input]..]
    }

    /// Reads the staged words of a batch for `program`, checking every size
    /// and every id, so that no block meets one out of range.
    pub fn read<V: simd::Vector>(
        &mut self,
        signature: &Signature,
        program: &Program<V>,
        words: &[u32],
    ) -> Result<(), Error> {
        self.words.clear();
        self.words.extend_from_slice(words);
        let mut place = 0;
        let mut take = |count: usize, what: &dyn Fn() -> String| {
            let start = place;
            place = start + count;
            if place > words.len() {
                return Err(Error::batch(format!(
                    "{}: expected {count} words at word {start}, got {}",
                    what(),
                    words.len().saturating_sub(start)
                )));
            }
            Ok(start)
        };

        self.rows = words[take(1, &|| "number of rows".into())?] as usize;
        if self.rows == 0 {
            return Err(Error::batch("batch: expected at least one row, got 0"));
        }
        self.axes.resize_with(signature.axes.len(), RaggedAxis::default);
        for (id, axis) in signature.axes.iter().enumerate() {
            if !program.uses_axis[id] {
                self.axes[id].fill(&[]);
                continue;
            }
            let rows = self.count(axis.parent);
            let start = take(rows, &|| format!("lengths of axis \"{}\"", axis.name))?;
            let lengths = &words[start..start + rows];
            let total: usize = lengths.iter().map(|&n| n as usize).sum();
            if total > MOST_STEPS {
                return Err(Error::batch(format!(
                    "lengths of axis \"{}\": expected at most {MOST_STEPS} steps, got {total}",
                    axis.name
                )));
            }
            self.axes[id].fill(lengths);
        }

        self.places.clear();
        self.places.resize(signature.inputs.len(), 0);
        for (id, input) in signature.inputs.iter().enumerate() {
            if !program.uses_input[id] {
                continue;
            }
            let what = || format!("data of input \"{}\"", input.name);
            match input.kind {
                ValueType::Matrix { space, width } => {
                    self.places[id] = take(self.count(space) * width, &what)?;
                }
                ValueType::Ids { space, size, ignore } => {
                    let count = self.count(space);
                    let start = take(count, &what)?;
                    self.places[id] = start;
                    let legal = |id: i32| (0..size as i64).contains(&i64::from(id)) || Some(id) == ignore;
                    if let Some(at) = (0..count).find(|&i| !legal(words[start + i] as i32)) {
                        return Err(Error::batch(format!(
                            "input \"{}\": expected ids from 0 to {}, got {} at place {at}",
                            input.name,
                            size - 1,
                            words[start + at] as i32
                        )));
                    }
                }
                ValueType::Scalar => unreachable!("a spec declares no scalar input"),
            }
        }
        if place != words.len() {
            return Err(Error::batch(format!("batch: expected {place} words, got {}", words.len())));
        }
        Ok(())
    }
}
