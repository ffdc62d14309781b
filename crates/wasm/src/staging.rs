//! Memory that JavaScript writes into before a call. The only `unsafe` of this
//! crate is here: the same memory is read as words or as bytes.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::state::{call, with_engine};

/// Words that are also bytes.
#[derive(Debug, Default)]
pub struct Staging(Vec<u32>);

impl Staging {
    /// Makes room for so many bytes; what was there is gone.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Failure> {
        let count = bytes.div_ceil(4);
        if self.0.len() < count {
            self.0 = Vec::new();
            self.0.try_reserve_exact(count).map_err(|_| {
                Failure::new("OUT_OF_MEMORY", format!("staging: no room for {bytes} bytes"))
            })?;
            self.0.resize(count, 0);
        }
        Ok(())
    }

    /// The first `count` words.
    pub fn words(&self, count: usize) -> Result<&[u32], Failure> {
        self.0.get(..count).ok_or_else(|| {
            let message = format!("staging: expected {count} words, got {}", self.0.len());
            Failure::new("NOT_STAGED", message)
        })
    }

    /// The first `count` bytes.
    pub fn bytes(&self, count: usize) -> Result<&[u8], Failure> {
        let words = self.words(count.div_ceil(4))?;
        // SAFETY: any byte of a `u32` is a valid `u8`, bytes need no alignment,
        // and `count` bytes lie within these words.
        Ok(unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), count) })
    }

    /// The first `count` words as numbers.
    pub fn floats(&self, count: usize) -> Result<Vec<f32>, Failure> {
        Ok(floats(self.words(count)?))
    }

    /// Hands the memory over, without a copy.
    pub fn take(&mut self, bytes: usize) -> Result<Staging, Failure> {
        self.words(bytes.div_ceil(4))?;
        Ok(std::mem::take(self))
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        self.0.capacity() * 4
    }
}

/// Words as the numbers that they are the bits of.
pub fn floats(words: &[u32]) -> Vec<f32> {
    words.iter().map(|&word| f32::from_bits(word)).collect()
}

/// Makes room for so many bytes, to be written at [`staging_pointer`].
#[wasm_bindgen]
pub fn stage(bytes: usize) -> i32 {
    call(|engine| engine.staging.reserve(bytes))
}

/// Where to write; good until the next call of [`stage`].
#[wasm_bindgen]
pub fn staging_pointer() -> usize {
    with_engine(|engine| engine.staging.0.as_ptr() as usize)
}
