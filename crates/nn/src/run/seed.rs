//! Where a backward pass starts.

use std::borrow::Cow;

use simd::Vector;

use super::Run;
use crate::error::Error;
use crate::model::Model;

/// The gradient of an output that a backward pass starts from.
pub struct Seed<'a> {
    /// Which output of the entry.
    pub output: usize,
    /// Its gradient in the caller's order.
    pub gradient: Cow<'a, [f32]>,
}

impl Seed<'_> {
    /// Reads staged words: for each output that has a gradient its number, how
    /// many `f32` follow, and these.
    pub fn read(words: &[u32]) -> Result<Vec<Self>, Error> {
        let mut seeds = Vec::new();
        let mut rest = words;
        while let [output, count, data @ ..] = rest {
            let Some((gradient, after)) = data.split_at_checked(*count as usize) else {
                let given = data.len();
                return Err(Error::state(format!(
                    "backward: expected {count} numbers for output {output}, got {given}"
                )));
            };
            let gradient = gradient.iter().map(|&word| f32::from_bits(word));
            seeds.push(Self {
                output: *output as usize,
                gradient: gradient.collect(),
            });
            rest = after;
        }
        Ok(seeds)
    }
}

impl<V: Vector> Run<V> {
    /// [`Run::backward_from`] the gradients that words say (see [`Seed::read`]),
    /// adding to those of the model.
    pub fn backward_staged(
        &mut self,
        model: &mut Model<V>,
        entry: usize,
        words: &[u32],
    ) -> Result<(), Error> {
        let seeds = Seed::read(words)?;
        let mut total = std::mem::take(&mut model.gradients);
        let done = self.backward_from(model, entry, &seeds, &mut total);
        model.gradients = total;
        done
    }
}
