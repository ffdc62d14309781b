//! A batch as the caller hands it over: ragged, row after row, no padding.
//!
//! The staged form is a list of 32-bit words: the number of rows; for each axis
//! that the entry uses, in the spec's order, the length of every row of that
//! axis; then for each input of the entry, in the spec's order, its ids as
//! `i32` or its numbers as `f32`, row after row. Inputs that are states are no
//! part of it.

use crate::error::Error;
use crate::program::Program;
use crate::spec::{InputSpec, Signature};
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
    /// Where the data of each input of the spec starts in the staged words.
    places: Vec<usize>,
}

/// More steps than this in one batch is a mistake in the lengths.
const MOST_STEPS: usize = 1 << 24;

/// Number of pairs of rows with so many queries and keys; at the most what
/// memory could ever hold, rather than wrapping around.
pub(crate) fn pair_count(rows: impl Iterator<Item = (usize, usize)>) -> usize {
    rows.fold(0, |sum: usize, (queries, keys)| {
        sum.saturating_add(queries.saturating_mul(keys))
    })
}

impl Batch {
    /// A batch without rows.
    pub const fn new() -> Self {
        Self {
            rows: 0,
            axes: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Number of rows of a space over the whole batch.
    pub fn count(&self, space: Space) -> usize {
        match space {
            Space::Batch => self.rows,
            Space::Steps(axis) => self.axes[axis].total,
            Space::Pairs { queries, keys } => {
                let keys = self.axes[keys].lengths.iter().map(|&n| n as usize);
                match queries {
                    None => keys.sum(),
                    Some(queries) => {
                        let queries = self.axes[queries].lengths.iter().map(|&n| n as usize);
                        pair_count(queries.zip(keys))
                    }
                }
            }
        }
    }

    /// The words of an input, in the caller's order, among those that the
    /// batch was read from.
    pub(crate) fn of_input<'a>(&self, words: &'a [u32], input: usize) -> &'a [u32] {
        &words[self.places[input]..]
    }

    /// Reads the staged words of a batch for `program`, checking every size
    /// and every id, so that no block meets one out of range.
    pub fn read<V: simd::Vector>(
        &mut self,
        signature: &Signature,
        program: &Program<V>,
        words: &[u32],
    ) -> Result<(), Error> {
        let mut staged = Staged { words, place: 0 };
        self.read_lengths(signature, program, &mut staged)?;
        self.places.clear();
        self.places.resize(signature.inputs.len(), 0);
        for (id, input) in signature.inputs.iter().enumerate() {
            if program.uses_input[id] && input.state.is_none() {
                self.places[id] = staged.place;
                self.read_input(input, &mut staged)?;
            }
        }
        staged.finish()
    }

    /// Reads the sizes of a batch alone: the same words as [`Batch::read`]
    /// without the data of the inputs.
    pub fn read_sizes<V: simd::Vector>(
        &mut self,
        signature: &Signature,
        program: &Program<V>,
        words: &[u32],
    ) -> Result<(), Error> {
        let mut staged = Staged { words, place: 0 };
        self.read_lengths(signature, program, &mut staged)?;
        staged.finish()
    }

    fn read_lengths<V: simd::Vector>(
        &mut self,
        signature: &Signature,
        program: &Program<V>,
        staged: &mut Staged<'_>,
    ) -> Result<(), Error> {
        self.rows = staged.take(1, || "number of rows".into())?[0] as usize;
        if !(1..=MOST_STEPS).contains(&self.rows) {
            return Err(Error::batch(format!(
                "batch: expected 1 to {MOST_STEPS} rows, got {}",
                self.rows
            )));
        }
        self.axes
            .resize_with(signature.axes.len(), RaggedAxis::default);
        for (id, axis) in signature.axes.iter().enumerate() {
            if !program.uses_axis[id] {
                self.axes[id].fill(&[]);
                continue;
            }
            let rows = self.count(axis.parent);
            let what = || format!("lengths of axis \"{}\"", axis.name);
            let lengths = staged.take(rows, what)?;
            let total: u64 = lengths.iter().map(|&n| u64::from(n)).sum();
            if total > MOST_STEPS as u64 {
                return Err(Error::batch(format!(
                    "{}: expected at most {MOST_STEPS} steps, got {total}",
                    what()
                )));
            }
            self.axes[id].fill(lengths);
        }
        Ok(())
    }

    fn read_input(&self, input: &InputSpec, staged: &mut Staged<'_>) -> Result<(), Error> {
        let what = || format!("data of input \"{}\"", input.name);
        match input.kind {
            ValueType::Matrix { space, width } => {
                staged.take(self.count(space).saturating_mul(width), what)?;
            }
            ValueType::Ids {
                space,
                size,
                ignore,
            } => {
                let ids = staged.take(self.count(space), what)?;
                let legal =
                    |id: i32| (0..size as i64).contains(&i64::from(id)) || Some(id) == ignore;
                if let Some(at) = ids.iter().position(|&id| !legal(id as i32)) {
                    return Err(Error::batch(format!(
                        "input \"{}\": expected ids from 0 to {}, got {} at place {at}",
                        input.name,
                        size - 1,
                        ids[at] as i32
                    )));
                }
            }
            ValueType::Scalar => unreachable!("a spec declares no scalar input"),
        }
        Ok(())
    }
}

/// Staged words, and how many of them have been read.
struct Staged<'a> {
    words: &'a [u32],
    place: usize,
}

impl<'a> Staged<'a> {
    fn take(&mut self, count: usize, what: impl Fn() -> String) -> Result<&'a [u32], Error> {
        let rest = &self.words[self.place..];
        let Some(taken) = rest.get(..count) else {
            return Err(Error::batch(format!(
                "{}: expected {count} words at word {}, got {}",
                what(),
                self.place,
                rest.len()
            )));
        };
        self.place += count;
        Ok(taken)
    }

    fn finish(self) -> Result<(), Error> {
        if self.place == self.words.len() {
            return Ok(());
        }
        Err(Error::batch(format!(
            "batch: expected {} words, got {}",
            self.place,
            self.words.len()
        )))
    }
}
