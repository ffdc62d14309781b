//! The best path.

use kernels::crf::viterbi::{best_score_backward, scratch_len, viterbi};
use simd::Vector;

use super::parameters::Parameters;
use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::value::{AxisId, Space, ValueType};

struct Best {
    axis: AxisId,
    parameters: Parameters,
}

/// Input: emissions `[steps, tags]`. Configuration: `constraints` (see
/// [`Parameters::build`]). Outputs: `path`, the tag ids `[steps]` of the best
/// path, and for each row its `best_score`, whose gradient goes along the path.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (axis, tags) = build.steps(0)?;
    let parent = build.parent(axis);
    let parameters = Parameters::build(build, tags)?;
    let outputs = [
        (
            "path",
            ValueType::Ids {
                space: Space::Steps(axis),
                size: tags,
                ignore: None,
            },
        ),
        (
            "best_score",
            ValueType::Matrix {
                space: parent,
                width: 1,
            },
        ),
    ];
    Built::many(Best { axis, parameters }, &outputs)
}

impl<V: Vector> Block<V> for Best {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.parameters.derived::<V>()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        self.parameters.prepare::<V>(params, derived);
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        plan.work(scratch_len::<V>(
            self.parameters.tags,
            dims.axis(self.axis).steps(),
        ));
        plan.scratch(self.parameters.count());
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [best_score, scores] = cx.carve();
        let [path] = cx.carve_ids();
        let packed = cx.dims.axis(self.axis).packed();
        let transitions = self.parameters.view::<V>(cx.derived);
        viterbi::<V>(
            packed,
            cx.inputs.matrix(0),
            &transitions,
            scores,
            path,
            best_score,
        );
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [path] = cx.saved_ids();
        let [sums] = cx.scratch();
        let d_best_score = cx.d_output(1);
        best_score_backward(
            cx.dims.axis(self.axis).packed(),
            self.parameters.tags,
            self.parameters.allowed(),
            path,
            d_best_score,
            self.parameters.gradients(cx.d_inputs.get(0), sums),
        );
        self.parameters.add::<V>(sums, &mut cx.d_params);
    }
}
