//! Softmax and its logarithm over each row: `[n, width] → [n, width]`.

use kernels::math::log_softmax::{log_softmax_backward, log_softmax_forward};
use kernels::math::softmax::{softmax_backward, softmax_forward};
use simd::Vector;

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::ValueType;

struct Softmax {
    width: usize,
    log: bool,
}

/// Input: a matrix. No configuration; `log` chooses the logarithm.
pub fn build<V: Vector>(log: bool, build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, width) = build.matrix(0)?;
    Built::one(Softmax { width, log }, ValueType::Matrix { space, width })
}

impl<V: Vector> Block<V> for Softmax {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let forward = if self.log {
            log_softmax_forward::<V>
        } else {
            softmax_forward::<V>
        };
        forward(self.width, cx.inputs.matrix(0), y);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [y] = cx.saved();
        let d_y = cx.d_output(0);
        if let Some(d_x) = cx.d_inputs.get(0) {
            let backward = if self.log {
                log_softmax_backward::<V>
            } else {
                softmax_backward::<V>
            };
            backward(self.width, y, d_y, d_x);
        }
    }
}
