//! Unary functions and row-wise softmaxes, one a file, with their error bounds.
//!
//! A function that other kernels fuse into their loops is a [`simd::Function`]:
//! make it before the loop, apply it within. `x_forward` and `x_backward` are
//! loops over slices.
//!
//! The bounds are `f32`'s: a result is within
//! `RELATIVE_ERROR * |truth| + ABSOLUTE_ERROR` of the truth for every argument,
//! infinities included, and NaN gives NaN. The suites check this at a stride and
//! wherever an implementation turns; the `exhaustive` example of the testing
//! crate goes through all of `f32`.

pub mod exp;
pub mod gamma;
pub mod gate;
pub mod gelu;
pub mod log;
pub mod log_softmax;
pub mod log_sum_exp;
pub mod relu;
pub mod sigmoid;
pub mod silu;
pub mod softmax;
pub mod softplus;
pub mod tanh;

pub use gate::Gate;
pub use gelu::Gelu;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softplus::Softplus;

use simd::{Function, Vector, slice};

/// `y = f(x)`, element by element.
#[inline(always)]
fn apply<V: Vector, F: Function<V>>(x: &[V::Elem], y: &mut [V::Elem]) {
    let f = F::new();
    slice::map(x, y, |x| f.apply(x));
}
