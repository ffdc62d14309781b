//! One case: its configuration, its tensors, and an account of which of them
//! have been used, so that nothing in a file is left unchecked.

use std::cell::RefCell;
use std::fmt::Write;

use format::SafeTensors;
use serde_json::{Map, Value};
use simd::Element;

use crate::assert_close;

/// Absolute and relative tolerance where a case's note names no other.
const TOLERANCE: (f64, f64) = (1e-5, 1e-4);

/// A case under check.
pub(super) struct GoldenCase<'a> {
    /// The operation.
    pub op: String,
    /// Its configuration; fields that are null are left out.
    pub config: Map<String, Value>,
    tolerance: (f64, f64),
    file: SafeTensors<'a>,
    used: RefCell<Vec<String>>,
    failures: RefCell<String>,
}

impl<'a> GoldenCase<'a> {
    /// Reads a manifest's entry and the case's file.
    pub fn read(json: &str, file: &'a [u8]) -> Result<Self, String> {
        let mut case: Value = serde_json::from_str(json).map_err(|e| format!("case: {e}"))?;
        let op = case["op"]
            .as_str()
            .ok_or("op: expected a string")?
            .to_string();
        let Value::Object(mut config) = case["config"].take() else {
            return Err("config: expected an object".into());
        };
        config.retain(|_, value| !value.is_null());
        let note = case["note"].as_str().unwrap_or("");
        let named = |kind: &str| {
            let (_, after) = note.split_once(kind)?;
            after
                .split([' ', ',', ';'])
                .find(|word| !word.is_empty())?
                .parse()
                .ok()
        };
        Ok(Self {
            op,
            config,
            tolerance: (
                named("absolute").unwrap_or(TOLERANCE.0),
                named("relative").unwrap_or(TOLERANCE.1),
            ),
            file: SafeTensors::parse(file).map_err(|e| e.to_string())?,
            used: RefCell::default(),
            failures: RefCell::default(),
        })
    }

    fn tensor(&self, name: &str) -> Result<format::Tensor<'_>, String> {
        let tensor = self.file.tensor(name).map_err(|e| e.to_string())?;
        self.used.borrow_mut().push(name.into());
        Ok(tensor)
    }

    /// Whether the file has this tensor.
    pub fn has(&self, name: &str) -> bool {
        self.file.tensors().any(|tensor| tensor.name == name)
    }

    /// The names that follow a prefix such as `p.`.
    pub fn names(&self, prefix: &str) -> Vec<String> {
        self.file
            .tensors()
            .filter_map(|t| t.name.strip_prefix(prefix).map(str::to_string))
            .collect()
    }

    /// The shape of a tensor.
    pub fn shape(&self, name: &str) -> Result<Vec<usize>, String> {
        Ok(self.tensor(name)?.shape.to_vec())
    }

    /// A tensor of numbers.
    pub fn reals(&self, name: &str) -> Result<Vec<f32>, String> {
        self.tensor(name)?.to_f32().map_err(|e| e.to_string())
    }

    /// A tensor of whole numbers.
    pub fn ids(&self, name: &str) -> Result<Vec<i32>, String> {
        let ids = self.tensor(name)?.to_i64().map_err(|e| e.to_string())?;
        ids.into_iter()
            .map(|id| i32::try_from(id).map_err(|_| format!("{name}: {id} is no 32-bit number")))
            .collect()
    }

    /// A whole number of the configuration.
    pub fn size(&self, name: &str) -> Result<usize, String> {
        self.config
            .get(name)
            .and_then(Value::as_u64)
            .map(|n| n as usize)
            .ok_or_else(|| format!("config.{name}: expected a whole number"))
    }

    /// The `lengths` of the configuration; without them every row of `rows`
    /// is as long as the longest.
    pub fn lengths(&self, rows: usize, longest: usize) -> Result<Vec<usize>, String> {
        let Some(lengths) = self.config.get("lengths") else {
            return Ok(vec![longest; rows]);
        };
        let lengths: Option<Vec<usize>> = lengths
            .as_array()
            .and_then(|l| l.iter().map(|n| Some(n.as_u64()? as usize)).collect());
        match lengths {
            Some(lengths) if lengths.len() == rows && lengths.iter().all(|&n| n <= longest) => {
                Ok(lengths)
            }
            _ => Err(format!(
                "config.lengths: expected {rows} whole numbers up to {longest}"
            )),
        }
    }

    /// The configuration without what only describes the case's data.
    pub fn config_without(&self, described: &[&str]) -> Value {
        let fields = self
            .config
            .iter()
            .filter(|(name, _)| !described.contains(&name.as_str()));
        Value::Object(
            fields
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )
    }

    /// Compares with a tensor of the file as it stands there.
    pub fn compare<E: Element>(&self, name: &str, actual: &[E]) -> Result<(), String> {
        let expected = self.reals(name)?;
        self.compare_with(name, actual, &expected);
        Ok(())
    }

    /// Compares with a tensor of the file that has been rearranged.
    pub fn compare_with<E: Element>(&self, name: &str, actual: &[E], expected: &[f32]) {
        let (abs, rel) = self.tolerance;
        if let Err(message) = assert_close(actual, expected, abs, rel) {
            self.fail(name, &message);
        }
    }

    /// Notes what is wrong with a tensor and goes on.
    pub fn fail(&self, name: &str, message: &str) {
        let _ = write!(self.failures.borrow_mut(), "\n    {name}: {message}");
    }

    /// Everything that differed, and every tensor that nobody looked at.
    pub fn finish(self) -> Result<(), String> {
        for tensor in self.file.tensors() {
            if !self.used.borrow().iter().any(|used| used == tensor.name) {
                self.fail(tensor.name, "was not checked");
            }
        }
        match self.failures.into_inner() {
            failures if failures.is_empty() => Ok(()),
            failures => Err(failures),
        }
    }
}

#[cfg(test)]
mod tests {
    use format::{Values, Writer};

    use super::*;

    fn file() -> Vec<u8> {
        let mut writer = Writer::new();
        writer
            .tensor("out.y", &[2], Values::F32(&[1.0, 2.0]))
            .unwrap();
        writer.tensor("in.ids", &[1], Values::I64(&[3])).unwrap();
        writer.finish()
    }

    #[test]
    fn a_difference_and_an_unused_tensor_fail() {
        let bytes = file();
        let read = || GoldenCase::read("{\"op\":\"tanh\",\"config\":{}}", &bytes).unwrap();
        let case = read();
        case.ids("in.ids").unwrap();
        case.compare("out.y", &[1.0, 2.0001]).unwrap();
        assert_eq!(case.finish(), Ok(()));
        let case = read();
        case.compare("out.y", &[1.0, 2.001]).unwrap();
        let message = case.finish().unwrap_err();
        assert!(
            message.contains("out.y: 1 of 2 elements are off"),
            "{message}"
        );
        assert!(message.contains("in.ids: was not checked"), "{message}");
        assert!(read().compare("out.z", &[0.0]).is_err());
    }

    #[test]
    fn a_note_may_name_another_tolerance() {
        let bytes = file();
        let json = "{\"op\":\"tanh\",\"config\":{},\"note\":\"tolerance: absolute 1e-3, relative 0.5; wide\"}";
        let case = GoldenCase::read(json, &bytes).unwrap();
        assert_eq!(case.tolerance, (1e-3, 0.5));
    }
}
