//! The natural logarithm, element by element.

use simd::{Vector, slice};

pub use simd::functions::ln::RELATIVE_ERROR;

/// Results are accurate down to the least.
pub const ABSOLUTE_ERROR: f64 = 0.0;

/// `y = ln x`; NaN below zero.
pub fn log_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    super::apply::<V, V::Ln>(x, y);
}

/// `d_x += d_y / x`
pub fn log_backward<V: Vector>(x: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    slice::accumulate([x, d_y], d_x, |[x, d_y]: [V; 2]| d_y.div(x));
}
