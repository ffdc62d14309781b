//! The execution of a program over a batch.

mod carry;
mod results;
mod seed;

use kernels::par;
use simd::{Element, Vector};

use crate::axis::longest_first;
use crate::batch::Batch;
use crate::context::Pass;
use crate::error::Error;
use crate::gradient::{self, Gradients};
use crate::model::Model;
use crate::param::Params;
use crate::program::Program;
use crate::shard::{Shard, Work};
use crate::spec::Signature;
use crate::value::{Space, ValueType};
pub use results::Output;
pub use seed::Seed;

/// Shards of a batch at most.
pub(crate) const MOST_SHARDS: usize = 8;
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

/// The rows of one of `active` shards: dealt round robin, in pairs. Rows of a
/// pair are about as long as each other, so that the number of those alive,
/// which is the height of GEMM tiles, stays even as time goes on.
fn dealt(order: &[u32], shard: usize, active: usize) -> impl Iterator<Item = &u32> {
    order.chunks(2).skip(shard).step_by(active).flatten()
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

/// Reads staged words into a batch: all of them, or sizes alone.
type Read<V> = fn(&mut Batch, &Signature, &Program<V>, &[u32]) -> Result<(), Error>;

impl<V: Vector> Default for Run<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: Vector> Run<V> {
    /// No batch yet.
    pub const fn new() -> Self {
        Self {
            batch: Batch::new(),
            shards: Vec::new(),
            active: 0,
            denominators: Vec::new(),
            order: Vec::new(),
            places: Vec::new(),
            pass: Pass {
                training: false,
                seed: 0,
                step: 0,
            },
            version: 0,
        }
    }

    /// Reads a staged batch for an entry, deals its rows into shards, plans
    /// their memory and copies the inputs there.
    pub fn load(
        &mut self,
        model: &Model<V>,
        entry: usize,
        words: &[u32],
        training: bool,
    ) -> Result<(), Error> {
        let active = self.arrange(model, entry, words, training, Batch::read)?;
        let (signature, program) = (&model.signature, model.program(entry)?);
        for shard in &mut self.shards[..active] {
            shard.memory.allocate()?;
            shard.load_inputs(signature, program, &self.batch, words);
        }
        program.denominators(&self.batch, words, &mut self.denominators);
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
        let active = self.arrange(model, entry, words, training, Batch::read_sizes)?;
        for shard in &mut self.shards[..active] {
            shard.memory.reserve();
        }
        Ok(())
    }

    /// Reads a batch and lays out its shards; returns how many. Nothing is
    /// loaded meanwhile.
    fn arrange(
        &mut self,
        model: &Model<V>,
        entry: usize,
        words: &[u32],
        training: bool,
        read: Read<V>,
    ) -> Result<usize, Error> {
        self.active = 0;
        let program = model.program(entry)?;
        read(&mut self.batch, &model.signature, program, words)?;
        let active = self.deal(&model.signature, program, model.params.dense_gradient_len());
        for shard in &mut self.shards[..active] {
            shard.arrange(&model.signature, program, &self.batch, training)?;
        }
        Ok(active)
    }

    /// Deals the rows, longest first; returns among how many shards.
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
            shard.dims.rows.extend(dealt(&self.order, index, active));
        }
        active
    }

    /// Runs the entry forward over the batch that was loaded for it.
    pub fn forward(&mut self, model: &mut Model<V>, entry: usize, pass: Pass) {
        self.begin(model, entry, pass);
        let work = Work::new(model, entry, &self.denominators, pass);
        let shards = &mut self.shards[..self.active];
        par::at_work(shards.len(), || {
            par::for_each(shards.iter_mut(), |shard| shard.forward(&work));
        });
    }

    /// How many shards the batch that was loaded has.
    pub fn shards(&self) -> usize {
        self.active
    }

    /// Gets ready what all shards share in a pass.
    fn begin(&mut self, model: &mut Model<V>, entry: usize, pass: Pass) {
        if pass.training {
            model.params.draw(pass);
        }
        model.programs[entry].prepare(&model.params, pass.training);
        self.pass = pass;
        self.version = model.params.version();
    }

    /// Runs the entry forward, and backward from a scalar output of gradient 1,
    /// over the batch that was loaded for it, adding to `total`; returns the
    /// scalar. A shard goes backward at once, while its values are in the cache.
    pub fn train(
        &mut self,
        model: &mut Model<V>,
        entry: usize,
        output: usize,
        pass: Pass,
        total: &mut Gradients<V::Elem>,
    ) -> Result<f64, Error> {
        let value = self.scalar_value(model, entry, output)?;
        self.begin(model, entry, pass);
        let work = Work::new(model, entry, &self.denominators, pass);
        let shards = &mut self.shards[..self.active];
        sum_gradients(shards, work.params, pass, total, &|shard| {
            shard.forward(&work);
            shard.clear_value_gradients();
            if let Some(start) = shard.memory.slots[value].gradient {
                shard.memory.gradients[start] = V::Elem::ONE;
            }
            shard.backward(&work);
        });
        self.scalar(model, entry, output)
    }

    /// The value that a scalar output is.
    fn scalar_value(&self, model: &Model<V>, entry: usize, output: usize) -> Result<usize, Error> {
        let program = model.program(entry)?;
        let (name, value) = program.output_at(output)?;
        if program.values[value] == ValueType::Scalar {
            return Ok(value);
        }
        Err(Error::state(format!(
            "output \"{name}\": expected a scalar, such as a loss"
        )))
    }

    /// The sum of a scalar output over the shards.
    pub fn scalar(&self, model: &Model<V>, entry: usize, output: usize) -> Result<f64, Error> {
        let value = self.scalar_value(model, entry, output)?;
        let part = |shard: &Shard<V>| shard.memory.reals[shard.memory.slots[value].start].to_f64();
        Ok(self.shards[..self.active].iter().map(part).sum())
    }

    /// Runs backward from gradients of any outputs, adding to `total`.
    pub fn backward_from(
        &mut self,
        model: &mut Model<V>,
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
            if let Some(reading) = &program.blocked[value] {
                return Err(Error::state(format!(
                    "gradient of output \"{name}\": no gradient flows back through \"{reading}\", which is for reading"
                )));
            }
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
                let mut add = |from: usize, row: usize, count: usize| {
                    for j in 0..count * width {
                        gradients[start + row * width + j] +=
                            V::Elem::from_f64(f64::from(seed.gradient[from * width + j]));
                    }
                };
                match space {
                    None => add(0, 0, 1),
                    Some(space) => shard.places(space, &starts, &mut add),
                }
                shard.memory.gradients = gradients;
            }
        }
        self.backward(model, entry, total)
    }

    fn backward(
        &mut self,
        model: &mut Model<V>,
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
        // Passes with other masks may have come between.
        let pass = self.pass;
        self.begin(model, entry, pass);
        let work = Work::new(model, entry, &self.denominators, pass);
        let shards = &mut self.shards[..self.active];
        par::at_work(shards.len(), || {
            sum_gradients(shards, work.params, pass, total, &|shard| {
                shard.backward(&work)
            });
        });
        Ok(())
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.arena_bytes() + self.gradient_bytes()
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

/// Runs `backward` for every shard with gradients of its own, and adds them to
/// `total` in a fixed order.
#[inline(never)]
fn sum_gradients<V: Vector>(
    shards: &mut [Shard<V>],
    params: &Params<V::Elem>,
    pass: Pass,
    total: &mut Gradients<V::Elem>,
    backward: &(dyn Fn(&mut Shard<V>) + Sync),
) {
    total.fit(params);
    total.set_aside(params);
    // The first shard adds to the caller's gradients in place.
    std::mem::swap(&mut shards[0].gradients, total);
    // Memory grows here alone, not while threads are at work.
    for shard in &mut *shards {
        shard.gradients.fit(params);
    }
    par::for_each(shards.iter_mut().enumerate(), |(index, shard)| {
        if index > 0 {
            shard.gradients.clear();
        }
        backward(shard);
    });
    gradient::reduce(shards.iter_mut().map(|shard| &mut shard.gradients));
    std::mem::swap(&mut shards[0].gradients, total);
    total.mask(params, pass);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_dealt_once_beside_its_neighbour() {
        let order: Vec<u32> = (0..11).collect();
        let active = shard_count(order.len(), 1);
        let shards: Vec<Vec<u32>> = (0..active)
            .map(|shard| dealt(&order, shard, active).copied().collect())
            .collect();
        assert_eq!(shards, [vec![0, 1, 6, 7], vec![2, 3, 8, 9], vec![4, 5, 10]]);
    }
}
