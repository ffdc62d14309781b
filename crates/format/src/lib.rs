//! Model files: safetensors in and out, and the gate orders of other
//! libraries.
//!
//! [`SafeTensors`] reads from the bytes of a whole file without copying a
//! tensor and believes nothing before it has been checked; [`Writer`] makes a
//! file that any safetensors library reads. [`gate_order`] is the only place
//! where gate orders convert.
#![forbid(unsafe_code)]

pub mod dtype;
pub mod error;
pub mod gate_order;
pub mod safetensors;

pub use dtype::Dtype;
pub use error::{Code, Error};
pub use safetensors::{SafeTensors, Tensor, Values, Writer};
