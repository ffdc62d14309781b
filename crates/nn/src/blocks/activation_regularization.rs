//! What keeps activations small and slow, as losses: activation regularisation
//! and temporal activation regularisation (Merity, McCann and Socher 2017;
//! with both, the AWD-LSTM of Merity, Keskar and Socher 2018).

use kernels::elementwise::axpy;
use kernels::loss::mse::{mse_backward, mse_forward};
use kernels::reduce::sum_of_squares_f64;
use simd::{Element, Vector};

use super::loss::reads_mean;
use crate::axis::{Axis, Dims};
use crate::block::{Block, Build, Built, Whole};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::{AxisId, ValueType};

struct Regularization {
    /// Steps are compared with those before them.
    temporal: bool,
    axis: AxisId,
    width: usize,
    mean: bool,
}

/// Input: a matrix over the steps of an axis. Configuration: `temporal` (false)
/// and `reduction`, "mean" over the whole batch or "sum". The loss is Σ h², or
/// if `temporal` Σ (h[t] - h[t - 1])² over the steps of each row but its first.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (axis, width) = build.steps(0)?;
    let block = Regularization {
        temporal: build.config.bool_or("temporal", false)?,
        axis,
        width,
        mean: reads_mean(build)?,
    };
    Built::many(block, &[("loss", ValueType::Scalar)])
}

impl Regularization {
    /// Where the numbers of each time step but the first lie that have others
    /// before them, and how many they are: those of time `t` begin at the first
    /// place, those of the same rows at `t - 1` at the second.
    fn pairs<'a>(&self, dims: &'a Dims) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        let Axis { offsets, sizes, .. } = dims.axis(self.axis);
        let width = self.width;
        let starts = offsets.windows(2).zip(sizes.iter().skip(1));
        starts.map(move |(starts, &count)| {
            let [before, now, count] = [starts[0], starts[1], count].map(|n| n as usize * width);
            (now, before, count)
        })
    }
}

impl<V: Vector> Block<V> for Regularization {
    fn denominator(&self, whole: &Whole<'_>) -> f64 {
        if !self.mean {
            return 1.0;
        }
        let lengths = whole.batch.axes[self.axis].lengths.iter();
        let first = u32::from(self.temporal);
        let steps: u32 = lengths.map(|length| length.saturating_sub(first)).sum();
        (steps as usize * self.width).max(1) as f64
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [loss] = cx.carve();
        let h = cx.inputs.matrix(0);
        let sum = if self.temporal {
            let pairs = self.pairs(cx.dims);
            let terms = pairs.map(|(now, before, count)| {
                mse_forward::<V>(&h[now..][..count], &h[before..][..count])
            });
            terms.sum()
        } else {
            sum_of_squares_f64::<V>(h)
        };
        loss[0] = V::Elem::from_f64(sum / cx.denominator);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let scale = V::Elem::from_f64(cx.d_output(0)[0].to_f64() / cx.denominator);
        let h = cx.inputs.matrix(0);
        let Some(d_h) = cx.d_inputs.get(0) else {
            return;
        };
        if !self.temporal {
            return axpy::<V>(scale + scale, h, d_h);
        }
        for (now, before, count) in self.pairs(cx.dims) {
            for (own, other) in [(now, before), (before, now)] {
                let (own, other) = (own..own + count, other..other + count);
                mse_backward::<V>(scale, &h[own.clone()], &h[other], &mut d_h[own]);
            }
        }
    }
}
