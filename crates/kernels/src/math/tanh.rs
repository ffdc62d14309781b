//! The hyperbolic tangent, element by element.

use simd::{Element, Vector, slice};

pub use simd::functions::tanh::RELATIVE_ERROR;

/// Results are accurate down to the least.
pub const ABSOLUTE_ERROR: f64 = 0.0;

/// `y = tanh(x)`
pub fn tanh_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    super::apply::<V, V::Tanh>(x, y);
}

/// `d_x += d_y * (1 - y²)`
pub fn tanh_backward<V: Vector>(y: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    let one = V::constant(V::Elem::ONE);
    slice::accumulate([y, d_y], d_x, |[y, d_y]: [V; 2]| d_y.mul(one.sub(y.mul(y))));
}
