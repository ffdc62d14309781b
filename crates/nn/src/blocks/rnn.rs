//! Elman network (Elman 1990): steps `[n, input] → [n, directions * hidden]`.

use kernels::cell::rnn::Nonlinearity;
use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::sequence::rnn::{RnnSaved, RnnShape, rnn_backward, rnn_forward};
use simd::Vector;

use super::recurrent::{
    self, Cell, Layer, Weights, bias_sums, input_products, products_scratch, state_product,
    sum_biases, take,
};
use crate::block::{Build, Built};
use crate::context::ParamGradients;
use crate::error::Error;
use crate::init::Init;

/// Inputs, outputs and configuration: see [`recurrent::build`]; and
/// `nonlinearity`, `tanh` or `relu` (`tanh`). Parameters of each layer and
/// direction: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    let shared = recurrent::Shared::read(build, &["h_n"])?;
    let kinds = ["tanh", "relu"];
    let nonlinearity = match build.config.choice("nonlinearity", "tanh", &kinds)? {
        "relu" => Nonlinearity::Relu,
        _ => Nonlinearity::Tanh,
    };
    let cell = RnnShape {
        input_size: shared.input_size,
        hidden_size: shared.hidden_size,
        nonlinearity,
    };
    shared.build(build, Box::new(cell))
}

impl<V: Vector> Cell<V> for RnnShape {
    fn with_input(&self, input_size: usize) -> Box<dyn Cell<V>> {
        Box::new(Self {
            input_size,
            ..*self
        })
    }

    fn state_sizes(&self) -> [usize; 2] {
        [self.hidden_size, 0]
    }

    fn weights(&self, bias: bool) -> Vec<(&'static str, WeightLayout)> {
        let mut weights = vec![
            ("weight_ih", self.weight_ih()),
            ("weight_hh", self.weight_hh()),
        ];
        if bias {
            weights.extend([("bias_ih", self.bias()), ("bias_hh", self.bias())]);
        }
        weights
    }

    fn init(&self, _name: &str) -> Init {
        Init::fan(self.hidden_size)
    }

    fn derived(&self) -> usize {
        self.bias().len()
    }

    fn prepare(&self, weights: Weights<'_, V::Elem>, derived: &mut [V::Elem]) {
        sum_biases(weights, derived);
    }

    fn saved(&self, steps: Packed<'_>, training: bool) -> usize {
        self.gates_len(steps, training) + self.states_len(steps, training)
    }

    fn forward_scratch(&self, steps: Packed<'_>) -> usize {
        RnnShape::forward_scratch(self, steps)
    }

    fn backward_scratch(&self, steps: Packed<'_>) -> usize {
        let products = products_scratch(steps, self.weight_ih(), [self.weight_hh()]);
        steps.steps() * self.state_stride() + products
    }

    fn forward(
        &self,
        layer: Layer<'_, V::Elem>,
        [h, _]: [&mut [V::Elem]; 2],
        y: &mut [V::Elem],
        saved: &mut [V::Elem],
        scratch: &mut [V::Elem],
    ) {
        let Layer {
            steps,
            direction,
            training,
            weights,
            x,
            ..
        } = layer;
        let (gates, states) = saved.split_at_mut(self.gates_len(steps, training));
        rnn_forward::<V>(
            *self,
            steps,
            direction,
            training,
            x,
            weights.get(0),
            weights.get(1),
            layer.derived,
            h,
            y,
            layer.y_stride,
            RnnSaved { gates, states },
            scratch,
        );
    }

    fn backward(
        &self,
        layer: Layer<'_, V::Elem>,
        saved: &[V::Elem],
        d_y: &[V::Elem],
        [d_h, _]: [&mut [V::Elem]; 2],
        d_x: Option<&mut [V::Elem]>,
        d_params: &mut ParamGradients<'_, V::Elem>,
        mut scratch: &mut [V::Elem],
    ) {
        let Layer {
            steps, direction, ..
        } = layer;
        let (ih, hh, stride) = (self.weight_ih(), self.weight_hh(), self.state_stride());
        let (gates, states) = saved.split_at(self.gates_len(steps, true));
        let d_gates = take(&mut scratch, steps.steps() * stride);
        let y_stride = layer.y_stride;
        let weight_hh = layer.weights.get(1);
        rnn_backward::<V>(
            *self, steps, direction, gates, weight_hh, d_y, y_stride, d_h, d_gates,
        );

        input_products::<V>(layer, d_gates, ih, d_x, d_params, scratch);
        state_product::<V>(
            layer, d_gates, None, states, stride, 1, hh, d_params, scratch,
        );
        bias_sums::<V>(layer, d_gates, 3, d_params);
    }
}
