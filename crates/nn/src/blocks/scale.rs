//! Multiplies each column by a weight of its own: `[n, width] → [n, width]`.

use kernels::elementwise::{mul_backward, mul_forward};
use simd::Vector;

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::init::Init;
use crate::value::ValueType;

struct Scale {
    width: usize,
    weight: usize,
}

/// Input: a matrix. No configuration. Parameter: `weight` `[width]`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, width) = build.matrix(0)?;
    let weight = build.plain("weight", &[width], Init::fan(width))?;
    Built::one(Scale { width, weight }, ValueType::Matrix { space, width })
}

impl<V: Vector> Block<V> for Scale {
    fn sums_steps(&self) -> bool {
        true
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let weight = cx.params.get(self.weight);
        let x = cx.inputs.matrix(0).chunks_exact(self.width);
        for (x, y) in x.zip(y.chunks_exact_mut(self.width)) {
            mul_forward::<V>(x, weight, y);
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let weight = cx.params.get(self.weight);
        let d_y = cx.d_output(0).chunks_exact(self.width);
        if let Some(d_x) = cx.d_inputs.get(0) {
            for (d_y, d_x) in d_y.clone().zip(d_x.chunks_exact_mut(self.width)) {
                mul_backward::<V>(weight, d_y, d_x);
            }
        }
        if let Some(d_weight) = cx.d_params.get(self.weight) {
            for (d_y, x) in d_y.zip(cx.inputs.matrix(0).chunks_exact(self.width)) {
                mul_backward::<V>(x, d_y, d_weight);
            }
        }
    }
}
