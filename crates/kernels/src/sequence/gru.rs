//! A gated recurrent unit over packed sequences, in both conventions.
//!
//! With X the steps' inputs, W and U the weights of input and state, b the
//! biases. At time 3 of five rows of lengths 5, 5, 4, 3, 2, of which three are
//! alive, reset after the product:
//!
//! ```text
//! (1)  A  = X·Wᵀ                          all steps of a stretch at once
//! (2)  S3 = H2·Uᵀ                         [3, 3*hidden]; H2 holds all five rows
//! (3)  R3, Z3 = σ(A3 + S3 + b)
//!      N3 = tanh(A3 + b + R3·(S3 + b))
//!      H3 = N3 + Z3·(H2 − N3)             rows 0..3; rows 3 and 4 keep their last
//! (4)  Y3 = H3
//! ```
//!
//! and reset before it, where the products with U's gates are two:
//!
//! ```text
//! (2a) A3 = A3 + H2·Uᵀ                    gates r and z
//! (3a) R3, Z3 = σ(A3 + b)
//! (2b) A3 = A3 + (R3·H2)·Uᵀ               gate n
//! (3b) N3 = tanh(A3 + b)
//!      H3 = N3 + Z3·(H2 − N3)
//! ```
//!
//! In reverse, time 3 comes after time 4, and row 2 starts there from its
//! initial state, which its row of H still holds.

use simd::{Element, Vector};

use super::stretch::{longest_stretch, stretches};
use super::{Direction, add_rows, copy_rows};
use crate::cell::gru::{
    BIASES, gru_cell_backward, gru_cell_forward, gru_reset_backward, gru_reset_forward,
    gru_update_backward, gru_update_forward,
};
use crate::cell::padded;
use crate::gemm::{
    CLayout, NR, Rows, WeightLayout, gemm_rows, gemm_rows_scratch, gemm_transposed, rows_scratch,
};
use crate::packed::Packed;

/// Sizes of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GruShape {
    /// Numbers of an input step.
    pub input_size: usize,
    /// Numbers of the state.
    pub hidden_size: usize,
    /// Whether r multiplies the state's part of n after the product (PyTorch) or
    /// the state before it (the paper).
    pub reset_after: bool,
}

impl GruShape {
    /// `weight_ih`, PyTorch's `[3*hidden, input]`.
    pub fn weight_ih(&self) -> WeightLayout {
        WeightLayout {
            gates: 3,
            units: self.hidden_size,
            inputs: self.input_size,
        }
    }

    /// `weight_hh`, PyTorch's `[3*hidden, hidden]`.
    pub fn weight_hh(&self) -> WeightLayout {
        WeightLayout {
            gates: 3,
            units: self.hidden_size,
            inputs: self.hidden_size,
        }
    }

    /// `bias_ih` and `bias_hh`, PyTorch's `[3*hidden]`.
    pub fn bias(&self) -> WeightLayout {
        WeightLayout {
            gates: 3,
            units: self.hidden_size,
            inputs: 1,
        }
    }

    /// Numbers of what [`gru_bias`] makes.
    pub fn bias_len(&self) -> usize {
        BIASES * self.state_stride()
    }

    /// Numbers of a row of the state.
    pub fn state_stride(&self) -> usize {
        padded(self.hidden_size)
    }

    /// Numbers of [`GruSaved::gates`].
    pub fn gates_len(&self, steps: Packed<'_>, training: bool) -> usize {
        3 * self.state_stride()
            * if training {
                steps.steps()
            } else {
                longest_stretch(steps)
            }
    }

    /// Numbers of [`GruSaved::states`].
    pub fn states_len(&self, steps: Packed<'_>, training: bool) -> usize {
        if training {
            steps.steps() * self.state_stride()
        } else {
            0
        }
    }

    /// Numbers of [`GruSaved::products`].
    pub fn products_len(&self, steps: Packed<'_>, training: bool) -> usize {
        self.state_stride()
            * if training && self.reset_after {
                steps.steps()
            } else {
                steps.alive(0)
            }
    }

    /// Numbers of a forward pass's scratch.
    pub fn forward_scratch(&self, steps: Packed<'_>) -> usize {
        let rows = steps.alive(0);
        let input = gemm_rows_scratch(longest_stretch(steps), self.input_size);
        3 * rows * self.state_stride() + input.max(rows_scratch(rows, self.hidden_size))
    }

    /// Numbers of [`gru_backward`]'s `d_input`.
    pub fn d_gates_len(&self, steps: Packed<'_>) -> usize {
        3 * self.state_stride() * steps.steps()
    }

    /// Numbers of [`gru_backward`]'s `d_state`.
    pub fn d_state_len(&self, steps: Packed<'_>) -> usize {
        if self.reset_after {
            self.d_gates_len(steps)
        } else {
            0
        }
    }

    /// Numbers of [`gru_backward`]'s `resets`.
    pub fn resets_len(&self, steps: Packed<'_>) -> usize {
        if self.reset_after {
            0
        } else {
            steps.steps() * self.state_stride()
        }
    }

    /// Numbers of a backward pass's scratch.
    pub fn backward_scratch(&self, steps: Packed<'_>) -> usize {
        if self.reset_after {
            0
        } else {
            steps.alive(0) * self.state_stride()
        }
    }
}

/// The biases of both parts as the cell reads them, `[padded/8, 4, 8]`: for r and
/// z their sums, for n the input's and the state's apart (their sum and 0 when
/// the reset comes before the product).
pub fn gru_bias<E: Element>(shape: GruShape, bias_ih: &[E], bias_hh: &[E], out: &mut [E]) {
    let (input, _) = bias_ih.as_chunks::<{ 3 * NR }>();
    let (state, _) = bias_hh.as_chunks::<{ 3 * NR }>();
    for ((input, state), out) in input
        .iter()
        .zip(state)
        .zip(out.as_chunks_mut::<{ 4 * NR }>().0)
    {
        for at in 0..3 * NR {
            let apart = shape.reset_after && at >= 2 * NR;
            out[at] = if apart {
                input[at]
            } else {
                input[at] + state[at]
            };
        }
        for unit in 0..NR {
            out[3 * NR + unit] = if shape.reset_after {
                state[2 * NR + unit]
            } else {
                E::ZERO
            };
        }
    }
}

/// What a training pass keeps for the way back.
pub struct GruSaved<'a, E> {
    /// r, z, n of each step, `[steps, padded/8, 3, 8]`; in inference of one stretch.
    pub gates: &'a mut [E],
    /// h before each step, `[steps, padded]`; empty in inference.
    pub states: &'a mut [E],
    /// The state's part of n of each step, `[steps, padded]`; of one step in
    /// inference and when the reset comes before the product.
    pub products: &'a mut [E],
}

/// All steps of one layer in one direction.
///
/// * `x` `[steps, input_size]`
/// * `bias`: from [`gru_bias`]
/// * `h` `[rows, padded]` by sorted position: in the initial state, out the final one
/// * `y` `[steps, ..]`, its rows `y_stride` apart: out, `hidden_size` numbers each
pub fn gru_forward<V: Vector>(
    shape: GruShape,
    steps: Packed<'_>,
    direction: Direction,
    training: bool,
    x: &[V::Elem],
    weight_ih: &[V::Elem],
    weight_hh: &[V::Elem],
    bias: &[V::Elem],
    h: &mut [V::Elem],
    y: &mut [V::Elem],
    y_stride: usize,
    saved: GruSaved<'_, V::Elem>,
    scratch: &mut [V::Elem],
) {
    let (input, hidden, width) = (shape.input_size, shape.hidden_size, shape.state_stride());
    let columns = 3 * width;
    let layout = CLayout::rows(columns);
    let (state, scratch) = scratch.split_at_mut(steps.alive(0) * columns);
    for stretch in stretches(steps, direction) {
        let first = if training { 0 } else { stretch.steps.start };
        let gates = &mut saved.gates[(stretch.steps.start - first) * columns..];
        // (1)
        let x = &x[stretch.steps.start * input..];
        gemm_rows::<V>(
            stretch.steps.len(),
            columns,
            input,
            x,
            input,
            weight_ih,
            gates,
            layout,
            false,
            scratch,
        );
        for t in direction
            .times(steps)
            .skip(stretch.times.start)
            .take(stretch.times.len())
        {
            let (rows, at) = (steps.alive(t), steps.step(t, 0));
            let h = &mut h[..rows * width];
            let gates = &mut saved.gates[(at - first) * columns..][..rows * columns];
            if training {
                saved.states[at * width..][..rows * width].copy_from_slice(h);
            }
            let operand = Rows::new(rows, hidden, h, width, scratch);
            if shape.reset_after {
                // (2)
                let state = &mut state[..rows * columns];
                operand.times::<V>(columns, weight_hh, hidden * NR, state, layout, false);
                // (3)
                let product = if training { at * width } else { 0 };
                let product = &mut saved.products[product..][..rows * width];
                gru_cell_forward::<V>(width, gates, state, bias, product, h);
            } else {
                // (2a)
                let gate = CLayout {
                    row_stride: columns,
                    panel_stride: 3 * NR,
                };
                let (panel, stride) = (hidden * NR, 3 * hidden * NR);
                operand.times::<V>(width, weight_hh, stride, gates, gate, true);
                operand.times::<V>(
                    width,
                    &weight_hh[panel..],
                    stride,
                    &mut gates[NR..],
                    gate,
                    true,
                );
                // (3a)
                let reset = &mut saved.products[..rows * width];
                gru_reset_forward::<V>(width, gates, bias, h, reset);
                // (2b)
                let operand = Rows::new(rows, hidden, reset, width, scratch);
                operand.times::<V>(
                    width,
                    &weight_hh[2 * panel..],
                    stride,
                    &mut gates[2 * NR..],
                    gate,
                    true,
                );
                // (3b)
                gru_update_forward::<V>(width, gates, bias, h);
            }
            // (4)
            copy_rows(rows, hidden, h, width, &mut y[at * y_stride..], y_stride);
        }
    }
}

/// The way back through all steps, as far as the pre-activations.
///
/// * `gates`, `states`, `products`: what [`gru_forward`] kept
/// * `d_y` `[steps, ..]`, its rows `y_stride` apart
/// * `d_h` `[rows, padded]` by sorted position: in the gradient of the final
///   state, out of the initial one
/// * `d_input` `[steps, padded/8, 3, 8]`: out, the gradients of the input's part
/// * `d_state`, as large, if the reset comes after the product: out, those of the
///   state's part, which else are the same
/// * `resets` `[steps, padded]`, if the reset comes before the product: out,
///   R3·H2, the input of `weight_hh`'s gate n
pub fn gru_backward<V: Vector>(
    shape: GruShape,
    steps: Packed<'_>,
    direction: Direction,
    gates: &[V::Elem],
    states: &[V::Elem],
    products: &[V::Elem],
    weight_hh: &[V::Elem],
    d_y: &[V::Elem],
    y_stride: usize,
    d_h: &mut [V::Elem],
    d_input: &mut [V::Elem],
    d_state: &mut [V::Elem],
    resets: &mut [V::Elem],
    scratch: &mut [V::Elem],
) {
    let (hidden, width, layout) = (shape.hidden_size, shape.state_stride(), shape.weight_hh());
    // Nothing is written into the padding of what a product gives.
    resets.fill(V::Elem::ZERO);
    for t in direction.times(steps).rev() {
        let (rows, at) = (steps.alive(t), steps.step(t, 0));
        let here = at * width..(at + rows) * width;
        let of_gates = 3 * here.start..3 * here.end;
        let d_h = &mut d_h[..rows * width];
        let gates = &gates[of_gates.clone()];
        let h = &states[here.clone()];
        let d_input = &mut d_input[of_gates.clone()];
        // (4)
        add_rows::<V>(rows, hidden, &d_y[at * y_stride..], y_stride, d_h, width);
        if shape.reset_after {
            let d_state = &mut d_state[of_gates];
            // (3)
            gru_cell_backward::<V>(gates, &products[here], h, d_h, d_input, d_state);
            // (2)
            gemm_transposed::<V>(rows, d_state, weight_hh, layout, None, d_h, width, true);
        } else {
            let reset = &mut resets[here];
            let mut product = |d_gates: &[V::Elem], gate, out: &mut [V::Elem]| {
                let d_gate = &mut scratch[..rows * width];
                for (all, own) in d_gates
                    .chunks_exact(3 * NR)
                    .zip(d_gate.chunks_exact_mut(NR))
                {
                    own.copy_from_slice(&all[gate * NR..][..NR]);
                }
                gemm_transposed::<V>(
                    rows,
                    d_gate,
                    weight_hh,
                    layout,
                    Some(gate),
                    out,
                    width,
                    true,
                );
            };
            // (3b)
            gru_update_backward::<V>(gates, h, d_h, d_input);
            // (2b)
            product(d_input, 2, reset);
            // (3a)
            gru_reset_backward::<V>(gates, h, reset, d_h, d_input);
            // (2a)
            product(d_input, 0, d_h);
            product(d_input, 1, d_h);
        }
    }
}
