//! Models: their entries, parameters and gradients, and what they predict.

use json::Value;
use nn::context::Pass;
use nn::error::Error;
use nn::random::whole;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{Model, Results, answer, call, show};

/// A copy of a model's parameters.
pub struct Snapshot {
    pub(crate) model: u32,
    pub(crate) values: Vec<f32>,
}

/// Compiles the staged spec; returns the model's handle.
#[wasm_bindgen]
pub fn model_create(json: usize, seed: f64) -> i32 {
    answer(|engine| {
        let spec = engine.staging.json(json)?;
        let seed = whole("seed", seed)?;
        engine.models.insert(Model::new(&spec, seed)?)
    })
}

/// Compiles the staged `{ "name": …, "entry": … }` over the model's
/// parameters; returns the entry's number. An entry of that name is replaced,
/// and its tapes are disposed of.
#[wasm_bindgen]
pub fn model_add_entry(model: u32, json: usize) -> i32 {
    answer(|engine| {
        let given = engine.staging.json(json)?;
        let name = given.get("name").and_then(Value::as_str);
        let graph = given.get("entry").unwrap_or(&Value::Null);
        let object = engine.models.get_mut(model)?;
        let entry = object.add_entry(name.unwrap_or_default(), graph)?;
        let replaced = (model, entry);
        engine
            .tapes
            .retain(|tape| (tape.model, tape.entry) != replaced);
        engine.shown = engine.shown.filter(|shown| *shown != replaced);
        Ok(entry as u32)
    })
}

/// Puts the parameters and entries of a model into the result, as JSON; see
/// `nn::model::Model::describe`.
#[wasm_bindgen]
pub fn model_describe(model: u32) -> i32 {
    show(|engine| Ok(Results::json(&engine.models.get(model)?.describe())))
}

/// Plans the memory of a batch: see `nn::run::Run::reserve`. What [`predict`]
/// left to be read is gone.
#[wasm_bindgen]
pub fn reserve(model: u32, entry: usize, words: usize, training: bool) -> i32 {
    call(|engine| {
        engine.shown = None;
        let (model, words) = (engine.models.get(model)?, engine.staging.words(words)?);
        Ok(engine.run.reserve(model, entry, words, training)?)
    })
}

/// Runs an entry over the staged batch; [`output`] then reads its values.
#[wasm_bindgen]
pub fn predict(model: u32, entry: usize, words: usize) -> i32 {
    call(|engine| {
        engine.shown = None;
        let object = engine.models.get_mut(model)?;
        let words = engine.staging.words(words)?;
        engine.run.load(object, entry, words, false)?;
        engine.run.forward(object, entry, Pass::default());
        engine.shown = Some((model, entry));
        Ok(())
    })
}

/// Puts an output of the last prediction or training step into the result, in
/// the caller's order: `f32`, or `i32` where it is ids.
#[wasm_bindgen]
pub fn output(index: usize) -> i32 {
    show(|engine| {
        let none = || Error::state("output: expected a prediction before it, there was none");
        let (model, entry) = engine.shown.ok_or_else(none)?;
        let model = engine.models.get(model)?;
        Ok(Results::Output(engine.run.result(model, entry, index)?))
    })
}

/// Puts a parameter, or its gradient, into the result: as `f32` in PyTorch's
/// layout. The gradient of one that is not trained is zero.
#[wasm_bindgen]
pub fn parameter_read(model: u32, id: usize, gradient: bool) -> i32 {
    show(|engine| {
        let model = engine.models.get_mut(model)?;
        Ok(Results::reals(model.read(id, gradient)?))
    })
}

/// Sets a parameter, or its gradient, to the staged `f32`, in the same form.
#[wasm_bindgen]
pub fn parameter_write(model: u32, id: usize, gradient: bool, words: usize) -> i32 {
    call(|engine| {
        let words = engine.staging.words(words)?.iter();
        let plain: Vec<f32> = words.map(|&word| f32::from_bits(word)).collect();
        Ok(engine.models.get_mut(model)?.write(id, gradient, &plain)?)
    })
}

/// Sets all gradients of a model to zero.
#[wasm_bindgen]
pub fn gradient_clear(model: u32) -> i32 {
    call(|engine| engine.models.get_mut(model).map(Model::clear_gradients))
}

/// Copies the parameters of a model; returns the snapshot's handle.
#[wasm_bindgen]
pub fn snapshot(model: u32) -> i32 {
    answer(|engine| {
        let values = engine.models.get(model)?.params.snapshot();
        engine.snapshots.insert(Snapshot { model, values })
    })
}

/// Sets the parameters of a model to those of a snapshot of it.
#[wasm_bindgen]
pub fn restore(model: u32, snapshot: u32) -> i32 {
    call(|engine| {
        let snapshot = engine.snapshots.get(snapshot)?;
        if snapshot.model != model {
            let message = "restore: expected a snapshot of this model, it is of another";
            return Err(Error::state(message).into());
        }
        let params = &mut engine.models.get_mut(model)?.params;
        Ok(params.restore(&snapshot.values)?)
    })
}
