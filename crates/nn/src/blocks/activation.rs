//! Unary functions, element by element: `[n, width] → [n, width]`.

use kernels::math::{exp, gelu, log, relu, sigmoid, silu, softplus, tanh};
use simd::Vector;

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::ValueType;

type Apply<E> = fn(&[E], &mut [E]);
type Differentiate<E> = fn(&[E], &[E], &mut [E]);

struct Activation<E> {
    forward: Apply<E>,
    backward: Differentiate<E>,
    /// Whether the gradient is computed from the output rather than the input.
    from_output: bool,
}

/// Input: a matrix. No configuration; `kind` is the name of the function.
pub fn build<V: Vector>(kind: &str, build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, width) = build.matrix(0)?;
    let (forward, backward, from_output): (Apply<V::Elem>, Differentiate<V::Elem>, bool) =
        match kind {
            "exp" => (exp::exp_forward::<V>, exp::exp_backward::<V>, true),
            "gelu" => (gelu::gelu_forward::<V>, gelu::gelu_backward::<V>, false),
            "log" => (log::log_forward::<V>, log::log_backward::<V>, false),
            "relu" => (relu::relu_forward::<V>, relu::relu_backward::<V>, true),
            "sigmoid" => (
                sigmoid::sigmoid_forward::<V>,
                sigmoid::sigmoid_backward::<V>,
                true,
            ),
            "silu" => (silu::silu_forward::<V>, silu::silu_backward::<V>, false),
            "softplus" => (
                softplus::softplus_forward::<V>,
                softplus::softplus_backward::<V>,
                false,
            ),
            _ => (tanh::tanh_forward::<V>, tanh::tanh_backward::<V>, true),
        };
    Built::one(
        Activation {
            forward,
            backward,
            from_output,
        },
        ValueType::Matrix { space, width },
    )
}

impl<V: Vector> Block<V> for Activation<V::Elem> {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        (self.forward)(cx.inputs.matrix(0), y);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [y] = cx.saved();
        let from = if self.from_output {
            y
        } else {
            cx.inputs.matrix(0)
        };
        let d_y = cx.d_output(0);
        if let Some(d_x) = cx.d_inputs.get(0) {
            (self.backward)(from, d_y, d_x);
        }
    }
}
