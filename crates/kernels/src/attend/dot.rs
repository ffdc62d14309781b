//! Dot-product scores (Luong, Pham, Manning 2015), with a scale (Vaswani et
//! al. 2017); after a projection of the queries the general form `q W kᵀ`.

use simd::Vector;

use super::Pairs;
use crate::elementwise::axpy;

/// `scores[n, t] = scale · queries[n] · keys[t]`; queries `[queries, width]`,
/// keys `[key steps, width]`.
pub fn dot_forward<V: Vector>(
    pairs: Pairs<'_>,
    width: usize,
    scale: V::Elem,
    queries: &[V::Elem],
    keys: &[V::Elem],
    scores: &mut [V::Elem],
) {
    for (query, row, range) in pairs.iter() {
        let query = &queries[query * width..][..width];
        dots::<V>(pairs, row, scale, query, keys, false, &mut scores[range]);
    }
}

/// Gradients of [`dot_forward`], added to those of the queries and keys where
/// they are wanted.
pub fn dot_backward<V: Vector>(
    pairs: Pairs<'_>,
    width: usize,
    scale: V::Elem,
    queries: &[V::Elem],
    keys: &[V::Elem],
    d_scores: &[V::Elem],
    mut d_queries: Option<&mut [V::Elem]>,
    mut d_keys: Option<&mut [V::Elem]>,
) {
    for (query, row, range) in pairs.iter() {
        let (place, d_scores) = (query * width, &d_scores[range]);
        if let Some(d_queries) = d_queries.as_deref_mut() {
            weighted_sum::<V>(
                pairs,
                row,
                scale,
                d_scores,
                keys,
                &mut d_queries[place..][..width],
            );
        }
        if let Some(d_keys) = d_keys.as_deref_mut() {
            for (&d_score, step) in d_scores.iter().zip(pairs.keys.steps_of(row)) {
                axpy::<V>(
                    scale * d_score,
                    &queries[place..][..width],
                    &mut d_keys[step * width..][..width],
                );
            }
        }
    }
}

/// `out[t] (+)= scale · x · rows[t]` over the steps of one row of keys.
#[inline(always)]
pub(super) fn dots<V: Vector>(
    pairs: Pairs<'_>,
    row: usize,
    scale: V::Elem,
    x: &[V::Elem],
    rows: &[V::Elem],
    accumulate: bool,
    out: &mut [V::Elem],
) {
    let width = x.len();
    let mut steps = pairs
        .keys
        .steps_of(row)
        .map(|step| &rows[step * width..][..width]);
    // Four keys at a time: x is read once for all, and four sums run side by
    // side.
    for out in out.chunks_mut(4) {
        let first = steps.next().unwrap_or(x);
        let keys: [&[V::Elem]; 4] = std::array::from_fn(|k| {
            if k == 0 {
                first
            } else {
                steps.next().unwrap_or(first)
            }
        });
        let mut sums = [V::zero(); 4];
        let whole = width - width % V::LANES;
        for at in (0..whole).step_by(V::LANES) {
            let x = V::load(&x[at..at + V::LANES]);
            for (sum, key) in sums.iter_mut().zip(keys) {
                *sum = V::load(&key[at..at + V::LANES]).mul_add(x, *sum);
            }
        }
        if whole < width {
            let x = V::load_partial(&x[whole..]);
            for (sum, key) in sums.iter_mut().zip(keys) {
                *sum = V::load_partial(&key[whole..]).mul_add(x, *sum);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            let sum = scale * sum.reduce_add();
            *out = if accumulate { *out + sum } else { sum };
        }
    }
}

/// `out += Σ_t scale · weights[t] · rows[t]` over the steps of one row of keys.
#[inline(always)]
pub(super) fn weighted_sum<V: Vector>(
    pairs: Pairs<'_>,
    row: usize,
    scale: V::Elem,
    weights: &[V::Elem],
    rows: &[V::Elem],
    out: &mut [V::Elem],
) {
    /// Vectors of the sum that stay in registers while the steps pass.
    const SUMS: usize = 8;
    let (width, piece) = (out.len(), SUMS * V::LANES);
    for (at, out) in (0..width).step_by(piece).zip(out.chunks_mut(piece)) {
        let steps = pairs
            .keys
            .steps_of(row)
            .map(|step| step * width + at)
            .zip(weights);
        if out.len() < piece {
            for (place, &weight) in steps {
                axpy::<V>(scale * weight, &rows[place..][..out.len()], out);
            }
            continue;
        }
        let mut sums: [V; SUMS] = std::array::from_fn(|v| V::load(&out[v * V::LANES..]));
        for (place, &weight) in steps {
            let (weight, row) = (V::splat(scale * weight), &rows[place..][..piece]);
            for (v, sum) in sums.iter_mut().enumerate() {
                *sum = V::load(&row[v * V::LANES..]).mul_add(weight, *sum);
            }
        }
        for (v, sum) in sums.iter().enumerate() {
            sum.store(&mut out[v * V::LANES..]);
        }
    }
}
