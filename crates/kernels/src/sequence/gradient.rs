//! From the gradients of pre-activations to those of input, weights and biases.

use simd::{Element, Vector};

use crate::cell::padded;
use crate::gemm::{
    CLayout, NR, WeightLayout, gemm, gemm_rows, gemm_rows_scratch, pack_a_transposed, pack_b,
    packed_a_len, packed_b_len,
};

/// Steps whose outer products are summed by one product: K of the weights'
/// gradients. Both operands of that many steps stay in the second-level cache.
const STEPS: usize = 256;

/// The gradients of all pre-activations, `[steps, blocks, padded units]`: gate
/// after gate in each step.
#[derive(Clone, Copy, Debug)]
pub struct GateGradients<'a, E> {
    /// The numbers.
    pub data: &'a [E],
    /// Blocks of a step.
    pub blocks: usize,
    /// Units of a block, before padding.
    pub units: usize,
}

impl<'a, E: Element> GateGradients<'a, E> {
    fn stride(&self) -> usize {
        self.blocks * padded(self.units)
    }

    fn steps(&self) -> usize {
        self.data.len() / self.stride()
    }

    /// One block, from a step on.
    fn block(&self, step: usize, block: usize) -> &'a [E] {
        &self.data[step * self.stride() + block * padded(self.units)..]
    }
}

/// `d_x[steps, inputs] += dG·W` over the first `gates` blocks, with the
/// transpose of W from [`WeightLayout::transpose_into`].
pub fn input_gradient<V: Vector>(
    d_gates: GateGradients<'_, V::Elem>,
    weight: WeightLayout,
    transposed: &[V::Elem],
    d_x: &mut [V::Elem],
    scratch: &mut [V::Elem],
) {
    gemm_rows::<V>(
        d_gates.steps(),
        weight.inputs,
        weight.columns(),
        d_gates.data,
        d_gates.stride(),
        transposed,
        d_x,
        CLayout::rows(weight.inputs),
        true,
        scratch,
    );
}

/// Numbers that [`input_gradient`] needs.
pub fn input_gradient_scratch(steps: usize, weight: WeightLayout) -> usize {
    gemm_rows_scratch(steps, weight.columns())
}

/// `dW += dGᵀ·x` in W's own layout: for each `(gate, block)` in `gates`, what
/// flowed into the block is the gradient of the gate. `x` is
/// `[steps, inputs]`, its rows `x_stride` apart.
pub fn weight_gradient<V: Vector>(
    d_gates: GateGradients<'_, V::Elem>,
    gates: &[(usize, usize)],
    x: &[V::Elem],
    x_stride: usize,
    weight: WeightLayout,
    d_weight: &mut [V::Elem],
    scratch: &mut [V::Elem],
) {
    let (inputs, units) = (weight.inputs, weight.padded_units());
    let layout = CLayout {
        row_stride: NR,
        panel_stride: weight.gates * inputs * NR,
    };
    let steps = d_gates.steps();
    let (a, b) = scratch.split_at_mut(packed_a_len(inputs, STEPS.min(steps)));
    for first in (0..steps).step_by(STEPS) {
        let k = STEPS.min(steps - first);
        pack_a_transposed(inputs, k, &x[first * x_stride..], x_stride, a);
        for &(gate, block) in gates {
            pack_b(k, units, d_gates.block(first, block), d_gates.stride(), b);
            gemm::<V>(
                inputs,
                units,
                k,
                a,
                b,
                &mut d_weight[gate * inputs * NR..],
                layout,
                true,
            );
        }
    }
}

/// Numbers that [`weight_gradient`] needs.
pub fn weight_gradient_scratch(steps: usize, weight: WeightLayout) -> usize {
    let k = STEPS.min(steps);
    packed_a_len(weight.inputs, k) + packed_b_len(k, weight.units)
}

/// `db += Σ dG` over all steps, in the layout of a bias of `total` gates.
pub fn bias_gradient<V: Vector>(
    d_gates: GateGradients<'_, V::Elem>,
    gates: &[(usize, usize)],
    total: usize,
    d_bias: &mut [V::Elem],
) {
    if d_gates.data.is_empty() {
        return;
    }
    for &(gate, block) in gates {
        for panel in 0..padded(d_gates.units) / NR {
            let out = &mut d_bias[(panel * total + gate) * NR..][..NR];
            column_sums::<V>(
                &d_gates.block(0, block)[panel * NR..],
                d_gates.stride(),
                out,
            );
        }
    }
}

/// Adds rows of eight numbers, `stride` apart, to `out`.
#[inline(never)]
fn column_sums<V: Vector>(rows: &[V::Elem], stride: usize, out: &mut [V::Elem]) {
    let (mut low, mut high) = (V::load(out), V::load(&out[4..]));
    for row in rows.chunks(stride) {
        low = low.add(V::load(row));
        high = high.add(V::load(&row[4..NR]));
    }
    low.store(out);
    high.store(&mut out[4..]);
}
