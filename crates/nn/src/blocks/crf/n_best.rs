//! The n best paths.

use kernels::crf::forward::lattice_len;
use kernels::crf::nbest::{n_best, scratch_len};
use simd::{Element, Vector};

use super::parameters::Parameters;
use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::value::{AxisId, Space, ValueType};

/// More paths are a mistake; the room for them does not wrap around where
/// sizes have 32 bits.
const MOST_PATHS: usize = 1000;

struct NBest {
    axis: AxisId,
    parameters: Parameters,
    n: usize,
}

/// Input: emissions `[steps, tags]`. Configuration: `n`, and `constraints` (see
/// [`Parameters::build`]). Outputs: `paths` `[steps, n]`, the tags of the n best
/// paths as numbers, the best path first; and for each row `log_probability`
/// and `score`, `[rows, n]`. A row with fewer paths has -1 and −∞ in the rest.
///
/// These are for reading: no gradient flows back through them, and a loss that
/// depends on them is refused.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (axis, tags) = build.steps(0)?;
    let n = build.config.size("n")?;
    if n > MOST_PATHS {
        return Err(build.error(format!("config.n: expected at most {MOST_PATHS}, got {n}")));
    }
    let parent = build.parent(axis);
    let parameters = Parameters::build(build, tags)?;
    let row = ValueType::Matrix {
        space: parent,
        width: n,
    };
    let outputs = [
        (
            "paths",
            ValueType::Matrix {
                space: Space::Steps(axis),
                width: n,
            },
        ),
        ("log_probability", row),
        ("score", row),
    ];
    Built::many(
        NBest {
            axis,
            parameters,
            n,
        },
        &outputs,
    )
}

impl<V: Vector> Block<V> for NBest {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.parameters.derived::<V>()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        self.parameters.prepare::<V>(params, derived);
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let (tags, axis) = (self.parameters.tags, dims.axis(self.axis));
        let (reals, ids) = scratch_len(tags, self.n, axis.longest());
        plan.work(lattice_len::<V>(tags, axis.steps()));
        plan.work(reals);
        plan.work_ids(axis.rows());
        plan.work_ids(ids);
        plan.work_ids(axis.steps() * self.n);
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [paths, log_probability, score, lattice, scratch] = cx.carve();
        let [domain, id_scratch, path_ids] = cx.carve_ids();
        n_best::<V>(
            cx.dims.axis(self.axis).packed(),
            cx.inputs.matrix(0),
            &self.parameters.view::<V>(cx.derived),
            self.n,
            lattice,
            domain,
            scratch,
            id_scratch,
            path_ids,
            score,
            log_probability,
        );
        for (path, &id) in paths.iter_mut().zip(&*path_ids) {
            *path = V::Elem::from_f64(f64::from(id));
        }
    }

    fn only_for_reading(&self) -> bool {
        true
    }

    fn backward(&self, _cx: Backward<'_, V>) {}
}
