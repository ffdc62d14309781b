//! Vectors as a capability.
//!
//! Everything above this crate is written once, over the [`Vector`] trait, and
//! runs on whatever vector it is given:
//!
//! * [`F32`] is what ships: SIMD128 in WebAssembly, [`Portable`] elsewhere.
//! * [`F64`] is four `f64` in an array. It makes gradient checks possible: the
//!   code whose derivatives are compared with central differences in `f64` is
//!   the very code that ships in `f32`, chunks, tails and all.
//!
//! ```
//! use simd::{Function, Vector, slice};
//!
//! /// y = tanh(scale * x)
//! fn scaled_tanh<V: Vector>(scale: V::Elem, x: &[V::Elem], y: &mut [V::Elem]) {
//!     let tanh = V::Tanh::new(); // constants are made once, outside the loop
//!     let scale = V::splat(scale);
//!     slice::map(x, y, |x: V| tanh.apply(scale.mul(x)));
//! }
//!
//! let mut y = [0.0; 6];
//! scaled_tanh::<simd::F32>(0.5, &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5], &mut y);
//! assert!((y[5] - 0.25f32.tanh()).abs() < 1e-6);
//! ```
//!
//! # Map
//!
//! | item | what it is |
//! |---|---|
//! | [`Element`] | a number that a lane holds: `f32` or `f64` |
//! | [`Vector`] | four elements and what can be done with them |
//! | [`Function`] | a unary function with its constants at hand |
//! | [`Quotient`] | one whose last multiplication may be left to the caller |
//! | [`slice`](mod@slice) | the one loop over vectors, and the loops made of it |
//! | [`Words`] | four 32-bit words beside a vector's elements: hashes of places |
//!
//! # Why not `std::simd`
//!
//! It is unstable, has no relaxed fused multiply-add, and does not say what its
//! lanes do with NaN in `min` and `max`. The part that is needed here is small.
//!
//! # What is the same everywhere, and what is not
//!
//! Without relaxed SIMD every operation here is exactly rounded or a fixed
//! sequence of such operations, so that [`F32`] gives the same bits natively
//! and in every engine. With the target feature `relaxed-simd`,
//! [`Vector::mul_add`] may round once instead of twice, as the engine pleases;
//! that is the only difference. A tail gives the bits that a full chunk would
//! have given, and an [`Element`]'s functions give the bits of a lane.
//!
//! # Constants in loops
//!
//! V8 rebuilds a splatted constant in every iteration of a loop, which makes a
//! tanh nearly three times as expensive (XNNPACK forces realisation of its
//! constants for the same reason). [`Vector::constant`] is a splat that the
//! engine cannot see through: make constants with it before the loop. A
//! [`Function`] holds its constants in that form.
//!
//! # Inlining
//!
//! A vector that crosses a call goes through memory. Every operation is
//! `#[inline(always)]`; so should be a closure's callees in a hot loop.

mod bits;
mod element;
pub mod functions;
mod partial;
mod portable;
pub mod slice;
mod vector;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm32;
mod words;

pub use element::Element;
pub use functions::{Function, Quotient};
pub use portable::{Lane, Portable};
pub use vector::Vector;
pub use words::Words;

/// The vector that ships: SIMD128.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub type F32 = wasm32::Simd128;

/// The vector that ships; outside WebAssembly its portable twin.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub type F32 = Portable<f32>;

/// The vector of gradient checks and references; its functions are std's.
pub type F64 = Portable<f64>;
