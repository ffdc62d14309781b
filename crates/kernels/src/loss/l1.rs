//! Absolute error.

use simd::{Vector, slice};

use crate::reduce::sum_terms_f64;

/// `Σ |input - target|`
pub fn l1_forward<V: Vector>(input: &[V::Elem], target: &[V::Elem]) -> f64 {
    sum_terms_f64([input, target], |[input, target]: [V; 2]| {
        input.sub(target).abs()
    })
}

/// `d_input += scale * sign(input - target)`, 0 where they are equal; for the
/// target's gradient exchange the two.
pub fn l1_backward<V: Vector>(
    scale: V::Elem,
    input: &[V::Elem],
    target: &[V::Elem],
    d_input: &mut [V::Elem],
) {
    let scale = V::constant(scale);
    slice::accumulate([input, target], d_input, |[input, target]: [V; 2]| {
        let below = V::select(input.lt(target), scale.neg(), V::zero());
        V::select(input.gt(target), scale, below)
    });
}
