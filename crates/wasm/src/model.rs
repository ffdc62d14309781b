//! Models: their entries, parameters, gradients and states.

use json::Value;
use nn::error::Error;
use nn::random::whole;
use nn::run::Output;
use nn::state::State;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::{Model, Results, answer, call, show};

/// Compiles the staged spec; returns the model's handle. Parameters start with
/// what stands in a file, all of it checked before their memory is allocated, or
/// as the seed decides where the file is 0.
#[wasm_bindgen]
pub fn model_create(json: usize, seed: f64, file: u32) -> i32 {
    answer(|engine| {
        let spec = engine.staging.json(json)?;
        let mut model = Model::compile(&spec, whole("seed", seed)?)?;
        match file {
            0 => model.start()?,
            _ => engine.files.get(file)?.fill(&mut model.params)?,
        }
        engine.models.insert(0, model)
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
        let tapes = &mut engine.tapes;
        tapes.retain(|owner, tape| (owner, tape.entry) != (model, entry));
        Ok(entry as u32)
    })
}

/// Puts the parameters and entries of a model into the result, as JSON; see
/// `nn::model::Model::describe`.
#[wasm_bindgen]
pub fn model_describe(model: u32) -> i32 {
    show(|engine| Ok(Results::json(&engine.models.get(model)?.describe())))
}

/// Plans the memory of a batch: see `nn::run::Run::reserve`.
#[wasm_bindgen]
pub fn reserve(model: u32, entry: usize, words: usize, training: bool) -> i32 {
    call(|engine| {
        let (model, words) = (engine.models.get(model)?, engine.staging.words(words)?);
        Ok(engine.run.reserve(model, entry, words, training)?)
    })
}

/// Makes a state without rows for a model; returns its handle.
#[wasm_bindgen]
pub fn state_create(model: u32) -> i32 {
    answer(|engine| {
        let state = State::new(&engine.models.get(model)?.signature);
        engine.states.insert(model, state)
    })
}

/// How many rows a state has.
#[wasm_bindgen]
pub fn state_rows(state: u32) -> i32 {
    answer(|engine| Ok(engine.states.get(state)?.rows() as u32))
}

/// Makes the rows of a state those that are staged: see `State::gather`.
#[wasm_bindgen]
pub fn state_gather(state: u32, count: usize) -> i32 {
    call(|engine| {
        let state = engine.states.get_mut(state)?;
        Ok(state.gather(engine.staging.words(count)?)?)
    })
}

/// Puts into the result, as `f32`, the numbers of a state by its number among
/// those of the model, or a parameter, or its gradient, in PyTorch's layout. The
/// gradient of one that is not trained is zero.
#[wasm_bindgen]
pub fn read(handle: u32, id: usize, gradient: bool) -> i32 {
    show(|engine| {
        let numbers = match engine.states.get_mut(handle) {
            Ok(state) => state.read(id),
            Err(_) => engine.models.get_mut(handle)?.read(id, gradient),
        };
        Ok(Results::Output(Output::Reals(numbers?)))
    })
}

/// Sets what [`read`] reads to the staged `f32`.
#[wasm_bindgen]
pub fn write(handle: u32, id: usize, gradient: bool, words: usize) -> i32 {
    call(|engine| {
        let words = engine.staging.words(words)?.iter();
        let plain: Vec<f32> = words.map(|&word| f32::from_bits(word)).collect();
        let done = match engine.states.get_mut(handle) {
            Ok(state) => state.write(id, &plain),
            Err(_) => engine.models.get_mut(handle)?.write(id, gradient, &plain),
        };
        Ok(done?)
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
        engine.snapshots.insert(model, values)
    })
}

/// Sets the parameters of a model to those of a snapshot of it, or a state to
/// another of its model.
#[wasm_bindgen]
pub fn restore(handle: u32, from: u32) -> i32 {
    call(|engine| {
        if let Ok(state) = engine.states.get(from).cloned() {
            return Ok(engine.states.get_mut(handle)?.restore(state)?);
        }
        let (model, values) = engine.snapshots.owned(from)?;
        if model != handle {
            let message = "restore: expected a snapshot of this model, it is of another";
            return Err(Error::state(message).into());
        }
        Ok(engine.models.get_mut(handle)?.params.restore(values)?)
    })
}
