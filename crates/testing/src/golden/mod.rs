//! Golden cases: values that PyTorch computed, against models of one node.
//!
//! A folder has a `manifest.json` whose `cases` name an operation, its
//! configuration and a safetensors file: inputs `in.*`, parameters `p.*` under
//! PyTorch's names, outputs `out.*`, the gradients `gout.*` fed to backward and
//! the gradients `g.*` that resulted. Every case becomes a spec of one node,
//! compiled and run as any model; every output and every gradient in the file
//! must agree, and a tensor that was not looked at is a failure.

mod attention;
mod case;
mod conv;
mod crf;
mod loss;
mod node;
mod optimizer;
mod ragged;
mod recurrent;
mod row_wise;

use case::GoldenCase;
use simd::Vector;

/// Runs one case: its entry in the manifest as JSON, and the bytes of its
/// file. The error names every tensor that differs.
pub fn run<V: Vector>(json: &str, file: &[u8]) -> Result<(), String> {
    let case = GoldenCase::read(json, file)?;
    match case.op.as_str() {
        "rnn" | "lstm" | "gru" => recurrent::run::<V>(&case),
        "attention" => attention::run::<V>(&case),
        "crf" => crf::run::<V>(&case),
        "conv1d" => conv::run::<V>(&case),
        "linear" => row_wise::linear::<V>(&case),
        "layer_norm" => row_wise::layer_norm::<V>(&case),
        "embedding" => row_wise::embedding::<V>(&case),
        "optimizer" => optimizer::run::<V>(&case),
        "cross_entropy" | "bce_with_logits" | "mse" | "l1" | "huber" | "gaussian_nll"
        | "quantile" | "student_t_nll" => loss::run::<V>(&case),
        "tanh" | "sigmoid" | "relu" | "gelu" | "silu" | "softplus" | "exp" | "softmax"
        | "log_softmax" => row_wise::unary::<V>(&case),
        other => Err(format!("op: no model is known for \"{other}\"")),
    }?;
    case.finish()
}
