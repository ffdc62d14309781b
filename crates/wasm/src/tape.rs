//! Tapes: forward passes for a loss that JavaScript computes. A tape owns its
//! memory, so that predictions and steps between forward and backward do no
//! harm.

use nn::context::Pass;
use nn::run::Run;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{V, call, whole};

/// A forward pass.
pub struct Tape {
    /// The model that ran.
    pub model: u32,
    /// The entry that ran.
    pub entry: usize,
    /// Everything that backward needs.
    pub run: Run<V>,
}

/// Runs an entry over the staged batch and keeps what it computed; returns the
/// tape's handle. `seed` and `step` decide dropout where `training` is on.
#[wasm_bindgen]
pub fn forward(
    model: u32,
    entry: usize,
    words: usize,
    training: bool,
    seed: f64,
    step: f64,
) -> i32 {
    call(|engine| {
        let pass = Pass {
            training,
            seed: whole("seed", seed)?,
            step: whole("step", step)?,
        };
        let object = engine.models.get_mut(model)?;
        let mut run = engine.spare.take().unwrap_or_default();
        run.load(object, entry, engine.staging.words(words)?, training)?;
        run.forward(object, entry, pass);
        engine.tapes.insert(Tape { model, entry, run })
    })
}

/// Puts an output of a tape into the result, as `output` does.
#[wasm_bindgen]
pub fn tape_output(tape: u32, index: usize) -> i32 {
    call(|engine| {
        let tape = engine.tapes.get(tape)?;
        let model = engine.models.get(tape.model)?;
        engine
            .results
            .show_output(model, &tape.run, tape.entry, index)
    })
}

/// Adds the gradients of the model's parameters, and computes those of the
/// tape's inputs, from staged gradients of outputs: see `nn::run::Seed::read`.
#[wasm_bindgen]
pub fn backward(tape: u32, words: usize) -> i32 {
    call(|engine| {
        let tape = engine.tapes.get_mut(tape)?;
        let model = engine.models.get_mut(tape.model)?;
        let seeds = nn::run::Seed::read(engine.staging.words(words)?)?;
        let mut gradients = std::mem::take(&mut model.gradients);
        gradients.fit(&model.params);
        let done = tape
            .run
            .backward_from(model, tape.entry, &seeds, &mut gradients);
        model.gradients = gradients;
        Ok(done?)
    })
}

/// Puts the gradient of an input into the result, as `f32`, by the input's
/// number within the entry.
#[wasm_bindgen]
pub fn input_gradient(tape: u32, input: usize) -> i32 {
    call(|engine| {
        let tape = engine.tapes.get(tape)?;
        let model = engine.models.get(tape.model)?;
        let (run, floats) = (&tape.run, &mut engine.results.floats);
        run.input_gradient_into(model, tape.entry, input, floats)?;
        engine.results.show_floats();
        Ok(())
    })
}
