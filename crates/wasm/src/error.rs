//! What a failed call says. A panic is a bug and ends in a trap; it says nothing,
//! since texts and places of panics would be a tenth of the artifact.

use json::Value;

use crate::state::{Engine, Results};

/// A refused call: a stable code, and a sentence for the person who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind of mistake.
    pub code: &'static str,
    /// Names the field, what was given and what was expected.
    pub message: String,
}

impl Failure {
    /// A failure of the boundary itself.
    #[cold]
    pub fn new(code: &'static str, message: impl Into<String>) -> Box<Self> {
        let message = message.into();
        Box::new(Self { code, message })
    }

    /// Leaves it as the result, `{"code": …, "message": …}`; returns -1.
    #[cold]
    #[inline(never)]
    pub fn show(&self, engine: &mut Engine) -> i32 {
        let [code, message] = [self.code, &self.message].map(Value::from);
        engine.results = Results::json(&Value::object([("code", code), ("message", message)]));
        -1
    }
}

impl From<nn::error::Error> for Box<Failure> {
    fn from(error: nn::error::Error) -> Self {
        Failure::new(error.code.name(), &error.message[..])
    }
}

impl From<format::Error> for Box<Failure> {
    fn from(error: format::Error) -> Self {
        Failure::new(error.code.name(), &error.message[..])
    }
}
