//! Huber's loss (P. Huber 1964): squared for small errors, linear for large.

use simd::{Element, Vector, slice};

use crate::reduce::sum_terms_f64;

/// With `e = input - target`: the sum of `e² / 2` where `|e| < delta`, of
/// `delta * (|e| - delta / 2)` elsewhere.
pub fn huber_forward<V: Vector>(delta: V::Elem, input: &[V::Elem], target: &[V::Elem]) -> f64 {
    let half = V::constant(V::Elem::from_f64(0.5));
    let delta = V::constant(delta);
    sum_terms_f64([input, target], |[input, target]: [V; 2]| {
        let error = input.sub(target).abs();
        let square = error.mul(error).mul(half);
        V::select(
            error.lt(delta),
            square,
            delta.mul(error.sub(delta.mul(half))),
        )
    })
}

/// `d_input += scale * clamp(input - target, -delta, delta)`; for the target's
/// gradient exchange the two.
pub fn huber_backward<V: Vector>(
    delta: V::Elem,
    scale: V::Elem,
    input: &[V::Elem],
    target: &[V::Elem],
    d_input: &mut [V::Elem],
) {
    let (delta, scale) = (V::constant(delta), V::constant(scale));
    slice::accumulate([input, target], d_input, |[input, target]: [V; 2]| {
        input.sub(target).min(delta).max(delta.neg()).mul(scale)
    });
}
