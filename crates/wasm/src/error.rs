//! What a failed call says, and what a panic leaves behind.

use std::sync::Mutex;

use json::Value;
use wasm_bindgen::prelude::wasm_bindgen;

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
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    /// The form that crosses: `{"code": …, "message": …}`.
    pub fn to_json(&self) -> Value {
        let message = self.message.as_str().into();
        Value::object([("code", self.code.into()), ("message", message)])
    }
}

impl From<nn::error::Error> for Failure {
    fn from(error: nn::error::Error) -> Self {
        Self::new(error.code.name(), error.message)
    }
}

impl From<format::Error> for Failure {
    fn from(error: format::Error) -> Self {
        Self::new(error.code.name(), error.message)
    }
}

/// What the last panic said. A panic is a bug and ends in a trap, after which
/// nothing else of this instance may be used; its text can still be read.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// Runs when an instance is made: panics leave their message behind.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(mut text) = PANIC.lock() {
            *text = info.to_string();
        }
    }));
}

/// Where the text of the last panic stands.
#[wasm_bindgen]
pub fn panic_pointer() -> usize {
    PANIC.lock().map_or(0, |text| text.as_ptr() as usize)
}

/// How many bytes of UTF-8 it has; 0 when there was no panic.
#[wasm_bindgen]
pub fn panic_length() -> usize {
    PANIC.lock().map_or(0, |text| text.len())
}
