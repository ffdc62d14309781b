//! The LSTM, plain and projected, against the definition, step by step.

use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::reduce::add_rows;
use kernels::sequence::lstm::{LstmSaved, LstmShape, LstmWeights, lstm_backward, lstm_forward};
use kernels::sequence::{Direction, input_gradient, weight_gradient, weight_gradient_scratch};
use simd::Vector;

use crate::Case;
use crate::recurrent::{
    Columns, Downstream, Layer, Upstream, affine, cases as all_cases, garbage, present,
    present_weights, sigmoid,
};

impl Layer for LstmShape {
    fn name(&self) -> String {
        let proj = self
            .proj_size
            .map_or(String::new(), |size| format!(" projected to {size}"));
        format!("{} to {}{proj}", self.input_size, self.hidden_size)
    }

    fn input_size(&self) -> usize {
        self.input_size
    }

    fn state_sizes(&self) -> Vec<usize> {
        vec![self.output_size(), self.hidden_size]
    }

    fn weights(&self) -> Vec<(&'static str, WeightLayout)> {
        let mut weights = vec![
            ("weight_ih", self.weight_ih()),
            ("weight_hh", self.weight_hh()),
            ("bias_ih", self.bias()),
            ("bias_hh", self.bias()),
        ];
        weights.extend(self.proj_size.map(|_| ("weight_hr", self.weight_hr())));
        weights
    }

    fn step(&self, weights: &[&[f64]], x: &[f64], states: &mut [Vec<f64>]) {
        let size = self.hidden_size;
        let input = affine(weights[0], weights[2], x);
        let state = affine(weights[1], weights[3], &states[0]);
        let a = |gate: usize, unit: usize| input[gate * size + unit] + state[gate * size + unit];
        let mut m = vec![0.0; size];
        for unit in 0..size {
            let (i, f, o) = (
                sigmoid(a(0, unit)),
                sigmoid(a(1, unit)),
                sigmoid(a(3, unit)),
            );
            states[1][unit] = f * states[1][unit] + i * a(2, unit).tanh();
            m[unit] = o * states[1][unit].tanh();
        }
        states[0] = match weights.get(4) {
            Some(weight_hr) => affine(weight_hr, &vec![0.0; self.output_size()], &m),
            None => m,
        };
    }

    fn run<V: Vector>(
        &self,
        steps: Packed<'_>,
        direction: Direction,
        x: &[V::Elem],
        states: &mut [Vec<V::Elem>],
        weights: &[Vec<V::Elem>],
        y: Columns<'_, V::Elem>,
        upstream: Option<Upstream<'_, V::Elem>>,
    ) -> Option<Downstream<V::Elem>> {
        let training = upstream.is_some();
        let bias: Vec<V::Elem> = weights[2]
            .iter()
            .zip(&weights[3])
            .map(|(&a, &b)| a + b)
            .collect();
        let weight_hr = weights.get(4).map_or(&[][..], Vec::as_slice);
        let mut gates = garbage(self.gates_len(steps, training));
        let mut before = garbage(self.states_len(steps, training));
        let mut cells = garbage(self.cells_len(steps, training));
        let mut outputs = garbage(self.outputs_len(steps, training));
        let saved = LstmSaved {
            gates: &mut gates,
            states: &mut before,
            cells: &mut cells,
            outputs: &mut outputs,
        };
        let given = LstmWeights {
            weight_ih: &weights[0],
            weight_hh: &weights[1],
            weight_hr,
            bias: &bias,
        };
        let [h, c] = states else { unreachable!() };
        let mut scratch = garbage(self.forward_scratch(steps));
        lstm_forward::<V>(
            *self,
            steps,
            direction,
            training,
            x,
            given,
            h,
            c,
            y.data,
            y.stride,
            saved,
            &mut scratch,
        );

        let Upstream { d_y, d_states } = upstream?;
        let [d_h, d_c] = d_states else { unreachable!() };
        let (ih, hh, hr) = (self.weight_ih(), self.weight_hh(), self.weight_hr());
        let mut d_projected = garbage(
            self.proj_size
                .map_or(0, |_| steps.steps() * self.h_stride()),
        );
        let mut d_gates = garbage(steps.steps() * 4 * self.c_stride());
        let mut scratch = garbage(self.backward_scratch(steps));
        lstm_backward::<V>(
            *self,
            steps,
            direction,
            &gates,
            &cells,
            given,
            d_y,
            y.stride,
            d_h,
            d_c,
            &mut d_projected,
            &mut d_gates,
            &mut scratch,
        );

        let mut d_x = present(x);
        input_gradient::<V>(&d_gates, &weights[0], ih, &mut d_x);
        let mut d_weights = present_weights(self);
        let len = [ih, hh, hr].map(|layout| weight_gradient_scratch(steps.steps(), layout));
        let mut scratch = garbage(len.into_iter().max().unwrap_or(0));
        let mut product = |d: &[V::Elem], rows: &[V::Elem], stride, layout, i: usize| {
            let d_weight = &mut d_weights[i];
            weight_gradient::<V>(d, None, rows, stride, layout, d_weight, &mut scratch);
        };
        product(&d_gates, x, self.input_size, ih, 0);
        product(&d_gates, &before, self.h_stride(), hh, 1);
        if self.proj_size.is_some() {
            product(&d_projected, &outputs, self.c_stride(), hr, 4);
        }
        add_rows::<V>(&d_gates, &mut d_weights[2]);
        add_rows::<V>(&d_gates, &mut d_weights[3]);
        Some(Downstream { d_x, d_weights })
    }
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let layer = |input_size, hidden_size, proj_size| LstmShape {
        input_size,
        hidden_size,
        proj_size,
    };
    all_cases(
        &[
            layer(3, 5, None),
            layer(2, 3, Some(2)),
            layer(1, 9, Some(1)),
        ],
        &[
            layer(1, 1, None),
            layer(5, 8, None),
            layer(17, 13, None),
            layer(8, 33, None),
            layer(6, 12, Some(9)),
            layer(3, 5, Some(5)),
        ],
    )
}
