//! Cross-entropy of logits and class ids, as PyTorch's `CrossEntropyLoss`.

use kernels::loss::cross_entropy::{
    CrossEntropy as Settings, cross_entropy_backward, cross_entropy_denominator,
    cross_entropy_forward,
};
use simd::{Element, Vector};

use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan, Whole};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::fields::Bounds;
use crate::value::{Space, ValueType};

use super::loss::reads_mean;

struct CrossEntropy<E> {
    space: Space,
    classes: usize,
    ignore_index: Option<i32>,
    label_smoothing: f64,
    class_weights: Option<Vec<E>>,
    mean: bool,
}

/// Inputs: logits `[n, classes]` and target ids `[n]`, an input of the spec;
/// rows of its `ignore_index` do not count. Configuration: `label_smoothing`
/// (0), `class_weights` (one a class), `reduction` ("mean": over the weights of
/// the targets in the whole batch; or "sum"). The loss of a batch in which
/// nothing counts is 0, so that another task of the batch can be trained.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(2, 2)?;
    let (space, classes) = build.matrix(0)?;
    let (target_space, size, ignore_index) = build.given_ids(1)?;
    if target_space != space || size > classes {
        return Err(build.error(format!(
            "inputs[1]: expected ids below {classes} for each row of inputs[0]"
        )));
    }
    let label_smoothing = build.config.f64_or("label_smoothing", 0.0, Bounds::UNIT)?;
    let class_weights = build.config.numbers_option("class_weights")?;
    if class_weights
        .as_ref()
        .is_some_and(|w| w.len() != classes || w.iter().any(|w| *w < 0.0 || w.is_nan()))
    {
        return Err(build.error(format!(
            "config.class_weights: expected {classes} numbers of at least 0"
        )));
    }
    let block = CrossEntropy {
        space,
        classes,
        ignore_index,
        label_smoothing,
        class_weights: class_weights.map(|w| w.into_iter().map(V::Elem::from_f64).collect()),
        mean: reads_mean(build)?,
    };
    Built::many(block, &[("loss", ValueType::Scalar)])
}

impl<E> CrossEntropy<E> {
    fn settings(&self) -> Settings<'_, E> {
        Settings {
            classes: self.classes,
            ignore_index: self.ignore_index,
            label_smoothing: self.label_smoothing,
            weight: self.class_weights.as_deref(),
        }
    }
}

impl<V: Vector> Block<V> for CrossEntropy<V::Elem> {
    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        plan.work(dims.count(self.space));
    }

    fn denominator(&self, whole: &Whole<'_>) -> f64 {
        let weight = match self.mean {
            true => cross_entropy_denominator(self.settings(), whole.ids(1)),
            false => 1.0,
        };
        if weight > 0.0 { weight } else { 1.0 }
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [loss, log_partition] = cx.carve();
        let (logits, targets) = (cx.inputs.matrix(0), cx.inputs.ids(1));
        let sum = cross_entropy_forward::<V>(self.settings(), logits, targets, log_partition);
        loss[0] = V::Elem::from_f64(sum / cx.denominator);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [_, log_partition] = cx.saved();
        let scale = V::Elem::from_f64(cx.d_output(0)[0].to_f64() / cx.denominator);
        let (logits, targets) = (cx.inputs.matrix(0), cx.inputs.ids(1));
        if let Some(d_logits) = cx.d_inputs.get(0) {
            cross_entropy_backward::<V>(
                self.settings(),
                scale,
                logits,
                targets,
                log_partition,
                d_logits,
            );
        }
    }
}
