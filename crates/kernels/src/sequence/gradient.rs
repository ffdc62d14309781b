//! From the gradients of pre-activations to those of input, weights and biases.
//!
//! What flows back into the pre-activations of all steps is a matrix
//! `[steps, padded/8, gates, 8]`, in the order of the columns of the weights that
//! they were products with.

use simd::Vector;

use crate::gemm::{
    CLayout, NR, WeightLayout, gemm, gemm_transposed, pack_a_transposed, pack_b, packed_a_len,
    packed_b_len,
};

/// Steps whose outer products are summed by one product: K of the weights'
/// gradients. A block of rows of that many steps stays in the second-level cache.
const STEPS: usize = 256;

/// `d_x[steps, inputs] += dG·W`.
pub fn input_gradient<V: Vector>(
    d_gates: &[V::Elem],
    weight: &[V::Elem],
    layout: WeightLayout,
    d_x: &mut [V::Elem],
) {
    let steps = d_gates.len() / layout.columns();
    gemm_transposed::<V>(
        steps,
        d_gates,
        weight,
        layout,
        None,
        d_x,
        layout.inputs,
        true,
    );
}

/// `dW += dGᵀ·x` in W's own layout, of all gates or of one. `x` is
/// `[steps, inputs]`, its rows `x_stride` apart.
pub fn weight_gradient<V: Vector>(
    d_gates: &[V::Elem],
    gate: Option<usize>,
    x: &[V::Elem],
    x_stride: usize,
    weight: WeightLayout,
    d_weight: &mut [V::Elem],
    scratch: &mut [V::Elem],
) {
    let (inputs, columns) = (weight.inputs, weight.columns());
    let steps = d_gates.len() / columns;
    let (a, b) = scratch.split_at_mut(packed_a_len(inputs, STEPS.min(steps)));
    let (panel, next) = weight.panels(gate);
    let layout = CLayout {
        row_stride: NR,
        panel_stride: next * inputs * NR,
    };
    for first in (0..steps).step_by(STEPS) {
        let k = STEPS.min(steps - first);
        pack_a_transposed(inputs, k, &x[first * x_stride..], x_stride, a);
        let d_gates = &d_gates[first * columns..];
        for (at, b) in (panel * NR..columns)
            .step_by(next * NR)
            .zip(b.chunks_exact_mut(k * NR))
        {
            pack_b(k, NR, &d_gates[at..], columns, b);
        }
        gemm::<V>(
            inputs,
            columns / next,
            k,
            a,
            b,
            &mut d_weight[panel * inputs * NR..],
            layout,
            true,
        );
    }
}

/// Numbers that [`weight_gradient`] needs.
pub fn weight_gradient_scratch(steps: usize, weight: WeightLayout) -> usize {
    let k = STEPS.min(steps);
    packed_a_len(weight.inputs, k) + packed_b_len(k, weight.columns())
}
