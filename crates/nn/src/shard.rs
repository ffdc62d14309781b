//! One shard of a batch: some of its rows, with memory and gradients of its
//! own, so that shards run in any order, or at once, with the same result.

mod pass;

use simd::{Element, Vector};

use crate::axis::Dims;
use crate::batch::Batch;
use crate::error::Error;
use crate::gradient::Gradients;
use crate::memory::Memory;
use crate::program::Program;
use crate::spec::Signature;
use crate::value::{Space, ValueType};
pub(crate) use pass::Work;

/// Rows of a batch and everything a pass over them needs.
#[derive(Debug)]
pub(crate) struct Shard<V: Vector> {
    pub dims: Dims,
    /// The rows of one step, of which a loop makes a batch.
    step: Dims,
    pub memory: Memory<V::Elem>,
    pub gradients: Gradients<V::Elem>,
}

impl<V: Vector> Default for Shard<V> {
    fn default() -> Self {
        Self {
            dims: Dims::default(),
            step: Dims::default(),
            memory: Memory::default(),
            gradients: Gradients::default(),
        }
    }
}

impl<V: Vector> Shard<V> {
    /// Lays out axes and memory for the rows in `dims.rows`.
    pub fn arrange(
        &mut self,
        signature: &Signature,
        program: &Program<V>,
        batch: &Batch,
        training: bool,
    ) -> Result<(), Error> {
        let parents = signature.axes.iter().map(|axis| axis.parent);
        self.dims.parents.clear();
        self.dims.parents.extend(parents);
        self.dims.arrange(&batch.axes, &program.uses_axis);
        self.memory
            .arrange(program, &self.dims, &mut self.step, training)
    }

    /// Copies this shard's part of every input in from the staged words; states
    /// are zero.
    pub fn load_inputs(
        &mut self,
        signature: &Signature,
        program: &Program<V>,
        batch: &Batch,
        words: &[u32],
    ) {
        for (value, &input) in program.inputs.iter().enumerate() {
            let range = self.memory.slots[value].range();
            let words = batch.of_input(words, input);
            let input = &signature.inputs[input];
            match input.kind {
                _ if input.state.is_some() => self.memory.reals[range].fill(V::Elem::ZERO),
                ValueType::Matrix { space, width } => {
                    let mut rest = &mut self.memory.reals[range];
                    for run in runs(self.dims.source(space)) {
                        let (x, after) = rest.split_at_mut(run.len() * width);
                        let from = &words[run[0] as usize * width..];
                        for (x, &word) in x.iter_mut().zip(from) {
                            *x = V::Elem::from_f64(f64::from(f32::from_bits(word)));
                        }
                        rest = after;
                    }
                }
                ValueType::Ids { space, .. } => {
                    for (id, &source) in self.memory.ids[range]
                        .iter_mut()
                        .zip(self.dims.source(space))
                    {
                        *id = words[source as usize] as i32;
                    }
                }
                ValueType::Scalar => {}
            }
        }
    }

    /// Sets the gradients of all values to zero.
    pub fn clear_value_gradients(&mut self) {
        self.memory.clear_gradients();
    }

    /// Calls `visit(caller's row, this shard's row, count)` for every stretch of
    /// rows of a space that lie one after the other on both sides, `starts`
    /// giving the first pair of each query in the caller's order. One copy serves
    /// all visitors: a row is much work beside a call.
    #[inline(never)]
    pub fn places(&self, space: Space, starts: &[u32], visit: &mut dyn FnMut(usize, usize, usize)) {
        let mut next = 0;
        let mut visit = |place: u32, count: usize| {
            visit(place as usize, next, count);
            next += count;
        };
        let Space::Pairs { queries, keys } = space else {
            return runs(self.dims.source(space)).for_each(|run| visit(run[0], run.len()));
        };
        let keys = &self.dims.axes[keys].lengths;
        let mut query = |place: u32, row: usize| visit(starts[place as usize], keys[row] as usize);
        match queries {
            None => self
                .dims
                .rows
                .iter()
                .enumerate()
                .for_each(|(row, &place)| query(place, row)),
            Some(axis) => {
                let axis = &self.dims.axes[axis];
                axis.source
                    .iter()
                    .zip(&axis.row)
                    .for_each(|(&place, &row)| query(place, row as usize));
            }
        }
    }
}

/// Stretches of places that follow each other: all steps of a single row are one.
fn runs(places: &[u32]) -> impl Iterator<Item = &[u32]> {
    places.chunk_by(|before, place| before + 1 == *place)
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn places_that_follow_each_other_are_one_run() {
        let of = |places| runs(places).collect::<Vec<_>>();
        assert_eq!(of(&[4, 5, 6]), [[4, 5, 6]]);
        assert_eq!(of(&[0, 3, 1, 2, 2]), [&[0][..], &[3], &[1, 2], &[2]]);
        assert!(of(&[]).is_empty());
    }
}
