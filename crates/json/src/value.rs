//! A JSON value.

use crate::number;

/// A JSON value. Objects keep the order of their members; numbers keep their
/// text, so that messages show what was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The text of a number.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object: its members by name, each name once.
    Object(Vec<(String, Value)>),
}

impl Value {
    /// An object of these members.
    pub fn object<const N: usize>(mut members: [(&str, Value); N]) -> Self {
        Self::taken(&mut members)
    }

    // One copy serves all numbers of members.
    #[inline(never)]
    fn taken(members: &mut [(&str, Value)]) -> Self {
        let taken = members.iter_mut().map(|(name, value)| {
            let value = std::mem::replace(value, Value::Null);
            (name.to_string(), value)
        });
        Value::Object(taken.collect())
    }

    /// An array of strings.
    pub fn strings<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Value::Array(texts.into_iter().map(Value::from).collect())
    }

    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let members = self.as_object()?;
        let (_, value) = members.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&[(String, Value)]> {
        match self {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// True or false.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number written as such, without fraction or exponent.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Number(text) => match text.strip_prefix('-') {
                Some(digits) => 0i64.checked_sub_unsigned(whole(digits)?),
                None => 0i64.checked_add_unsigned(whole(text)?),
            },
            _ => None,
        }
    }

    /// As [`Value::as_i64`], not below zero.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Number(text) => whole(text),
            _ => None,
        }
    }

    /// The nearest `f64`, ties to even; infinite where the number is too large.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(text) => Some(number::to_f64(text)),
            _ => None,
        }
    }

    /// JSON without white space.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            Value::Number(text) => out.push_str(text),
            Value::String(text) => write_string(text, out),
            Value::Array(items) => {
                let mut before = '[';
                for item in items {
                    out.push(before);
                    item.write(out);
                    before = ',';
                }
                out.push_str(if items.is_empty() { "[]" } else { "]" });
            }
            Value::Object(members) => {
                let mut before = '{';
                for (name, value) in members {
                    out.push(before);
                    write_string(name, out);
                    out.push(':');
                    value.write(out);
                    before = ',';
                }
                out.push_str(if members.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

// One copy of std's parser serves numbers with and without a sign.
#[inline(never)]
fn whole(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// A string with its quotes.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\0'..' ' => {
                out.push_str("\\u00");
                for digit in [c as u32 >> 4, c as u32 & 15] {
                    out.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Value::Number(number.to_string())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_string())
    }
}

impl From<&[usize]> for Value {
    fn from(numbers: &[usize]) -> Self {
        Value::Array(numbers.iter().map(|&number| number.into()).collect())
    }
}
