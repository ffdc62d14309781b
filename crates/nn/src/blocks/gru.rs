//! Gated recurrent unit (Cho et al. 2014): steps
//! `[n, input] → [n, directions * hidden]`.

use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::sequence::gru::{GruSaved, GruShape, gru_backward, gru_bias, gru_forward};
use simd::{Element, Vector};

use super::recurrent::{
    self, Cell, Layer, Weights, bias_sums, input_products, products_scratch, state_product, take,
    take_read,
};
use crate::block::{Build, Built};
use crate::context::ParamGradients;
use crate::error::Error;
use crate::init::Init;

/// Inputs, outputs and configuration: see [`recurrent::build`]; and
/// `reset_after`, whether the reset gate acts after the product with the state,
/// as in PyTorch and cuDNN (true), or before it, as in the paper. Parameters of
/// each layer and direction: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    let shared = recurrent::Shared::read(build, &["h_n"])?;
    let cell = GruShape {
        input_size: shared.input_size,
        hidden_size: shared.hidden_size,
        reset_after: build.config.bool_or("reset_after", true)?,
    };
    shared.build(build, Box::new(cell))
}

impl<V: Vector> Cell<V> for GruShape {
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
        self.bias_len()
    }

    fn prepare(&self, weights: Weights<'_, V::Elem>, derived: &mut [V::Elem]) {
        if weights.bias {
            gru_bias(*self, weights.get(2), weights.get(3), derived);
        } else {
            derived.fill(V::Elem::ZERO);
        }
    }

    fn saved(&self, steps: Packed<'_>, training: bool) -> usize {
        self.gates_len(steps, training)
            + self.states_len(steps, training)
            + self.products_len(steps, training)
    }

    fn forward_scratch(&self, steps: Packed<'_>) -> usize {
        GruShape::forward_scratch(self, steps)
    }

    fn backward_scratch(&self, steps: Packed<'_>) -> usize {
        let products = products_scratch(steps, self.weight_ih(), [self.weight_hh()]);
        self.d_gates_len(steps)
            + self.d_state_len(steps)
            + self.resets_len(steps)
            + products.max(GruShape::backward_scratch(self, steps))
    }

    fn forward(
        &self,
        layer: Layer<'_, V::Elem>,
        [h, _]: [&mut [V::Elem]; 2],
        y: &mut [V::Elem],
        mut saved: &mut [V::Elem],
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
        let kept = GruSaved {
            gates: take(&mut saved, self.gates_len(steps, training)),
            states: take(&mut saved, self.states_len(steps, training)),
            products: saved,
        };
        gru_forward::<V>(
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
            kept,
            scratch,
        );
    }

    fn backward(
        &self,
        layer: Layer<'_, V::Elem>,
        mut saved: &[V::Elem],
        d_y: &[V::Elem],
        [d_h, _]: [&mut [V::Elem]; 2],
        d_x: Option<&mut [V::Elem]>,
        d_params: &mut ParamGradients<'_, V::Elem>,
        mut scratch: &mut [V::Elem],
    ) {
        let steps = layer.steps;
        let (ih, hh, stride) = (self.weight_ih(), self.weight_hh(), self.state_stride());
        let gates = take_read(&mut saved, self.gates_len(steps, true));
        let states = take_read(&mut saved, self.states_len(steps, true));
        let products = saved;
        let d_input = take(&mut scratch, self.d_gates_len(steps));
        let d_state = take(&mut scratch, self.d_state_len(steps));
        let resets = take(&mut scratch, self.resets_len(steps));
        gru_backward::<V>(
            *self,
            steps,
            layer.direction,
            gates,
            states,
            products,
            layer.weights.get(1),
            d_y,
            layer.y_stride,
            d_h,
            d_input,
            d_state,
            resets,
            scratch,
        );

        input_products::<V>(layer, d_input, ih, d_x, d_params, scratch);
        let d_state = if self.reset_after { d_state } else { d_input };
        bias_sums::<V>(layer, d_state, 3, d_params);
        let mut product = |gate, rows: &[V::Elem]| {
            state_product::<V>(layer, d_state, gate, rows, stride, 1, hh, d_params, scratch);
        };
        if self.reset_after {
            product(None, states);
        } else {
            // Gate n's input is not the state but r∘h.
            product(Some(0), states);
            product(Some(1), states);
            product(Some(2), resets);
        }
    }
}
