//! Pooling over time: steps `[steps, width]` to rows `[rows, width]`.

use kernels::pool::{
    last_backward, last_forward, max_backward, max_forward, mean_backward, mean_forward,
};
use simd::Vector;

use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::{AxisId, ValueType};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Mean,
    Max,
    Last,
}

struct Pool {
    axis: AxisId,
    width: usize,
    kind: Kind,
}

/// Input: a matrix over the steps of an axis. Configuration: `kind`, "mean",
/// "max" or "last". Output: `y`, for each row of the axis; zeros for a row
/// without steps.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (axis, width) = build.steps(0)?;
    let kind = match build.config.str("kind")? {
        "mean" => Kind::Mean,
        "max" => Kind::Max,
        "last" => Kind::Last,
        other => {
            return Err(build.error(format!(
                "config.kind: expected \"mean\", \"max\" or \"last\", got \"{other}\""
            )));
        }
    };
    let space = build.parent(axis);
    Built::one(
        Pool { axis, width, kind },
        ValueType::Matrix { space, width },
    )
}

impl<V: Vector> Block<V> for Pool {
    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        if self.kind == Kind::Max {
            plan.work_ids(dims.axis_rows(self.axis) * self.width);
        }
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let (packed, x) = (cx.dims.axis(self.axis).packed(), cx.inputs.matrix(0));
        match self.kind {
            Kind::Mean => mean_forward::<V>(packed, self.width, x, y),
            Kind::Last => last_forward::<V>(packed, self.width, x, y),
            Kind::Max => {
                let [arg_max] = cx.carve_ids();
                max_forward::<V>(packed, self.width, x, y, arg_max);
            }
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let (packed, d_y) = (cx.dims.axis(self.axis).packed(), cx.d_output(0));
        let saved = (self.kind == Kind::Max).then(|| cx.saved_ids());
        let Some(d_x) = cx.d_inputs.get(0) else {
            return;
        };
        match self.kind {
            Kind::Mean => mean_backward::<V>(packed, self.width, d_y, d_x),
            Kind::Last => last_backward::<V>(packed, self.width, d_y, d_x),
            Kind::Max => {
                let [arg_max] = saved.unwrap_or_default();
                max_backward::<V>(self.width, arg_max, d_y, d_x);
            }
        }
    }
}
