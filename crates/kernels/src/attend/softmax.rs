//! Scores to weights: a softmax over each query's keys.

use simd::{Element, Function, Vector, slice};

use super::Pairs;

/// Replaces the scores of each query by weights that sum to one.
pub fn softmax_forward<V: Vector>(pairs: Pairs<'_>, scores: &mut [V::Elem]) {
    let exp = V::Exp::new();
    for (_, _, range) in pairs.iter() {
        let scores = &mut scores[range];
        let most = V::splat(slice::max::<V>(scores));
        slice::map_in_place(scores, |score: V| exp.apply(score.sub(most)));
        let total = slice::sum([&*scores], |[weight]: [V; 1]| weight);
        let inverse = V::splat(V::Elem::ONE / total);
        slice::map_in_place(scores, |weight: V| weight.mul(inverse));
    }
}

/// Replaces the gradients of the weights by those of the scores.
pub fn softmax_backward<V: Vector>(
    pairs: Pairs<'_>,
    weights: &[V::Elem],
    d_weights: &mut [V::Elem],
) {
    for (_, _, range) in pairs.iter() {
        let (weights, d_weights) = (&weights[range.clone()], &mut d_weights[range]);
        let mean = slice::sum([weights, d_weights], |[weight, d]: [V; 2]| weight.mul(d));
        let mean = V::splat(mean);
        slice::update([d_weights], [weights], |[d]: [V; 1], [weight]| {
            [weight.mul(d.sub(mean))]
        });
    }
}
