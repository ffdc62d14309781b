//! LSTM (Hochreiter and Schmidhuber 1997), optionally with a projected state
//! (Sak, Senior and Beaufays 2014): steps `[n, input] → [n, directions * output]`.

use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::sequence::lstm::{LstmSaved, LstmShape, LstmWeights, lstm_backward, lstm_forward};
use simd::{Element, Vector};

use super::recurrent::{
    self, Cell, Layer, Weights, bias_sums, input_products, products_scratch, state_product,
    sum_biases, take, take_read,
};
use crate::block::{Build, Built};
use crate::context::ParamGradients;
use crate::error::Error;
use crate::fields::Bounds;
use crate::init::Init;

/// An [`LstmShape`] and how it starts.
#[derive(Clone, Copy)]
struct Lstm {
    shape: LstmShape,
    forget_bias: Option<f64>,
}

/// Inputs, outputs and configuration: see [`recurrent::build`]; and `proj_size`,
/// the size of a projected state, and `forget_bias`, what the forget gate's bias
/// starts with. Parameters of each layer and direction: `weight_ih`,
/// `weight_hh`, `bias_ih`, `bias_hh`, `weight_hr`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    let shared = recurrent::Shared::read(build, &["h_n", "c_n"])?;
    let (input_size, hidden_size) = (shared.input_size, shared.hidden_size);
    let proj_size = build.config.usize_option("proj_size")?;
    if proj_size.is_some_and(|size| size == 0 || size >= hidden_size) {
        return Err(build.config.wrong(
            "proj_size",
            &format!("at least 1 and less than hidden_size {hidden_size}"),
        ));
    }
    let forget_bias = build.config.f64_option("forget_bias", Bounds::FINITE)?;
    let shape = LstmShape {
        input_size,
        hidden_size,
        proj_size,
    };
    shared.build(build, Box::new(Lstm { shape, forget_bias }))
}

impl Lstm {
    /// `weight_hr`'s place among the parameters.
    fn projection(weights: Weights<'_, impl Element>) -> usize {
        if weights.bias { 4 } else { 2 }
    }

    fn kernel_weights<'a, E: Element>(&self, layer: Layer<'a, E>) -> LstmWeights<'a, E> {
        let weights = layer.weights;
        LstmWeights {
            weight_ih: weights.get(0),
            weight_hh: weights.get(1),
            weight_hr: self
                .shape
                .proj_size
                .map_or(&[], |_| weights.get(Self::projection(weights))),
            bias: layer.derived,
        }
    }
}

impl<V: Vector> Cell<V> for Lstm {
    fn with_input(&self, input_size: usize) -> Box<dyn Cell<V>> {
        Box::new(Self {
            shape: LstmShape {
                input_size,
                ..self.shape
            },
            ..*self
        })
    }

    fn state_sizes(&self) -> [usize; 2] {
        [self.shape.output_size(), self.shape.hidden_size]
    }

    fn weights(&self, bias: bool) -> Vec<(&'static str, WeightLayout)> {
        let shape = self.shape;
        let mut weights = vec![
            ("weight_ih", shape.weight_ih()),
            ("weight_hh", shape.weight_hh()),
        ];
        if bias {
            weights.extend([("bias_ih", shape.bias()), ("bias_hh", shape.bias())]);
        }
        weights.extend(shape.proj_size.map(|_| ("weight_hr", shape.weight_hr())));
        weights
    }

    fn init(&self, name: &str) -> Init {
        let size = self.shape.hidden_size;
        let init = Init::fan(size);
        match (name, self.forget_bias) {
            ("bias_ih", Some(value)) => init.with_rows(size..2 * size, value),
            // The two biases are added: one of them holds the whole value.
            ("bias_hh", Some(_)) => init.with_rows(size..2 * size, 0.0),
            _ => init,
        }
    }

    fn derived(&self) -> usize {
        self.shape.bias().len()
    }

    fn prepare(&self, weights: Weights<'_, V::Elem>, derived: &mut [V::Elem]) {
        sum_biases(weights, derived);
    }

    fn saved(&self, steps: Packed<'_>, training: bool) -> usize {
        let shape = self.shape;
        shape.gates_len(steps, training)
            + shape.states_len(steps, training)
            + shape.cells_len(steps, training)
            + shape.outputs_len(steps, training)
    }

    fn forward_scratch(&self, steps: Packed<'_>) -> usize {
        self.shape.forward_scratch(steps)
    }

    fn backward_scratch(&self, steps: Packed<'_>) -> usize {
        let shape = self.shape;
        let products = products_scratch(
            steps,
            shape.weight_ih(),
            [shape.weight_hh(), shape.weight_hr()],
        );
        let d_states = shape.proj_size.map_or(0, |_| shape.h_stride());
        steps.steps() * (4 * shape.c_stride() + d_states)
            + products.max(shape.backward_scratch(steps))
    }

    fn forward(
        &self,
        layer: Layer<'_, V::Elem>,
        [h, c]: [&mut [V::Elem]; 2],
        y: &mut [V::Elem],
        mut saved: &mut [V::Elem],
        scratch: &mut [V::Elem],
    ) {
        let (
            shape,
            Layer {
                steps,
                direction,
                training,
                x,
                ..
            },
        ) = (self.shape, layer);
        let kept = LstmSaved {
            gates: take(&mut saved, shape.gates_len(steps, training)),
            states: take(&mut saved, shape.states_len(steps, training)),
            cells: take(&mut saved, shape.cells_len(steps, training)),
            outputs: saved,
        };
        let weights = self.kernel_weights(layer);
        let stride = layer.y_stride;
        lstm_forward::<V>(
            shape, steps, direction, training, x, weights, h, c, y, stride, kept, scratch,
        );
    }

    fn backward(
        &self,
        layer: Layer<'_, V::Elem>,
        mut saved: &[V::Elem],
        d_y: &[V::Elem],
        [d_h, d_c]: [&mut [V::Elem]; 2],
        d_x: Option<&mut [V::Elem]>,
        d_params: &mut ParamGradients<'_, V::Elem>,
        mut scratch: &mut [V::Elem],
    ) {
        let (shape, steps) = (self.shape, layer.steps);
        let (ih, hh, hr) = (shape.weight_ih(), shape.weight_hh(), shape.weight_hr());
        let gates = take_read(&mut saved, shape.gates_len(steps, true));
        let states = take_read(&mut saved, shape.states_len(steps, true));
        let cells = take_read(&mut saved, shape.cells_len(steps, true));
        let outputs = saved;
        let d_gates = take(&mut scratch, steps.steps() * 4 * shape.c_stride());
        let d_states = take(
            &mut scratch,
            shape
                .proj_size
                .map_or(0, |_| steps.steps() * shape.h_stride()),
        );
        lstm_backward::<V>(
            shape,
            steps,
            layer.direction,
            gates,
            cells,
            self.kernel_weights(layer),
            d_y,
            layer.y_stride,
            d_h,
            d_c,
            d_states,
            d_gates,
            scratch,
        );

        input_products::<V>(layer, d_gates, ih, d_x, d_params, scratch);
        let stride = shape.h_stride();
        state_product::<V>(
            layer, d_gates, None, states, stride, 1, hh, d_params, scratch,
        );
        bias_sums::<V>(layer, d_gates, 3, d_params);
        if shape.proj_size.is_some() {
            let (i, stride) = (Self::projection(layer.weights), shape.c_stride());
            state_product::<V>(
                layer, d_states, None, outputs, stride, i, hr, d_params, scratch,
            );
        }
    }
}
