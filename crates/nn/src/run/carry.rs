//! States on their way into a pass and out of it, in the caller's order.

use simd::Vector;

use super::Run;
use crate::context::Pass;
use crate::error::Error;
use crate::model::Model;
use crate::state::State;

impl<V: Vector> Run<V> {
    /// Loads a staged batch and runs the entry forward over it. The states of
    /// the batch are those of `state`, which has afterwards what the entry
    /// carries on.
    pub fn forward_staged(
        &mut self,
        model: &mut Model<V>,
        entry: usize,
        words: &[u32],
        pass: Pass,
        state: Option<&mut State<V::Elem>>,
    ) -> Result<(), Error> {
        self.load(model, entry, words, pass.training)?;
        let state = self.enter(model, entry, state)?;
        self.forward(model, entry, pass);
        self.carry(model, entry, state);
        Ok(())
    }

    /// Puts the rows of a state into the batch that was loaded; without one they
    /// stay zero. Hands the state on to [`Run::carry`]: until then it is as it
    /// was.
    pub fn enter<'a>(
        &mut self,
        model: &Model<V>,
        entry: usize,
        state: Option<&'a mut State<V::Elem>>,
    ) -> Result<Option<&'a mut State<V::Elem>>, Error> {
        let Some(state) = state else {
            return Ok(None);
        };
        state.expect(&model.signature, self.batch.rows)?;
        if state.rows() > 0 {
            let inputs = model.programs[entry].inputs.iter();
            for (value, &input) in inputs.enumerate() {
                if let Some(number) = model.signature.inputs[input].state {
                    self.each_row(value, &mut |row, x| {
                        x.copy_from_slice(state.at(row, number))
                    });
                }
            }
        }
        Ok(Some(state))
    }

    /// After a pass that went well, gives the state the values that the entry
    /// carries on.
    pub fn carry(&mut self, model: &Model<V>, entry: usize, state: Option<&mut State<V::Elem>>) {
        let Some(state) = state else {
            return;
        };
        state.begin(self.batch.rows);
        for &(number, value) in &model.programs[entry].carry {
            self.each_row(value, &mut |row, x| {
                state.at(row, number).copy_from_slice(x)
            });
        }
    }

    /// Visits every row of a matrix over batch rows, with its place in the
    /// caller's order.
    fn each_row(&mut self, value: usize, visit: &mut dyn FnMut(usize, &mut [V::Elem])) {
        for shard in &mut self.shards[..self.active] {
            let range = shard.memory.slots[value].range();
            let width = range.len() / shard.dims.rows.len();
            let rows = shard.memory.reals[range].chunks_exact_mut(width);
            for (x, &row) in rows.zip(&shard.dims.rows) {
                visit(row as usize, x);
            }
        }
    }
}
