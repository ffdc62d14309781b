//! A reader for JSON objects that reports the path of what is wrong.
//!
//! A derived deserialiser of forty block types costs an order of magnitude
//! more code in the artifact than this.

use std::cell::RefCell;

use serde_json::{Map, Value};

use crate::error::Error;

/// One JSON object under reading; [`Fields::finish`] refuses what nobody read.
pub struct Fields<'a> {
    /// `None` stands for an object without fields.
    map: Option<&'a Map<String, Value>>,
    path: String,
    /// Owned names keep this type covariant, so that it fits shorter borrows.
    read: RefCell<Vec<String>>,
}

/// Sizes beyond this are mistakes; a few of them multiplied, as blocks do, do
/// not wrap around where sizes have 32 bits.
const MOST_SIZE: usize = 1 << 24;

/// How a JSON value is called in a message.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(s) => format!("\"{s}\""),
        Value::Array(a) => format!("an array of {}", a.len()),
        Value::Object(_) => "an object".into(),
    }
}

impl<'a> Fields<'a> {
    /// Reads `value`, which stands at `path` and must be an object.
    pub fn new(value: &'a Value, path: impl Into<String>) -> Result<Self, Error> {
        let path = path.into();
        match value {
            Value::Object(map) => Ok(Self {
                map: Some(map),
                path,
                read: RefCell::default(),
            }),
            other => Err(Error::spec(format!(
                "{path}: expected an object, got {}",
                kind(other)
            ))),
        }
    }

    /// Stands in for an object that was not given.
    pub fn empty(path: impl Into<String>) -> Self {
        Self {
            map: None,
            path: path.into(),
            read: RefCell::default(),
        }
    }

    /// Where this object stands, for messages of the caller's own.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path of one field.
    pub fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    /// The raw value of a field; `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        let value = self.map?.get(name)?;
        self.read.borrow_mut().push(name.to_string());
        (!value.is_null()).then_some(value)
    }

    /// Every field in the order given, for objects whose keys are names.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.map
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value))
    }

    fn convert<T>(
        &self,
        name: &str,
        expected: &str,
        convert: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        self.get(name)
            .map(|value| {
                convert(value).ok_or_else(|| {
                    Error::spec(format!(
                        "{}: expected {expected}, got {}",
                        self.path_of(name),
                        kind(value)
                    ))
                })
            })
            .transpose()
    }

    fn required<T>(&self, name: &str, expected: &str, found: Option<T>) -> Result<T, Error> {
        found.ok_or_else(|| {
            Error::spec(format!(
                "{}: missing, expected {expected}",
                self.path_of(name)
            ))
        })
    }

    /// An optional whole number, at most 2^31.
    pub fn usize_option(&self, name: &str) -> Result<Option<usize>, Error> {
        self.convert(name, "a whole number", |v| {
            v.as_u64().filter(|&n| n <= 1 << 31).map(|n| n as usize)
        })
    }

    /// A whole number that must be there.
    pub fn usize(&self, name: &str) -> Result<usize, Error> {
        let found = self.usize_option(name)?;
        self.required(name, "a whole number", found)
    }

    /// A whole number of at least one, and at most what any size may be, that
    /// must be there.
    pub fn size(&self, name: &str) -> Result<usize, Error> {
        match self.usize(name)? {
            0 => Err(Error::spec(format!(
                "{}: expected at least 1, got 0",
                self.path_of(name)
            ))),
            n if n > MOST_SIZE => Err(Error::spec(format!(
                "{}: expected at most {MOST_SIZE}, got {n}",
                self.path_of(name)
            ))),
            n => Ok(n),
        }
    }

    /// A whole number, or `default`.
    pub fn usize_or(&self, name: &str, default: usize) -> Result<usize, Error> {
        Ok(self.usize_option(name)?.unwrap_or(default))
    }

    /// An optional signed whole number.
    pub fn i32_option(&self, name: &str) -> Result<Option<i32>, Error> {
        self.convert(name, "a whole number", |v| {
            v.as_i64().and_then(|n| i32::try_from(n).ok())
        })
    }

    /// An optional finite number.
    pub fn f64_option(&self, name: &str) -> Result<Option<f64>, Error> {
        self.convert(name, "a number", |v| v.as_f64().filter(|x| x.is_finite()))
    }

    /// A finite number that must be there.
    pub fn f64(&self, name: &str) -> Result<f64, Error> {
        let found = self.f64_option(name)?;
        self.required(name, "a number", found)
    }

    /// A finite number, or `default`.
    pub fn f64_or(&self, name: &str, default: f64) -> Result<f64, Error> {
        Ok(self.f64_option(name)?.unwrap_or(default))
    }

    /// A number within `low..=high`, or `default`.
    pub fn f64_within(&self, name: &str, default: f64, low: f64, high: f64) -> Result<f64, Error> {
        let x = self.f64_or(name, default)?;
        if (low..=high).contains(&x) {
            return Ok(x);
        }
        Err(Error::spec(format!(
            "{}: expected a number from {low} to {high}, got {x}",
            self.path_of(name)
        )))
    }

    /// True or false, or `default`.
    pub fn bool_or(&self, name: &str, default: bool) -> Result<bool, Error> {
        Ok(self
            .convert(name, "true or false", Value::as_bool)?
            .unwrap_or(default))
    }

    /// An optional string.
    pub fn str_option(&self, name: &str) -> Result<Option<&'a str>, Error> {
        self.convert(name, "a string", Value::as_str)
    }

    /// A string that must be there.
    pub fn str(&self, name: &str) -> Result<&'a str, Error> {
        let found = self.str_option(name)?;
        self.required(name, "a string", found)
    }

    /// One of `choices`, or `default`.
    pub fn choice(
        &self,
        name: &str,
        default: &'static str,
        choices: &[&'static str],
    ) -> Result<&'static str, Error> {
        let given = self.str_option(name)?.unwrap_or(default);
        choices
            .iter()
            .copied()
            .find(|&c| c == given)
            .ok_or_else(|| {
                Error::spec(format!(
                    "{}: expected one of {}, got \"{given}\"",
                    self.path_of(name),
                    choices.join(", ")
                ))
            })
    }

    /// An optional array.
    pub fn list_option(&self, name: &str) -> Result<Option<&'a [Value]>, Error> {
        self.convert(name, "an array", |v| v.as_array().map(Vec::as_slice))
    }

    /// An array that must be there.
    pub fn list(&self, name: &str) -> Result<&'a [Value], Error> {
        let found = self.list_option(name)?;
        self.required(name, "an array", found)
    }

    /// An optional array of finite numbers.
    pub fn numbers_option(&self, name: &str) -> Result<Option<Vec<f64>>, Error> {
        self.convert(name, "an array of numbers", |v| {
            v.as_array()?.iter().map(Value::as_f64).collect()
        })
    }

    /// An array of strings that must be there.
    pub fn strings(&self, name: &str) -> Result<Vec<&'a str>, Error> {
        let found = self.convert(name, "an array of strings", |v| {
            v.as_array()?.iter().map(Value::as_str).collect()
        })?;
        self.required(name, "an array of strings", found)
    }

    /// An optional object.
    pub fn object_option(&self, name: &str) -> Result<Option<Fields<'a>>, Error> {
        self.get(name)
            .map(|value| Fields::new(value, self.path_of(name)))
            .transpose()
    }

    /// An object that must be there.
    pub fn object(&self, name: &str) -> Result<Fields<'a>, Error> {
        let found = self.object_option(name)?;
        self.required(name, "an object", found)
    }

    /// Fails on the first field that was never read: a misspelt option must
    /// not be silently ignored.
    pub fn finish(&self) -> Result<(), Error> {
        let read = self.read.borrow();
        match self
            .entries()
            .find(|(key, _)| !read.iter().any(|name| name == key))
        {
            Some((key, _)) => Err(Error::spec(format!("{}: unknown field", self.path_of(key)))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_name_the_path_what_was_given_and_what_was_expected() {
        let value = json!({ "hidden_size": -3, "cell": "lstn", "layers": 2 });
        let fields = Fields::new(&value, "entries.train.nodes[1].config").unwrap();
        let message = fields.size("hidden_size").unwrap_err().message;
        assert_eq!(
            message,
            "entries.train.nodes[1].config.hidden_size: expected a whole number, got -3"
        );
        let message = fields
            .choice("cell", "lstm", &["lstm", "gru"])
            .unwrap_err()
            .message;
        assert_eq!(
            message,
            "entries.train.nodes[1].config.cell: expected one of lstm, gru, got \"lstn\""
        );
        let message = fields.f64("dropout").unwrap_err().message;
        assert_eq!(
            message,
            "entries.train.nodes[1].config.dropout: missing, expected a number"
        );
        assert_eq!(
            fields.finish().unwrap_err().message,
            "entries.train.nodes[1].config.layers: unknown field"
        );
    }
}
