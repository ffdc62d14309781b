//! Test tools, and the suites that run with them natively and inside wasm.
//!
//! | file | what it holds |
//! |---|---|
//! | [`case`] | a named case, and a runner that reports every failing one |
//! | [`close`] | comparison of slices that names the worst element |
//! | [`ulp`] | distance in units in the last place |
//! | `exports` | the suites for a host of the module, in builds for WebAssembly |
//! | [`golden`] | PyTorch's values against models of one node |
//! | [`gradient`] | gradients against central differences |
//! | [`packing`] | rows of unequal length in packed order |
//! | [`program`] | gradients of whole programs |
//! | [`random`] | numbers that are the same on every run and host |
//! | [`suites`] | the kernels' suites |
// An exported name is unsafe to Rust; nothing else is.
#![deny(unsafe_code)]

pub mod case;
pub mod close;
// Everything is compiled into a library that exports it, which no native test needs.
#[cfg(target_family = "wasm")]
#[expect(unsafe_code)]
pub mod exports;
pub mod golden;
pub mod gradient;
pub mod packing;
pub mod program;
pub mod random;
pub mod recurrent;
pub mod suites;
pub mod ulp;

pub use case::Case;
pub use close::assert_close;
pub use gradient::{Gradient, gradient_check};
pub use program::ProgramCheck;
pub use program::plain;
pub use random::Random;
pub use ulp::{ulp_distance, ulp_error};
