//! Tapes: forward passes, to be read, or for a loss that JavaScript computes.
//! Each owns its memory, so that passes before its backward do no harm.

use nn::context::Pass;
use nn::random::whole;
use nn::run::{Output, Run};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{Results, V, answer, call, show};

/// A forward pass.
pub struct Tape {
    pub(crate) entry: usize,
    pub(crate) run: Run<V>,
}

/// Runs an entry over the staged batch and keeps what it computed; returns the
/// tape's handle. `seed` and `step` decide dropout where `training` is on; the
/// state is one of the model, or 0.
#[wasm_bindgen]
pub fn forward(
    model: u32,
    entry: usize,
    words: usize,
    state: u32,
    training: bool,
    seed: f64,
    step: f64,
) -> i32 {
    answer(|engine| {
        let pass = Pass {
            training,
            seed: whole("seed", seed)?,
            step: whole("step", step)?,
        };
        let object = engine.models.get_mut(model)?;
        let state = engine.states.option(state)?;
        let (words, run) = (engine.staging.words(words)?, &mut engine.run);
        run.forward_staged(object, entry, words, pass, state)?;
        let run = std::mem::take(run);
        engine.tapes.insert(model, Tape { entry, run })
    })
}

/// Puts into the result, in the caller's order, an output of a tape: as `f32`, or
/// `i32` where it is ids; or else, after [`backward`], the gradient of an input
/// by its number within the entry.
#[wasm_bindgen]
pub fn output(tape: u32, index: usize, gradient: bool) -> i32 {
    show(|engine| {
        let (model, Tape { entry, run }) = engine.tapes.owned(tape)?;
        let model = engine.models.get(model)?;
        Ok(Results::Output(match gradient {
            true => Output::Reals(run.input_gradient_at(model, *entry, index)?),
            false => run.result(model, *entry, index)?,
        }))
    })
}

/// Adds the gradients of the model's parameters, and computes those of the
/// tape's inputs, from staged gradients of outputs: see `nn::run::Seed::read`.
#[wasm_bindgen]
pub fn backward(tape: u32, words: usize) -> i32 {
    call(|engine| {
        let (model, Tape { entry, run }) = engine.tapes.owned(tape)?;
        let model = engine.models.get_mut(model)?;
        Ok(run.backward_staged(model, *entry, engine.staging.words(words)?)?)
    })
}
