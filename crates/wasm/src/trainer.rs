//! Trainers: an optimiser with its schedule, its model and its randomness.

use nn::random::whole;
use nn::trainer::{StepReport, Trainer};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{Results, V, answer, call, show};

/// A trainer and what it trains.
pub struct Training {
    pub(crate) model: u32,
    pub(crate) trainer: Trainer<V>,
    /// Decides dropout, together with the step.
    seed: u64,
}

fn report(step: StepReport) -> Results {
    let (norm, rate, taken) = (step.gradient_norm, step.learning_rate, step.steps as f64);
    Results::Report([step.loss, norm, rate, taken, 0.0, 0.0, 0.0, 0.0])
}

/// Makes a trainer of the staged configuration; returns its handle. See
/// `nn::trainer::Trainer`.
#[wasm_bindgen]
pub fn trainer_create(model: u32, json: usize, seed: f64) -> i32 {
    answer(|engine| {
        let config = engine.staging.json(json)?;
        let trainer = Trainer::new(&config, engine.models.get(model)?)?;
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
        let training = engine.trainers.get_mut(trainer);
        training.map(|training| training.trainer.observe(metric))
    })
}

/// One training step over the staged batch: forward, backward, clipping,
/// optimiser. Puts loss, gradient norm before clipping, learning rate, and
/// steps taken so far into the result, as `f64`; `output` reads the outputs.
#[wasm_bindgen]
pub fn train_step(trainer: u32, entry: usize, words: usize) -> i32 {
    show(|engine| {
        engine.shown = None;
        let training = engine.trainers.get_mut(trainer)?;
        let model = engine.models.get_mut(training.model)?;
        let (words, run) = (engine.staging.words(words)?, &mut engine.run);
        let (trainer, seed) = (&mut training.trainer, training.seed);
        let step = trainer.train_step(model, run, entry, words, seed)?;
        engine.shown = Some((training.model, entry));
        Ok(report(step))
    })
}

/// One optimiser step with the gradients that the model has, which are zero
/// afterwards; the result is that of [`train_step`], its loss 0.
#[wasm_bindgen]
pub fn trainer_apply(trainer: u32) -> i32 {
    show(|engine| {
        let training = engine.trainers.get_mut(trainer)?;
        let model = engine.models.get_mut(training.model)?;
        let step = training.trainer.apply(model)?;
        model.clear_gradients();
        Ok(report(step))
    })
}
