//! Writing: the same tensors and texts in the same order give the same bytes.

use json::Value;

use super::{METADATA, shape_text};
use crate::dtype::Dtype;
use crate::error::{Code, Error};

/// The elements of a tensor, row-major.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// Written as F32.
    F32(&'a [f32]),
    /// Written as I64.
    I64(&'a [i64]),
}

impl Values<'_> {
    fn dtype(self) -> Dtype {
        match self {
            Values::F32(_) => Dtype::F32,
            Values::I64(_) => Dtype::I64,
        }
    }

    fn len(self) -> usize {
        match self {
            Values::F32(values) => values.len(),
            Values::I64(values) => values.len(),
        }
    }

    fn write(self, out: &mut Vec<u8>) {
        match self {
            Values::F32(values) => values
                .iter()
                .for_each(|x| out.extend_from_slice(&x.to_le_bytes())),
            Values::I64(values) => values
                .iter()
                .for_each(|x| out.extend_from_slice(&x.to_le_bytes())),
        }
    }
}

/// Collects the tensors and texts of a file.
///
/// Tensors of eight-byte elements come first, so that every tensor is aligned
/// to its elements; among equals the order of the calls decides.
#[derive(Debug, Default)]
pub struct Writer<'a> {
    metadata: Vec<(String, Value)>,
    tensors: Vec<(&'a str, &'a [usize], Values<'a>)>,
}

impl<'a> Writer<'a> {
    /// An empty file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text to `__metadata__`; a key that stands already is an error.
    pub fn text(&mut self, key: &str, text: &str) -> Result<(), Error> {
        if self.metadata.iter().any(|(known, _)| known == key) {
            return Err(duplicate(key));
        }
        self.metadata.push((key.into(), text.into()));
        Ok(())
    }

    /// Adds a tensor. Fails when the shape does not have as many elements as
    /// there are values, or the name is taken, by a tensor or by the texts.
    pub fn tensor(
        &mut self,
        name: &'a str,
        shape: &'a [usize],
        values: Values<'a>,
    ) -> Result<(), Error> {
        if name == METADATA || self.tensors.iter().any(|(known, ..)| *known == name) {
            return Err(duplicate(name));
        }
        if shape
            .iter()
            .try_fold(1usize, |n, &size| n.checked_mul(size))
            != Some(values.len())
        {
            return Err(Error::new(
                Code::InvalidShape,
                format!(
                    "{name}: {} values do not fill the shape {}",
                    values.len(),
                    shape_text(shape)
                ),
            ));
        }
        self.tensors.push((name, shape, values));
        Ok(())
    }

    /// The bytes of the file.
    pub fn finish(self) -> Vec<u8> {
        let (mut tensors, narrow): (Vec<_>, Vec<_>) = self
            .tensors
            .into_iter()
            .partition(|(_, _, values)| values.dtype().size() == 8);
        tensors.extend(narrow);
        let mut header = Vec::new();
        if !self.metadata.is_empty() {
            header.push((METADATA.into(), Value::Object(self.metadata)));
        }
        let mut end = 0;
        for &(name, shape, values) in &tensors {
            let begin = end;
            end += values.len() * values.dtype().size();
            let entry = Value::object([
                ("dtype", values.dtype().name().into()),
                ("shape", shape.into()),
                ("data_offsets", [begin, end][..].into()),
            ]);
            header.push((name.into(), entry));
        }
        let mut header = Value::Object(header).to_text();
        // The data begins at a multiple of eight: the prefix is eight bytes long.
        header.extend(std::iter::repeat_n(
            ' ',
            header.len().next_multiple_of(8) - header.len(),
        ));
        let mut file = Vec::with_capacity(8 + header.len() + end);
        file.extend_from_slice(&(header.len() as u64).to_le_bytes());
        file.extend_from_slice(header.as_bytes());
        tensors
            .iter()
            .for_each(|(_, _, values)| values.write(&mut file));
        file
    }
}

fn duplicate(name: &str) -> Error {
    Error::new(
        Code::DuplicateName,
        format!("{name}: the file already has this name"),
    )
}
