//! Additive scores (Bahdanau, Cho, Bengio 2015; Luong's concat form):
//! `score · tanh(Wq q + Wk k + b)`.
//!
//! The projections arrive made, the bias in one of them. The tanh is made again
//! in backward: kept, it would be `queries · keys · size` numbers.

use simd::{Element, Function, Vector, slice};

use super::Pairs;

/// `scores[n, t] = Σ_a score[a] tanh(queries[n, a] + keys[t, a])`; projected
/// queries `[queries, size]`, projected keys `[key steps, size]`, score `[size]`.
pub fn additive_forward<V: Vector>(
    pairs: Pairs<'_>,
    size: usize,
    queries: &[V::Elem],
    keys: &[V::Elem],
    score: &[V::Elem],
    scores: &mut [V::Elem],
) {
    let tanh = V::Tanh::new();
    for (query, row, range) in pairs.iter() {
        let query = &queries[query * size..][..size];
        for (out, step) in scores[range].iter_mut().zip(pairs.keys.steps_of(row)) {
            let key = &keys[step * size..][..size];
            *out = slice::sum(
                [query, key, &score[..size]],
                |[query, key, score]: [V; 3]| tanh.apply(query.add(key)).mul(score),
            );
        }
    }
}

/// Gradients of [`additive_forward`], added to those of the projected queries
/// and keys, and of the score where it is wanted.
pub fn additive_backward<V: Vector>(
    pairs: Pairs<'_>,
    size: usize,
    queries: &[V::Elem],
    keys: &[V::Elem],
    score: &[V::Elem],
    d_scores: &[V::Elem],
    d_queries: &mut [V::Elem],
    d_keys: &mut [V::Elem],
    d_score: &mut [V::Elem],
) {
    let (tanh, one) = (V::Tanh::new(), V::constant(V::Elem::ONE));
    for (query, row, range) in pairs.iter() {
        let place = query * size;
        let (query, d_query) = (&queries[place..][..size], &mut d_queries[place..][..size]);
        for (&d, step) in d_scores[range].iter().zip(pairs.keys.steps_of(row)) {
            let d = V::splat(d);
            let (key, d_key) = (
                &keys[step * size..][..size],
                &mut d_keys[step * size..][..size],
            );
            let outs = [&mut *d_query, d_key, &mut d_score[..size]];
            slice::update(
                outs,
                [query, key, &score[..size]],
                |[d_query, d_key, d_score]: [V; 3], [query, key, score]| {
                    let h = tanh.apply(query.add(key));
                    let inner = d.mul(score).mul(one.sub(h.mul(h)));
                    [d_query.add(inner), d_key.add(inner), h.mul_add(d, d_score)]
                },
            );
        }
    }
}
