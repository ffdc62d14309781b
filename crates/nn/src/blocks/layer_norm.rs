//! Layer norm of each row (Ba, Kiros and Hinton 2016), with PyTorch's names.

use kernels::norm::layer::{layer_norm_backward, layer_norm_forward};
use simd::{Element, Vector};

use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::fields::Bounds;
use crate::init::Init;
use crate::value::{Space, ValueType};

struct LayerNorm {
    space: Space,
    eps: f64,
    weight: usize,
    bias: usize,
}

/// Input: a matrix. Configuration: `eps` (1e-5). Parameters: `weight` and
/// `bias`, `[width]`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, width) = build.matrix(0)?;
    let eps = build.config.f64_or("eps", 1e-5, Bounds::UNIT)?;
    let weight = build.plain("weight", &[width], Init::constant(1.0))?;
    let bias = build.plain("bias", &[width], Init::constant(0.0))?;
    Built::one(
        LayerNorm {
            space,
            eps,
            weight,
            bias,
        },
        ValueType::Matrix { space, width },
    )
}

impl<V: Vector> Block<V> for LayerNorm {
    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let rows = dims.count(self.space);
        plan.work(rows);
        plan.work(rows);
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y, mean, rstd] = cx.carve();
        let (weight, bias) = (cx.params.get(self.weight), cx.params.get(self.bias));
        layer_norm_forward::<V>(
            V::Elem::from_f64(self.eps),
            cx.inputs.matrix(0),
            weight,
            bias,
            y,
            mean,
            rstd,
        );
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [_, mean, rstd] = cx.saved();
        let (x, d_y, weight) = (
            cx.inputs.matrix(0),
            cx.d_output(0),
            cx.params.get(self.weight),
        );
        // One parameter's gradient can be lent at a time; the kernel's passes are apart anyway.
        let d_x = cx.d_inputs.get(0);
        let d_weight = cx.d_params.get(self.weight);
        layer_norm_backward::<V>(x, weight, mean, rstd, d_y, d_x, d_weight, None);
        if let Some(d_bias) = cx.d_params.get(self.bias) {
            layer_norm_backward::<V>(x, weight, mean, rstd, d_y, None, None, Some(d_bias));
        }
    }
}
