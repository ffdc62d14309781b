//! The execution of a program over a batch.

use kernels::par;
use simd::{Element, Vector};

use crate::axis::longest_first;
use crate::batch::Batch;
use crate::context::Pass;
use crate::error::Error;
use crate::gradient::Gradients;
use crate::model::Model;
use crate::program::Program;
use crate::shard::Shard;
use crate::spec::Signature;
use crate::value::{Space, ValueType};

/// Shards of a batch at most.
const MOST_SHARDS: usize = 8;
/// A shard has at least this many rows: the height of a GEMM tile.
const SHARD_ROWS: usize = 4;
/// Numbers that the gradients of all shards together may hold.
const MOST_SHARD_GRADIENTS: usize = 1 << 26;

/// Number of shards of a batch: it depends on the batch and the model only,
/// never on threads, so that every artifact adds in the same order.
fn shard_count(rows: usize, gradient_len: usize) -> usize {
    let by_memory = MOST_SHARD_GRADIENTS / gradient_len.max(1);
    rows.div_ceil(SHARD_ROWS)
        .min(MOST_SHARDS)
        .min(by_memory)
        .max(1)
}

/// A batch, its shards, and where a pass over them stands. Reused from step to
/// step, it allocates only when a batch is larger than all before.
pub struct Run<V: Vector> {
    batch: Batch,
    shards: Vec<Shard<V>>,
    active: usize,
    denominators: Vec<f64>,
    order: Vec<u32>,
    places: Vec<u32>,
    pass: Pass,
    /// Version of the parameters that the forward pass saw.
    version: u64,
}

impl<V: Vector> Default for Run<V> {
    fn default() -> Self {
        Self {
            batch: Batch::default(),
            shards: Vec::new(),
            active: 0,
            denominators: Vec::new(),
            order: Vec::new(),
            places: Vec::new(),
            pass: Pass::default(),
            version: 0,
        }
    }
}

/// The gradient that a backward pass starts from.
pub struct Seed<'a> {
    /// Which output of the entry.
    pub output: usize,
    /// Its gradient in the caller's order.
    pub gradient: &'a [f32],
}

impl<V: Vector> Run<V> {
    /// Reads a staged batch for an entry, deals its rows into shards and plans
    /// their memory.
    pub fn load(
        &mut self,
        model: &Model<V>,
        entry: usize,
        words: &[u32],
        training: bool,
    ) -> Result<(), Error> {
        self.active = 0;
        let program = model.program(entry)?;
        self.batch.read(&model.signature, program, words)?;
        let active = self.deal(&model.signature, program, model.params.dense_gradient_len());
        for shard in &mut self.shards[..active] {
            shard.arrange(&model.signature, program, &self.batch, training)?;
            shard.memory.allocate()?;
        }
        self.active = active;
        Ok(())
    }

    /// Plans the memory of a batch of these sizes, given as the words of a
    /// batch without the data of its inputs. When memory is next allocated
    /// there will be room for all batches that were reserved for.
    pub fn reserve(
        &mut self,
        model: &Model<V>,
        entry: usize,
        words: &[u32],
        training: bool,
    ) -> Result<(), Error> {
        self.active = 0;
        let program = model.program(entry)?;
        self.batch.read_sizes(&model.signature, program, words)?;
        let active = self.deal(&model.signature, program, model.params.dense_gradient_len());
        for shard in &mut self.shards[..active] {
            shard.arrange(&model.signature, program, &self.batch, training)?;
            shard.memory.reserve();
        }
        Ok(())
    }

    /// Deals the rows, longest first, round robin; returns among how many
    /// shards.
    fn deal(&mut self, signature: &Signature, program: &Program<V>, gradient_len: usize) -> usize {
        let rows = self.batch.rows;
        let main = (0..signature.axes.len())
            .find(|&axis| program.uses_axis[axis] && signature.axes[axis].parent == Space::Batch);
        match main {
            Some(axis) => longest_first(
                &self.batch.axes[axis].lengths,
                &mut self.places,
                &mut self.order,
            ),
            None => {
                self.order.clear();
                self.order.extend(0..rows as u32);
            }
        }
        let active = shard_count(rows, gradient_len);
        if self.shards.len() < active {
            self.shards.resize_with(active, Shard::default);
        }
        for (index, shard) in self.shards[..active].iter_mut().enumerate() {
            shard.dims.rows.clear();
            shard
                .dims
                .rows
                .extend(self.order.iter().skip(index).step_by(active));
        }
        active
    }

    /// Runs the entry forward over the batch that was loaded for it.
    pub fn forward(&mut self, model: &mut Model<V>, entry: usize, pass: Pass) {
        let program = &mut model.programs[entry];
        program.prepare(&model.params, pass.training);
        program.denominators(&self.batch, &mut self.denominators);
        self.pass = pass;
        self.version = model.params.version();
        let (program, params, signature) = (&*program, &model.params, &model.signature);
        let (batch, denominators) = (&self.batch, &self.denominators);
        par::for_each(&mut self.shards[..self.active], |_, shard| {
            shard.forward(signature, program, params, batch, denominators, pass);
        });
    }

    /// The sum of a scalar output over the shards.
    pub fn scalar(&self, model: &Model<V>, entry: usize, output: usize) -> Result<f64, Error> {
        let program = model.program(entry)?;
        let (name, value) = program.output_at(output)?;
        if program.values[value] != ValueType::Scalar {
            return Err(Error::state(format!(
                "output \"{name}\": expected a scalar, such as a loss"
            )));
        }
        let part = |shard: &Shard<V>| shard.memory.reals[shard.memory.slots[value].start].to_f64();
        Ok(self.shards[..self.active].iter().map(part).sum())
    }

    /// Runs backward from a scalar output of gradient 1, adding to `total`.
    pub fn backward_scalar(
        &mut self,
        model: &Model<V>,
        entry: usize,
        output: usize,
        total: &mut Gradients<V::Elem>,
    ) -> Result<(), Error> {
        let value = model.programs[entry].outputs[output].1;
        for shard in &mut self.shards[..self.active] {
            shard.clear_value_gradients();
            if let Some(start) = shard.memory.slots[value].gradient {
                shard.memory.gradients[start] = V::Elem::ONE;
            }
        }
        self.backward(model, entry, total)
    }

    /// Runs backward from gradients of any outputs, adding to `total`.
    pub fn backward_from(
        &mut self,
        model: &Model<V>,
        entry: usize,
        seeds: &[Seed<'_>],
        total: &mut Gradients<V::Elem>,
    ) -> Result<(), Error> {
        self.shards[..self.active]
            .iter_mut()
            .for_each(Shard::clear_value_gradients);
        let program = &model.programs[entry];
        for seed in seeds {
            let (name, value) = program.output_at(seed.output)?;
            let (space, width) = match program.values[value] {
                ValueType::Matrix { space, width } => (Some(space), width),
                ValueType::Scalar => (None, 1),
                ValueType::Ids { .. } => {
                    return Err(Error::state(format!(
                        "output \"{name}\": ids have no gradient"
                    )));
                }
            };
            let expected = space.map_or(1, |space| self.batch.count(space)) * width;
            if seed.gradient.len() != expected {
                return Err(Error::state(format!(
                    "gradient of output \"{name}\": expected {expected} numbers, got {}",
                    seed.gradient.len()
                )));
            }
            let starts = space.map_or_else(Vec::new, |space| self.pair_starts(space));
            for shard in &mut self.shards[..self.active] {
                let Some(start) = shard.memory.slots[value].gradient else {
                    continue;
                };
                let mut gradients = std::mem::take(&mut shard.memory.gradients);
                let mut add = |from: usize, row: usize| {
                    for j in 0..width {
                        gradients[start + row * width + j] +=
                            V::Elem::from_f64(f64::from(seed.gradient[from * width + j]));
                    }
                };
                match space {
                    None => add(0, 0),
                    Some(space) => shard.places(space, &starts, &mut add),
                }
                shard.memory.gradients = gradients;
            }
        }
        self.backward(model, entry, total)
    }

    fn backward(
        &mut self,
        model: &Model<V>,
        entry: usize,
        total: &mut Gradients<V::Elem>,
    ) -> Result<(), Error> {
        if self.active == 0 || !self.pass.training {
            return Err(Error::state(
                "backward: expected a forward pass for training before it, there was none",
            ));
        }
        if self.version != model.params.version() {
            return Err(Error::state(
                "backward: the parameters have changed since the forward pass; run forward again",
            ));
        }
        let (program, params, pass) = (&model.programs[entry], &model.params, self.pass);
        let denominators = &self.denominators;
        total.fit(params);
        // The first shard adds to the caller's gradients in place.
        std::mem::swap(&mut self.shards[0].gradients, total);
        par::for_each(&mut self.shards[..self.active], |index, shard| {
            if index > 0 {
                shard.gradients.fit(params);
                shard.gradients.clear();
            }
            shard.backward(program, params, denominators, pass);
        });
        reduce(&mut self.shards[..self.active]);
        std::mem::swap(&mut self.shards[0].gradients, total);
        Ok(())
    }

    /// First pair of every query in the caller's order; empty for other spaces.
    fn pair_starts(&self, space: Space) -> Vec<u32> {
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
        out: &mut Vec<T>,
        of: impl Fn(&Shard<V>) -> &[T],
    ) {
        out.clear();
        out.resize(self.batch.count(space) * width, filler);
        let starts = self.pair_starts(space);
        for shard in &self.shards[..self.active] {
            let values = of(shard);
            shard.places(space, &starts, &mut |place, row| {
                out[place * width..][..width].copy_from_slice(&values[row * width..][..width]);
            });
        }
    }

    /// A real output in the caller's ragged order; a scalar is summed.
    pub fn output(
        &self,
        model: &Model<V>,
        entry: usize,
        output: usize,
    ) -> Result<Vec<V::Elem>, Error> {
        let mut out = Vec::new();
        self.output_into(model, entry, output, &mut out)?;
        Ok(out)
    }

    /// [`Run::output`] into memory that is kept.
    pub fn output_into(
        &self,
        model: &Model<V>,
        entry: usize,
        output: usize,
        out: &mut Vec<V::Elem>,
    ) -> Result<(), Error> {
        let program = model.program(entry)?;
        let (name, value) = program.output_at(output)?;
        match program.values[value] {
            ValueType::Matrix { space, width } => {
                self.gather(space, width, V::Elem::ZERO, out, |s| {
                    &s.memory.reals[s.memory.slots[value].range()]
                });
                Ok(())
            }
            ValueType::Scalar => {
                out.clear();
                out.push(V::Elem::from_f64(self.scalar(model, entry, output)?));
                Ok(())
            }
            ValueType::Ids { .. } => Err(Error::state(format!(
                "output \"{name}\": expected numbers, it is ids"
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
        let mut out = Vec::new();
        self.output_ids_into(model, entry, output, &mut out)?;
        Ok(out)
    }

    /// [`Run::output_ids`] into memory that is kept.
    pub fn output_ids_into(
        &self,
        model: &Model<V>,
        entry: usize,
        output: usize,
        out: &mut Vec<i32>,
    ) -> Result<(), Error> {
        let program = model.program(entry)?;
        let (name, value) = program.output_at(output)?;
        match program.values[value] {
            ValueType::Ids { space, .. } => {
                self.gather(space, 1, 0, out, |s| {
                    &s.memory.ids[s.memory.slots[value].range()]
                });
                Ok(())
            }
            _ => Err(Error::state(format!(
                "output \"{name}\": expected ids, it is numbers"
            ))),
        }
    }

    /// After backward, the gradient of an input that asked for it, in the
    /// caller's order.
    pub fn input_gradient(
        &self,
        model: &Model<V>,
        entry: usize,
        input: &str,
    ) -> Result<Vec<V::Elem>, Error> {
        let mut out = Vec::new();
        self.input_gradient_into(model, entry, input, &mut out)?;
        Ok(out)
    }

    /// [`Run::input_gradient`] into memory that is kept.
    pub fn input_gradient_into(
        &self,
        model: &Model<V>,
        entry: usize,
        input: &str,
        out: &mut Vec<V::Elem>,
    ) -> Result<(), Error> {
        let program = &model.programs[entry];
        let value = program
            .inputs
            .iter()
            .position(|&id| model.signature.inputs[id].name == input);
        match value.map(|value| (value, program.values[value])) {
            Some((value, ValueType::Matrix { space, width })) if program.needs_gradient[value] => {
                if !self.pass.training {
                    return Err(Error::state(format!(
                        "input \"{input}\": its gradient needs a pass for training"
                    )));
                }
                self.gather(space, width, V::Elem::ZERO, out, |s| {
                    let slot = s.memory.slots[value];
                    slot.gradient.map_or(&[][..], |start| {
                        &s.memory.gradients[start..start + slot.len]
                    })
                });
                Ok(())
            }
            _ => Err(Error::state(format!(
                "input \"{input}\": expected a matrix input of entry \"{}\" with \"gradient\": true",
                program.name
            ))),
        }
    }

    /// Bytes held by values, work and value gradients.
    pub fn arena_bytes(&self) -> usize {
        self.shards.iter().map(|shard| shard.memory.bytes()).sum()
    }

    /// Bytes held by the gradients of shards after the first.
    pub fn gradient_bytes(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| shard.gradients.bytes())
            .sum()
    }
}

/// Adds the gradients of all shards into the first, in a fixed tree.
fn reduce<V: Vector>(shards: &mut [Shard<V>]) {
    let mut stride = 1;
    while stride < shards.len() {
        par::for_each_chunk(shards, 2 * stride, |pair| {
            if let Some((left, rest)) = pair.split_first_mut()
                && let Some(right) = rest.get(stride - 1)
            {
                left.gradients.add(&right.gradients);
            }
        });
        stride *= 2;
    }
}
