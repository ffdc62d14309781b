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
use crate::error::Error;
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
    planned: Totals,
    /// What the next allocation makes room for at the least.
    reserved: Totals,
}

/// How many numbers each vector holds.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    reals: usize,
    ids: usize,
    gradients: usize,
    scratch: usize,
}

/// More numbers than this in one shard are more memory than any host gives;
/// sums below it cannot wrap around where sizes have 32 bits.
const MOST_NUMBERS: usize = 1 << 27;

impl Totals {
    fn max(self, other: Self) -> Self {
        Self {
            reals: self.reals.max(other.reals),
            ids: self.ids.max(other.ids),
            gradients: self.gradients.max(other.gradients),
            scratch: self.scratch.max(other.scratch),
        }
    }

    fn check(&self) -> Result<(), Error> {
        match self
            .reals
            .max(self.ids)
            .max(self.gradients)
            .max(self.scratch)
        {
            numbers if numbers > MOST_NUMBERS => Err(Error::memory(format!(
                "batch: one of its shards would take {numbers} numbers, at most {MOST_NUMBERS} are possible; make the batch smaller"
            ))),
            _ => Ok(()),
        }
    }
}

fn sum(sizes: &[usize]) -> usize {
    sizes.iter().fold(0, |sum, &size| sum.saturating_add(size))
}

/// Makes `list` at least `len` long without keeping its contents; a larger plan
/// frees first and allocates then, so that the peak is the larger plan alone.
/// It never becomes shorter: what was cut off would be filled anew.
fn fit<T: Copy>(list: &mut Vec<T>, len: usize, reserved: usize, filler: T) -> Result<(), Error> {
    if list.capacity() < len {
        *list = Vec::new();
        let room = len.max(reserved);
        list.try_reserve_exact(room).map_err(|_| {
            Error::memory(format!(
                "batch: no room for {} bytes; make the batch smaller",
                room * size_of::<T>()
            ))
        })?;
    }
    if list.len() < len {
        list.resize(len, filler);
    }
    if cfg!(debug_assertions) {
        // A block that reads what it did not write shows at once.
        list.fill(filler);
    }
    Ok(())
}

impl<E: Element> Memory<E> {
    /// Lays out a pass of `program` over a shard of these sizes; nothing large
    /// is allocated yet.
    pub(crate) fn arrange<V: Vector<Elem = E>>(
        &mut self,
        program: &Program<V>,
        dims: &Dims,
        training: bool,
    ) -> Result<(), Error> {
        let mut totals = Totals::default();
        self.sizes.clear();
        self.nodes.clear();
        self.slots.clear();
        self.slots.resize(program.values.len(), Slot::default());
        for value in 0..program.inputs.len() {
            self.place(program, dims, training, value, &mut totals);
        }
        totals.check()?;
        for node in &program.nodes {
            let mut place = NodePlace {
                gradient: totals.gradients,
                ..NodePlace::default()
            };
            (place.reals.start, place.ids.start) = (totals.reals, totals.ids);
            for &value in &node.outputs {
                self.place(program, dims, training, value, &mut totals);
            }
            // Before the block multiplies sizes of its own with these.
            totals.check()?;
            self.plan.clear(training);
            node.block.plan(dims, &mut self.plan);
            totals.reals = totals.reals.saturating_add(sum(&self.plan.work));
            totals.ids = totals.ids.saturating_add(sum(&self.plan.ids));
            if training {
                totals.scratch = totals.scratch.max(sum(&self.plan.scratch));
            }
            totals.check()?;
            (place.reals.end, place.ids.end) = (totals.reals, totals.ids);

            let is_ids = |value: &usize| matches!(program.values[*value], ValueType::Ids { .. });
            let slots = &self.slots;
            let outputs = |ids: bool| {
                node.outputs
                    .iter()
                    .filter(move |value| is_ids(value) == ids)
                    .map(|&value| slots[value].len)
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
        self.planned = totals;
        Ok(())
    }

    /// Makes the next allocation at least as large as what was laid out.
    pub(crate) fn reserve(&mut self) {
        self.reserved = self.reserved.max(self.planned);
    }

    /// Makes room for what was laid out.
    pub(crate) fn allocate(&mut self) -> Result<(), Error> {
        let (planned, reserved) = (self.planned, self.reserved);
        let filler = E::from_f64(f64::NAN);
        fit(&mut self.reals, planned.reals, reserved.reals, filler)?;
        fit(&mut self.ids, planned.ids, reserved.ids, -1)?;
        fit(&mut self.scratch, planned.scratch, reserved.scratch, filler)?;
        fit(
            &mut self.gradients,
            planned.gradients,
            reserved.gradients,
            E::ZERO,
        )
    }

    /// Sets the gradients of all values to zero.
    pub(crate) fn clear_gradients(&mut self) {
        self.gradients[..self.planned.gradients].fill(E::ZERO);
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
            ValueType::Matrix { space, width } => {
                (&mut totals.reals, dims.count(space).saturating_mul(width))
            }
            ValueType::Ids { space, .. } => (&mut totals.ids, dims.count(space)),
            ValueType::Scalar => (&mut totals.reals, 1),
        };
        let gradient = (training && program.needs_gradient[value]).then_some(totals.gradients);
        self.slots[value] = Slot {
            start: *total,
            len,
            gradient,
        };
        *total = total.saturating_add(len);
        totals.gradients = totals.gradients.saturating_add(gradient.map_or(0, |_| len));
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.reals.capacity() + self.gradients.capacity() + self.scratch.capacity())
            * size_of::<E>()
            + self.ids.capacity() * 4
    }
}
