//! Text to values.

use std::collections::BinaryHeap;
use std::fmt;
use std::ops::Deref;

use crate::value::Value;

/// What kind of mistake an [`Error`] reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The text is no JSON.
    Syntax,
    /// A name stands twice in one object.
    DuplicateName,
    /// More values, or deeper ones, than the [`Limits`] allow.
    TooLarge,
}

/// Why a text was refused.
///
/// It is a single word, as every part of the parser may return one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Refusal>);

/// What an [`Error`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of mistake.
    pub kind: Kind,
    /// What was expected and what was given, and where.
    pub message: String,
}

impl Error {
    #[cold]
    fn new(kind: Kind, message: String) -> Self {
        Self(Box::new(Refusal { kind, message }))
    }
}

impl Deref for Error {
    type Target = Refusal;

    fn deref(&self) -> &Refusal {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// How large a value may be. One takes dozens of bytes where its text takes
/// two: a text that others made needs bounds.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Arrays and objects within each other; parsing recurses this deep.
    pub depth: usize,
    /// Values in all.
    pub values: usize,
}

impl Default for Limits {
    /// As deep as anyone writes, and any number of values.
    fn default() -> Self {
        Self {
            depth: 64,
            values: usize::MAX,
        }
    }
}

/// Reads one value, with white space around it.
pub fn parse(text: &str) -> Result<Value, Error> {
    parse_within(text, Limits::default())
}

/// [`parse`] of bytes, which must be UTF-8.
pub fn parse_bytes(bytes: &[u8]) -> Result<Value, Error> {
    parse(std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("no UTF-8 after {} bytes", error.valid_up_to());
        Error::new(Kind::Syntax, message)
    })?)
}

/// [`parse`] of a value that keeps within limits.
pub fn parse_within(text: &str, limits: Limits) -> Result<Value, Error> {
    let mut parser = Parser {
        text,
        at: 0,
        limits,
    };
    let value = parser.value(limits.depth)?;
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.expected("nothing more")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    limits: Limits,
}

impl Parser<'_> {
    #[cold]
    #[inline(never)]
    fn fail(&self, kind: Kind, message: &str) -> Error {
        Error::new(kind, format!("{message} at byte {}", self.at))
    }

    #[cold]
    #[inline(never)]
    fn expected(&self, what: &str) -> Error {
        // A mistake may stand within a character, whose first byte then tells.
        let given = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next());
        let message = match given {
            None => format!("expected {what}, got the end"),
            Some(c) => format!("expected {what}, got \"{c}\""),
        };
        self.fail(Kind::Syntax, &message)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Passes a byte, if it is the next.
    fn passes(&mut self, byte: u8) -> bool {
        let found = self.byte() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value, Error> {
        let first = self.peek();
        match self.limits.values.checked_sub(1) {
            Some(left) => self.limits.values = left,
            None => return Err(self.fail(Kind::TooLarge, "too many values")),
        }
        match first {
            Some(b'{' | b'[') if depth == 0 => Err(self.fail(Kind::TooLarge, "nested too deep")),
            Some(b'{') => self.object(depth - 1),
            Some(b'[') => self.array(depth - 1),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for (word, value) in [
                    ("null", Value::Null),
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                ] {
                    if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.expected("a value"))
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Error> {
        let mut items = Vec::new();
        self.at += 1;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.peek();
            if self.passes(b']') {
                return Ok(Value::Array(items));
            }
            if !self.passes(b',') {
                return Err(self.expected("\",\" or \"]\""));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Error> {
        let mut members = Vec::new();
        self.at += 1;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name in quotes"));
            }
            let name = self.string()?;
            self.peek();
            if !self.passes(b':') {
                return Err(self.expected("\":\""));
            }
            members.push((name, self.value(depth)?));
            self.peek();
            if self.passes(b'}') {
                break;
            }
            if !self.passes(b',') {
                return Err(self.expected("\",\" or \"}\""));
            }
        }
        match repeated(&members) {
            None => Ok(Value::Object(members)),
            Some(name) => Err(self.fail(
                Kind::DuplicateName,
                &format!("the name \"{name}\" stands twice in one object that ends"),
            )),
        }
    }

    fn number(&mut self) -> Result<Value, Error> {
        let start = self.at;
        self.passes(b'-');
        if !self.passes(b'0') {
            self.digits()?;
        }
        if self.passes(b'.') {
            self.digits()?;
        }
        if self.passes(b'e') || self.passes(b'E') {
            let _ = self.passes(b'+') || self.passes(b'-');
            self.digits()?;
        }
        Ok(Value::Number(self.text[start..self.at].to_string()))
    }

    fn digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.expected("a digit"));
        }
        Ok(())
    }

    /// The string whose opening quote is next.
    fn string(&mut self) -> Result<String, Error> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let start = self.at;
            while !matches!(self.byte(), None | Some(b'"' | b'\\' | 0..0x20)) {
                self.at += 1;
            }
            out.push_str(&self.text[start..self.at]);
            if self.passes(b'"') {
                return Ok(out);
            }
            if !self.passes(b'\\') {
                return Err(self.expected("the end of a string"));
            }
            let escape = self.byte();
            self.at += 1;
            out.push(match escape {
                Some(c @ (b'"' | b'\\' | b'/')) => c.into(),
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b't') => '\t',
                Some(b'u') => self.escaped()?,
                _ => {
                    self.at -= 1;
                    return Err(self.expected("an escape"));
                }
            });
        }
    }

    /// The character of `\u` escapes: one, or two that are a surrogate pair.
    fn escaped(&mut self) -> Result<char, Error> {
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) && self.passes(b'\\') && self.passes(b'u') {
            let low = self.hex()?;
            // Anything but a low half leaves a code that no character has.
            code = match (0xdc00..0xe000).contains(&low) {
                true => 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00),
                false => 0xd800,
            };
        }
        char::from_u32(code).ok_or_else(|| self.fail(Kind::Syntax, "half a surrogate pair"))
    }

    fn hex(&mut self) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| (byte as char).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.expected("a hexadecimal digit"));
            };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}

/// A name that stands twice.
fn repeated(members: &[(String, Value)]) -> Option<&str> {
    // A heap's sort is a quarter of the code of a slice's.
    let names: BinaryHeap<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.into_sorted_vec();
    let pair = names.windows(2).find(|pair| pair[0] == pair[1])?;
    Some(pair[0])
}
