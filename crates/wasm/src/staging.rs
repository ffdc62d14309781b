//! Memory that JavaScript writes into before a call.
//!
//! The only `unsafe` of this crate is here: the same memory is read as words
//! or as bytes.

use json::Value;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::state::answer;

/// Words that are also bytes.
#[derive(Debug, Default)]
pub struct Staging {
    /// Everything, whatever was last written.
    pub words: Vec<u32>,
}

impl Staging {
    /// Makes room for so many bytes.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Box<Failure>> {
        let count = bytes.div_ceil(4);
        if self.words.len() < count {
            self.words = Vec::new();
            if self.words.try_reserve_exact(count).is_err() {
                let message = format!("staging: no room for {bytes} bytes");
                return Err(Failure::new("OUT_OF_MEMORY", message));
            }
            self.words.resize(count, 0);
        }
        Ok(())
    }

    /// The first `count` words.
    pub fn words(&self, count: usize) -> Result<&[u32], Box<Failure>> {
        self.words.get(..count).ok_or_else(|| {
            let message = format!("staging: expected {count} words, got {}", self.words.len());
            Failure::new("NOT_STAGED", message)
        })
    }

    /// The first `count` bytes.
    pub fn bytes(&self, count: usize) -> Result<&[u8], Box<Failure>> {
        let words = self.words(count.div_ceil(4))?;
        // SAFETY: any byte of a `u32` is a valid `u8`, bytes need no alignment,
        // and these words have at least `count` of them.
        Ok(unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), count) })
    }

    /// The first `count` bytes as JSON.
    pub fn json(&self, count: usize) -> Result<Value, Box<Failure>> {
        json::parse_bytes(self.bytes(count)?)
            .map_err(|error| Failure::new("INVALID_JSON", format!("JSON: {}", error.message)))
    }

    /// Hands the memory over, without a copy; the next to be staged get their own.
    pub fn take(&mut self, bytes: usize) -> Result<Staging, Box<Failure>> {
        self.words(bytes.div_ceil(4))?;
        Ok(std::mem::take(self))
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        self.words.capacity() * 4
    }
}

/// Makes room for so many bytes; returns where to write them until the next
/// call, counted in words. What was staged before is gone.
#[wasm_bindgen]
pub fn stage(bytes: usize) -> i32 {
    answer(|engine| {
        engine.staging.reserve(bytes)?;
        Ok((engine.staging.words.as_ptr() as usize / 4) as u32)
    })
}
