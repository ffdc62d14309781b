//! Convolution over time. Golden files have PyTorch's `[rows, channels, time]`.

use serde_json::json;
use simd::Vector;

use super::case::GoldenCase;
use super::node::OneNode;
use super::ragged::swap_last;

/// Runs one case. A node keeps the length of rows, so where PyTorch's `padding`
/// does not, its zeros are steps of the input and the output is a stretch of
/// the node's.
pub(super) fn run<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let by_step = |name: &str| -> Result<Vec<f32>, String> {
        let [rows, channels, time] = case.shape(name)?[..] else {
            return Err(format!("{name}: expected [rows, channels, time]"));
        };
        Ok(swap_last(&case.reals(name)?, rows, channels, time))
    };
    let [rows, channels, time] = case.shape("in.x")?[..] else {
        return Err("in.x: expected [rows, channels, time]".into());
    };
    let (kernel, padding) = (case.size("kernel_size")?, case.size("padding")?);
    let keeps_length = 2 * padding + 1 == kernel;
    // Steps of the node before PyTorch's first input, and before its first output.
    let (zeros, skipped) = if keeps_length {
        (0, 0)
    } else {
        (padding, (kernel - 1) / 2)
    };
    let steps = time + 2 * zeros;
    let stretch = |from: usize, name: &str| -> Result<Vec<f32>, String> {
        let width = case.shape(name)?[1];
        let inner = by_step(name)?;
        let mut outer = vec![0.0; rows * steps * width];
        let length = inner.len() / rows;
        for (row, inner) in inner.chunks_exact(length).enumerate() {
            outer[(row * steps + from) * width..][..length].copy_from_slice(inner);
        }
        Ok(outer)
    };
    let inner = |from: usize, length: usize, outer: &[V::Elem]| -> Vec<V::Elem> {
        let width = outer.len() / (rows * steps);
        outer
            .chunks_exact(steps * width)
            .flat_map(|row| &row[from * width..][..length * width])
            .copied()
            .collect()
    };

    let mut config = case.config_without(&["layout"]);
    if !keeps_length {
        config["padding"] = json!("same");
    }
    config["output_size"] = json!(case.shape("p.weight")?[0]);
    config["bias"] = json!(case.has("p.bias"));
    let mut node = OneNode::new("conv1d", config, rows);
    node.axis("tokens", &vec![steps; rows]);
    node.matrix("x", Some("tokens"), channels, &stretch(zeros, "in.x")?);
    node.output("y");
    let mut compiled = node.compile::<V>()?;
    compiled.set_parameters(case)?;
    compiled.forward()?;
    let length = case.shape("out.y")?[2];
    case.compare_with(
        "out.y",
        &inner(skipped, length, &compiled.output("y")?),
        &by_step("out.y")?,
    );
    compiled.backward(&[("y", stretch(skipped, "gout.y")?)])?;
    case.compare_with(
        "g.x",
        &inner(zeros, time, &compiled.input_gradient("x")?),
        &by_step("g.x")?,
    );
    compiled.compare_parameter_gradients(case)
}
