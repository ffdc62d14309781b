//! The memory of one pass over one shard, planned before the pass.
//!
//! Values and work lie in the order of the nodes, so that a node's inputs are
//! always to the left of its outputs, and one split of the vector separates
//! what it reads from what it writes. Gradients of values lie in the same
//! order in a vector of their own.

use std::ops::Range;

use simd::{Element, Vector};

use crate::axis::Dims;
use crate::block::Plan;
use crate::program::Program;
use crate::value::ValueType;

/// Where a value lies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slot {
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Start of its gradient, if it has one.
    pub(crate) gradient: Option<usize>,
}

impl Slot {
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.len
    }
}

/// Where a node's outputs and work lie.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodePlace {
    pub reals: Range<usize>,
    pub ids: Range<usize>,
    /// Where the gradients of its outputs start.
    pub gradient: usize,
    /// Sizes of its pieces, as ranges of [`Memory::sizes`].
    pub sizes: Range<usize>,
    pub id_sizes: Range<usize>,
    pub scratch_sizes: Range<usize>,
}

/// Values, work, gradients and scratch of one shard.
#[derive(Debug, Default)]
pub struct Memory<E> {
    pub(crate) reals: Vec<E>,
    pub(crate) ids: Vec<i32>,
    pub(crate) gradients: Vec<E>,
    pub(crate) scratch: Vec<E>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) nodes: Vec<NodePlace>,
    pub(crate) sizes: Vec<usize>,
    plan: Plan,
}

/// Makes `list` exactly `len` long without keeping its contents; a larger plan
/// frees first and allocates then, so that the peak is the larger plan alone.
fn fit<T: Copy>(list: &mut Vec<T>, len: usize, filler: T) {
    if list.capacity() < len {
        *list = Vec::new();
        list.reserve_exact(len);
    }
    list.resize(len, filler);
    if cfg!(debug_assertions) {
        // A block that reads what it did not write shows at once.
        list.fill(filler);
    }
}

/// Running totals while a pass is laid out.
#[derive(Default)]
struct Totals {
    reals: usize,
    ids: usize,
    gradients: usize,
    scratch: usize,
}

impl<E: Element> Memory<E> {
    /// Lays out a pass of `program` over a shard of these sizes.
    pub(crate) fn arrange<V: Vector<Elem = E>>(&mut self, program: &Program<V>, dims: &Dims, training: bool) {
        let mut totals = Totals::default();
        self.sizes.clear();
        self.nodes.clear();
        self.slots.clear();
        self.slots.resize(program.values.len(), Slot::default());
        for value in 0..program.inputs.len() {
            self.place(program, dims, training, value, &mut totals);
        }
        for node in &program.nodes {
            let mut place = NodePlace { gradient: totals.gradients, ..NodePlace::default() };
            (place.reals.start, place.ids.start) = (totals.reals, totals.ids);
            for &value in &node.outputs {
                self.place(program, dims, training, value, &mut totals);
            }
            self.plan.clear(training);
            node.block.plan(dims, &mut self.plan);
            totals.reals += self.plan.work.iter().sum::<usize>();
            totals.ids += self.plan.ids.iter().sum::<usize>();
            totals.scratch = totals.scratch.max(self.plan.scratch.iter().sum());
            (place.reals.end, place.ids.end) = (totals.reals, totals.ids);

            let is_ids = |value: &usize| matches!(program.values[*value], ValueType::Ids { .. });
            let slots = &self.slots;
            let outputs = |ids: bool| {
                node.outputs.iter().filter(move |value| is_ids(value) == ids).map(|&value| slots[value].len)
            };
            let mut list = |sizes: &mut dyn Iterator<Item = usize>| {
                let start = self.sizes.len();
                self.sizes.extend(sizes);
                start..self.sizes.len()
            };
            place.sizes = list(&mut outputs(false).chain(self.plan.work.iter().copied()));
            place.id_sizes = list(&mut outputs(true).chain(self.plan.ids.iter().copied()));
            place.scratch_sizes = list(&mut self.plan.scratch.iter().copied());
            self.nodes.push(place);
        }
        let filler = E::from_f64(f64::NAN);
        fit(&mut self.reals, totals.reals, filler);
        fit(&mut self.ids, totals.ids, -1);
        fit(&mut self.scratch, if training { totals.scratch } else { 0 }, filler);
        fit(&mut self.gradients, totals.gradients, E::ZERO);
    }

    /// Gives a value its place.
    fn place<V: Vector<Elem = E>>(
        &mut self,
        program: &Program<V>,
        dims: &Dims,
        training: bool,
        value: usize,
        totals: &mut Totals,
    ) {
        let (total, len) = match program.values[value] {
            ValueType::Matrix { space, width } => (&mut totals.reals, dims.count(space) * width),
            ValueType::Ids { space, .. } => (&mut totals.ids, dims.count(space)),
            ValueType::Scalar => (&mut totals.reals, 1),
        };
        let gradient = (training && program.needs_gradient[value]).then_some(totals.gradients);
        self.slots[value] = Slot { start: *total, len, gradient };
        *total += len;
        totals.gradients += gradient.map_or(0, |_| len);
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.reals.capacity() + self.gradients.capacity() + self.scratch.capacity()) * size_of::<E>()
            + self.ids.capacity() * 4
    }
}
