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
    crate::reduce::sum_of_squares_f64(d)
}

/// The factor that brings gradients of a global `norm` to `max_norm`, at most
/// 1, as PyTorch's `clip_grad_norm_`: max_norm / (norm + 1e-6). The norm of
/// gradients without a single finite sum gives NaN.
pub fn coefficient(norm: f64, max_norm: f64) -> f64 {
    let coefficient = max_norm / (norm + 1e-6);
    if coefficient > 1.0 { 1.0 } else { coefficient }
}

/// Multiplies `d` by `factor`.
pub fn scale<V: Vector>(d: &mut [V::Elem], factor: V::Elem) {
    let factor = V::constant(factor);
    slice::map_in_place(d, |d: V| d.mul(factor));
}
