//! One error type with stable codes; the message names the field, what was
//! given and what was expected.

use std::fmt;
use std::ops::Deref;

/// What kind of mistake an [`Error`] reports. The text form is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// A spec, optimiser or schedule that does not say what it must.
    Spec,
    /// A batch whose sizes or ids do not fit the entry.
    Batch,
    /// A parameter that does not exist or has another shape.
    Parameter,
    /// A call that does not fit the present state.
    State,
    /// More memory than there is.
    Memory,
    /// A loss or gradient that is infinite or not a number.
    NotFinite,
    /// A number that is not whole, or too large to be held exactly.
    Number,
}

impl Code {
    /// The stable name that crosses the boundary.
    pub fn name(self) -> &'static str {
        match self {
            Code::Spec => "INVALID_SPEC",
            Code::Batch => "INVALID_BATCH",
            Code::Parameter => "INVALID_PARAMETER",
            Code::State => "INVALID_STATE",
            Code::Memory => "OUT_OF_MEMORY",
            Code::NotFinite => "NOT_FINITE",
            Code::Number => "INVALID_NUMBER",
        }
    }
}

/// A reported mistake: code and a sentence for the person who made it.
///
/// It is a single word, as most functions may return one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Mistake>);

/// What an [`Error`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The kind of mistake.
    pub code: Code,
    /// Names the field, what was given and what was expected.
    pub message: String,
}

impl Error {
    #[cold]
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Mistake {
            code,
            message: message.into(),
        }))
    }

    /// An error about a spec or a configuration.
    #[cold]
    pub fn spec(message: impl Into<String>) -> Self {
        Self::new(Code::Spec, message)
    }

    /// An error about a batch.
    #[cold]
    pub fn batch(message: impl Into<String>) -> Self {
        Self::new(Code::Batch, message)
    }

    /// An error about a parameter.
    #[cold]
    pub fn parameter(message: impl Into<String>) -> Self {
        Self::new(Code::Parameter, message)
    }

    /// An error about the state a call found.
    #[cold]
    pub fn state(message: impl Into<String>) -> Self {
        Self::new(Code::State, message)
    }

    /// An error about memory that is not to be had.
    #[cold]
    pub fn memory(message: impl Into<String>) -> Self {
        Self::new(Code::Memory, message)
    }

    /// An error about a number that is infinite or none.
    #[cold]
    pub fn not_finite(message: impl Into<String>) -> Self {
        Self::new(Code::NotFinite, message)
    }

    /// An error about a number that should be whole.
    #[cold]
    pub fn number(message: impl Into<String>) -> Self {
        Self::new(Code::Number, message)
    }
}

impl Deref for Error {
    type Target = Mistake;

    fn deref(&self) -> &Mistake {
        &self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)
    }
}

impl std::error::Error for Error {}
