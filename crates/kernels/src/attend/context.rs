//! The context of each query: the values of its row, weighted.

use simd::{Element, Vector};

use super::Pairs;
use super::dot::{dots, weighted_sum};
use crate::elementwise::axpy;

/// `context[n] = Σ_t weights[n, t] values[t]` over the steps of the query's row;
/// values `[key steps, width]`, context `[queries, width]`, zero where the row
/// has no steps.
pub fn context_forward<V: Vector>(
    pairs: Pairs<'_>,
    width: usize,
    weights: &[V::Elem],
    values: &[V::Elem],
    context: &mut [V::Elem],
) {
    for (query, row, range) in pairs.iter() {
        let context = &mut context[query * width..][..width];
        context.fill(V::Elem::ZERO);
        weighted_sum::<V>(pairs, row, V::Elem::ONE, &weights[range], values, context);
    }
}

/// Gradients of [`context_forward`], added to those of the weights and, where
/// wanted, of the values.
pub fn context_backward<V: Vector>(
    pairs: Pairs<'_>,
    width: usize,
    weights: &[V::Elem],
    values: &[V::Elem],
    d_context: &[V::Elem],
    d_weights: &mut [V::Elem],
    mut d_values: Option<&mut [V::Elem]>,
) {
    for (query, row, range) in pairs.iter() {
        let d_context = &d_context[query * width..][..width];
        dots::<V>(
            pairs,
            row,
            V::Elem::ONE,
            d_context,
            values,
            true,
            &mut d_weights[range.clone()],
        );
        if let Some(d_values) = d_values.as_deref_mut() {
            for (&weight, step) in weights[range].iter().zip(pairs.keys.steps_of(row)) {
                axpy::<V>(weight, d_context, &mut d_values[step * width..][..width]);
            }
        }
    }
}
