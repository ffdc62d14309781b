//! eˣ, element by element.

use simd::{Vector, slice};

pub use simd::functions::exp::{LEAST_RESULT as ABSOLUTE_ERROR, RELATIVE_ERROR};

/// `y = exp(x)`
pub fn exp_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    super::apply::<V, V::Exp>(x, y);
}

/// `d_x += d_y * y`
pub fn exp_backward<V: Vector>(y: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    slice::accumulate([y, d_y], d_x, |[y, d_y]: [V; 2]| d_y.mul(y));
}
