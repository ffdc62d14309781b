//! Squared error.

use simd::{Vector, slice};

use crate::reduce::sum_terms_f64;

/// `Σ (input - target)²`
#[inline(never)]
pub fn mse_forward<V: Vector>(input: &[V::Elem], target: &[V::Elem]) -> f64 {
    sum_terms_f64([input, target], |[input, target]: [V; 2]| {
        let error = input.sub(target);
        error.mul(error)
    })
}

/// `d_input += scale * 2 * (input - target)`; for the target's gradient
/// exchange the two.
#[inline(never)]
pub fn mse_backward<V: Vector>(
    scale: V::Elem,
    input: &[V::Elem],
    target: &[V::Elem],
    d_input: &mut [V::Elem],
) {
    let scale = V::constant(scale + scale);
    slice::accumulate([input, target], d_input, |[input, target]: [V; 2]| {
        input.sub(target).mul(scale)
    });
}
