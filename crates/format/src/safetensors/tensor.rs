//! One tensor of a file: its bytes where they lie, converted on request.

use super::shape_text;
use crate::dtype::{Dtype, bf16_to_f32, f16_to_f32};
use crate::error::{Code, Error};

/// The types that are read as real numbers, for a message.
const REAL: &str = "F32, F16, BF16 or F64";

/// A tensor within the bytes of a file.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a> {
    /// Its name in the header.
    pub name: &'a str,
    /// The type of its elements in the file.
    pub dtype: Dtype,
    /// Its sizes; empty for a scalar.
    pub shape: &'a [usize],
    /// Its elements, row-major, little endian: `len() * dtype.size()` bytes.
    pub bytes: &'a [u8],
}

/// Converts elements of `N` bytes each.
fn convert<const N: usize, T>(bytes: &[u8], out: &mut [T], element: impl Fn([u8; N]) -> T) {
    let (elements, _) = bytes.as_chunks::<N>();
    for (out, &bytes) in out.iter_mut().zip(elements) {
        *out = element(bytes);
    }
}

impl Tensor<'_> {
    /// The number of elements.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.dtype.size()
    }

    /// Whether a size is zero.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Reads floating-point elements of any width as `f32`: halves exactly,
    /// F64 rounded. Fails unless `out` has `len()` places.
    pub fn read_f32(&self, out: &mut [f32]) -> Result<(), Error> {
        self.check_len(out.len())?;
        match self.dtype {
            Dtype::F32 => convert(self.bytes, out, f32::from_le_bytes),
            Dtype::F16 => convert(self.bytes, out, |b| f16_to_f32(u16::from_le_bytes(b))),
            Dtype::BF16 => convert(self.bytes, out, |b| bf16_to_f32(u16::from_le_bytes(b))),
            Dtype::F64 => convert(self.bytes, out, |b| f64::from_le_bytes(b) as f32),
            _ => return Err(self.wrong_dtype(REAL)),
        }
        Ok(())
    }

    /// Reads I64, I32, U8 or BOOL elements. Fails unless `out` has `len()`
    /// places.
    pub fn read_i64(&self, out: &mut [i64]) -> Result<(), Error> {
        self.check_len(out.len())?;
        match self.dtype {
            Dtype::I64 => convert(self.bytes, out, i64::from_le_bytes),
            Dtype::I32 => convert(self.bytes, out, |b| i32::from_le_bytes(b).into()),
            Dtype::U8 | Dtype::Bool => convert(self.bytes, out, |[b]: [u8; 1]| b.into()),
            _ => return Err(self.wrong_dtype("I64, I32, U8 or BOOL")),
        }
        Ok(())
    }

    /// [`Tensor::read_f32`] into new memory; its size is bounded by the file's.
    pub fn to_f32(&self) -> Result<Vec<f32>, Error> {
        let mut out = vec![0.0; self.len()];
        self.read_f32(&mut out)?;
        Ok(out)
    }

    /// [`Tensor::read_i64`] into new memory; its size is bounded by the file's.
    pub fn to_i64(&self) -> Result<Vec<i64>, Error> {
        let mut out = vec![0; self.len()];
        self.read_i64(&mut out)?;
        Ok(out)
    }

    fn check_len(&self, places: usize) -> Result<(), Error> {
        if places == self.len() {
            return Ok(());
        }
        Err(Error::new(
            Code::WrongTensor,
            format!(
                "{}: shape {} has {} elements, expected {places}",
                self.name,
                shape_text(self.shape),
                self.len()
            ),
        ))
    }

    /// Fails unless it has this shape, and elements that [`Tensor::read_f32`]
    /// reads.
    pub(super) fn check_real(&self, shape: &[usize]) -> Result<(), Error> {
        if self.shape != shape {
            let (given, expected) = (shape_text(self.shape), shape_text(shape));
            let message = format!("{}: shape {given}, expected {expected}", self.name);
            return Err(Error::new(Code::WrongTensor, message));
        }
        match self.dtype {
            Dtype::F32 | Dtype::F16 | Dtype::BF16 | Dtype::F64 => Ok(()),
            _ => Err(self.wrong_dtype(REAL)),
        }
    }

    fn wrong_dtype(&self, expected: &str) -> Error {
        Error::new(
            Code::WrongTensor,
            format!(
                "{}: dtype {}, expected {expected}",
                self.name,
                self.dtype.name()
            ),
        )
    }
}
