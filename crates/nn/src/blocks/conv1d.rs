//! Convolution over time: `[steps, input_size] → [steps, output_size]`.

use kernels::conv::conv1d::{Conv1d as Sizes, conv1d_backward, conv1d_forward};
use kernels::reduce::add_rows;
use simd::Vector;

use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::init::Init;
use crate::value::{AxisId, Space, ValueType};

struct Conv1d {
    axis: AxisId,
    sizes: Sizes,
    weight: usize,
    bias: Option<usize>,
}

/// Input: a matrix over the steps of an axis. Configuration: `output_size`,
/// `kernel_size`, `bias` (true), and `padding`: "same" (the default; of an even
/// window the longer part looks ahead), "causal" (nothing is seen of later
/// steps), or the number of zeros at either end, which must keep the length of
/// rows: `(kernel_size - 1) / 2`. Parameters: `weight` `[output_size,
/// input_size, kernel_size]` and `bias`.
///
/// Stride and dilation are one.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (axis, input_size) = build.steps(0)?;
    let output_size = build.config.size("output_size")?;
    let kernel_size = build.config.size("kernel_size")?;
    let left = read_left(build, kernel_size)?;
    let init = Init::fan(input_size * kernel_size);
    let with_bias = build.config.bool_or("bias", true)?;
    let weight = build.plain(
        "weight",
        &[output_size, input_size, kernel_size],
        init.clone(),
    )?;
    let bias = if with_bias {
        Some(build.plain("bias", &[output_size], init)?)
    } else {
        None
    };
    let sizes = Sizes {
        input_size,
        output_size,
        kernel_size,
        left,
    };
    let output = ValueType::Matrix {
        space: Space::Steps(axis),
        width: output_size,
    };
    Built::one(
        Conv1d {
            axis,
            sizes,
            weight,
            bias,
        },
        output,
    )
}

/// Steps of a window before its own.
fn read_left<E: simd::Element>(build: &Build<'_, E>, kernel_size: usize) -> Result<usize, Error> {
    let same = (kernel_size - 1) / 2;
    match build.config.get("padding") {
        None => Ok(same),
        Some(value) if value.as_str().is_some() => match build.config.choice("padding", "same", &["same", "causal"])? {
            "same" => Ok(same),
            _ => Ok(kernel_size - 1),
        },
        Some(_) => match build.config.usize("padding")? {
            padding if padding < kernel_size && 2 * padding + 1 == kernel_size => Ok(padding),
            padding => Err(build.error(format!(
                "config.padding: expected \"same\", \"causal\", or with a kernel_size of {kernel_size} the number \
                 of zeros that keeps the length of rows, got {padding}"
            ))),
        },
    }
}

impl<V: Vector> Block<V> for Conv1d {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.sizes.derived_len()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        self.sizes.derive(params.get(self.weight), derived);
    }

    fn plan(&self, _dims: &Dims, plan: &mut Plan) {
        plan.work(self.sizes.forward_scratch_len());
        plan.scratch(self.sizes.backward_scratch_len());
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y, scratch] = cx.carve();
        let bias = self.bias.map(|bias| cx.params.get(bias));
        let packed = cx.dims.axis(self.axis).packed();
        conv1d_forward::<V>(
            packed,
            &self.sizes,
            cx.inputs.matrix(0),
            cx.derived,
            bias,
            y,
            scratch,
        );
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [scratch] = cx.scratch();
        let (packed, x, d_y) = (
            cx.dims.axis(self.axis).packed(),
            cx.inputs.matrix(0),
            cx.d_output(0),
        );
        let (d_x, d_weight) = (cx.d_inputs.get(0), cx.d_params.get(self.weight));
        conv1d_backward::<V>(
            packed,
            &self.sizes,
            x,
            cx.derived,
            d_y,
            scratch,
            d_x,
            d_weight,
        );
        if let Some(d_bias) = self.bias.and_then(|bias| cx.d_params.get(bias)) {
            add_rows::<V>(d_y, d_bias);
        }
    }
}
