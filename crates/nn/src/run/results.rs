//! What a run computed, put together from its shards in the caller's order.

use simd::{Element, Vector};

use super::Run;
use crate::error::Error;
use crate::model::Model;
use crate::shard::Shard;
use crate::value::{Space, ValueType};

/// What a run computed of one output.
pub enum Output<E> {
    /// Rows of real numbers; a scalar is one, summed over the batch.
    Reals(Vec<E>),
    /// Ids.
    Ids(Vec<i32>),
}

impl<V: Vector> Run<V> {
    /// First pair of every query in the caller's order; empty for other spaces.
    pub(super) fn pair_starts(&self, space: Space) -> Vec<u32> {
        let Space::Pairs { queries, keys } = space else {
            return Vec::new();
        };
        let mut next = 0;
        let mut starts = Vec::new();
        for (row, &keys) in self.batch.axes[keys].lengths.iter().enumerate() {
            for _ in 0..queries.map_or(1, |axis| self.batch.axes[axis].lengths[row]) {
                starts.push(next);
                next += keys;
            }
        }
        starts
    }

    /// Number of rows of an output over the whole batch, and numbers a row.
    pub fn output_shape(&self, model: &Model<V>, entry: usize, output: usize) -> (usize, usize) {
        match model.programs[entry].output_type(output) {
            ValueType::Matrix { space, width } => (self.batch.count(space), width),
            ValueType::Ids { space, .. } => (self.batch.count(space), 1),
            ValueType::Scalar => (1, 1),
        }
    }

    /// Puts a value together from the shards, in the caller's order.
    fn gather<T: Copy>(
        &self,
        space: Space,
        width: usize,
        filler: T,
        of: impl Fn(&Shard<V>) -> &[T],
    ) -> Vec<T> {
        let mut out = vec![filler; self.batch.count(space) * width];
        let starts = self.pair_starts(space);
        for shard in &self.shards[..self.active] {
            let values = of(shard);
            shard.places(space, &starts, &mut |place, row, count| {
                let (to, from) = (&mut out[place * width..], &values[row * width..]);
                to[..count * width].copy_from_slice(&from[..count * width]);
            });
        }
        out
    }

    /// An output in the caller's ragged order.
    pub fn result(
        &self,
        model: &Model<V>,
        entry: usize,
        output: usize,
    ) -> Result<Output<V::Elem>, Error> {
        let program = model.program(entry)?;
        let (_, value) = program.output_at(output)?;
        Ok(match program.values[value] {
            ValueType::Matrix { space, width } => {
                Output::Reals(self.gather(space, width, V::Elem::ZERO, |s| {
                    &s.memory.reals[s.memory.slots[value].range()]
                }))
            }
            ValueType::Scalar => {
                let sum = self.scalar(model, entry, output)?;
                Output::Reals(vec![V::Elem::from_f64(sum)])
            }
            ValueType::Ids { space, .. } => Output::Ids(self.gather(space, 1, 0, |s| {
                &s.memory.ids[s.memory.slots[value].range()]
            })),
        })
    }

    /// A real output in the caller's ragged order; a scalar is summed.
    pub fn output(
        &self,
        model: &Model<V>,
        entry: usize,
        output: usize,
    ) -> Result<Vec<V::Elem>, Error> {
        match self.result(model, entry, output)? {
            Output::Reals(numbers) => Ok(numbers),
            Output::Ids(_) => Err(Error::state(format!(
                "output \"{}\": expected numbers, it is ids",
                model.programs[entry].outputs[output].0
            ))),
        }
    }

    /// An id output in the caller's ragged order.
    pub fn output_ids(
        &self,
        model: &Model<V>,
        entry: usize,
        output: usize,
    ) -> Result<Vec<i32>, Error> {
        match self.result(model, entry, output)? {
            Output::Ids(ids) => Ok(ids),
            Output::Reals(_) => Err(Error::state(format!(
                "output \"{}\": expected ids, it is numbers",
                model.programs[entry].outputs[output].0
            ))),
        }
    }

    /// After backward, the gradient of an input that asked for it, in the
    /// caller's order.
    pub fn input_gradient(
        &self,
        model: &Model<V>,
        entry: usize,
        name: &str,
    ) -> Result<Vec<V::Elem>, Error> {
        let inputs = &model.program(entry)?.inputs;
        let named = |&id: &usize| model.signature.inputs[id].name == name;
        let Some(input) = inputs.iter().position(named) else {
            return Err(Error::state(format!(
                "input: expected one of the entry, got \"{name}\""
            )));
        };
        self.input_gradient_at(model, entry, input)
    }

    /// [`Run::input_gradient`] by the input's number within the entry.
    pub fn input_gradient_at(
        &self,
        model: &Model<V>,
        entry: usize,
        input: usize,
    ) -> Result<Vec<V::Elem>, Error> {
        let program = model.program(entry)?;
        let Some(&id) = program.inputs.get(input) else {
            let count = program.inputs.len();
            return Err(Error::state(format!(
                "input: expected a number below {count}, got {input}"
            )));
        };
        // The inputs of an entry are its first values.
        let (space, width) = match program.values[input] {
            ValueType::Matrix { space, width } if program.needs_gradient[input] => (space, width),
            _ => {
                return Err(Error::state(format!(
                    "input \"{}\": expected a matrix input of entry \"{}\" with \"gradient\": true",
                    model.signature.inputs[id].name, program.name
                )));
            }
        };
        if !self.pass.training {
            return Err(Error::state(format!(
                "input \"{}\": its gradient needs a pass for training",
                model.signature.inputs[id].name
            )));
        }
        Ok(self.gather(space, width, V::Elem::ZERO, |s| {
            let slot = s.memory.slots[input];
            slot.gradient.map_or(&[][..], |start| {
                &s.memory.gradients[start..start + slot.len]
            })
        }))
    }
}
