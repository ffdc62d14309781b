//! Trainers: an optimiser with its schedule, its model and its randomness.

use nn::trainer::StepReport;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::state::{Engine, V, call, whole};

/// A trainer and what it trains.
pub struct Training {
    /// Its model.
    pub model: u32,
    /// The optimiser and its schedule.
    pub trainer: nn::trainer::Trainer<V>,
    /// Decides dropout, together with the step.
    pub seed: u64,
}

/// Makes a trainer of the staged configuration; returns its handle. See
/// `nn::trainer::Trainer`.
#[wasm_bindgen]
pub fn trainer_create(model: u32, json: usize, seed: f64) -> i32 {
    call(|engine| {
        let config = engine.staged_json(json)?;
        let trainer = nn::trainer::Trainer::new(&config, engine.models.get(model)?)?;
        engine.trainers.insert(Training {
            model,
            trainer,
            seed: whole("seed", seed)?,
        })
    })
}

/// Feeds a metric to a schedule that waits for one.
#[wasm_bindgen]
pub fn trainer_observe(trainer: u32, metric: f64) -> i32 {
    call(|engine| {
        engine.trainers.get_mut(trainer)?.trainer.observe(metric);
        Ok(0)
    })
}

fn report(engine: &mut Engine, trainer: u32, step: StepReport) -> Result<u32, Failure> {
    let taken = engine.trainers.get(trainer)?.trainer.step();
    engine.report[..4].copy_from_slice(&[
        step.loss,
        step.gradient_norm,
        step.learning_rate,
        taken as f64,
    ]);
    Ok(0)
}

/// One training step over the staged batch: forward, backward, clipping,
/// optimiser. The report block then holds loss, gradient norm before clipping,
/// learning rate, and steps taken so far; `output` reads the outputs.
#[wasm_bindgen]
pub fn train_step(trainer: u32, entry: usize, words: usize) -> i32 {
    call(|engine| {
        engine.shown = None;
        let training = engine.trainers.get_mut(trainer)?;
        let model = engine.models.get_mut(training.model)?;
        let batch = engine.staging.words(words)?;
        let step =
            training
                .trainer
                .train_step(model, &mut engine.run, entry, batch, training.seed)?;
        engine.shown = Some((training.model, entry));
        report(engine, trainer, step)
    })
}

/// One optimiser step with the gradients that the model has, which are zero
/// afterwards; the report block is that of [`train_step`], its loss 0.
#[wasm_bindgen]
pub fn trainer_apply(trainer: u32) -> i32 {
    call(|engine| {
        let training = engine.trainers.get_mut(trainer)?;
        let model = engine.models.get_mut(training.model)?;
        let step = training.trainer.apply(model)?;
        model.clear_gradients();
        report(engine, trainer, step)
    })
}
