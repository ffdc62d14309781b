//! An LSTM over packed sequences, optionally with a projected state (Sak, Senior
//! and Beaufays 2014).
//!
//! With X the steps' inputs, W and U the weights of input and state, b the sum
//! of both biases, P the projection's weight. At time 3 of five rows of lengths
//! 5, 5, 4, 3, 2, of which three are alive:
//!
//! ```text
//! (1)  A  = X·Wᵀ                          all steps of a stretch at once
//! (2)  A3 = A3 + H2·Uᵀ                    [3, 4*hidden]; H2 holds all five rows
//! (3)  I3, F3, G3, O3 = gates(A3 + b)     σ, σ, tanh, σ
//!      C3 = F3·C2 + I3·G3                 rows 0..3; rows 3 and 4 keep their last
//!      M3 = O3·tanh(C3)
//! (4)  H3 = M3, or M3·Pᵀ if projected     rows 0..3
//! (5)  Y3 = H3
//! ```
//!
//! In reverse, time 3 comes after time 4, and row 2 starts there from its
//! initial state, which its rows of H and C still hold.

use simd::{Element, Vector};

use super::stretch::{longest_stretch, stretches};
use super::{Direction, add_rows, copy_rows};
use crate::cell::lstm::{lstm_cell_backward, lstm_cell_forward};
use crate::cell::padded;
use crate::gemm::{
    CLayout, NR, Rows, WeightLayout, gemm_rows, gemm_rows_scratch, gemm_transposed, rows_scratch,
};
use crate::packed::Packed;

/// Sizes of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LstmShape {
    /// Numbers of an input step.
    pub input_size: usize,
    /// Numbers of the cell state.
    pub hidden_size: usize,
    /// Numbers of the projected state; `None` when it is not projected.
    pub proj_size: Option<usize>,
}

impl LstmShape {
    /// Numbers of the state h and of an output step.
    pub fn output_size(&self) -> usize {
        self.proj_size.unwrap_or(self.hidden_size)
    }

    /// `weight_ih`, PyTorch's `[4*hidden, input]`.
    pub fn weight_ih(&self) -> WeightLayout {
        WeightLayout {
            gates: 4,
            units: self.hidden_size,
            inputs: self.input_size,
        }
    }

    /// `weight_hh`, PyTorch's `[4*hidden, output]`.
    pub fn weight_hh(&self) -> WeightLayout {
        WeightLayout {
            gates: 4,
            units: self.hidden_size,
            inputs: self.output_size(),
        }
    }

    /// `weight_hr`, PyTorch's `[proj, hidden]`; of no units when there is none.
    pub fn weight_hr(&self) -> WeightLayout {
        WeightLayout {
            gates: 1,
            units: self.proj_size.unwrap_or(0),
            inputs: self.hidden_size,
        }
    }

    /// `bias_ih` and `bias_hh`, PyTorch's `[4*hidden]`.
    pub fn bias(&self) -> WeightLayout {
        WeightLayout {
            gates: 4,
            units: self.hidden_size,
            inputs: 1,
        }
    }

    /// Numbers of a row of h.
    pub fn h_stride(&self) -> usize {
        padded(self.output_size())
    }

    /// Numbers of a row of c.
    pub fn c_stride(&self) -> usize {
        padded(self.hidden_size)
    }

    /// Numbers of [`LstmSaved::gates`].
    pub fn gates_len(&self, steps: Packed<'_>, training: bool) -> usize {
        4 * self.c_stride()
            * if training {
                steps.steps()
            } else {
                longest_stretch(steps)
            }
    }

    /// Numbers of [`LstmSaved::states`].
    pub fn states_len(&self, steps: Packed<'_>, training: bool) -> usize {
        if training {
            steps.steps() * self.h_stride()
        } else {
            0
        }
    }

    /// Numbers of [`LstmSaved::cells`].
    pub fn cells_len(&self, steps: Packed<'_>, training: bool) -> usize {
        if training {
            steps.steps() * self.c_stride()
        } else {
            0
        }
    }

    /// Numbers of [`LstmSaved::outputs`].
    pub fn outputs_len(&self, steps: Packed<'_>, training: bool) -> usize {
        match self.proj_size {
            None => 0,
            Some(_) => {
                self.c_stride()
                    * if training {
                        steps.steps()
                    } else {
                        steps.alive(0)
                    }
            }
        }
    }

    /// Numbers of a forward pass's scratch.
    pub fn forward_scratch(&self, steps: Packed<'_>) -> usize {
        let input = gemm_rows_scratch(longest_stretch(steps), self.input_size);
        input.max(rows_scratch(
            steps.alive(0),
            self.hidden_size.max(self.output_size()),
        ))
    }

    /// Numbers of a backward pass's scratch.
    pub fn backward_scratch(&self, steps: Packed<'_>) -> usize {
        self.proj_size
            .map_or(0, |_| steps.alive(0) * self.c_stride())
    }
}

/// The weights of a pass.
#[derive(Clone, Copy)]
pub struct LstmWeights<'a, E> {
    /// In the layout [`LstmShape::weight_ih`].
    pub weight_ih: &'a [E],
    /// In the layout [`LstmShape::weight_hh`].
    pub weight_hh: &'a [E],
    /// In the layout [`LstmShape::weight_hr`].
    pub weight_hr: &'a [E],
    /// The sum of both biases, in the layout [`LstmShape::bias`].
    pub bias: &'a [E],
}

/// What a training pass keeps for the way back.
pub struct LstmSaved<'a, E> {
    /// i, f, g, o of each step, `[steps, padded/8, 4, 8]`; in inference of one stretch.
    pub gates: &'a mut [E],
    /// h before each step, `[steps, h_stride]`; empty in inference.
    pub states: &'a mut [E],
    /// c before each step, `[steps, c_stride]`; empty in inference.
    pub cells: &'a mut [E],
    /// M of each step, `[steps, c_stride]`, if it is projected; in inference of one step.
    pub outputs: &'a mut [E],
}

/// All steps of one layer in one direction.
///
/// * `x` `[steps, input_size]`
/// * `h` `[rows, h_stride]`, `c` `[rows, c_stride]`, by sorted position: in the
///   initial state, out the final one
/// * `y` `[steps, ..]`, its rows `y_stride` apart: out, `output_size` numbers each
pub fn lstm_forward<V: Vector>(
    shape: LstmShape,
    steps: Packed<'_>,
    direction: Direction,
    training: bool,
    x: &[V::Elem],
    weights: LstmWeights<'_, V::Elem>,
    h: &mut [V::Elem],
    c: &mut [V::Elem],
    y: &mut [V::Elem],
    y_stride: usize,
    saved: LstmSaved<'_, V::Elem>,
    scratch: &mut [V::Elem],
) {
    let (input, hidden, output) = (shape.input_size, shape.hidden_size, shape.output_size());
    let (h_stride, c_stride) = (shape.h_stride(), shape.c_stride());
    let columns = 4 * c_stride;
    let layout = CLayout::rows(columns);
    for stretch in stretches(steps, direction) {
        let first = if training { 0 } else { stretch.steps.start };
        let gates = &mut saved.gates[(stretch.steps.start - first) * columns..];
        // (1)
        let x = &x[stretch.steps.start * input..];
        let count = stretch.steps.len();
        gemm_rows::<V>(
            count,
            columns,
            input,
            x,
            input,
            weights.weight_ih,
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
            let (h, c) = (&mut h[..rows * h_stride], &mut c[..rows * c_stride]);
            let gates = &mut saved.gates[(at - first) * columns..][..rows * columns];
            if training {
                saved.states[at * h_stride..][..rows * h_stride].copy_from_slice(h);
                saved.cells[at * c_stride..][..rows * c_stride].copy_from_slice(c);
            }
            // (2)
            let state = Rows::new(rows, output, h, h_stride, scratch);
            state.times::<V>(columns, weights.weight_hh, output * NR, gates, layout, true);
            if shape.proj_size.is_none() {
                // (3), (4)
                lstm_cell_forward::<V>(c_stride, gates, weights.bias, c, h);
            } else {
                let m = if training { at * c_stride } else { 0 };
                let m = &mut saved.outputs[m..][..rows * c_stride];
                // (3)
                lstm_cell_forward::<V>(c_stride, gates, weights.bias, c, m);
                // (4)
                let m = Rows::new(rows, hidden, m, c_stride, scratch);
                m.times::<V>(
                    h_stride,
                    weights.weight_hr,
                    hidden * NR,
                    h,
                    CLayout::rows(h_stride),
                    false,
                );
            }
            // (5)
            copy_rows(rows, output, h, h_stride, &mut y[at * y_stride..], y_stride);
        }
    }
}

/// The way back through all steps, as far as the pre-activations.
///
/// * `gates`, `cells`: what [`lstm_forward`] kept
/// * `d_y` `[steps, ..]`, its rows `y_stride` apart
/// * `d_h` `[rows, h_stride]`, `d_c` `[rows, c_stride]`, by sorted position: in
///   the gradient of the final state, out of the initial one
/// * `d_states` `[steps, h_stride]`, if projected: out, the whole gradient of each
///   step's h, which `weight_hr`'s gradient is made of
/// * `d_gates` `[steps, padded/8, 4, 8]`: out
pub fn lstm_backward<V: Vector>(
    shape: LstmShape,
    steps: Packed<'_>,
    direction: Direction,
    gates: &[V::Elem],
    cells: &[V::Elem],
    weights: LstmWeights<'_, V::Elem>,
    d_y: &[V::Elem],
    y_stride: usize,
    d_h: &mut [V::Elem],
    d_c: &mut [V::Elem],
    d_states: &mut [V::Elem],
    d_gates: &mut [V::Elem],
    scratch: &mut [V::Elem],
) {
    let output = shape.output_size();
    let (h_stride, c_stride) = (shape.h_stride(), shape.c_stride());
    let columns = 4 * c_stride;
    // Nothing is written into the padding of what a product gives.
    let d_m = &mut scratch[..shape.backward_scratch(steps)];
    d_m.fill(V::Elem::ZERO);
    for t in direction.times(steps).rev() {
        let (rows, at) = (steps.alive(t), steps.step(t, 0));
        let (d_h, d_c) = (&mut d_h[..rows * h_stride], &mut d_c[..rows * c_stride]);
        let gates = &gates[at * columns..][..rows * columns];
        let cells = &cells[at * c_stride..][..rows * c_stride];
        let d_gates = &mut d_gates[at * columns..][..rows * columns];
        // (5)
        add_rows::<V>(rows, output, &d_y[at * y_stride..], y_stride, d_h, h_stride);
        if shape.proj_size.is_none() {
            // (4), (3)
            lstm_cell_backward::<V>(gates, cells, d_h, d_c, d_gates);
        } else {
            // (4)
            d_states[at * h_stride..][..rows * h_stride].copy_from_slice(d_h);
            let d_m = &mut d_m[..rows * c_stride];
            let (weight, layout) = (weights.weight_hr, shape.weight_hr());
            gemm_transposed::<V>(rows, d_h, weight, layout, None, d_m, c_stride, false);
            // (3)
            lstm_cell_backward::<V>(gates, cells, d_m, d_c, d_gates);
        }
        // (2)
        let (weight, layout) = (weights.weight_hh, shape.weight_hh());
        gemm_transposed::<V>(rows, d_gates, weight, layout, None, d_h, h_stride, false);
    }
}
