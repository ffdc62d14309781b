//! Operations on each row by itself: linear, layer norm, embedding,
//! activations and softmax.

use serde_json::{Value, json};
use simd::Vector;

use super::case::GoldenCase;
use super::node::OneNode;

/// Runs one case of a node from rows of numbers to rows of numbers.
fn run_matrix<V: Vector>(case: &GoldenCase<'_>, kind: &str, config: Value) -> Result<(), String> {
    let width = *case.shape("in.x")?.last().ok_or("in.x: expected a width")?;
    let x = case.reals("in.x")?;
    let mut node = OneNode::new(kind, config, x.len() / width);
    node.matrix("x", None, width, &x);
    node.output("y");
    let mut compiled = node.compile::<V>()?;
    compiled.set_parameters(case)?;
    compiled.forward()?;
    case.compare("out.y", &compiled.output("y")?)?;
    compiled.backward(&[("y", case.reals("gout.y")?)])?;
    case.compare("g.x", &compiled.input_gradient("x")?)?;
    compiled.compare_parameter_gradients(case)
}

/// `y = x Wᵀ + b`.
pub(super) fn linear<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let mut config = case.config_without(&["in_features", "out_features"]);
    config["output_size"] = json!(case.shape("p.weight")?[0]);
    config["bias"] = json!(case.has("p.bias"));
    run_matrix::<V>(case, "linear", config)
}

/// Layer norm over the last size.
pub(super) fn layer_norm<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    run_matrix::<V>(case, "layer_norm", case.config_without(&[]))
}

/// An activation or softmax, named by the operation.
pub(super) fn unary<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    run_matrix::<V>(case, &case.op, case.config_without(&[]))
}

/// Rows of a table, with a dense gradient and again with a sparse one.
pub(super) fn embedding<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let [size, width] = case.shape("p.weight")?[..] else {
        return Err("p.weight: expected [size, width]".into());
    };
    let ids = case.ids("in.ids")?;
    let mut config = case.config_without(&[]);
    config["embedding_size"] = json!(width);
    // PyTorch counts a negative padding_idx from the end.
    if let Some(from_end) = config
        .get("padding_idx")
        .and_then(Value::as_i64)
        .filter(|&id| id < 0)
    {
        config["padding_idx"] = json!(size as i64 + from_end);
    }
    for sparse in [false, true] {
        let mut node = OneNode::new("embedding", config.clone(), ids.len());
        node.ids("ids", None, size, None, &ids);
        node.output("y");
        node.attributes("weight", json!({ "sparse": sparse }));
        let mut compiled = node.compile::<V>()?;
        compiled.set_parameters(case)?;
        compiled.forward()?;
        case.compare("out.y", &compiled.output("y")?)?;
        compiled.backward(&[("y", case.reals("gout.y")?)])?;
        compiled.compare_parameter_gradients(case)?;
    }
    Ok(())
}
