//! Layer normalisation (Ba, Kiros and Hinton 2016), as PyTorch's `LayerNorm`
//! over the last dimension.

use simd::{Element, Vector, slice};

/// Normalises each row of `x` `[rows, width]` and scales it:
///
/// ```text
/// mean = Σ x / width
/// rstd = 1 / √(Σ (x - mean)² / width + eps)
/// y    = (x - mean) · rstd · weight + bias
/// ```
///
/// `weight` and `bias` are `[width]`; `mean` and `rstd` `[rows]` are what the
/// backward pass needs.
pub fn layer_norm_forward<V: Vector>(
    eps: V::Elem,
    x: &[V::Elem],
    weight: &[V::Elem],
    bias: &[V::Elem],
    y: &mut [V::Elem],
    mean: &mut [V::Elem],
    rstd: &mut [V::Elem],
) {
    let width = weight.len().max(1);
    let count = V::Elem::from_usize(width);
    let rows = x.chunks_exact(width).zip(y.chunks_exact_mut(width));
    for ((x, y), (mean, rstd)) in rows.zip(mean.iter_mut().zip(rstd)) {
        *mean = slice::sum([x], |[x]: [V; 1]| x) / count;
        let center = V::splat(*mean);
        // Deviations from the mean itself: E[x²] − E[x]² would cancel. A tail
        // padded with zeros would deviate, so they are stored, then summed.
        slice::map(x, y, |x: V| x.sub(center));
        let variance = slice::sum([y], |[y]: [V; 1]| y.mul(y)) / count;
        *rstd = V::Elem::ONE / (variance + eps).sqrt();
        let scale = V::splat(*rstd);
        slice::update([y], [weight, bias], |[y]: [V; 1], [weight, bias]| {
            [y.mul(scale).mul_add(weight, bias)]
        });
    }
}

/// With `n = (x - mean) · rstd`, the normalised row, and `g = d_y · weight`:
///
/// ```text
/// d_x      += rstd · (g - Σ g / width - n · Σ (g · n) / width)
/// d_weight += Σ over rows of d_y · n
/// d_bias   += Σ over rows of d_y
/// ```
///
/// A gradient that nobody needs is `None`.
pub fn layer_norm_backward<V: Vector>(
    x: &[V::Elem],
    weight: &[V::Elem],
    mean: &[V::Elem],
    rstd: &[V::Elem],
    d_y: &[V::Elem],
    d_x: Option<&mut [V::Elem]>,
    d_weight: Option<&mut [V::Elem]>,
    d_bias: Option<&mut [V::Elem]>,
) {
    let width = weight.len().max(1);
    let statistics = || {
        mean.iter()
            .zip(rstd)
            .map(|(&mean, &rstd)| (V::splat(mean), V::splat(rstd)))
    };
    let rows = || {
        x.chunks_exact(width)
            .zip(d_y.chunks_exact(width))
            .zip(statistics())
    };
    if let Some(d_x) = d_x {
        let count = V::Elem::from_usize(width);
        for (((x, d_y), (mean, rstd)), d_x) in rows().zip(d_x.chunks_exact_mut(width)) {
            // Zeros that pad d_y and weight make g, and both sums, zero there.
            let (g, gn) = slice::fold(
                [x, d_y, weight],
                V::Elem::ZERO,
                (V::zero(), V::zero()),
                |(g_sum, gn_sum): (V, V), [x, d_y, weight]: [V; 3]| {
                    let g = d_y.mul(weight);
                    (g_sum.add(g), g.mul_add(x.sub(mean).mul(rstd), gn_sum))
                },
            );
            let g_mean = V::splat(g.reduce_add() / count);
            let gn_mean = V::splat(gn.reduce_add() / count);
            slice::accumulate([x, d_y, weight], d_x, |[x, d_y, weight]: [V; 3]| {
                let n = x.sub(mean).mul(rstd);
                d_y.mul(weight).sub(g_mean).sub(n.mul(gn_mean)).mul(rstd)
            });
        }
    }
    if let Some(d_weight) = d_weight {
        for ((x, d_y), (mean, rstd)) in rows() {
            slice::accumulate([x, d_y], d_weight, |[x, d_y]: [V; 2]| {
                d_y.mul(x.sub(mean).mul(rstd))
            });
        }
    }
    if let Some(d_bias) = d_bias {
        crate::reduce::add_rows::<V>(d_y, d_bias);
    }
}
