//! Memory that JavaScript writes into before a call.
//!
//! The only `unsafe` of this crate is here: the same memory is read as words
//! or as bytes.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::state::{call, with_engine};

/// Words that are also bytes.
#[derive(Debug, Default)]
pub struct Staging {
    words: Vec<u32>,
}

impl Staging {
    /// An empty one.
    pub const fn new() -> Self {
        Self { words: Vec::new() }
    }

    /// Makes room for so many bytes.
    fn reserve(&mut self, bytes: usize) -> Result<(), Failure> {
        let count = bytes.div_ceil(4);
        if self.words.len() < count {
            self.words = Vec::new();
            self.words.try_reserve_exact(count).map_err(|_| {
                Failure::new(
                    "OUT_OF_MEMORY",
                    format!("staging: no room for {bytes} bytes"),
                )
            })?;
            self.words.resize(count, 0);
        }
        Ok(())
    }

    /// The first `count` words.
    pub fn words(&self, count: usize) -> Result<&[u32], Failure> {
        self.words.get(..count).ok_or_else(|| {
            Failure::new(
                "NOT_STAGED",
                format!("staging: expected {count} words, got {}", self.words.len()),
            )
        })
    }

    /// The first `count` bytes.
    pub fn bytes(&self, count: usize) -> Result<&[u8], Failure> {
        let words = self.words(count.div_ceil(4))?;
        Ok(&bytes_of(words)[..count])
    }

    /// The first `count` words as numbers.
    pub fn floats(&self, count: usize) -> Result<Vec<f32>, Failure> {
        Ok(self
            .words(count)?
            .iter()
            .map(|&word| f32::from_bits(word))
            .collect())
    }

    /// Hands the memory over, without a copy; the next to be staged get their own.
    pub fn take(&mut self, bytes: usize) -> Result<Staging, Failure> {
        self.words(bytes.div_ceil(4))?;
        Ok(std::mem::take(self))
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        self.words.capacity() * 4
    }
}

/// Words as the bytes that they are made of.
fn bytes_of(words: &[u32]) -> &[u8] {
    // SAFETY: any byte of a `u32` is a valid `u8`, bytes need no alignment,
    // and the length is that of the same memory in bytes.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), size_of_val(words)) }
}

/// Makes room for so many bytes, to be written at [`staging_pointer`]. What was
/// staged before is gone.
#[wasm_bindgen]
pub fn stage(bytes: usize) -> i32 {
    call(|engine| {
        engine.staging.reserve(bytes)?;
        Ok(0)
    })
}

/// Where to write; good until the next call of [`stage`].
#[wasm_bindgen]
pub fn staging_pointer() -> usize {
    with_engine(|engine| engine.staging.words.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_staged_reads_as_words_and_as_bytes() {
        let mut staging = Staging::new();
        staging.reserve(5).unwrap();
        staging.words.copy_from_slice(&[0x0403_0201, 5]);
        assert_eq!(staging.words(2).unwrap(), [0x0403_0201, 5]);
        assert_eq!(staging.bytes(5).unwrap(), [1, 2, 3, 4, 5]);
        assert_eq!(
            staging.words(3).unwrap_err().message,
            "staging: expected 3 words, got 2"
        );
        assert_eq!(staging.bytes(9).unwrap_err().code, "NOT_STAGED");
        let taken = staging.take(5).unwrap();
        assert_eq!(taken.bytes(5).unwrap(), [1, 2, 3, 4, 5]);
        assert_eq!(staging.held(), 0);
    }
}
