//! The logarithms of the probabilities of all classes.

use kernels::math::log_softmax::log_softmax_forward;
use simd::{Element, Vector};

use super::clusters::Clusters;
use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::value::ValueType;

struct AdaptiveLogSoftmax(Clusters);

/// Input: a matrix `[n, input]`. Configuration: see [`Clusters::build`]. Output:
/// `[n, classes]`, as PyTorch's `log_prob`. It is for reading: no gradient flows
/// back through it, and a loss that depends on it is refused.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let clusters = Clusters::build(build)?;
    let output = ValueType::Matrix {
        space: clusters.space,
        width: clusters.classes,
    };
    Built::one(AdaptiveLogSoftmax(clusters), output)
}

impl<V: Vector> Block<V> for AdaptiveLogSoftmax {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.0.derived()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        self.0.prepare(params, derived);
    }

    fn plan(&self, _dims: &Dims, plan: &mut Plan) {
        let [_, hidden, logits, products] = self.0.room;
        for count in [hidden, logits, logits, products] {
            plan.work(count);
        }
    }

    fn only_for_reading(&self) -> bool {
        true
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y, hidden, logits, within, scratch] = cx.carve();
        let (inputs, classes, list) = (self.0.inputs, self.0.classes, &self.0.list);
        let mut derived = cx.derived;
        for cluster in list {
            let own = cluster.take(&mut derived);
            let (width, low) = (cluster.second.1.outputs, cluster.low);
            let x = cx.inputs.matrix(0).chunks(cluster.rows * inputs);
            for (x, y) in x.zip(y.chunks_mut(cluster.rows * classes)) {
                if cluster.first.is_none() {
                    hidden[..x.len()].copy_from_slice(x);
                }
                let rows = x.len() / inputs;
                cluster.logits::<V>(own, rows, x, hidden, logits, scratch);
                log_softmax_forward::<V>(width, &logits[..rows * width], within);
                for (within, y) in within.chunks(width).zip(y.chunks_mut(classes)) {
                    // What the head gives a tail waits where the tail's first
                    // class comes.
                    let given = if low == 0 { V::Elem::ZERO } else { y[low] };
                    for (class, &within) in within.iter().enumerate() {
                        let class = low + class;
                        match class.checked_sub(cluster.high) {
                            None => y[class] = given + within,
                            Some(tail) => y[list[tail + 1].low] = within,
                        }
                    }
                }
            }
        }
    }

    fn backward(&self, _cx: Backward<'_, V>) {}
}
