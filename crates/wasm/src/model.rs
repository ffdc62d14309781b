//! Models: their entries, parameters and gradients, and what they predict.

use json::Value;
use nn::context::Pass;
use nn::run::Run;
use nn::value::ValueType;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::state::{Engine, Model, Results, V, call, whole};

/// A copy of a model's parameters.
#[derive(Debug)]
pub struct Snapshot {
    /// The model that it was taken of.
    pub model: u32,
    /// Its values.
    pub values: Vec<f32>,
}

impl Engine {
    /// The JSON that was staged.
    pub fn staged_json(&self, length: usize) -> Result<Value, Failure> {
        let wrong = |message: &str| Failure::new("INVALID_JSON", format!("JSON: {message}"));
        let text = std::str::from_utf8(self.staging.bytes(length)?)
            .map_err(|error| wrong(&format!("no UTF-8 after {} bytes", error.valid_up_to())))?;
        json::parse(text).map_err(|error| wrong(&error.message))
    }
}

/// Compiles the staged spec; returns the model's handle.
#[wasm_bindgen]
pub fn model_create(json: usize, seed: f64) -> i32 {
    call(|engine| {
        let spec = engine.staged_json(json)?;
        let model = Model::new(&spec, whole("seed", seed)?)?;
        engine.models.insert(model)
    })
}

/// Compiles the staged `{ "name": …, "entry": … }` over the model's
/// parameters; returns the entry's number. An entry of that name is replaced,
/// and its tapes are disposed of.
#[wasm_bindgen]
pub fn model_add_entry(model: u32, json: usize) -> i32 {
    call(|engine| {
        let given = engine.staged_json(json)?;
        let name = given.get("name").and_then(Value::as_str);
        let entry = given.get("entry").unwrap_or(&Value::Null);
        let object = engine.models.get_mut(model)?;
        let entry = object.add_entry(name.unwrap_or_default(), entry)?;
        engine
            .tapes
            .retain(|tape| (tape.model, tape.entry) != (model, entry));
        engine.shown = engine.shown.filter(|shown| *shown != (model, entry));
        Ok(entry as u32)
    })
}

/// Puts the parameters and entries of a model into the result, as JSON; see
/// `nn::model::Model::describe`.
#[wasm_bindgen]
pub fn model_describe(model: u32) -> i32 {
    call(|engine| {
        let description = engine.models.get(model)?.describe();
        engine
            .results
            .show_bytes(description.to_text().into_bytes());
        Ok(0)
    })
}

/// Plans the memory of a batch: see `nn::run::Run::reserve`. What [`predict`]
/// left to be read is gone.
#[wasm_bindgen]
pub fn reserve(model: u32, entry: usize, words: usize, training: bool) -> i32 {
    call(|engine| {
        engine.shown = None;
        engine.run.reserve(
            engine.models.get(model)?,
            entry,
            engine.staging.words(words)?,
            training,
        )?;
        Ok(0)
    })
}

/// Runs an entry over the staged batch; [`output`] then reads its values.
#[wasm_bindgen]
pub fn predict(model: u32, entry: usize, words: usize) -> i32 {
    call(|engine| {
        engine.shown = None;
        let object = engine.models.get_mut(model)?;
        engine
            .run
            .load(object, entry, engine.staging.words(words)?, false)?;
        engine.run.forward(object, entry, Pass::default());
        engine.shown = Some((model, entry));
        Ok(0)
    })
}

/// Puts an output of the last prediction or training step into the result, in
/// the caller's order: `f32`, or `i32` where it is ids.
#[wasm_bindgen]
pub fn output(index: usize) -> i32 {
    call(|engine| {
        let Some((model, entry)) = engine.shown else {
            return Err(Failure::new(
                "INVALID_STATE",
                "output: expected a prediction before it, there was none",
            ));
        };
        read_output(
            engine.models.get(model)?,
            &engine.run,
            entry,
            index,
            &mut engine.results,
        )
    })
}

/// Puts an output of a run into the result.
pub fn read_output(
    model: &Model,
    run: &Run<V>,
    entry: usize,
    index: usize,
    results: &mut Results,
) -> Result<u32, Failure> {
    let program = model.program(entry)?;
    program.output_at(index)?;
    match program.output_type(index) {
        ValueType::Ids { .. } => {
            run.output_ids_into(model, entry, index, &mut results.ids)?;
            results.show_ids();
        }
        _ => {
            run.output_into(model, entry, index, &mut results.floats)?;
            results.show_floats();
        }
    }
    Ok(0)
}

impl Engine {
    /// A model, after making sure that it has a parameter of this number.
    fn model_of(&mut self, model: u32, id: usize) -> Result<&mut Model, Failure> {
        let model = self.models.get_mut(model)?;
        let count = model.params.table().len();
        if id < count {
            return Ok(model);
        }
        Err(Failure::new(
            "INVALID_PARAMETER",
            format!("parameter: expected a number below {count}, got {id}"),
        ))
    }
}

/// Puts a parameter, or its gradient, into the result: as `f32` in PyTorch's
/// layout. The gradient of one that is not trained is zero.
#[wasm_bindgen]
pub fn parameter_read(model: u32, id: usize, gradient: bool) -> i32 {
    call(|engine| {
        let model = engine.model_of(model, id)?;
        let plain = if gradient {
            model.gradients.fit(&model.params);
            model.gradients.read(&model.params, id)
        } else {
            model.params.read(id)
        };
        engine.results.floats = plain;
        engine.results.show_floats();
        Ok(0)
    })
}

/// Sets a parameter, or its gradient, to the staged `f32`, in the same form.
#[wasm_bindgen]
pub fn parameter_write(model: u32, id: usize, gradient: bool, words: usize) -> i32 {
    call(|engine| {
        let plain = engine.staging.floats(words)?;
        let model = engine.model_of(model, id)?;
        if gradient {
            model.gradients.fit(&model.params);
            model.gradients.write(&model.params, id, &plain)?;
        } else {
            model.params.write(id, &plain)?;
        }
        Ok(0)
    })
}

/// Sets all gradients of a model to zero.
#[wasm_bindgen]
pub fn gradient_clear(model: u32) -> i32 {
    call(|engine| {
        engine.models.get_mut(model)?.clear_gradients();
        Ok(0)
    })
}

/// Copies the parameters of a model; returns the snapshot's handle.
#[wasm_bindgen]
pub fn snapshot(model: u32) -> i32 {
    call(|engine| {
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
            return Err(Failure::new(
                "INVALID_STATE",
                "restore: expected a snapshot of this model, it is of another",
            ));
        }
        engine
            .models
            .get_mut(model)?
            .params
            .restore(&snapshot.values)?;
        Ok(0)
    })
}
