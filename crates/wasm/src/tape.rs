//! Tapes: forward passes for a loss that JavaScript computes. A tape owns its
//! memory, so that predictions and steps between forward and backward do no
//! harm.

use nn::context::Pass;
use nn::random::whole;
use nn::run::Run;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{Results, V, answer, call, show};

/// A forward pass.
pub struct Tape {
    pub(crate) model: u32,
    pub(crate) entry: usize,
    /// Everything that backward needs.
    pub(crate) run: Run<V>,
}

/// Runs an entry over the staged batch and keeps what it computed; returns the
/// tape's handle. `seed` and `step` decide dropout where `train` is on.
#[wasm_bindgen]
pub fn forward(model: u32, entry: usize, words: usize, train: bool, seed: f64, step: f64) -> i32 {
    answer(|engine| {
        let pass = Pass {
            training: train,
            seed: whole("seed", seed)?,
            step: whole("step", step)?,
        };
        let object = engine.models.get_mut(model)?;
        let mut run = engine.spare.take().unwrap_or_default();
        run.load(object, entry, engine.staging.words(words)?, train)?;
        run.forward(object, entry, pass);
        engine.tapes.insert(Tape { model, entry, run })
    })
}

/// Puts an output of a tape into the result, as `output` does.
#[wasm_bindgen]
pub fn tape_output(tape: u32, index: usize) -> i32 {
    show(|engine| {
        let Tape { model, entry, run } = engine.tapes.get(tape)?;
        let model = engine.models.get(*model)?;
        Ok(Results::Output(run.result(model, *entry, index)?))
    })
}

/// Adds the gradients of the model's parameters, and computes those of the
/// tape's inputs, from staged gradients of outputs: see `nn::run::Seed::read`.
#[wasm_bindgen]
pub fn backward(tape: u32, words: usize) -> i32 {
    call(|engine| {
        let Tape { model, entry, run } = engine.tapes.get_mut(tape)?;
        let model = engine.models.get_mut(*model)?;
        Ok(run.backward_staged(model, *entry, engine.staging.words(words)?)?)
    })
}

/// Puts the gradient of an input into the result, as `f32`, by the input's
/// number within the entry.
#[wasm_bindgen]
pub fn input_gradient(tape: u32, input: usize) -> i32 {
    show(|engine| {
        let Tape { model, entry, run } = engine.tapes.get(tape)?;
        let model = engine.models.get(*model)?;
        Ok(Results::reals(run.input_gradient_at(model, *entry, input)?))
    })
}
