//! Probabilities of tags, and of stretches of a path.

use kernels::crf::forward::{lattice_len, log_partition_forward};
use kernels::crf::marginals::{conditionals, marginals, scratch_len};
use simd::Vector;

use super::parameters::Parameters;
use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::value::{AxisId, Space, ValueType};

struct Marginals {
    axis: AxisId,
    parameters: Parameters,
    along_path: bool,
}

/// Inputs: emissions `[steps, tags]`, and perhaps a path, ids `[steps]`.
/// Configuration: `constraints` (see [`Parameters::build`]). Outputs:
/// `marginals` `[steps, tags]`; for each row `log_partition`; and with a path
/// `conditionals` `[steps, tags]`, the distribution of each tag given the
/// path's tag before it, of which the exact probability of any stretch of the
/// path is composed (see [`conditionals`]).
///
/// These are for reading: no gradient flows back through them, and a loss that
/// depends on them is refused.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 2)?;
    let (axis, tags) = build.steps(0)?;
    let along_path = build.inputs.len() == 2;
    if along_path {
        let (space, size) = build.ids(1)?;
        if space != Space::Steps(axis) || size > tags {
            return Err(build.error(format!(
                "inputs[1]: expected ids below {tags} for each row of inputs[0]"
            )));
        }
    }
    let parent = build.parent(axis);
    let parameters = Parameters::build(build, tags)?;
    let step = ValueType::Matrix {
        space: Space::Steps(axis),
        width: tags,
    };
    let mut outputs = vec![
        ("marginals", step),
        (
            "log_partition",
            ValueType::Matrix {
                space: parent,
                width: 1,
            },
        ),
    ];
    if along_path {
        outputs.push(("conditionals", step));
    }
    Built::many(
        Marginals {
            axis,
            parameters,
            along_path,
        },
        &outputs,
    )
}

impl<V: Vector> Block<V> for Marginals {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.parameters.derived::<V>()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        self.parameters.prepare::<V>(params, derived);
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let (tags, axis) = (self.parameters.tags, dims.axis(self.axis));
        plan.work(lattice_len::<V>(tags, axis.steps()));
        plan.work(scratch_len::<V>(tags, axis.steps()));
        plan.work_ids(axis.rows());
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let mut along = None;
        let [single, log_partition, lattice, scratch] = if self.along_path {
            let [single, log_partition, given, lattice, scratch] = cx.carve();
            along = Some(given);
            [single, log_partition, lattice, scratch]
        } else {
            cx.carve()
        };
        let [domain] = cx.carve_ids();
        let packed = cx.dims.axis(self.axis).packed();
        let transitions = self.parameters.view::<V>(cx.derived);
        log_partition_forward::<V>(
            packed,
            cx.inputs.matrix(0),
            &transitions,
            lattice,
            domain,
            log_partition,
        );
        marginals::<V>(packed, &transitions, lattice, domain, scratch, single);
        if let Some(given) = along {
            conditionals::<V>(
                packed,
                &transitions,
                domain,
                scratch,
                single,
                cx.inputs.ids(1),
                given,
            );
        }
    }

    fn only_for_reading(&self) -> bool {
        true
    }

    fn backward(&self, _cx: Backward<'_, V>) {}
}
