//! The blocks, one a file, in the same order in each: configuration, shapes,
//! forward, backward.

mod activation;
mod activation_regularization;
mod adaptive_softmax;
mod arithmetic;
mod attention;
mod columns;
mod concat;
mod conv1d;
mod crf;
mod cross_entropy;
mod dropout;
mod embedding;
mod gru;
mod layer_norm;
mod linear;
mod loss;
mod lstm;
mod pool;
mod recurrent;
mod replace_ids;
mod rnn;
mod rows;
mod slice;
mod softmax;

use simd::Vector;

use crate::block::{Build, Built};
use crate::error::Error;

/// Makes the block of a node type.
pub fn build<V: Vector>(kind: &str, build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    match kind {
        "exp" | "gelu" | "log" | "relu" | "sigmoid" | "silu" | "softplus" | "tanh" => {
            activation::build(kind, build)
        }
        "activation_regularization" => activation_regularization::build(build),
        "adaptive_log_softmax" => adaptive_softmax::build_log_softmax(build),
        "adaptive_softmax" => adaptive_softmax::build_loss(build),
        "add" => arithmetic::build_add(build),
        "mul" => arithmetic::build_mul(build),
        "attention" => attention::build(build),
        "concat" => concat::build(build),
        "conv1d" => conv1d::build(build),
        "crf" => crf::build_likelihood(build),
        "crf_decode" => crf::build_decode(build),
        "crf_marginals" => crf::build_marginals(build),
        "crf_nbest" => crf::build_n_best(build),
        "cross_entropy" => cross_entropy::build(build),
        "dropout" => dropout::build(build),
        "embedding" => embedding::build(build),
        "gru" => gru::build(build),
        "layer_norm" => layer_norm::build(build),
        "linear" => linear::build(build),
        "lstm" => lstm::build(build),
        "bce_with_logits" | "gaussian_nll" | "huber" | "l1" | "mse" | "quantile"
        | "student_t_nll" => loss::build(kind, build),
        "pool" => pool::build(build),
        "replace_ids" => replace_ids::build(build),
        "rnn" => rnn::build(build),
        "scan_end" => rows::build(true, build),
        "scan_start" => rows::build(false, build),
        "slice" => slice::build(build),
        "softmax" => softmax::build(false, build),
        "log_softmax" => softmax::build(true, build),
        other => Err(build.error(format!("type: there is no block \"{other}\""))),
    }
}
