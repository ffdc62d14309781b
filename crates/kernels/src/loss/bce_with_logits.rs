//! Binary cross-entropy of logits: independent yes-or-no decisions.

use simd::{Function, Vector, slice};

use crate::math::{Sigmoid, Softplus};
use crate::reduce::sum_terms_f64;

/// `Σ ln(1 + exp(input)) - input * target`, with targets from 0 to 1. The
/// softplus neither overflows nor loses small losses.
pub fn bce_with_logits_forward<V: Vector>(input: &[V::Elem], target: &[V::Elem]) -> f64 {
    let softplus = Softplus::<V>::new();
    let one = V::constant(simd::Element::ONE);
    sum_terms_f64([input, target], |[input, target]: [V; 2]| {
        // softplus(x) - x t as t softplus(-x) + (1 - t) softplus(x): for large
        // x of the right sign the former cancels.
        let no = softplus.apply(input);
        let yes = softplus.apply(input.neg());
        target.mul(yes).add(one.sub(target).mul(no))
    })
}

/// `d_input += scale * (sigmoid(input) - target)`
pub fn bce_with_logits_backward<V: Vector>(
    scale: V::Elem,
    input: &[V::Elem],
    target: &[V::Elem],
    d_input: &mut [V::Elem],
) {
    let sigmoid = Sigmoid::<V>::new();
    let scale = V::constant(scale);
    slice::accumulate([input, target], d_input, |[input, target]: [V; 2]| {
        sigmoid.apply(input).sub(target).mul(scale)
    });
}
