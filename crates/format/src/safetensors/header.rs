//! Reading: everything a header claims is checked before anything is believed.

use std::collections::BinaryHeap;

use json::{Kind, Limits, Value};

use super::tensor::Tensor;
use super::{MAX_HEADER_BYTES, METADATA, shape_text};
use crate::dtype::Dtype;
use crate::error::{Code, Error};

/// Bytes of the header's length.
const PREFIX: usize = 8;

/// A header is an object of objects of arrays. Without a bound on its values a
/// file of nothing but `0,0,0,` would exhaust the memory.
const LIMITS: Limits = Limits {
    depth: 3,
    values: 1 << 20,
};

/// A tensor as the header describes it, checked. Its order is that of the
/// bytes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    begin: usize,
    end: usize,
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
}

/// A file whose header has been read and found sound.
#[derive(Debug)]
pub struct SafeTensors<'a> {
    metadata: Vec<(String, String)>,
    /// In the order of their bytes.
    entries: Vec<Entry>,
    data: &'a [u8],
}

impl<'a> SafeTensors<'a> {
    /// Reads the header of a whole file.
    ///
    /// A file passes when its header is an object within [`MAX_HEADER_BYTES`],
    /// without a repeated name, whose tensors have known types and sizes that
    /// fit their bytes, and whose bytes follow each other without hole or
    /// overlap from the header's end to the file's.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let (header, data) = split(bytes)?;
        let tree = json::parse_within(header, LIMITS).map_err(|error| {
            let code = match error.kind {
                Kind::Syntax => Code::InvalidHeader,
                Kind::DuplicateName => Code::DuplicateName,
                Kind::TooLarge => Code::HeaderTooLarge,
            };
            Error::new(code, format!("header: {error}"))
        })?;
        let Value::Object(members) = tree else {
            return Err(invalid(Code::InvalidHeader, "header", "an object", &tree));
        };
        let mut metadata = Vec::new();
        let mut entries = Vec::with_capacity(members.len());
        for (name, value) in members {
            match value {
                Value::Object(fields) if name == METADATA => metadata = texts(fields)?,
                Value::Object(_) => entries.push(entry(name, &value)?),
                other => return Err(invalid(Code::InvalidHeader, &name, "an object", &other)),
            }
        }
        // A heap's sort is a quarter of the code of a slice's.
        let entries = BinaryHeap::from(entries).into_sorted_vec();
        check_offsets(&entries, data.len())?;
        Ok(Self {
            metadata,
            entries,
            data,
        })
    }

    /// The text under a key of `__metadata__`.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.metadata
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, text)| text.as_str())
    }

    /// All of `__metadata__`, in the order of the file.
    pub fn metadata(&self) -> &[(String, String)] {
        &self.metadata
    }

    /// All tensors, in the order of their bytes.
    pub fn tensors(&self) -> impl ExactSizeIterator<Item = Tensor<'_>> {
        self.entries.iter().map(|entry| Tensor {
            name: &entry.name,
            dtype: entry.dtype,
            shape: &entry.shape,
            bytes: &self.data[entry.begin..entry.end],
        })
    }

    /// The tensor of this name.
    pub fn tensor(&self, name: &str) -> Result<Tensor<'_>, Error> {
        self.tensors()
            .find(|tensor| tensor.name == name)
            .ok_or_else(|| {
                Error::new(
                    Code::MissingTensor,
                    format!("{name}: the file has no tensor of this name"),
                )
            })
    }

    /// Fails unless the tensors are the parameters of a model, given by name
    /// and shape: all of them and no others, and each of some floating-point
    /// type.
    pub fn check_parameters<'p>(
        &self,
        parameters: impl Iterator<Item = (&'p str, &'p [usize])> + Clone,
    ) -> Result<(), Error> {
        for (name, shape) in parameters.clone() {
            self.tensor(name)?.check_real(shape)?;
        }
        let known = |entry: &&Entry| parameters.clone().any(|(name, _)| name == entry.name);
        match self.entries.iter().find(|entry| !known(entry)) {
            None => Ok(()),
            Some(Entry { name, .. }) => Err(Error::new(
                Code::WrongTensor,
                format!("{name}: the model has no parameter of this name"),
            )),
        }
    }

    /// What the header says, as JSON: `{ "metadata": { name: text },
    /// "tensors": [{ "name", "dtype", "shape" }] }`.
    pub fn describe(&self) -> Value {
        let texts = self.metadata.iter();
        let metadata = texts.map(|(name, text)| (name.clone(), text.as_str().into()));
        let tensors = self.tensors().map(|tensor| {
            Value::object([
                ("name", tensor.name.into()),
                ("dtype", tensor.dtype.name().into()),
                ("shape", tensor.shape.into()),
            ])
        });
        Value::object([
            ("metadata", Value::Object(metadata.collect())),
            ("tensors", Value::Array(tensors.collect())),
        ])
    }
}

/// Splits a file into its header and its tensors' bytes.
fn split(bytes: &[u8]) -> Result<(&str, &[u8]), Error> {
    let html = bytes.trim_ascii_start();
    if [&b"<!doctype"[..], b"<html"]
        .iter()
        .any(|tag| html.len() >= tag.len() && html[..tag.len()].eq_ignore_ascii_case(tag))
    {
        return Err(Error::new(
            Code::Html,
            "the file is a web page (HTML), expected safetensors",
        ));
    }
    let Some((prefix, rest)) = bytes.split_first_chunk::<PREFIX>() else {
        return Err(Error::new(
            Code::Truncated,
            format!(
                "the file has {} bytes, expected at least the {PREFIX} of the header's length",
                bytes.len()
            ),
        ));
    };
    let length = u64::from_le_bytes(*prefix);
    if length > MAX_HEADER_BYTES {
        return Err(Error::new(
            Code::HeaderTooLarge,
            format!(
                "header: a length of {length} bytes, expected at most {MAX_HEADER_BYTES}; is this a safetensors file?"
            ),
        ));
    }
    let Some((header, data)) = rest.split_at_checked(length as usize) else {
        return Err(Error::new(
            Code::Truncated,
            format!(
                "header: a length of {length} bytes, but the file ends after {}",
                rest.len()
            ),
        ));
    };
    match std::str::from_utf8(header) {
        Ok(header) => Ok((header, data)),
        Err(error) => Err(Error::new(
            Code::InvalidHeader,
            format!("header: not UTF-8 after {} bytes", error.valid_up_to()),
        )),
    }
}

/// An error of a kind that shows at most sixty characters of what was given.
fn invalid(code: Code, path: &str, expected: &str, given: &Value) -> Error {
    let mut given = given.to_text();
    if let Some((cut, _)) = given.char_indices().nth(60) {
        given.replace_range(cut.., "…");
    }
    Error::new(code, format!("{path}: expected {expected}, got {given}"))
}

/// `__metadata__`: names and texts.
fn texts(fields: Vec<(String, Value)>) -> Result<Vec<(String, String)>, Error> {
    fields
        .into_iter()
        .map(|(key, value)| match value {
            Value::String(text) => Ok((key, text)),
            other => {
                let path = format!("{METADATA}.{key}");
                Err(invalid(Code::InvalidHeader, &path, "a string", &other))
            }
        })
        .collect()
}

/// A field that must be there.
fn field<'f>(tensor: &str, fields: &'f Value, name: &str) -> Result<&'f Value, Error> {
    fields.get(name).ok_or_else(|| {
        Error::new(
            Code::InvalidHeader,
            format!("{tensor}: no \"{name}\", expected dtype, shape, data_offsets"),
        )
    })
}

/// An array of whole numbers: no fraction, no sign, within this host's sizes.
fn sizes(tensor: &str, fields: &Value, name: &str) -> Result<Vec<usize>, Error> {
    let value = field(tensor, fields, name)?;
    value
        .as_array()
        .and_then(|items| {
            items
                .iter()
                .map(|item| usize::try_from(item.as_u64()?).ok())
                .collect()
        })
        .ok_or_else(|| {
            invalid(
                Code::InvalidShape,
                &format!("{tensor}.{name}"),
                "an array of whole numbers",
                value,
            )
        })
}

/// One tensor's description; its shape times its type's size must be its bytes.
fn entry(name: String, fields: &Value) -> Result<Entry, Error> {
    let given = field(&name, fields, "dtype")?;
    let Some(text) = given.as_str() else {
        let path = format!("{name}.dtype");
        return Err(invalid(Code::InvalidHeader, &path, "a string", given));
    };
    let Some(dtype) = Dtype::from_name(text) else {
        return Err(invalid(
            Code::UnknownDtype,
            &format!("{name}.dtype"),
            "one of BOOL, U8 … I64, F16, BF16, F32, F64",
            given,
        ));
    };
    let shape = sizes(&name, fields, "shape")?;
    let offsets = sizes(&name, fields, "data_offsets")?;
    let [begin, end] = offsets[..] else {
        return Err(invalid(
            Code::InvalidHeader,
            &format!("{name}.data_offsets"),
            "two whole numbers",
            field(&name, fields, "data_offsets")?,
        ));
    };
    let needed = shape
        .iter()
        .try_fold(dtype.size(), |bytes, &size| bytes.checked_mul(size));
    match needed {
        Some(needed) if end.checked_sub(begin) == Some(needed) => Ok(Entry {
            name,
            dtype,
            shape,
            begin,
            end,
        }),
        Some(needed) => Err(Error::new(
            Code::InvalidShape,
            format!(
                "{name}: {text} of shape {} takes {needed} bytes, but its data_offsets are [{begin}, {end}]",
                shape_text(&shape)
            ),
        )),
        None => Err(Error::new(
            Code::InvalidShape,
            format!(
                "{name}: {text} of shape {} is too large to address",
                shape_text(&shape)
            ),
        )),
    }
}

/// The tensors must follow each other and fill the file.
fn check_offsets(entries: &[Entry], data_len: usize) -> Result<(), Error> {
    let mut expected = 0;
    for Entry {
        name, begin, end, ..
    } in entries
    {
        if *begin != expected {
            return Err(Error::new(
                Code::InvalidOffsets,
                format!(
                    "{name}.data_offsets: begins at {begin}, expected {expected}, where the tensor before it ends"
                ),
            ));
        }
        expected = *end;
    }
    match data_len.cmp(&expected) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(Error::new(
            Code::Truncated,
            format!(
                "the tensors take {expected} bytes, but the file ends {data_len} bytes after its header"
            ),
        )),
        std::cmp::Ordering::Greater => Err(Error::new(
            Code::InvalidOffsets,
            format!("the tensors take {expected} bytes, but {data_len} follow the header"),
        )),
    }
}
