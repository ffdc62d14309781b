//! Trainers: an optimiser with its schedule and its randomness.

use nn::random::whole;
use nn::trainer::{StepReport, Trainer};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{Results, answer, call, show};

fn report(step: StepReport, scalars: impl Iterator<Item = f64>) -> Results {
    let (norm, rate, taken) = (step.gradient_norm, step.learning_rate, step.steps as f64);
    let numbers = [step.loss, norm, rate, taken].into_iter();
    Results::Report(numbers.chain(scalars).collect())
}

/// Makes a trainer of the staged configuration; returns its handle. See
/// `nn::trainer::Trainer`.
#[wasm_bindgen]
pub fn trainer_create(model: u32, json: usize, seed: f64) -> i32 {
    answer(|engine| {
        let config = engine.staging.json(json)?;
        let trainer = Trainer::new(&config, engine.models.get(model)?, whole("seed", seed)?)?;
        engine.trainers.insert(model, trainer)
    })
}

/// Feeds a metric to a schedule that waits for one.
#[wasm_bindgen]
pub fn trainer_observe(trainer: u32, metric: f64) -> i32 {
    call(|engine| (engine.trainers.get_mut(trainer)).map(|trainer| trainer.observe(metric)))
}

/// Begins to keep the mean of the parameters (0), puts it in their place (1) or
/// takes the latest back (2); returns how many steps it is of.
#[wasm_bindgen]
pub fn trainer_average(trainer: u32, what: u32) -> i32 {
    answer(|engine| {
        let (owner, trainer) = engine.trainers.owned(trainer)?;
        Ok(trainer.average(engine.models.get_mut(owner)?, what.into())? as u32)
    })
}

/// One training step over the staged batch, from a state and into it unless that
/// is 0, at the learning rate times `rate`. Puts loss, gradient norm before
/// clipping, learning rate, steps so far and the entry's scalars into the result.
#[wasm_bindgen]
pub fn train_step(trainer: u32, entry: usize, words: usize, state: u32, rate: f64) -> i32 {
    show(|engine| {
        let (owner, trainer) = engine.trainers.owned(trainer)?;
        let model = engine.models.get_mut(owner)?;
        let state = engine.states.option(state)?;
        let (words, run) = (engine.staging.words(words)?, &mut engine.run);
        trainer.rate = rate;
        let step = trainer.train_step(model, run, entry, words, state)?;
        let scalars = 0..model.program(entry)?.outputs.len();
        let scalars = scalars.filter_map(|output| run.scalar(model, entry, output).ok());
        Ok(report(step, scalars))
    })
}

/// One optimiser step with the gradients that the model has, which are zero
/// afterwards; the result is that of [`train_step`], its loss 0.
#[wasm_bindgen]
pub fn trainer_apply(trainer: u32) -> i32 {
    show(|engine| {
        let (owner, trainer) = engine.trainers.owned(trainer)?;
        let model = engine.models.get_mut(owner)?;
        let step = trainer.apply(model)?;
        model.clear_gradients();
        Ok(report(step, std::iter::empty()))
    })
}
