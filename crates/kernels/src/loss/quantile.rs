//! Quantile loss, also called pinball loss (Koenker and Bassett 1978).

use simd::{Element, Vector, slice};

use crate::reduce::sum_terms_f64;

/// With `e = target - input`: the sum of `max(q * e, (q - 1) * e)`.
///
/// `input` is `[rows, quantiles]`, a forecast for each of `quantiles`, and
/// `target` `[rows]`.
pub fn quantile_forward<V: Vector>(
    quantiles: &[V::Elem],
    input: &[V::Elem],
    target: &[V::Elem],
) -> f64 {
    let one = V::constant(V::Elem::ONE);
    let rows = input.chunks_exact(quantiles.len().max(1)).zip(target);
    rows.map(|(input, &target)| {
        let target = V::splat(target);
        sum_terms_f64([input, quantiles], |[input, q]: [V; 2]| {
            let error = target.sub(input);
            error.mul(q).max(error.mul(q.sub(one)))
        })
    })
    .sum()
}

/// `d_input += scale * -q` where the target is above the input,
/// `scale * (1 - q)` where it is below, midway between where they are equal.
pub fn quantile_backward<V: Vector>(
    scale: V::Elem,
    quantiles: &[V::Elem],
    input: &[V::Elem],
    target: &[V::Elem],
    d_input: &mut [V::Elem],
) {
    let (one, half) = (
        V::constant(V::Elem::ONE),
        V::constant(V::Elem::from_f64(0.5)),
    );
    let scale = V::constant(scale);
    let width = quantiles.len().max(1);
    let rows = input
        .chunks_exact(width)
        .zip(d_input.chunks_exact_mut(width));
    for ((input, d_input), &target) in rows.zip(target) {
        let target = V::splat(target);
        slice::accumulate([input, quantiles], d_input, |[input, q]: [V; 2]| {
            let side = V::select(input.lt(target), V::zero(), half);
            let side = V::select(input.gt(target), one, side);
            side.sub(q).mul(scale)
        });
    }
}
