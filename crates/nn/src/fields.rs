//! A reader for JSON objects that reports the path of what is wrong.
//!
//! A derived deserialiser of forty block types costs an order of magnitude
//! more code in the artifact than this.

use std::cell::Cell;

use json::Value;

use crate::error::Error;

/// One JSON object under reading; [`Fields::finish`] refuses what nobody read.
pub struct Fields<'a> {
    members: &'a [(String, Value)],
    path: String,
    /// Which members were read.
    read: Vec<Cell<bool>>,
}

/// Sizes beyond this are mistakes; a few of them multiplied, as blocks do, do
/// not wrap around where sizes have 32 bits.
const MOST_SIZE: usize = 1 << 24;

/// The numbers that a field may have, and what they are called in a message.
///
/// The text stands here, since printing an `f64` costs the artifact more than
/// all messages together.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// "a number from 0 to 1".
    pub text: &'static str,
}

impl Bounds {
    /// Any finite number.
    pub const FINITE: Self = Self::new(f64::MIN, f64::MAX, "a number");
    /// From 0 to 1.
    pub const UNIT: Self = Self::new(0.0, 1.0, "a number from 0 to 1");
    /// From 0 to below 1.
    pub const BELOW_ONE: Self = Self::new(0.0, 1.0 - f64::EPSILON, "a number from 0 to below 1");
    /// At least 0.
    pub const NOT_NEGATIVE: Self = Self::new(0.0, f64::MAX, "a number of at least 0");
    /// Above 0.
    pub const POSITIVE: Self = Self::new(f64::MIN_POSITIVE, f64::MAX, "a number above 0");

    /// From `low` to `high`, as `text` says.
    pub const fn new(low: f64, high: f64, text: &'static str) -> Self {
        Self { low, high, text }
    }
}

/// How a JSON value is called in a message.
fn kind(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("an array of {}", items.len()),
        Value::Object(_) => "an object".into(),
        Value::String(text) => format!("\"{text}\""),
        plain => plain.to_text(),
    }
}

// Called from dozens of places and never in a hurry: each stands once, out of
// line, or the artifact would hold dozens of copies.
impl<'a> Fields<'a> {
    /// Reads `value`, which stands at `path` and must be an object.
    pub fn new(value: &'a Value, path: impl Into<String>) -> Result<Self, Error> {
        Self::of(value, path.into())
    }

    fn of(value: &'a Value, path: String) -> Result<Self, Error> {
        match value.as_object() {
            Some(members) => Ok(Self {
                members,
                path,
                read: vec![Cell::new(false); members.len()],
            }),
            None => Err(Error::spec(format!(
                "{path}: expected an object, got {}",
                kind(value)
            ))),
        }
    }

    /// Stands in for an object that was not given.
    pub fn empty(path: impl Into<String>) -> Self {
        Self {
            members: &[],
            path: path.into(),
            read: Vec::new(),
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

    /// An error about a field, `message` following its path.
    #[cold]
    #[inline(never)]
    pub fn error(&self, name: &str, message: &str) -> Error {
        Error::spec(format!("{}.{name}: {message}", self.path))
    }

    /// An error about a field that is missing, or not what it should be.
    #[cold]
    #[inline(never)]
    pub fn wrong(&self, name: &str, expected: &str) -> Error {
        match self.get(name) {
            None => self.error(name, &format!("missing, expected {expected}")),
            Some(value) => self.error(name, &format!("expected {expected}, got {}", kind(value))),
        }
    }

    /// The raw value of a field; `null` counts as absent.
    #[inline(never)]
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        let place = self.members.iter().position(|(known, _)| known == name)?;
        self.read[place].set(true);
        let (_, value) = &self.members[place];
        (*value != Value::Null).then_some(value)
    }

    /// Every field in the order given, for objects whose keys are names.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.members
            .iter()
            .map(|(key, value)| (key.as_str(), value))
    }

    /// A field as `convert` takes it; absent is none, unfit is an error.
    fn convert<T>(
        &self,
        name: &str,
        expected: &str,
        convert: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        match self.get(name).map(convert) {
            None => Ok(None),
            Some(Some(converted)) => Ok(Some(converted)),
            Some(None) => Err(self.wrong(name, expected)),
        }
    }

    fn required<T>(&self, name: &str, expected: &str, found: Option<T>) -> Result<T, Error> {
        found.ok_or_else(|| self.wrong(name, expected))
    }

    /// An optional whole number, at most 2^31.
    #[inline(never)]
    pub fn usize_option(&self, name: &str) -> Result<Option<usize>, Error> {
        self.convert(name, "a whole number", |v| {
            v.as_u64().filter(|&n| n <= 1 << 31).map(|n| n as usize)
        })
    }

    /// A whole number that must be there.
    #[inline(never)]
    pub fn usize(&self, name: &str) -> Result<usize, Error> {
        let found = self.usize_option(name)?;
        self.required(name, "a whole number", found)
    }

    /// A whole number of at least one, and at most what any size may be, that
    /// must be there.
    #[inline(never)]
    pub fn size(&self, name: &str) -> Result<usize, Error> {
        match self.usize(name)? {
            0 => Err(self.wrong(name, "at least 1")),
            n if n > MOST_SIZE => Err(self.wrong(name, &format!("at most {MOST_SIZE}"))),
            n => Ok(n),
        }
    }

    /// A whole number, or `default`.
    #[inline(never)]
    pub fn usize_or(&self, name: &str, default: usize) -> Result<usize, Error> {
        Ok(self.usize_option(name)?.unwrap_or(default))
    }

    /// An optional signed whole number.
    #[inline(never)]
    pub fn i32_option(&self, name: &str) -> Result<Option<i32>, Error> {
        self.convert(name, "a whole number", |v| {
            v.as_i64().and_then(|n| i32::try_from(n).ok())
        })
    }

    /// An optional number within bounds.
    #[inline(never)]
    pub fn f64_option(&self, name: &str, bounds: Bounds) -> Result<Option<f64>, Error> {
        let within = |x: &f64| *x >= bounds.low && *x <= bounds.high;
        self.convert(name, bounds.text, |v| v.as_f64().filter(within))
    }

    /// A finite number that must be there.
    #[inline(never)]
    pub fn f64(&self, name: &str) -> Result<f64, Error> {
        let found = self.f64_option(name, Bounds::FINITE)?;
        self.required(name, "a number", found)
    }

    /// A number within bounds, or `default`.
    #[inline(never)]
    pub fn f64_or(&self, name: &str, default: f64, bounds: Bounds) -> Result<f64, Error> {
        Ok(self.f64_option(name, bounds)?.unwrap_or(default))
    }

    /// True or false, or `default`.
    #[inline(never)]
    pub fn bool_or(&self, name: &str, default: bool) -> Result<bool, Error> {
        Ok(self
            .convert(name, "true or false", Value::as_bool)?
            .unwrap_or(default))
    }

    /// An optional string.
    #[inline(never)]
    pub fn str_option(&self, name: &str) -> Result<Option<&'a str>, Error> {
        self.convert(name, "a string", Value::as_str)
    }

    /// A string that must be there.
    #[inline(never)]
    pub fn str(&self, name: &str) -> Result<&'a str, Error> {
        let found = self.str_option(name)?;
        self.required(name, "a string", found)
    }

    /// One of `choices`, or `default`; none of them stands for no default.
    #[inline(never)]
    pub fn choice(
        &self,
        name: &str,
        default: &'static str,
        choices: &[&'static str],
    ) -> Result<&'static str, Error> {
        let given = self.str_option(name)?.unwrap_or(default);
        let found = choices.iter().copied().find(|&choice| choice == given);
        found.ok_or_else(|| self.wrong(name, &format!("one of {}", choices.join(", "))))
    }

    /// An optional array.
    #[inline(never)]
    pub fn list_option(&self, name: &str) -> Result<Option<&'a [Value]>, Error> {
        self.convert(name, "an array", Value::as_array)
    }

    /// An array that must be there.
    #[inline(never)]
    pub fn list(&self, name: &str) -> Result<&'a [Value], Error> {
        let found = self.list_option(name)?;
        self.required(name, "an array", found)
    }

    /// An optional array of finite numbers.
    #[inline(never)]
    pub fn numbers_option(&self, name: &str) -> Result<Option<Vec<f64>>, Error> {
        self.convert(name, "an array of numbers", |v| {
            let finite = |v: &Value| v.as_f64().filter(|x| x.is_finite());
            v.as_array()?.iter().map(finite).collect()
        })
    }

    /// An array of strings that must be there.
    #[inline(never)]
    pub fn strings(&self, name: &str) -> Result<Vec<&'a str>, Error> {
        let found = self.convert(name, "an array of strings", |v| {
            v.as_array()?.iter().map(Value::as_str).collect()
        })?;
        self.required(name, "an array of strings", found)
    }

    /// An optional object.
    #[inline(never)]
    pub fn object_option(&self, name: &str) -> Result<Option<Fields<'a>>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(value) => Self::of(value, self.path_of(name)).map(Some),
        }
    }

    /// An object that must be there.
    #[inline(never)]
    pub fn object(&self, name: &str) -> Result<Fields<'a>, Error> {
        let found = self.object_option(name)?;
        self.required(name, "an object", found)
    }

    /// Fails on the first field that was never read: a misspelt option must
    /// not be silently ignored.
    #[inline(never)]
    pub fn finish(&self) -> Result<(), Error> {
        match self.read.iter().position(|read| !read.get()) {
            None => Ok(()),
            Some(place) => Err(self.error(&self.members[place].0, "unknown field")),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_name_the_path_what_was_given_and_what_was_expected() {
        let value = testing::plain(&json!({ "hidden_size": -3, "cell": "lstn", "layers": 2 }));
        let fields = Fields::new(&value, "entries.train.nodes[1].config").unwrap();
        let message = fields.size("hidden_size").unwrap_err().to_string();
        assert_eq!(
            message,
            "entries.train.nodes[1].config.hidden_size: expected a whole number, got -3"
        );
        let message = fields
            .choice("cell", "lstm", &["lstm", "gru"])
            .unwrap_err()
            .to_string();
        assert_eq!(
            message,
            "entries.train.nodes[1].config.cell: expected one of lstm, gru, got \"lstn\""
        );
        let message = fields.f64("dropout").unwrap_err().to_string();
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
