//! Outputs for reading alone, and targets: where no gradient can flow, none is
//! asked for in silence.

use nn::context::Pass;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::{Run, Seed};
use serde_json::{Value, json};
use simd::F64;

/// An entry over a trained layer `scores`, a fixed one and inputs.
fn compile(nodes: Value, outputs: Value) -> Result<Model<F64>, String> {
    let mut all = vec![
        json!({ "name": "scores", "type": "linear", "inputs": ["x"], "config": { "output_size": 3 } }),
        json!({ "name": "fixed", "type": "linear", "inputs": ["x"], "config": { "output_size": 3 } }),
    ];
    all.extend(nodes.as_array().unwrap().iter().cloned());
    let mut spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": {
            "x": { "type": "matrix", "axis": "tokens", "width": 2 },
            "y": { "type": "matrix", "axis": "tokens", "width": 3 },
            "scalar": { "type": "matrix", "width": 1 },
        },
        "parameters": {
            "fixed.weight": { "trainable": false }, "fixed.bias": { "trainable": false },
            "crf.transitions": { "trainable": false }, "crf.start_transitions": { "trainable": false },
            "crf.end_transitions": { "trainable": false },
        },
        "entries": { "run": { "nodes": all, "outputs": outputs } },
    });
    if !nodes.to_string().contains("\"crf\"") {
        let table = spec["parameters"].as_object_mut().unwrap();
        table.retain(|name, _| !name.starts_with("crf."));
    }
    Model::new(&testing::plain(&spec), 1).map_err(|error| error.to_string())
}

fn refused(nodes: Value, expected: &str) {
    match compile(nodes, json!({ "loss": "loss" })) {
        Ok(_) => panic!("expected: {expected}"),
        Err(message) => assert_eq!(message, expected),
    }
}

#[test]
fn a_loss_behind_outputs_for_reading_is_refused() {
    let marginals = json!({ "name": "crf", "type": "crf_marginals", "inputs": ["scores"] });
    let best =
        json!({ "name": "crf", "type": "crf_nbest", "inputs": ["scores"], "config": { "n": 1 } });
    refused(
        json!([marginals, { "name": "loss", "type": "mse", "inputs": ["crf", "y"] }]),
        "entries.run.nodes[3] (\"loss\"): inputs: this loss depends on \"crf.marginals\", which is for reading: \
         no gradient flows back through it",
    );
    refused(
        json!([best, { "name": "loss", "type": "l1", "inputs": ["crf.score", "scalar"] }]),
        "entries.run.nodes[3] (\"loss\"): inputs: this loss depends on \"crf.score\", which is for reading: \
         no gradient flows back through it",
    );
    // However far behind, and though another way is open.
    refused(
        json!([
            marginals,
            { "name": "both", "type": "add", "inputs": ["scores", "crf"] },
            { "name": "loss", "type": "mse", "inputs": ["both", "y"] },
        ]),
        "entries.run.nodes[4] (\"loss\"): inputs: this loss depends on \"crf.marginals\", which is for reading: \
         no gradient flows back through it",
    );
}

#[test]
fn a_trained_target_is_refused() {
    refused(
        json!([{ "name": "loss", "type": "mse", "inputs": ["fixed", "scores"] }]),
        "entries.run.nodes[2] (\"loss\"): inputs[1]: expected a target that depends on nothing trained, \
         since no gradient flows into it",
    );
    let fixed = json!([{ "name": "loss", "type": "mse", "inputs": ["scores", "fixed"] }]);
    compile(fixed, json!({ "loss": "loss" })).unwrap();
}

#[test]
fn what_nothing_trained_stands_behind_may_be_read_and_be_part_of_a_loss() {
    let nodes = json!([
        { "name": "crf", "type": "crf_marginals", "inputs": ["fixed"] },
        { "name": "loss", "type": "mse", "inputs": ["scores", "crf"] },
    ]);
    compile(nodes, json!({ "loss": "loss", "marginals": "crf" })).unwrap();
}

#[test]
fn a_gradient_from_outside_is_refused_where_it_would_be_lost() {
    let nodes = json!([
        { "name": "crf", "type": "crf_marginals", "inputs": ["scores"] },
        { "name": "half", "type": "slice", "inputs": ["crf"], "config": { "start": 1 } },
    ]);
    let outputs = json!({ "scores": "scores", "half": "half" });
    let mut model = compile(nodes, outputs).unwrap();
    let mut run = Run::default();
    let words: Vec<u32> = [1, 1]
        .into_iter()
        .chain([0.5f32, 1.0].map(f32::to_bits))
        .collect();
    run.load(&model, 0, &words, true).unwrap();
    let pass = Pass {
        training: true,
        ..Pass::default()
    };
    run.forward(&mut model, 0, pass);
    let mut backward = |output, gradient: &[f32]| {
        run.backward_from(
            &mut model,
            0,
            &[Seed {
                output,
                gradient: gradient.into(),
            }],
            &mut Gradients::default(),
        )
    };
    assert_eq!(
        backward(1, &[1.0, 1.0]).unwrap_err().message,
        "gradient of output \"half\": no gradient flows back through \"crf.marginals\", which is for reading"
    );
    backward(0, &[1.0; 3]).unwrap();
}
