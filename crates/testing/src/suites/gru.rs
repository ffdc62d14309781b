//! The gated recurrent unit, in both conventions, against the definition, step
//! by step.

use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::reduce::add_rows;
use kernels::sequence::gru::{GruSaved, GruShape, gru_backward, gru_bias, gru_forward};
use kernels::sequence::{Direction, input_gradient, weight_gradient, weight_gradient_scratch};
use simd::Vector;

use crate::Case;
use crate::recurrent::{
    Columns, Downstream, Layer, Upstream, affine, cases as all_cases, garbage, present,
    present_weights, sigmoid,
};

impl Layer for GruShape {
    fn name(&self) -> String {
        let reset = if self.reset_after { "after" } else { "before" };
        format!("reset {reset}, {} to {}", self.input_size, self.hidden_size)
    }

    fn input_size(&self) -> usize {
        self.input_size
    }

    fn state_sizes(&self) -> Vec<usize> {
        vec![self.hidden_size]
    }

    fn weights(&self) -> Vec<(&'static str, WeightLayout)> {
        vec![
            ("weight_ih", self.weight_ih()),
            ("weight_hh", self.weight_hh()),
            ("bias_ih", self.bias()),
            ("bias_hh", self.bias()),
        ]
    }

    fn step(&self, weights: &[&[f64]], x: &[f64], states: &mut [Vec<f64>]) {
        let &[weight_ih, weight_hh, bias_ih, bias_hh] = weights else {
            unreachable!()
        };
        let size = self.hidden_size;
        let input = affine(weight_ih, bias_ih, x);
        let state = affine(weight_hh, bias_hh, &states[0]);
        let r: Vec<f64> = (0..size)
            .map(|unit| sigmoid(input[unit] + state[unit]))
            .collect();
        let z = |unit: usize| sigmoid(input[size + unit] + state[size + unit]);
        let from_state: Vec<f64> = if self.reset_after {
            (0..size)
                .map(|unit| r[unit] * state[2 * size + unit])
                .collect()
        } else {
            let reset: Vec<f64> = r.iter().zip(&states[0]).map(|(r, h)| r * h).collect();
            affine(&weight_hh[2 * size * size..], &bias_hh[2 * size..], &reset)
        };
        states[0] = (0..size)
            .map(|unit| {
                let n = (input[2 * size + unit] + from_state[unit]).tanh();
                (1.0 - z(unit)) * n + z(unit) * states[0][unit]
            })
            .collect();
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
        let [weight_ih, weight_hh, bias_ih, bias_hh] = weights else {
            unreachable!()
        };
        let training = upstream.is_some();
        let mut bias = garbage(self.bias_len());
        gru_bias(*self, bias_ih, bias_hh, &mut bias);
        let mut gates = garbage(self.gates_len(steps, training));
        let mut before = garbage(self.states_len(steps, training));
        let mut products = garbage(self.products_len(steps, training));
        let saved = GruSaved {
            gates: &mut gates,
            states: &mut before,
            products: &mut products,
        };
        let mut scratch = garbage(self.forward_scratch(steps));
        gru_forward::<V>(
            *self,
            steps,
            direction,
            training,
            x,
            weight_ih,
            weight_hh,
            &bias,
            &mut states[0],
            y.data,
            y.stride,
            saved,
            &mut scratch,
        );

        let Upstream { d_y, d_states } = upstream?;
        let (ih, hh) = (self.weight_ih(), self.weight_hh());
        let mut d_input = garbage(self.d_gates_len(steps));
        let mut d_state = garbage(self.d_state_len(steps));
        let mut resets = garbage(self.resets_len(steps));
        let mut scratch = garbage(self.backward_scratch(steps));
        gru_backward::<V>(
            *self,
            steps,
            direction,
            &gates,
            &before,
            &products,
            weight_hh,
            d_y,
            y.stride,
            &mut d_states[0],
            &mut d_input,
            &mut d_state,
            &mut resets,
            &mut scratch,
        );

        let mut d_x = present(x);
        input_gradient::<V>(&d_input, weight_ih, ih, &mut d_x);
        let mut d_weights = present_weights(self);
        let [d_ih, d_hh, d_bias_ih, d_bias_hh] = d_weights.as_mut_slice() else {
            unreachable!()
        };
        let len = weight_gradient_scratch(steps.steps(), ih)
            .max(weight_gradient_scratch(steps.steps(), hh));
        let mut scratch = garbage(len);
        let stride = self.state_stride();
        let (d, size) = (&d_input, self.input_size);
        weight_gradient::<V>(d, None, x, size, ih, d_ih, &mut scratch);
        add_rows::<V>(d, d_bias_ih);
        let d = if self.reset_after { &d_state } else { d };
        let mut product = |gate, rows: &[V::Elem]| {
            weight_gradient::<V>(d, gate, rows, stride, hh, d_hh, &mut scratch);
        };
        if self.reset_after {
            product(None, &before);
        } else {
            product(Some(0), &before);
            product(Some(1), &before);
            product(Some(2), &resets);
        }
        add_rows::<V>(d, d_bias_hh);
        Some(Downstream { d_x, d_weights })
    }
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let layer = |input_size, hidden_size, reset_after| GruShape {
        input_size,
        hidden_size,
        reset_after,
    };
    all_cases(
        &[
            layer(3, 5, true),
            layer(3, 5, false),
            layer(1, 9, true),
            layer(2, 3, false),
        ],
        &[
            layer(1, 1, true),
            layer(5, 8, true),
            layer(17, 13, true),
            layer(9, 33, true),
            layer(5, 8, false),
            layer(17, 13, false),
        ],
    )
}
