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

impl Training {
    /// Bytes held.
    pub fn held(&self) -> usize {
        self.trainer.bytes()
    }
}

/// Makes a trainer of the staged configuration; returns its handle. See
/// `nn::trainer::Trainer`.
#[wasm_bindgen]
pub fn trainer_create(model: u32, json: usize, seed: f64) -> i32 {
    call(|engine| {
        let config = engine.staging.json(json)?;
        let trainer = nn::trainer::Trainer::new(&config, engine.models.get(model)?)?;
        let seed = whole("seed", seed)?;
        engine.trainers.insert(Training {
            model,
            trainer,
            seed,
        })
    })
}

/// Feeds a metric to a schedule that waits for one.
#[wasm_bindgen]
pub fn trainer_observe(trainer: u32, metric: f64) -> i32 {
    call(|engine| {
        engine.trainers.get_mut(trainer)?.trainer.observe(metric);
        Ok(())
    })
}

fn report(engine: &mut Engine, trainer: u32, step: StepReport) -> Result<(), Failure> {
    let taken = engine.trainers.get(trainer)?.trainer.step() as f64;
    let numbers = [step.loss, step.gradient_norm, step.learning_rate, taken];
    engine.report[..4].copy_from_slice(&numbers);
    Ok(())
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
        let (words, run) = (engine.staging.words(words)?, &mut engine.run);
        let step = training
            .trainer
            .train_step(model, run, entry, words, training.seed)?;
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
