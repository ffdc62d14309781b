//! Model files: safetensors read into models and written of them.

use format::{Code, Dtype, SafeTensors, Values, Writer};
use json::Value;
use nn::error::Error;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::staging::Staging;
use crate::state::{Model, call};

/// A whole file, whose header was found sound.
#[derive(Debug)]
pub struct File {
    staging: Staging,
    length: usize,
}

impl File {
    fn tensors(&self) -> Result<SafeTensors<'_>, Failure> {
        Ok(SafeTensors::parse(self.staging.bytes(self.length)?)?)
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        self.staging.held()
    }
}

/// Takes what was staged as a model file and checks everything that its header
/// says; returns its handle, with `{ "metadata": { name: text }, "tensors":
/// [{ "name", "dtype", "shape" }] }` in the result.
#[wasm_bindgen]
pub fn file_open(length: usize) -> i32 {
    call(|engine| {
        let staging = engine.staging.take(length)?;
        let file = File { staging, length };
        let contents = file.tensors()?;
        let texts = contents.metadata().iter();
        let metadata = texts.map(|(name, text)| (name.clone(), text.as_str().into()));
        let tensors = contents.tensors().map(|tensor| {
            Value::object([
                ("name", tensor.name.into()),
                ("dtype", tensor.dtype.name().into()),
                ("shape", tensor.shape.into()),
            ])
        });
        engine.results.show_json(&Value::object([
            ("metadata", Value::Object(metadata.collect())),
            ("tensors", Value::Array(tensors.collect())),
        ]));
        engine.files.insert(file)
    })
}

/// Fails unless the tensors of a file are the parameters of a model, with
/// their names, shapes and numbers of some floating-point type, all of them
/// and no others.
fn check(model: &Model, file: &SafeTensors<'_>) -> Result<(), Failure> {
    let wrong = |name: &str, message: &str| {
        Err(Failure::new(
            Code::WrongTensor.name(),
            format!("{name}: {message}"),
        ))
    };
    for parameter in model.params.table() {
        let tensor = file.tensor(&parameter.name)?;
        if tensor.shape != parameter.shape {
            let (given, expected) = (Value::from(tensor.shape), parameter.shape_text());
            let message = format!("shape {}, expected {expected}", given.to_text());
            return wrong(tensor.name, &message);
        }
        let dtype = tensor.dtype;
        if !matches!(dtype, Dtype::F32 | Dtype::F16 | Dtype::BF16 | Dtype::F64) {
            let message = format!("dtype {}, expected F32, F16, BF16 or F64", dtype.name());
            return wrong(tensor.name, &message);
        }
    }
    let mut names = file.tensors().map(|tensor| tensor.name);
    match names.find(|name| model.params.find(name).is_none()) {
        None => Ok(()),
        Some(extra) => wrong(extra, "the model has no parameter of this name"),
    }
}

/// Compiles the staged spec with the parameters that stand in a file; returns
/// the model's handle. Names, shapes and element types are checked before the
/// parameters' memory is allocated.
#[wasm_bindgen]
pub fn model_load(file: u32, json: usize) -> i32 {
    call(|engine| {
        let spec = engine.staging.json(json)?;
        let file = engine.files.get(file)?.tensors()?;
        let mut model = Model::compile(&spec, 0)?;
        check(&model, &file)?;
        model.params.allocate(|parameter| {
            let tensor = file.tensor(&parameter.name);
            let values = tensor.and_then(|tensor| tensor.to_f32());
            values.map_err(|error| Error::parameter(error.message))
        })?;
        engine.models.insert(model)
    })
}

/// Puts a model file into the result: every parameter, and the staged JSON
/// object of texts as its metadata.
#[wasm_bindgen]
pub fn model_save(model: u32, json: usize) -> i32 {
    call(|engine| {
        let metadata = engine.staging.json(json)?;
        let params = &engine.models.get(model)?.params;
        let values: Vec<_> = (0..params.table().len())
            .map(|id| params.read(id))
            .collect();
        let mut writer = Writer::new();
        for (name, text) in metadata.as_object().unwrap_or_default() {
            writer.text(name, text.as_str().unwrap_or_default())?;
        }
        for (parameter, values) in params.table().iter().zip(&values) {
            writer.tensor(&parameter.name, &parameter.shape, Values::F32(values))?;
        }
        engine.results.show_bytes(writer.finish());
        Ok(())
    })
}
