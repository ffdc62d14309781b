//! The safetensors format (github.com/huggingface/safetensors): eight bytes
//! with the length of a JSON header, the header, then the bytes of all
//! tensors, one after the other.
//!
//! Header: `{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …,
//! "__metadata__": {"key": "text", …}}`, offsets counted from the header's end.

mod header;
mod tensor;
mod writer;

pub use header::SafeTensors;
pub use tensor::Tensor;
pub use writer::{Values, Writer};

/// The longest header that is read, as in the reference implementation.
pub const MAX_HEADER_BYTES: u64 = 100_000_000;

/// The name under which a header keeps text instead of a tensor.
const METADATA: &str = "__metadata__";

/// A shape, for a message.
pub(crate) fn shape_text(shape: &[usize]) -> String {
    json::Value::from(shape).to_text()
}
