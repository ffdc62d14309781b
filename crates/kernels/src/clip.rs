//! Clipping of gradients, by value and by global norm.

use simd::{Vector, slice};

/// Limits every element of `d` to [−limit, limit], as PyTorch's
/// `clip_grad_value_`. NaN stays.
pub fn by_value<V: Vector>(d: &mut [V::Elem], limit: V::Elem) {
    let limit = V::constant(limit);
    slice::map_in_place(d, |d: V| d.min(limit).max(limit.neg()));
}

/// The sum of the squares of `d`, in `f64` and in a fixed order. The global
/// norm of several gradients is the square root of the sum of theirs.
pub fn squared_norm<V: Vector>(d: &[V::Elem]) -> f64 {
    crate::reduce::sum_of_squares_f64::<V>(d)
}

/// Multiplies `d` by `factor`.
pub fn scale<V: Vector>(d: &mut [V::Elem], factor: V::Elem) {
    let factor = V::constant(factor);
    slice::map_in_place(d, |d: V| d.mul(factor));
}
