//! RNN, LSTM and GRU: whole padded sequences with states, all layers and
//! directions.

use serde_json::json;
use simd::Vector;

use super::case::GoldenCase;
use super::node::OneNode;
use super::ragged::{Padded, state_by_row};

/// Fields of a case that only describe its data.
const DESCRIBED: [&str; 5] = ["T", "B", "lengths", "input_size", "proj_size"];

/// A state under its name as the case's input, as the case's output, and as
/// the node's output.
struct State {
    initial: &'static str,
    last: &'static str,
    output: &'static str,
}

const STATES: [State; 2] = [
    State {
        initial: "h0",
        last: "hN",
        output: "h_n",
    },
    State {
        initial: "c0",
        last: "cN",
        output: "c_n",
    },
];

/// Runs one case.
pub(super) fn run<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let (longest, rows, input_size) = (case.size("T")?, case.size("B")?, case.size("input_size")?);
    let lengths = case.lengths(rows, longest)?;
    let mut config = case.config_without(&DESCRIBED);
    match case.config.get("proj_size").and_then(|size| size.as_u64()) {
        None | Some(0) => {}
        Some(size) => config["proj_size"] = json!(size),
    }
    let ragged = |name: &str| -> Result<Vec<f32>, String> {
        let width = *case.shape(name)?.last().ok_or("a scalar has no steps")?;
        Ok(Padded::TimeMajor.to_ragged(&case.reals(name)?, width, longest, &lengths))
    };
    let by_row = |name: &str| -> Result<Vec<f32>, String> {
        Ok(state_by_row(&case.reals(name)?, &case.shape(name)?))
    };
    let given: Vec<_> = STATES
        .iter()
        .filter(|state| case.has(&format!("in.{}", state.initial)))
        .collect();
    let produced: Vec<_> = STATES
        .iter()
        .filter(|state| case.has(&format!("out.{}", state.last)))
        .collect();

    let mut node = OneNode::new(&case.op, config, rows);
    node.axis("tokens", &lengths);
    node.matrix("x", Some("tokens"), input_size, &ragged("in.x")?);
    for state in &given {
        let values = by_row(&format!("in.{}", state.initial))?;
        node.matrix(state.initial, None, values.len() / rows, &values);
    }
    node.output("y");
    for state in &produced {
        node.output(state.output);
    }

    let mut compiled = node.compile::<V>()?;
    compiled.set_parameters(case)?;
    compiled.forward()?;
    case.compare_with("out.y", &compiled.output("y")?, &ragged("out.y")?);
    for state in &produced {
        let name = format!("out.{}", state.last);
        case.compare_with(&name, &compiled.output(state.output)?, &by_row(&name)?);
    }

    let mut d_outputs = Vec::new();
    if case.has("gout.y") {
        d_outputs.push(("y", ragged("gout.y")?));
    }
    for state in &produced {
        let name = format!("gout.{}", state.last);
        if case.has(&name) {
            d_outputs.push((state.output, by_row(&name)?));
        }
    }
    compiled.backward(&d_outputs)?;
    case.compare_with("g.x", &compiled.input_gradient("x")?, &ragged("g.x")?);
    for state in &given {
        let name = format!("g.{}", state.initial);
        case.compare_with(
            &name,
            &compiled.input_gradient(state.initial)?,
            &by_row(&name)?,
        );
    }
    compiled.compare_parameter_gradients(case)
}
