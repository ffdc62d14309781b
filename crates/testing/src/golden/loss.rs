//! Losses: one number over all rows, its mean, and the gradients by what it
//! was computed from.

use serde_json::{Value, json};
use simd::Vector;

use super::case::GoldenCase;
use super::node::OneNode;

/// Inputs of the node, in its order, besides the target: the loss has a
/// gradient by each.
fn predictions(op: &str) -> &'static [&'static str] {
    match op {
        "cross_entropy" | "bce_with_logits" => &["logits"],
        "gaussian_nll" => &["mean", "var"],
        "student_t_nll" => &["df", "loc", "scale"],
        _ => &["input"],
    }
}

/// Runs one case.
pub(super) fn run<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let target = case.shape("in.target")?;
    let rows = target.first().copied().unwrap_or(1);
    let mut config = case.config_without(&["ignore_index", "weighted"]);
    if case.has("in.weight") {
        config["class_weights"] = json!(case.reals("in.weight")?);
    }
    let mut node = OneNode::new(&case.op, config, rows);
    let mut classes = 0;
    for name in predictions(&case.op) {
        let values = case.reals(&format!("in.{name}"))?;
        classes = values.len() / rows;
        node.matrix(name, None, classes, &values);
    }
    if case.op == "cross_entropy" {
        let ignore = case.config.get("ignore_index").and_then(Value::as_i64);
        node.ids("target", None, classes, ignore, &case.ids("in.target")?);
    } else {
        let values = case.reals("in.target")?;
        node.target("target", values.len() / rows, &values);
    }
    node.output("loss");
    let mut compiled = node.compile::<V>()?;
    compiled.forward()?;
    case.compare("out.loss", &compiled.output("loss")?)?;
    let seed = if case.has("gout.loss") {
        case.reals("gout.loss")?
    } else {
        vec![1.0]
    };
    compiled.backward(&[("loss", seed)])?;
    for name in predictions(&case.op) {
        case.compare(&format!("g.{name}"), &compiled.input_gradient(name)?)?;
    }
    Ok(())
}
