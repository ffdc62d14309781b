//! The linear-chain CRF: likelihood, partition, marginals and the best path.

use simd::Vector;

use super::case::GoldenCase;
use super::node::OneNode;
use super::ragged::Padded::TimeMajor;

/// Runs one case.
pub(super) fn run<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let (longest, rows, tags) = (case.size("T")?, case.size("B")?, case.size("num_tags")?);
    let lengths = case.lengths(rows, longest)?;
    let ragged = |name: &str, width: usize| -> Result<Vec<f32>, String> {
        Ok(TimeMajor.to_ragged(&case.reals(name)?, width, longest, &lengths))
    };
    let ragged_ids = |name: &str| -> Result<Vec<i32>, String> {
        Ok(TimeMajor.to_ragged(&case.ids(name)?, 1, longest, &lengths))
    };

    let config = case.config_without(&["T", "B", "num_tags", "lengths"]);
    let mut node = OneNode::new("crf", config, rows);
    node.axis("tokens", &lengths);
    node.matrix(
        "emissions",
        Some("tokens"),
        tags,
        &ragged("in.emissions", tags)?,
    );
    node.ids("tags", Some("tokens"), tags, None, &ragged_ids("in.tags")?);
    node.output("log_likelihood");
    node.output("log_partition");
    let parameters = ["transitions", "start_transitions", "end_transitions"];
    node.reader(
        "crf_decode",
        &["emissions"],
        &parameters,
        &["path", "best_score"],
    );
    node.reader("crf_marginals", &["emissions"], &parameters, &["marginals"]);
    let mut compiled = node.compile::<V>()?;
    compiled.set_parameters(case)?;
    compiled.forward()?;
    case.compare("out.log_likelihood", &compiled.output("log_likelihood")?)?;
    case.compare("out.log_partition", &compiled.output("log_partition")?)?;
    case.compare_with(
        "out.marginals",
        &compiled.output("marginals")?,
        &ragged("out.marginals", tags)?,
    );
    case.compare("out.best_score", &compiled.output("best_score")?)?;
    let (path, expected) = (compiled.output_ids("path")?, ragged_ids("out.best_path")?);
    if path != expected {
        case.fail("out.best_path", &format!("{path:?}, expected {expected:?}"));
    }
    compiled.backward(&[("log_likelihood", case.reals("gout.log_likelihood")?)])?;
    case.compare_with(
        "g.emissions",
        &compiled.input_gradient("emissions")?,
        &ragged("g.emissions", tags)?,
    );
    compiled.compare_parameter_gradients(case)
}
