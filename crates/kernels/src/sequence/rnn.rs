//! An Elman network over packed sequences.
//!
//! With X the steps' inputs, W and U the weights of input and state, b the sum
//! of both biases. At time 3 of five rows of lengths 5, 5, 4, 3, 2, of which
//! three are alive:
//!
//! ```text
//! (1)  A  = X·Wᵀ                          all steps of a stretch at once
//! (2)  A3 = A3 + H2·Uᵀ                    [3, hidden]; H2 holds all five rows
//! (3)  H3 = φ(A3 + b)                     rows 0..3; rows 3 and 4 keep their last
//! (4)  Y3 = H3
//! ```
//!
//! In reverse, time 3 comes after time 4, and row 2 starts there from its
//! initial state, which its row of H still holds.

use simd::Vector;

use super::stretch::{longest_stretch, stretches};
use super::{Direction, add_rows, copy_rows};
use crate::cell::padded;
use crate::cell::rnn::{Nonlinearity, rnn_cell_backward, rnn_cell_forward};
use crate::gemm::{
    CLayout, NR, Rows, WeightLayout, gemm_rows, gemm_rows_scratch, gemm_transposed, rows_scratch,
};
use crate::packed::Packed;

/// Sizes of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RnnShape {
    /// Numbers of an input step.
    pub input_size: usize,
    /// Numbers of the state.
    pub hidden_size: usize,
    /// The activation.
    pub nonlinearity: Nonlinearity,
}

impl RnnShape {
    /// `weight_ih`, PyTorch's `[hidden, input]`.
    pub fn weight_ih(&self) -> WeightLayout {
        WeightLayout {
            gates: 1,
            units: self.hidden_size,
            inputs: self.input_size,
        }
    }

    /// `weight_hh`, PyTorch's `[hidden, hidden]`.
    pub fn weight_hh(&self) -> WeightLayout {
        WeightLayout {
            gates: 1,
            units: self.hidden_size,
            inputs: self.hidden_size,
        }
    }

    /// `bias_ih` and `bias_hh`, PyTorch's `[hidden]`.
    pub fn bias(&self) -> WeightLayout {
        WeightLayout {
            gates: 1,
            units: self.hidden_size,
            inputs: 1,
        }
    }

    /// Numbers of a row of the state.
    pub fn state_stride(&self) -> usize {
        padded(self.hidden_size)
    }

    /// Numbers of [`RnnSaved::gates`].
    pub fn gates_len(&self, steps: Packed<'_>, training: bool) -> usize {
        self.state_stride()
            * if training {
                steps.steps()
            } else {
                longest_stretch(steps)
            }
    }

    /// Numbers of [`RnnSaved::states`].
    pub fn states_len(&self, steps: Packed<'_>, training: bool) -> usize {
        if training {
            steps.steps() * self.state_stride()
        } else {
            0
        }
    }

    /// Numbers of a forward pass's scratch.
    pub fn forward_scratch(&self, steps: Packed<'_>) -> usize {
        let input = gemm_rows_scratch(longest_stretch(steps), self.input_size);
        input.max(rows_scratch(steps.alive(0), self.hidden_size))
    }
}

/// What a training pass keeps for the way back.
pub struct RnnSaved<'a, E> {
    /// The output of each step, `[steps, padded]`; in inference of one stretch.
    pub gates: &'a mut [E],
    /// The state before each step, `[steps, padded]`; empty in inference.
    pub states: &'a mut [E],
}

/// All steps of one layer in one direction.
///
/// * `x` `[steps, input_size]`
/// * `bias` `[padded]`: the sum of both
/// * `h` `[rows, padded]` by sorted position: in the initial state, out the final one
/// * `y` `[steps, ..]`, its rows `y_stride` apart: out, `hidden_size` numbers each
pub fn rnn_forward<V: Vector>(
    shape: RnnShape,
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
    saved: RnnSaved<'_, V::Elem>,
    scratch: &mut [V::Elem],
) {
    let (input, hidden, width) = (shape.input_size, shape.hidden_size, shape.state_stride());
    let layout = CLayout::rows(width);
    for stretch in stretches(steps, direction) {
        let first = if training { 0 } else { stretch.steps.start };
        let place = (stretch.steps.start - first) * width;
        // (1)
        let x = &x[stretch.steps.start * input..];
        let gates = &mut saved.gates[place..];
        gemm_rows::<V>(
            stretch.steps.len(),
            width,
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
            let gates = &mut saved.gates[(at - first) * width..][..rows * width];
            if training {
                saved.states[at * width..][..rows * width].copy_from_slice(h);
            }
            // (2)
            Rows::new(rows, hidden, h, width, scratch).times::<V>(
                width,
                weight_hh,
                hidden * NR,
                gates,
                layout,
                true,
            );
            // (3)
            rnn_cell_forward::<V>(shape.nonlinearity, width, gates, bias, h);
            // (4)
            copy_rows(rows, hidden, h, width, &mut y[at * y_stride..], y_stride);
        }
    }
}

/// The way back through all steps, as far as the pre-activations.
///
/// * `gates` `[steps, padded]`: what [`rnn_forward`] kept
/// * `d_y` `[steps, ..]`, its rows `y_stride` apart
/// * `d_h` `[rows, padded]` by sorted position: in the gradient of the final state, out of the initial one
/// * `d_gates` `[steps, padded]`: out
pub fn rnn_backward<V: Vector>(
    shape: RnnShape,
    steps: Packed<'_>,
    direction: Direction,
    gates: &[V::Elem],
    weight_hh: &[V::Elem],
    d_y: &[V::Elem],
    y_stride: usize,
    d_h: &mut [V::Elem],
    d_gates: &mut [V::Elem],
) {
    let (hidden, width) = (shape.hidden_size, shape.state_stride());
    for t in direction.times(steps).rev() {
        let (rows, at) = (steps.alive(t), steps.step(t, 0));
        let here = at * width..(at + rows) * width;
        let d_h = &mut d_h[..rows * width];
        let d_gates = &mut d_gates[here.clone()];
        // (4)
        add_rows::<V>(rows, hidden, &d_y[at * y_stride..], y_stride, d_h, width);
        // (3)
        rnn_cell_backward::<V>(shape.nonlinearity, &gates[here], d_h, d_gates);
        // (2)
        let layout = shape.weight_hh();
        gemm_transposed::<V>(rows, d_gates, weight_hh, layout, None, d_h, width, false);
    }
}
