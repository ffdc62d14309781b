//! Attention of queries over the steps of an axis.

use kernels::attend::Pairs;
use kernels::attend::additive::{additive_backward, additive_forward};
use kernels::attend::context::{context_backward, context_forward};
use kernels::attend::dot::{dot_backward, dot_forward};
use kernels::attend::projection::{Projection, projection_backward, projection_forward};
use kernels::attend::softmax::{softmax_backward, softmax_forward};
use kernels::elementwise::axpy;
use kernels::reduce::add_rows;
use simd::{Element, Vector};

use crate::axis::Dims;
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::init::Init;
use crate::value::{AxisId, Space, ValueType};

/// How a query is compared with a key.
enum Kind {
    /// `score · tanh(Wq q + Wk k + b)`.
    Additive {
        /// `None` where the query is learnt: then `b` is what stands for it.
        query: Option<(usize, Projection)>,
        key: (usize, Projection),
        bias: usize,
        score: usize,
    },
    /// `(q W) · k`.
    General {
        weight: usize,
        projection: Projection,
    },
    /// `scale · q · k`.
    Dot { scale: f64 },
}

struct Attention {
    /// The queries' axis; `None` where every row of the keys' axis is a query.
    queries: Option<AxisId>,
    keys: AxisId,
    key_size: usize,
    /// The input that is the keys.
    last: usize,
    kind: Kind,
}

/// Inputs: queries, over the steps of an axis or one for each batch row, and
/// keys over the steps of an axis; both axes have the rows of the batch. Keys
/// are also the values. Keys alone, of "additive", are looked at once by each
/// row, with a query that is learnt (Yang et al. 2016). Configuration: `kind`: "additive" (Bahdanau et al.
/// 2015) with `attention_size`, "general" or "dot" (Luong et al. 2015),
/// "scaled_dot" (Vaswani et al. 2017, scale 1/√width). Outputs: `context`, a
/// row of the keys' width for each query, and `weights`, for each query a
/// number for each step of its row of keys.
///
/// Parameters: of "additive" `query.weight` `[attention_size, query width]`,
/// `key.weight` `[attention_size, key width]`, `bias` and `score.weight`
/// `[attention_size]`; of "general" `weight` `[query width, key width]`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    let kind = build.config.str("kind")?;
    build.expect_inputs(if kind == "additive" { 1 } else { 2 }, 2)?;
    let last = build.inputs.len() - 1;
    let (keys, key_size) = build.steps(last)?;
    let (space, query_size) = if last == 0 {
        (Space::Batch, 0)
    } else {
        build.matrix(0)?
    };
    let queries = match space {
        Space::Batch => None,
        Space::Steps(axis) if build.parent(axis) == Space::Batch => Some(axis),
        _ => {
            return Err(build.error(
                "inputs[0]: expected a matrix over batch rows or the steps of a top-level axis",
            ));
        }
    };
    if build.parent(keys) != Space::Batch {
        return Err(build.error(format!(
            "inputs[{last}]: expected a matrix over the steps of a top-level axis"
        )));
    }
    let kind = match kind {
        "additive" => additive(build, query_size, key_size)?,
        "general" => {
            let weight = build.plain("weight", &[query_size, key_size], Init::fan(key_size))?;
            Kind::General {
                weight,
                projection: Projection {
                    inputs: query_size,
                    outputs: key_size,
                    right: true,
                },
            }
        }
        kind @ ("dot" | "scaled_dot") => {
            if query_size != key_size {
                return Err(build.error(format!(
                    "inputs[1]: expected a width of {query_size}, the queries', for kind \"{kind}\", got {key_size}"
                )));
            }
            Kind::Dot {
                scale: if kind == "dot" {
                    1.0
                } else {
                    1.0 / (key_size as f64).sqrt()
                },
            }
        }
        other => {
            return Err(build.error(format!(
                "config.kind: expected \"additive\", \"general\", \"dot\" or \"scaled_dot\", got \"{other}\""
            )));
        }
    };
    let outputs = [
        (
            "context",
            ValueType::Matrix {
                space,
                width: key_size,
            },
        ),
        (
            "weights",
            ValueType::Matrix {
                space: Space::Pairs { queries, keys },
                width: 1,
            },
        ),
    ];
    Built::many(
        Attention {
            queries,
            keys,
            key_size,
            last,
            kind,
        },
        &outputs,
    )
}

fn additive<E: Element>(
    build: &mut Build<'_, E>,
    query_size: usize,
    key_size: usize,
) -> Result<Kind, Error> {
    let size = build.config.size("attention_size")?;
    let projection = |inputs: usize| Projection {
        inputs,
        outputs: size,
        right: false,
    };
    let mut query = None;
    if query_size > 0 {
        let weight = build.plain("query.weight", &[size, query_size], Init::fan(query_size))?;
        query = Some((weight, projection(query_size)));
    }
    let key = build.plain("key.weight", &[size, key_size], Init::fan(key_size))?;
    Ok(Kind::Additive {
        query,
        key: (key, projection(key_size)),
        bias: build.plain("bias", &[size], Init::fan(key_size))?,
        score: build.plain("score.weight", &[size], Init::fan(size))?,
    })
}

/// Room for what is packed of the weight of queries.
fn derived_len(query: &Option<(usize, Projection)>) -> usize {
    query.map_or(0, |(_, query)| query.derived_len())
}

impl Attention {
    fn pairs<'a>(&self, dims: &'a Dims) -> Pairs<'a> {
        Pairs {
            rows: self.queries.map(|axis| &dims.axis(axis).row[..]),
            keys: dims.axis(self.keys).packed(),
        }
    }
}

impl<V: Vector> Block<V> for Attention {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        match &self.kind {
            Kind::Additive { query, key, .. } => derived_len(query) + key.1.derived_len(),
            Kind::General { projection, .. } => projection.derived_len(),
            Kind::Dot { .. } => 0,
        }
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, derived: &mut [V::Elem]) {
        match &self.kind {
            Kind::Additive { query, key, .. } => {
                let (of_query, of_key) = derived.split_at_mut(derived_len(query));
                if let Some((weight, query)) = query {
                    query.derive(params.get(*weight), of_query);
                }
                key.1.derive(params.get(key.0), of_key);
            }
            Kind::General { weight, projection } => projection.derive(params.get(*weight), derived),
            Kind::Dot { .. } => {}
        }
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let (pairs, steps) = (self.pairs(dims), dims.axis(self.keys).steps());
        let queries = pairs.queries();
        // Projected queries and keys, their gradients, and what products need.
        let (projected, forward, backward) = match &self.kind {
            Kind::Additive { query, key, .. } => {
                let size = key.1.outputs;
                let of_query = query.map_or([0, 0], |(_, query)| {
                    [
                        query.forward_scratch_len(queries),
                        query.backward_scratch_len(queries),
                    ]
                });
                (
                    [queries * size, steps * size],
                    of_query[0].max(key.1.forward_scratch_len(steps)),
                    of_query[1].max(key.1.backward_scratch_len(steps)).max(size),
                )
            }
            Kind::General { projection, .. } => (
                [queries * projection.outputs, 0],
                projection.forward_scratch_len(queries),
                projection.backward_scratch_len(queries),
            ),
            Kind::Dot { .. } => ([0, 0], 0, 0),
        };
        projected.into_iter().for_each(|count| plan.work(count));
        plan.work(forward);
        projected.into_iter().for_each(|count| plan.scratch(count));
        plan.scratch(pairs.count());
        plan.scratch(backward);
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [context, weights, projected_queries, projected_keys, scratch] = cx.carve();
        let (queries, keys) = (cx.inputs.matrix(0), cx.inputs.matrix(self.last));
        let pairs = self.pairs(cx.dims);
        let (count, steps) = (pairs.queries(), cx.dims.axis(self.keys).steps());
        match &self.kind {
            Kind::Additive {
                query,
                key: (_, key),
                bias,
                score,
            } => {
                let (of_query, of_key) = cx.derived.split_at(derived_len(query));
                let bias = cx.params.get(*bias);
                match query {
                    Some((_, query)) => projection_forward::<V>(
                        query,
                        count,
                        queries,
                        of_query,
                        Some(bias),
                        projected_queries,
                        scratch,
                    ),
                    None => projected_queries
                        .chunks_exact_mut(key.outputs)
                        .for_each(|query| query.copy_from_slice(bias)),
                }
                projection_forward::<V>(key, steps, keys, of_key, None, projected_keys, scratch);
                let score = cx.params.get(*score);
                additive_forward::<V>(
                    pairs,
                    key.outputs,
                    projected_queries,
                    projected_keys,
                    score,
                    weights,
                );
            }
            Kind::General { projection, .. } => {
                projection_forward::<V>(
                    projection,
                    count,
                    queries,
                    cx.derived,
                    None,
                    projected_queries,
                    scratch,
                );
                dot_forward::<V>(
                    pairs,
                    self.key_size,
                    V::Elem::ONE,
                    projected_queries,
                    keys,
                    weights,
                );
            }
            Kind::Dot { scale } => {
                let scale = V::Elem::from_f64(*scale);
                dot_forward::<V>(pairs, self.key_size, scale, queries, keys, weights);
            }
        }
        softmax_forward::<V>(pairs, weights);
        context_forward::<V>(pairs, self.key_size, weights, keys, context);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let [_, weights, projected_queries, projected_keys, _] = cx.saved();
        let [d_projected_queries, d_projected_keys, d_scores, scratch] = cx.scratch();
        let (queries, keys) = (cx.inputs.matrix(0), cx.inputs.matrix(self.last));
        let pairs = self.pairs(cx.dims);
        let (count, steps) = (pairs.queries(), cx.dims.axis(self.keys).steps());
        let d_context = cx.d_output(0);
        d_scores.copy_from_slice(cx.d_output(1));
        let d_values = cx.d_inputs.get(self.last);
        context_backward::<V>(
            pairs,
            self.key_size,
            weights,
            keys,
            d_context,
            d_scores,
            d_values,
        );
        softmax_backward::<V>(pairs, weights, d_scores);
        match &self.kind {
            Kind::Additive {
                query,
                key: (key_weight, key),
                bias,
                score,
            } => {
                let size = key.outputs;
                let (of_query, of_key) = cx.derived.split_at(derived_len(query));
                d_projected_queries.fill(V::Elem::ZERO);
                d_projected_keys.fill(V::Elem::ZERO);
                let d_score = &mut scratch[..size];
                d_score.fill(V::Elem::ZERO);
                additive_backward::<V>(
                    pairs,
                    size,
                    projected_queries,
                    projected_keys,
                    cx.params.get(*score),
                    d_scores,
                    d_projected_queries,
                    d_projected_keys,
                    d_score,
                );
                if let Some(gradient) = cx.d_params.get(*score) {
                    axpy::<V>(V::Elem::ONE, d_score, gradient);
                }
                if let Some(gradient) = cx.d_params.get(*bias) {
                    add_rows::<V>(d_projected_queries, gradient);
                }
                if let Some((query_weight, query)) = query {
                    let (d_x, d_weight) = (cx.d_inputs.get(0), cx.d_params.get(*query_weight));
                    let d_y = &*d_projected_queries;
                    projection_backward::<V>(
                        query, count, queries, of_query, d_y, scratch, d_x, d_weight,
                    );
                }
                let (d_x, d_weight) = (cx.d_inputs.get(self.last), cx.d_params.get(*key_weight));
                let d_y = &*d_projected_keys;
                projection_backward::<V>(key, steps, keys, of_key, d_y, scratch, d_x, d_weight);
            }
            Kind::General { weight, projection } => {
                d_projected_queries.fill(V::Elem::ZERO);
                let (one, width) = (V::Elem::ONE, self.key_size);
                let (d_y, d_keys) = (Some(&mut *d_projected_queries), cx.d_inputs.get(1));
                dot_backward::<V>(
                    pairs,
                    width,
                    one,
                    projected_queries,
                    keys,
                    d_scores,
                    d_y,
                    d_keys,
                );
                let (d_x, d_weight) = (cx.d_inputs.get(0), cx.d_params.get(*weight));
                let d_y = &*d_projected_queries;
                projection_backward::<V>(
                    projection, count, queries, cx.derived, d_y, scratch, d_x, d_weight,
                );
            }
            Kind::Dot { scale } => {
                let (scale, width) = (V::Elem::from_f64(*scale), self.key_size);
                // One after the other: queries and keys may be the same value.
                let d_queries = cx.d_inputs.get(0);
                dot_backward::<V>(
                    pairs, width, scale, queries, keys, d_scores, d_queries, None,
                );
                let d_keys = cx.d_inputs.get(1);
                dot_backward::<V>(pairs, width, scale, queries, keys, d_scores, None, d_keys);
            }
        }
    }
}
