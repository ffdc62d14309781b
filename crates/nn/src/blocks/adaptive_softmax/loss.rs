//! The negative log-likelihood of given classes.

use std::ops::Range;

use kernels::attend::projection::projection_backward;
use kernels::lookup::{DenseRows, lookup_backward, lookup_forward};
use kernels::loss::cross_entropy::{
    CrossEntropy, cross_entropy_backward, cross_entropy_denominator, cross_entropy_forward,
};
use simd::{Element, Vector};

use super::clusters::{Cluster, Clusters, Derived};
use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan, Whole};
use crate::blocks::loss::reads_mean;
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::value::ValueType;

struct AdaptiveSoftmax {
    clusters: Clusters,
    ignore_index: Option<i32>,
    mean: bool,
}

/// Inputs: a matrix `[n, input]` and target ids `[n]`, an input of the spec,
/// smaller for more frequent classes; rows of its `ignore_index` do not count.
/// Configuration: see [`Clusters::build`]; and `reduction`, "mean" over the
/// targets of the whole batch or "sum". The loss of a batch in which nothing
/// counts is 0.
///
/// A row is multiplied with the head and the weights of its target's tail
/// alone. Logits are computed again in the backward pass, a few rows at a time,
/// rather than kept.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(2, 2)?;
    let clusters = Clusters::build(build)?;
    let (space, size, ignore_index) = build.given_ids(1)?;
    let classes = clusters.classes;
    if space != clusters.space || size > classes {
        return Err(build.error(format!(
            "inputs[1]: expected ids below {classes} for each row of inputs[0]"
        )));
    }
    let block = AdaptiveSoftmax {
        clusters,
        ignore_index,
        mean: reads_mean(build)?,
    };
    Built::many(block, &[("loss", ValueType::Scalar)])
}

/// Plain cross-entropy of so many classes.
fn settings<E>(classes: usize) -> CrossEntropy<'static, E> {
    CrossEntropy {
        classes,
        ignore_index: None,
        label_smoothing: 0.0,
        weight: None,
    }
}

/// What is done with some rows of a cluster.
type Visit<'a, E> = dyn FnMut(&Cluster, Derived<'_, E>, Range<usize>) + 'a;

impl AdaptiveSoftmax {
    /// What a target is among the classes of a cluster, if the cluster sees it.
    fn target(&self, cluster: usize, id: i32) -> Option<i32> {
        let list = &self.clusters.list;
        let Cluster { low, high, .. } = list[cluster];
        let class = id as usize;
        match cluster {
            _ if Some(id) == self.ignore_index => None,
            _ if (low..high).contains(&class) => Some(id - low as i32),
            0 => {
                // The head's classes after the frequent ones stand for the tails.
                let before = list[1..].iter().filter(|tail| tail.high <= class);
                Some((high + before.count()) as i32)
            }
            _ => None,
        }
    }

    /// Visits the rows that every cluster sees, as many at a time as it takes:
    /// where they stand among those of all clusters, and what was derived from
    /// the weights.
    fn each<E>(&self, counts: &[i32], mut derived: &[E], visit: &mut Visit<'_, E>) {
        let mut start = 0;
        for (cluster, &count) in self.clusters.list.iter().zip(counts) {
            let (own, end) = (cluster.take(&mut derived), start + count as usize);
            while start < end {
                let next = end.min(start + cluster.rows);
                visit(cluster, own, start..next);
                start = next;
            }
        }
    }
}

impl<V: Vector> Block<V> for AdaptiveSoftmax {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.clusters.derived()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        self.clusters.prepare(params, derived);
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        // Every row is seen by the head, and by one tail at the most.
        let seen = 2 * dims.count(self.clusters.space);
        let [x, hidden, logits, products] = self.clusters.room;
        for count in [seen, x, hidden, logits, products] {
            plan.work(count);
        }
        for count in [seen, seen, self.clusters.list.len()] {
            plan.work_ids(count);
        }
        for count in [x, hidden, logits, x, hidden, logits, products] {
            plan.scratch(count);
        }
    }

    fn denominator(&self, whole: &Whole<'_>) -> f64 {
        let settings = CrossEntropy::<V::Elem> {
            ignore_index: self.ignore_index,
            ..settings(self.clusters.classes)
        };
        match self.mean {
            true => cross_entropy_denominator(settings, whole.ids(1)).max(1.0),
            false => 1.0,
        }
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [loss, log_partition, x, hidden, logits, scratch] = cx.carve();
        let [rows, targets, counts] = cx.carve_ids();
        let (input, ids) = (cx.inputs.matrix(0), cx.inputs.ids(1));
        let mut next = 0;
        for (cluster, count) in counts.iter_mut().enumerate() {
            let start = next;
            for (row, &id) in ids.iter().enumerate() {
                if let Some(target) = self.target(cluster, id) {
                    (rows[next], targets[next]) = (row as i32, target);
                    next += 1;
                }
            }
            *count = (next - start) as i32;
        }
        let mut sum = 0.0;
        self.each(counts, cx.derived, &mut |cluster, derived, range| {
            let classes = cluster.second.1.outputs;
            let (count, rows) = (range.len(), &rows[range.clone()]);
            let gathered = if cluster.first.is_some() {
                &mut *x
            } else {
                &mut *hidden
            };
            lookup_forward::<V>(rows, self.clusters.inputs, input, gathered);
            cluster.logits::<V>(derived, count, x, hidden, logits, scratch);
            let (targets, log_partition) = (&targets[range.clone()], &mut log_partition[range]);
            sum += cross_entropy_forward::<V>(settings(classes), logits, targets, log_partition);
        });
        loss[0] = V::Elem::from_f64(sum / cx.denominator);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [_, log_partition, ..] = cx.saved::<6>();
        let [rows, targets, counts] = cx.saved_ids();
        let [x, hidden, logits, d_x, d_hidden, d_logits, scratch] = cx.scratch();
        let scale = V::Elem::from_f64(cx.d_output(0)[0].to_f64() / cx.denominator);
        let (input, width) = (cx.inputs.matrix(0), self.clusters.inputs);
        let (mut d_input, d_params) = (cx.d_inputs.get(0), &mut cx.d_params);
        self.each(counts, cx.derived, &mut |cluster, derived, range| {
            let (weight, second) = &cluster.second;
            let (count, rows) = (range.len(), &rows[range.clone()]);
            let gathered = if cluster.first.is_some() {
                &mut *x
            } else {
                &mut *hidden
            };
            lookup_forward::<V>(rows, width, input, gathered);
            cluster.logits::<V>(derived, count, x, hidden, logits, scratch);
            let d_logits = &mut d_logits[..count * second.outputs];
            d_logits.fill(V::Elem::ZERO);
            let (targets, log_partition) = (&targets[range.clone()], &log_partition[range]);
            let of = settings(second.outputs);
            cross_entropy_backward::<V>(of, scale, logits, targets, log_partition, d_logits);

            let (d_hidden, d_weight) = (&mut *d_hidden, d_params.get(*weight));
            d_hidden[..count * second.inputs].fill(V::Elem::ZERO);
            let d_second = Some(&mut *d_hidden);
            projection_backward::<V>(
                second, count, hidden, derived[1], d_logits, scratch, d_second, d_weight,
            );
            let mut d_gathered = &*d_hidden;
            if let Some((weight, first)) = &cluster.first {
                d_x[..count * width].fill(V::Elem::ZERO);
                let (d_first, d_weight) = (Some(&mut *d_x), d_params.get(*weight));
                projection_backward::<V>(
                    first, count, x, derived[0], d_hidden, scratch, d_first, d_weight,
                );
                d_gathered = d_x;
            }
            if let Some(d_rows) = &mut d_input {
                let mut d_rows = DenseRows {
                    width,
                    rows: d_rows,
                };
                lookup_backward::<V>(rows, width, &|_| V::Elem::ONE, d_gathered, &mut d_rows);
            }
        });
    }
}
