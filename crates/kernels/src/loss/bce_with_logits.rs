//! Binary cross-entropy of logits: independent yes-or-no decisions.

use simd::{Element, Function, Vector, slice};

use crate::math::{Sigmoid, Softplus};
use crate::reduce::sum_terms_f64;

/// `Σ -p t ln sigmoid(x) - (1 - t) ln(1 - sigmoid(x))` over input `x` and target
/// `t` from 0 to 1, rows of a decision for each of `pos_weight`, `p`. Neither
/// logarithm overflows or loses small losses.
pub fn bce_with_logits_forward<V: Vector>(
    input: &[V::Elem],
    target: &[V::Elem],
    pos_weight: &[V::Elem],
) -> f64 {
    let softplus = Softplus::<V>::new();
    let one = V::constant(V::Elem::ONE);
    let width = pos_weight.len().max(1);
    let rows = input.chunks(width).zip(target.chunks(width));
    rows.map(|(input, target)| {
        sum_terms_f64([input, target, pos_weight], |[x, t, p]: [V; 3]| {
            // Not softplus(x) - x t: for large x of the right sign that cancels.
            let (no, yes) = (softplus.apply(x), softplus.apply(x.neg()));
            t.mul(p).mul(yes).add(one.sub(t).mul(no))
        })
    })
    .sum()
}

/// `d_input += scale * ((1 - t) sigmoid(x) - p t (1 - sigmoid(x)))`
pub fn bce_with_logits_backward<V: Vector>(
    scale: V::Elem,
    input: &[V::Elem],
    target: &[V::Elem],
    pos_weight: &[V::Elem],
    d_input: &mut [V::Elem],
) {
    let sigmoid = Sigmoid::<V>::new();
    let (scale, one) = (V::constant(scale), V::constant(V::Elem::ONE));
    let width = pos_weight.len().max(1);
    let rows = input.chunks(width).zip(target.chunks(width));
    for ((input, target), d_input) in rows.zip(d_input.chunks_mut(width)) {
        slice::accumulate([input, target, pos_weight], d_input, |[x, t, p]: [V; 3]| {
            let yes = sigmoid.apply(x);
            let d = one.sub(t).mul(yes).sub(t.mul(p).mul(one.sub(yes)));
            d.mul(scale)
        });
    }
}
