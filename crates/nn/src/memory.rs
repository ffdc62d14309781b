//! The memory of one pass over one shard, planned before the pass.
//!
//! For training, values and work lie in the order of the nodes, and gradients of
//! values in the same order in a vector of their own. A prediction takes memory
//! back: that of a value when its last reader has run, that of work at once, and
//! of a value that is read only within its step of a loop there is one step.

use std::ops::Range;

use simd::{Element, Vector};

use crate::axis::{Axis, Dims};
use crate::block::Plan;
use crate::error::Error;
use crate::program::{Loop, Program};
use crate::value::ValueType;

/// Where a value lies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slot {
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Start of its gradient, if it has one.
    pub(crate) gradient: Option<usize>,
    /// Whether the steps of a loop take turns in it.
    pub(crate) shared: bool,
}

impl Slot {
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.len
    }

    /// Some of its rows, as a value of this type.
    pub(crate) fn rows(self, rows: &Range<usize>, kind: ValueType) -> Self {
        let width = kind.width().unwrap_or(1);
        let before = if self.shared { 0 } else { rows.start * width };
        Self {
            start: self.start + before,
            len: rows.len() * width,
            gradient: self.gradient.map(|start| start + before),
            ..self
        }
    }
}

/// Memory of a prediction, and the last node during which it is in use.
#[derive(Clone, Debug)]
struct Held {
    range: Range<usize>,
    until: usize,
}

/// Where a node's outputs and work lie.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodePlace {
    pub reals: Range<usize>,
    pub ids: Range<usize>,
    /// Where the gradients of its outputs start.
    pub gradient: usize,
    /// Its pieces as a whole among [`Memory::pieces_of`]; in a loop those of
    /// each step follow.
    pub pieces: usize,
}

/// The pieces of a node's memory, as ranges of [`Memory::pieces`], in which
/// they count from the node's start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces {
    pub reals: Range<usize>,
    pub ids: Range<usize>,
    pub scratch: Range<usize>,
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
    pub(crate) pieces_of: Vec<Pieces>,
    pub(crate) pieces: Vec<Range<usize>>,
    /// The slots as one step of a loop sees them.
    pub(crate) views: Vec<Slot>,
    /// What a prediction has in use at the node that is laid out.
    held: Vec<Held>,
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
    /// is allocated yet. `step` gets room for the sizes of any step of a loop.
    pub(crate) fn arrange<V: Vector<Elem = E>>(
        &mut self,
        program: &Program<V>,
        dims: &Dims,
        step: &mut Dims,
        training: bool,
    ) -> Result<(), Error> {
        let mut totals = Totals::default();
        self.pieces.clear();
        self.pieces_of.clear();
        self.nodes.clear();
        self.slots.clear();
        self.slots.resize(program.values.len(), Slot::default());
        self.held.clear();
        for value in 0..program.inputs.len() {
            self.place(program, dims, training, value, None, &mut totals);
            self.hold(program, value);
        }
        totals.check()?;
        for (index, node) in program.nodes.iter().enumerate() {
            let around = program.loop_at(index);
            let mut place = NodePlace {
                gradient: totals.gradients,
                pieces: self.pieces_of.len(),
                ..NodePlace::default()
            };
            (place.reals.start, place.ids.start) = (totals.reals, totals.ids);
            for &value in &node.outputs {
                self.place(program, dims, training, value, around, &mut totals);
            }
            // Before the block multiplies sizes of its own with these.
            totals.check()?;
            let (block, outputs) = (&*node.block, &node.outputs);
            self.plan.clear(training);
            match around {
                None => block.plan(dims, &mut self.plan),
                Some(around) if block.sums_steps() => {
                    step.set_rows(dims.axis(around.axis).steps());
                    block.plan(step, &mut self.plan);
                    // Over all steps there is only scratch.
                    self.plan.work.clear();
                }
                _ => {}
            }
            self.lay(program, outputs, None, &place, &mut totals);
            let axis = around.map(|around| dims.axis(around.axis));
            let (mut planned, whole) = (0, totals.reals);
            place.reals.end = whole;
            for t in 0..axis.map_or(0, Axis::longest) {
                let steps = axis.map_or(0..0, |axis| axis.steps_at(t));
                if planned != steps.len() {
                    planned = steps.len();
                    step.set_rows(planned);
                    self.plan.clear(training);
                    block.plan(step, &mut self.plan);
                }
                if !training {
                    totals.reals = whole;
                }
                self.lay(program, outputs, Some(steps), &place, &mut totals);
                place.reals.end = place.reals.end.max(totals.reals);
            }
            place.ids.end = totals.ids;
            totals.reals = place.reals.end;
            totals.check()?;
            if !training {
                totals.reals = self.settle(program, index, &mut place);
            }
            self.nodes.push(place);
        }
        self.views.clone_from(&self.slots);
        self.planned = totals;
        Ok(())
    }

    /// Moves a node of a prediction, which was laid out behind all others, to
    /// where nothing is in use; returns where the numbers of all end.
    #[inline(never)]
    fn settle<V: Vector<Elem = E>>(
        &mut self,
        program: &Program<V>,
        index: usize,
        place: &mut NodePlace,
    ) -> usize {
        let (from, len) = (place.reals.start, place.reals.len());
        self.held.retain(|held| held.until >= index);
        // Most lie from left to right: the second round finds nothing in the way.
        let (mut start, mut looked) = (0, usize::MAX);
        while looked != start {
            looked = start;
            for Held { range, .. } in &self.held {
                if range.start < start + len && start < range.end {
                    start = range.end;
                }
            }
        }
        place.reals = start..start + len;
        let mut work = start;
        for &value in &program.nodes[index].outputs {
            if !matches!(program.values[value], ValueType::Ids { .. }) {
                let slot = &mut self.slots[value];
                slot.start = slot.start - from + start;
                work = slot.start + slot.len;
                self.hold(program, value);
            }
        }
        if let Some(around) = program.loop_at(index) {
            self.held.push(Held {
                range: work..place.reals.end,
                until: around.nodes.end - 1,
            });
        }
        from.max(place.reals.end)
    }

    /// Keeps the memory of a value until its last reader has run.
    fn hold<V: Vector>(&mut self, program: &Program<V>, value: usize) {
        if !matches!(program.values[value], ValueType::Ids { .. }) {
            self.held.push(Held {
                range: self.slots[value].range(),
                until: program.last_read[value],
            });
        }
    }

    /// Lists the pieces of a node that has asked for memory: its outputs, or
    /// some rows of them, and behind all that there is its work.
    #[inline(never)]
    fn lay<V: Vector<Elem = E>>(
        &mut self,
        program: &Program<V>,
        outputs: &[usize],
        rows: Option<Range<usize>>,
        place: &NodePlace,
        totals: &mut Totals,
    ) {
        let (mut scratch, mut laid) = (0, [0; 3]);
        let asked = [&self.plan.work, &self.plan.ids, &self.plan.scratch];
        for (which, sizes) in asked.into_iter().enumerate() {
            let (start, total) = match which {
                0 => (place.reals.start, &mut totals.reals),
                1 => (place.ids.start, &mut totals.ids),
                _ => (0, &mut scratch),
            };
            laid[which] = self.pieces.len();
            for &value in outputs {
                let kind = program.values[value];
                if which == usize::from(matches!(kind, ValueType::Ids { .. })) {
                    let slot = match &rows {
                        None => self.slots[value],
                        Some(rows) => self.slots[value].rows(rows, kind),
                    };
                    let first = slot.start - start;
                    self.pieces.push(first..first + slot.len);
                }
            }
            for &size in sizes {
                let first = *total - start;
                *total = total.saturating_add(size);
                self.pieces.push(first..*total - start);
            }
        }
        if self.plan.training {
            totals.scratch = totals.scratch.max(scratch);
        }
        self.pieces_of.push(Pieces {
            reals: laid[0]..laid[1],
            ids: laid[1]..laid[2],
            scratch: laid[2]..self.pieces.len(),
        });
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
        around: Option<&Loop>,
        totals: &mut Totals,
    ) {
        // Of what is not read behind its loop a prediction keeps one step.
        let one = around.filter(|around| !training && program.last_read[value] < around.nodes.end);
        let (total, len) = match program.values[value] {
            ValueType::Matrix { space, width } => {
                let rows = match one {
                    None => dims.count(space),
                    Some(around) => dims.axis(around.axis).packed().alive(0),
                };
                (&mut totals.reals, rows.saturating_mul(width))
            }
            ValueType::Ids { space, .. } => (&mut totals.ids, dims.count(space)),
            ValueType::Scalar => (&mut totals.reals, 1),
        };
        let gradient = (training && program.needs_gradient[value]).then_some(totals.gradients);
        self.slots[value] = Slot {
            start: *total,
            len,
            gradient,
            shared: one.is_some(),
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
