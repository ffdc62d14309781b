//! Both passes of a program over one shard.

use simd::{Element, Vector};

use super::Shard;
use crate::context::{Backward, Forward, InputGradients, Inputs, ParamGradients, ParamView, Pass};
use crate::hash;
use crate::model::Model;
use crate::param::Params;
use crate::program::{Loop, Program};

/// What all shards do in a pass.
pub(crate) struct Work<'a, V: Vector> {
    pub program: &'a Program<V>,
    pub params: &'a Params<V::Elem>,
    /// What the loss of each node is divided by.
    pub denominators: &'a [f64],
    pub pass: Pass,
}

impl<'a, V: Vector> Work<'a, V> {
    /// A pass over a batch that was loaded for an entry.
    pub fn new(model: &'a Model<V>, entry: usize, denominators: &'a [f64], pass: Pass) -> Self {
        Self {
            program: &model.programs[entry],
            params: &model.params,
            denominators,
            pass,
        }
    }
}

/// Of what a backward pass gives the gradients.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    All,
    Inputs,
    Params,
}

impl<V: Vector> Shard<V> {
    /// Runs every node forward.
    pub fn forward(&mut self, work: &Work<'_, V>) {
        self.walk(work, false);
    }

    /// Runs every node backward, from the value gradients that were seeded.
    pub fn backward(&mut self, work: &Work<'_, V>) {
        self.walk(work, true);
    }

    /// Either pass. One copy serves both, as most of it is where to go next.
    #[inline(never)]
    fn walk(&mut self, work: &Work<'_, V>, backward: bool) {
        let (program, mut done) = (work.program, 0);
        while done < program.nodes.len() {
            let index = place(done, program.nodes.len(), backward);
            let Some(around) = program.loop_at(index) else {
                self.visit(work, index, None, backward);
                done += 1;
                continue;
            };
            let (longest, count) = (self.dims.axis(around.axis).longest(), around.nodes.len());
            let mut before = None;
            for i in 0..longest {
                let t = place(i, longest, around.reverse != backward);
                self.enter(program, around, t);
                if let Some(before) = before {
                    self.carry(program, around, before, t, backward);
                }
                for i in 0..count {
                    let index = around.nodes.start + place(i, count, backward);
                    self.visit(work, index, Some(t), backward);
                }
                before = Some(t);
            }
            if backward {
                for index in around.nodes.clone() {
                    if program.nodes[index].block.sums_steps() {
                        self.node(work, index, None, Some(Of::Params));
                    }
                }
            }
            done += count;
        }
    }

    fn visit(&mut self, work: &Work<'_, V>, index: usize, step: Option<usize>, backward: bool) {
        let apart = step.is_some() && work.program.nodes[index].block.sums_steps();
        let of = if apart { Of::Inputs } else { Of::All };
        self.node(work, index, step, backward.then_some(of));
    }

    /// Hands states, or their gradients, from the step that ran before to this
    /// one, for the rows that have both.
    fn carry(
        &mut self,
        program: &Program<V>,
        around: &Loop,
        before: usize,
        t: usize,
        backward: bool,
    ) {
        let axis = self.dims.axis(around.axis);
        let (mut before, mut at) = (axis.steps_at(before), axis.steps_at(t));
        let rows = before.len().min(at.len());
        (before.end, at.end) = (before.start + rows, at.start + rows);
        for state in &around.states {
            let kind = program.values[state.now];
            let slot = |value: usize, rows| self.memory.slots[value].rows(rows, kind);
            if !backward {
                let (next, now) = (slot(state.next, &before), slot(state.now, &at));
                self.memory.reals.copy_within(next.range(), now.start);
                continue;
            }
            let (now, next) = (slot(state.now, &before), slot(state.next, &at));
            if let (Some(d_now), Some(d_next)) = (now.gradient, next.gradient) {
                for i in 0..now.len {
                    let d = self.memory.gradients[d_now + i];
                    self.memory.gradients[d_next + i] += d;
                }
            }
        }
    }

    /// Makes the rows of one step those that the nodes of a loop see.
    fn enter(&mut self, program: &Program<V>, around: &Loop, t: usize) {
        let axis = self.dims.axis(around.axis);
        self.step.take_step(axis, t);
        let rows = axis.steps_at(t);
        for &value in &around.values {
            let kind = program.values[value];
            self.memory.views[value] = self.memory.slots[value].rows(&rows, kind);
        }
    }

    /// Runs one node forward, or backward for the gradients of something.
    fn node(
        &mut self,
        work: &Work<'_, V>,
        index: usize,
        step: Option<usize>,
        gradients: Option<Of>,
    ) {
        let node = &work.program.nodes[index];
        if gradients.is_some() && !node.needs_gradient {
            return;
        }
        let memory = &mut self.memory;
        let place = &memory.nodes[index];
        let (dims, slots, pieces) = match step {
            None => (&self.dims, &memory.slots, place.pieces),
            Some(t) => (&self.step, &memory.views, place.pieces + 1 + t),
        };
        let pieces = &memory.pieces_of[pieces];
        let (before, rest) = memory.reals.split_at_mut(place.reals.start);
        let (reals, after) = rest.split_at_mut(place.reals.len());
        if cfg!(debug_assertions) && gradients.is_none() && step.is_none() {
            // A block that reads what it did not write shows at once.
            reals.fill(V::Elem::from_f64(f64::NAN));
        }
        let (ids_before, ids) = memory.ids.split_at_mut(place.ids.start);
        let training = work.pass.training;
        let inputs = Inputs {
            before,
            after,
            after_start: place.reals.end,
            ids: ids_before,
            slots,
            values: &node.inputs,
        };
        let params = ParamView {
            params: work.params,
            ids: &node.params,
            training,
        };
        let derived = node.derived(training);
        let salt = hash::salt(work.pass.seed, work.pass.step, &node.name);
        let denominator = work.denominators[index];
        let id_pieces = &memory.pieces[pieces.ids.clone()];
        let scratch_pieces = &memory.pieces[pieces.scratch.clone()];
        let pieces = &memory.pieces[pieces.reals.clone()];
        let Some(of) = gradients else {
            return node.block.forward(Forward {
                dims,
                inputs,
                params,
                derived,
                training,
                salt,
                denominator,
                reals,
                pieces,
                ids,
                id_pieces,
            });
        };
        let (d_inputs, d_outputs) = memory.gradients.split_at_mut(place.gradient);
        node.block.backward(Backward {
            dims,
            inputs,
            params,
            derived,
            salt,
            denominator,
            // Of what is not asked for no gradient is lent.
            d_inputs: InputGradients {
                gradients: d_inputs,
                slots,
                values: if of == Of::Params { &[] } else { &node.inputs },
            },
            d_params: ParamGradients {
                params: work.params,
                ids: if of == Of::Inputs { &[] } else { &node.params },
                gradients: &mut self.gradients,
            },
            saved: reals,
            pieces,
            saved_ids: ids,
            id_pieces,
            d_outputs,
            d_output_slots: slots,
            outputs: &node.outputs,
            d_start: place.gradient,
            scratch: &mut memory.scratch,
            scratch_pieces,
        });
    }
}

/// Where one stands among `count` that are walked from either end.
fn place(i: usize, count: usize, backward: bool) -> usize {
    if backward { count - 1 - i } else { i }
}
