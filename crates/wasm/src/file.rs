//! Model files: safetensors read into models and written of them.

use format::{SafeTensors, Values, Writer};
use nn::error::Error;
use nn::param::Params;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::staging::Staging;
use crate::state::{Results, answer, show};

/// A whole file, whose header was found sound.
pub struct File {
    pub(crate) staging: Staging,
    length: usize,
}

impl File {
    fn tensors(&self) -> Result<SafeTensors<'_>, Box<Failure>> {
        Ok(SafeTensors::parse(self.staging.bytes(self.length)?)?)
    }

    /// Allocates parameters with what stands in the file.
    pub fn fill(&self, params: &mut Params<f32>) -> Result<(), Box<Failure>> {
        let file = self.tensors()?;
        let parameters = params.table().iter();
        file.check_parameters(parameters.map(|p| (p.name.as_str(), &p.shape[..])))?;
        Ok(params.allocate(|parameter| {
            let tensor = file.tensor(&parameter.name);
            let values = tensor.and_then(|tensor| tensor.to_f32());
            values.map_err(|error| Error::parameter(&error.message[..]))
        })?)
    }
}

/// Takes what was staged as a model file and checks everything that its header
/// says; returns its handle, with what `format::SafeTensors::describe` says of
/// it in the result.
#[wasm_bindgen]
pub fn file_open(length: usize) -> i32 {
    answer(|engine| {
        let staging = engine.staging.take(length)?;
        let file = File { staging, length };
        engine.results = Results::json(&file.tensors()?.describe());
        engine.files.insert(0, file)
    })
}

/// Puts a model file into the result: every parameter, and the staged JSON
/// object of texts as its metadata.
#[wasm_bindgen]
pub fn model_save(model: u32, json: usize) -> i32 {
    show(|engine| {
        let metadata = engine.staging.json(json)?;
        let params = &engine.models.get(model)?.params;
        let ids = 0..params.table().len();
        let values: Vec<_> = ids.map(|id| params.read(id)).collect();
        let mut writer = Writer::new();
        for (name, text) in metadata.as_object().unwrap_or_default() {
            writer.text(name, text.as_str().unwrap_or_default())?;
        }
        for (parameter, values) in params.table().iter().zip(&values) {
            writer.tensor(&parameter.name, &parameter.shape, Values::F32(values))?;
        }
        Ok(Results::Bytes(writer.finish()))
    })
}
