//! The Elman network against the definition, step by step.

use kernels::cell::rnn::Nonlinearity;
use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::reduce::add_rows;
use kernels::sequence::rnn::{RnnSaved, RnnShape, rnn_backward, rnn_forward};
use kernels::sequence::{Direction, input_gradient, weight_gradient, weight_gradient_scratch};
use simd::Vector;

use crate::Case;
use crate::recurrent::{
    Columns, Downstream, Layer, Upstream, affine, cases as all_cases, garbage, present,
    present_weights,
};

impl Layer for RnnShape {
    fn name(&self) -> String {
        format!(
            "{:?} {} to {}",
            self.nonlinearity, self.input_size, self.hidden_size
        )
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
        let input = affine(weight_ih, bias_ih, x);
        let state = affine(weight_hh, bias_hh, &states[0]);
        let activate = |a: f64| match self.nonlinearity {
            Nonlinearity::Tanh => a.tanh(),
            Nonlinearity::Relu => a.max(0.0),
        };
        states[0] = input
            .iter()
            .zip(state)
            .map(|(a, b)| activate(a + b))
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
        let bias: Vec<V::Elem> = bias_ih.iter().zip(bias_hh).map(|(&a, &b)| a + b).collect();
        let mut gates = garbage(self.gates_len(steps, training));
        let mut before = garbage(self.states_len(steps, training));
        let saved = RnnSaved {
            gates: &mut gates,
            states: &mut before,
        };
        let mut scratch = garbage(self.forward_scratch(steps));
        rnn_forward::<V>(
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
        let mut d_gates = garbage(steps.steps() * self.state_stride());
        rnn_backward::<V>(
            *self,
            steps,
            direction,
            &gates,
            weight_hh,
            d_y,
            y.stride,
            &mut d_states[0],
            &mut d_gates,
        );

        let (ih, hh) = (self.weight_ih(), self.weight_hh());
        let mut d_x = present(x);
        input_gradient::<V>(&d_gates, weight_ih, ih, &mut d_x);
        let mut d_weights = present_weights(self);
        let [d_ih, d_hh, d_bias_ih, d_bias_hh] = d_weights.as_mut_slice() else {
            unreachable!()
        };
        let len = weight_gradient_scratch(steps.steps(), ih)
            .max(weight_gradient_scratch(steps.steps(), hh));
        let mut scratch = garbage(len);
        let (d, stride) = (&d_gates, self.state_stride());
        weight_gradient::<V>(d, None, x, self.input_size, ih, d_ih, &mut scratch);
        weight_gradient::<V>(d, None, &before, stride, hh, d_hh, &mut scratch);
        add_rows::<V>(d, d_bias_ih);
        add_rows::<V>(d, d_bias_hh);
        Some(Downstream { d_x, d_weights })
    }
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let layer = |nonlinearity, input_size, hidden_size| RnnShape {
        input_size,
        hidden_size,
        nonlinearity,
    };
    let (tanh, relu) = (Nonlinearity::Tanh, Nonlinearity::Relu);
    all_cases(
        &[layer(tanh, 3, 5), layer(tanh, 1, 9), layer(relu, 2, 3)],
        &[
            layer(tanh, 1, 1),
            layer(tanh, 5, 8),
            layer(tanh, 17, 13),
            // Few units: a difference must not step over a kink in 260 steps.
            layer(relu, 9, 13),
        ],
    )
}
