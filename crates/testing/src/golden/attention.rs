//! Attention of every query step over the key steps of the same row.

use simd::Vector;

use super::case::GoldenCase;
use super::node::OneNode;
use super::ragged::Padded::BatchMajor;

/// Fields of a case that only describe its data.
const DESCRIBED: [&str; 6] = ["B", "Tq", "Tk", "query_size", "key_size", "lengths"];

/// Runs one case.
pub(super) fn run<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let (rows, queries, keys) = (case.size("B")?, case.size("Tq")?, case.size("Tk")?);
    let (query_size, key_size) = (case.size("query_size")?, case.size("key_size")?);
    let key_lengths = case.lengths(rows, keys)?;
    let query_lengths = vec![queries; rows];
    for (row, mask) in case.ids("in.mask")?.chunks_exact(keys).enumerate() {
        if mask
            .iter()
            .enumerate()
            .any(|(step, &kept)| (kept != 0) != (step < key_lengths[row]))
        {
            return Err(format!(
                "in.mask: row {row} does not agree with config.lengths"
            ));
        }
    }
    let by_key = |name: &str| -> Result<Vec<f32>, String> {
        Ok(BatchMajor.to_ragged(&case.reals(name)?, key_size, keys, &key_lengths))
    };
    // For every query of every row, the weights of the row's own keys.
    let lengths_by_query: Vec<usize> = key_lengths
        .iter()
        .flat_map(|&n| std::iter::repeat_n(n, queries))
        .collect();
    let by_pair = |name: &str| -> Result<Vec<f32>, String> {
        Ok(BatchMajor.to_ragged(&case.reals(name)?, 1, keys, &lengths_by_query))
    };

    let mut config = case.config_without(&DESCRIBED);
    if case.size("attention_size")? == 0
        && let Some(config) = config.as_object_mut()
    {
        config.remove("attention_size");
    }
    let mut node = OneNode::new("attention", config, rows);
    node.axis("queries", &query_lengths);
    node.axis("keys", &key_lengths);
    node.matrix(
        "query",
        Some("queries"),
        query_size,
        &case.reals("in.query")?,
    );
    node.matrix("keys", Some("keys"), key_size, &by_key("in.keys")?);
    node.output("context");
    node.output("weights");

    let mut compiled = node.compile::<V>()?;
    compiled.set_parameters(case)?;
    compiled.forward()?;
    case.compare("out.context", &compiled.output("context")?)?;
    case.compare_with(
        "out.weights",
        &compiled.output("weights")?,
        &by_pair("out.weights")?,
    );

    let mut d_outputs = Vec::new();
    if case.has("gout.context") {
        d_outputs.push(("context", case.reals("gout.context")?));
    }
    if case.has("gout.weights") {
        d_outputs.push(("weights", by_pair("gout.weights")?));
    }
    compiled.backward(&d_outputs)?;
    case.compare("g.query", &compiled.input_gradient("query")?)?;
    case.compare_with(
        "g.keys",
        &compiled.input_gradient("keys")?,
        &by_key("g.keys")?,
    );
    compiled.compare_parameter_gradients(case)
}
