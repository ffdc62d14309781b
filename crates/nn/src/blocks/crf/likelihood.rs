//! The negative log-likelihood of given tags.

use kernels::crf::forward::{
    backward_scratch_len, has_path, lattice_len, log_likelihood_backward, log_likelihood_forward,
};
use simd::{Element, Vector};

use super::parameters::Parameters;
use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan, Whole};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::value::{AxisId, Space, ValueType};

/// What the loss is divided by.
#[derive(Clone, Copy, PartialEq)]
enum Reduction {
    Sum,
    Mean,
    TokenMean,
}

struct Crf {
    axis: AxisId,
    ignore_index: Option<i32>,
    parameters: Parameters,
    reduction: Reduction,
}

/// Inputs: emissions `[steps, tags]` and tag ids `[steps]`; a row of which a
/// step has the ids' `ignore_index` does not count, and its log-likelihood is
/// 0. Configuration: `constraints` (see [`Parameters::build`]) and `reduction`:
/// "mean" over the rows of the batch that count, "sum", or "token_mean" over
/// their steps. Outputs: `loss`, and for each row `log_likelihood` and
/// `log_partition`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(2, 2)?;
    let (axis, tags) = build.steps(0)?;
    let (space, size, ignore_index) = build.target_ids(1)?;
    if space != Space::Steps(axis) || size > tags {
        return Err(build.error(format!(
            "inputs[1]: expected ids below {tags} for each row of inputs[0]"
        )));
    }
    let reduction =
        match build
            .config
            .choice("reduction", "mean", &["mean", "sum", "token_mean"])?
        {
            "sum" => Reduction::Sum,
            "token_mean" => Reduction::TokenMean,
            _ => Reduction::Mean,
        };
    let parent = build.parent(axis);
    let parameters = Parameters::build(build, tags)?;
    let row = ValueType::Matrix {
        space: parent,
        width: 1,
    };
    let outputs = [
        ("loss", ValueType::Scalar),
        ("log_likelihood", row),
        ("log_partition", row),
    ];
    Built::many(
        Crf {
            axis,
            ignore_index,
            parameters,
            reduction,
        },
        &outputs,
    )
}

impl<V: Vector> Block<V> for Crf {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.parameters.derived::<V>()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        self.parameters.prepare::<V>(params, derived);
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let (tags, steps) = (self.parameters.tags, dims.axis(self.axis).steps());
        let rows = dims.axis_rows(self.axis);
        plan.work(lattice_len::<V>(tags, steps));
        plan.work_ids(rows);
        plan.scratch(backward_scratch_len::<V>(tags, steps));
        plan.scratch(rows);
        plan.scratch(self.parameters.count());
    }

    fn denominator(&self, whole: &Whole<'_>) -> f64 {
        let mut ids = whole.ids(1);
        let counted = |&length: &usize| match self.ignore_index {
            None => true,
            Some(ignored) => {
                ids.by_ref()
                    .take(length)
                    .filter(|&id| id == ignored)
                    .count()
                    == 0
            }
        };
        let lengths = whole.batch.axes[self.axis].lengths.iter();
        let lengths = lengths.map(|&length| length as usize).filter(counted);
        let count = match self.reduction {
            Reduction::Sum => 1,
            Reduction::Mean => lengths.count(),
            Reduction::TokenMean => lengths.sum(),
        };
        count.max(1) as f64
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [loss, log_likelihood, log_partition, lattice] = cx.carve();
        let [domain] = cx.carve_ids();
        log_likelihood_forward::<V>(
            cx.dims.axis(self.axis).packed(),
            cx.inputs.matrix(0),
            &self.parameters.view::<V>(cx.derived),
            cx.inputs.ids(1),
            self.ignore_index,
            lattice,
            domain,
            log_likelihood,
            log_partition,
        );
        let sum: f64 = log_likelihood.iter().map(|x| x.to_f64()).sum();
        loss[0] = V::Elem::from_f64((0.0 - sum) / cx.denominator);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [_, _, _, lattice] = cx.saved();
        let [domain] = cx.saved_ids();
        let [scratch, d_log_likelihood, sums] = cx.scratch();
        let d_log_partition = cx.d_output(2);
        let d_loss = V::Elem::from_f64(cx.d_output(0)[0].to_f64() / cx.denominator);
        let (packed, path) = (cx.dims.axis(self.axis).packed(), cx.inputs.ids(1));
        for (row, (d, &given)) in d_log_likelihood.iter_mut().zip(cx.d_output(1)).enumerate() {
            *d = match has_path(packed, row, path, self.ignore_index) {
                true => given - d_loss,
                false => V::Elem::ZERO,
            };
        }
        let gradients = self.parameters.gradients(cx.d_inputs.get(0), sums);
        log_likelihood_backward::<V>(
            packed,
            &self.parameters.view::<V>(cx.derived),
            self.parameters.allowed(),
            path,
            lattice,
            domain,
            d_log_likelihood,
            d_log_partition,
            scratch,
            gradients,
        );
        self.parameters.add::<V>(sums, &mut cx.d_params);
    }
}
