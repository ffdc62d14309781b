//! What a block is given for one pass over one shard.

use std::ops::Range;

use simd::{Element, Vector};

use crate::axis::Dims;
use crate::gradient::{Gradients, SparseGradient};
use crate::memory::Slot;
use crate::param::{Layout, ParamId, Params, Place};

/// Facts of one pass that are the same for every block.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pass {
    /// Dropout is on and a backward pass may follow.
    pub training: bool,
    /// The model's seed.
    pub seed: u64,
    /// The trainer's step: with the seed, the whole state of randomness.
    pub step: u64,
}

/// The parameters of one node, by the index that declaring them returned.
#[derive(Clone, Copy)]
pub struct ParamView<'a, E> {
    pub(crate) params: &'a Params<E>,
    pub(crate) ids: &'a [ParamId],
    pub(crate) training: bool,
}

impl<'a, E: Element> ParamView<'a, E> {
    /// Parameter `i` in its storage layout, as the pass sees it.
    pub fn get(&self, i: usize) -> &'a [E] {
        self.params.seen(self.ids[i], self.training)
    }

    /// The storage layout of parameter `i`.
    pub fn layout(&self, i: usize) -> Layout {
        self.params.table()[self.ids[i]].layout
    }
}

/// The inputs of one node.
#[derive(Clone, Copy)]
pub struct Inputs<'a, E> {
    /// What lies left and right of the node's own memory.
    pub(crate) before: &'a [E],
    pub(crate) after: &'a [E],
    /// Where the right part starts.
    pub(crate) after_start: usize,
    pub(crate) ids: &'a [i32],
    pub(crate) slots: &'a [Slot],
    pub(crate) values: &'a [usize],
}

impl<'a, E> Inputs<'a, E> {
    /// Number of inputs given.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Input `i`, a matrix or a scalar. One copy serves all blocks.
    #[inline(never)]
    pub fn matrix(&self, i: usize) -> &'a [E] {
        let Range { start, end } = self.slots[self.values[i]].range();
        match self.before.get(start..end) {
            Some(matrix) => matrix,
            None => &self.after[start - self.after_start..end - self.after_start],
        }
    }

    /// Input `i`, ids.
    pub fn ids(&self, i: usize) -> &'a [i32] {
        &self.ids[self.slots[self.values[i]].range()]
    }
}

/// Takes pieces off a slice, which lie one after the other, perhaps with gaps.
fn carve<'a, T, const N: usize>(
    memory: &mut &'a mut [T],
    pieces: &[Range<usize>],
) -> [&'a mut [T]; N] {
    let mut carved = std::array::from_fn(|_| Default::default());
    carve_into(memory, pieces, &mut carved);
    carved
}

// One copy serves all numbers of pieces.
#[inline(never)]
fn carve_into<'a, T>(
    memory: &mut &'a mut [T],
    pieces: &[Range<usize>],
    carved: &mut [&'a mut [T]],
) {
    assert_eq!(
        pieces.len(),
        carved.len(),
        "a block carves exactly what it planned"
    );
    let mut end = 0;
    for (piece, range) in carved.iter_mut().zip(pieces) {
        let (_, rest) = std::mem::take(memory).split_at_mut(range.start - end);
        let (taken, rest) = rest.split_at_mut(range.len());
        (*piece, *memory, end) = (taken, rest, range.end);
    }
}

/// What [`crate::block::Block::forward`] gets.
pub struct Forward<'a, V: Vector> {
    /// Sizes, orders and maps of this shard.
    pub dims: &'a Dims,
    /// The node's inputs.
    pub inputs: Inputs<'a, V::Elem>,
    /// The node's parameters.
    pub params: ParamView<'a, V::Elem>,
    /// What the node derived from its parameters.
    pub derived: &'a [V::Elem],
    /// Training or not.
    pub training: bool,
    /// Hash of seed, step and node name: the start of every random decision.
    pub salt: u32,
    /// What a loss is divided by, over the whole batch.
    pub denominator: f64,
    pub(crate) reals: &'a mut [V::Elem],
    pub(crate) pieces: &'a [Range<usize>],
    pub(crate) ids: &'a mut [i32],
    pub(crate) id_pieces: &'a [Range<usize>],
}

impl<'a, V: Vector> Forward<'a, V> {
    /// The matrix outputs and then the work, in the order declared. To be
    /// called once.
    pub fn carve<const N: usize>(&mut self) -> [&'a mut [V::Elem]; N] {
        carve(&mut self.reals, self.pieces)
    }

    /// The id outputs and then the id work, in the order declared. To be
    /// called once.
    pub fn carve_ids<const N: usize>(&mut self) -> [&'a mut [i32]; N] {
        carve(&mut self.ids, self.id_pieces)
    }
}

/// Gradients of the node's inputs.
pub struct InputGradients<'a, E> {
    pub(crate) gradients: &'a mut [E],
    pub(crate) slots: &'a [Slot],
    pub(crate) values: &'a [usize],
}

impl<E> InputGradients<'_, E> {
    /// The gradient of input `i`, to be added to; `None` when nobody needs it.
    pub fn get(&mut self, i: usize) -> Option<&mut [E]> {
        let slot = &self.slots[*self.values.get(i)?];
        let start = slot.gradient?;
        Some(&mut self.gradients[start..start + slot.len])
    }
}

/// The gradient of one parameter.
pub enum ParamGradient<'a, E> {
    /// The parameter is not trained.
    Frozen,
    /// Dense, in the parameter's storage layout.
    Dense(&'a mut [E]),
    /// By row.
    Sparse(&'a mut SparseGradient<E>),
}

/// Gradients of the node's parameters.
pub struct ParamGradients<'a, E> {
    pub(crate) params: &'a Params<E>,
    pub(crate) ids: &'a [ParamId],
    pub(crate) gradients: &'a mut Gradients<E>,
}

impl<E: Element> ParamGradients<'_, E> {
    fn dense(&self, i: usize) -> Option<Range<usize>> {
        let parameter = &self.params.table()[*self.ids.get(i)?];
        match parameter.place {
            Place::Dense(offset) => Some(offset..offset + parameter.stored()),
            _ => None,
        }
    }

    /// The dense gradient of parameter `i`, to be added to; `None` when it is
    /// not trained.
    pub fn get(&mut self, i: usize) -> Option<&mut [E]> {
        let range = self.dense(i)?;
        Some(&mut self.gradients.dense[range])
    }

    /// The gradient of parameter `i`, which may be sparse.
    pub fn table(&mut self, i: usize) -> ParamGradient<'_, E> {
        match self.ids.get(i).map(|&id| self.params.table()[id].place) {
            None | Some(Place::Frozen) => ParamGradient::Frozen,
            Some(Place::Sparse(index)) => ParamGradient::Sparse(&mut self.gradients.sparse[index]),
            Some(Place::Dense(_)) => match self.get(i) {
                Some(dense) => ParamGradient::Dense(dense),
                None => ParamGradient::Frozen,
            },
        }
    }
}

/// What [`crate::block::Block::backward`] gets.
pub struct Backward<'a, V: Vector> {
    /// Sizes, orders and maps of this shard.
    pub dims: &'a Dims,
    /// The node's inputs.
    pub inputs: Inputs<'a, V::Elem>,
    /// The node's parameters.
    pub params: ParamView<'a, V::Elem>,
    /// What the node derived from its parameters.
    pub derived: &'a [V::Elem],
    /// The same salt as in the forward pass.
    pub salt: u32,
    /// What a loss is divided by, over the whole batch.
    pub denominator: f64,
    /// Gradients of the inputs, to be added to.
    pub d_inputs: InputGradients<'a, V::Elem>,
    /// Gradients of the parameters, to be added to.
    pub d_params: ParamGradients<'a, V::Elem>,
    pub(crate) saved: &'a [V::Elem],
    pub(crate) pieces: &'a [Range<usize>],
    pub(crate) saved_ids: &'a [i32],
    pub(crate) id_pieces: &'a [Range<usize>],
    pub(crate) d_outputs: &'a [V::Elem],
    pub(crate) d_output_slots: &'a [Slot],
    pub(crate) outputs: &'a [usize],
    pub(crate) d_start: usize,
    pub(crate) scratch: &'a mut [V::Elem],
    pub(crate) scratch_pieces: &'a [Range<usize>],
}

fn pieces<'a, T, const N: usize>(memory: &'a [T], pieces: &[Range<usize>]) -> [&'a [T]; N] {
    let mut found = [&[][..]; N];
    pieces_into(memory, pieces, &mut found);
    found
}

#[inline(never)]
fn pieces_into<'a, T>(memory: &'a [T], pieces: &[Range<usize>], found: &mut [&'a [T]]) {
    assert_eq!(
        pieces.len(),
        found.len(),
        "a block reads exactly what it planned"
    );
    for (piece, range) in found.iter_mut().zip(pieces) {
        *piece = &memory[range.clone()];
    }
}

impl<'a, V: Vector> Backward<'a, V> {
    /// What [`Forward::carve`] filled.
    pub fn saved<const N: usize>(&self) -> [&'a [V::Elem]; N] {
        pieces(self.saved, self.pieces)
    }

    /// What [`Forward::carve_ids`] filled.
    pub fn saved_ids<const N: usize>(&self) -> [&'a [i32]; N] {
        pieces(self.saved_ids, self.id_pieces)
    }

    /// The gradient of output `i`: zeros where nothing depends on it.
    pub fn d_output(&self, i: usize) -> &'a [V::Elem] {
        let slot = &self.d_output_slots[self.outputs[i]];
        let start = slot.gradient.map_or(0, |start| start - self.d_start);
        &self.d_outputs[start..start + slot.len]
    }

    /// The scratch, in the order planned. To be called once.
    pub fn scratch<const N: usize>(&mut self) -> [&'a mut [V::Elem]; N] {
        carve(&mut self.scratch, self.scratch_pieces)
    }
}
