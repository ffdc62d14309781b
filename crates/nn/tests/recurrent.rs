//! Gradients of recurrent layers and of linear ones, in whole programs.

use nn::context::Pass;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::{Run, Seed};
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, assert_close};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];

/// Every kind, with its states and what is particular to it.
const KINDS: [(&str, &[&str]); 3] = [("rnn", &["h"]), ("lstm", &["h", "c"]), ("gru", &["h"])];

fn steps() -> ProgramCheck {
    ProgramCheck::new(LENGTHS.len()).axis("tokens", None, &LENGTHS)
}

fn check(what: &str, check: ProgramCheck) {
    check
        .run(11)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
}

/// A layer of a kind over `x` of width 3, all of its outputs in the loss.
fn layer(
    program: ProgramCheck,
    kind: &str,
    states: &[&str],
    inputs: &[&str],
    config: Value,
) -> ProgramCheck {
    let program = program
        .matrix("x", Some("tokens"), 3)
        .node("layer", kind, inputs, config)
        .output("layer");
    states.iter().fold(program, |program, state| {
        program.output(&format!("layer.{state}_n"))
    })
}

#[test]
fn one_layer_in_one_direction() {
    for (kind, states) in KINDS {
        check(
            kind,
            layer(steps(), kind, states, &["x"], json!({ "hidden_size": 5 })),
        );
    }
}

#[test]
fn three_layers_in_both_directions() {
    for (kind, states) in KINDS {
        let config = json!({ "hidden_size": 3, "num_layers": 3, "bidirectional": true });
        check(kind, layer(steps(), kind, states, &["x"], config));
    }
}

#[test]
fn a_given_state_of_two_layers_in_both_directions() {
    for (kind, states) in KINDS {
        let config = json!({ "hidden_size": 2, "num_layers": 2, "bidirectional": true });
        let given = states.iter().fold(steps(), |program, state| {
            program.matrix(&format!("{state}0"), None, 8)
        });
        let inputs: &[&str] = if states.len() == 2 {
            &["x", "h0", "c0"]
        } else {
            &["x", "h0"]
        };
        check(kind, layer(given, kind, states, inputs, config));
    }
    // An LSTM whose c begins with zeros.
    let given = steps().matrix("h0", None, 5);
    check(
        "h0 alone",
        layer(
            given,
            "lstm",
            &["h", "c"],
            &["x", "h0"],
            json!({ "hidden_size": 5 }),
        ),
    );
}

#[test]
fn dropout_between_layers_is_the_same_mask_in_both_passes() {
    for (kind, states) in KINDS {
        let config =
            json!({ "hidden_size": 2, "num_layers": 3, "bidirectional": true, "dropout": 0.4 });
        check(kind, layer(steps(), kind, states, &["x"], config));
    }
}

#[test]
fn without_biases() {
    for (kind, states) in KINDS {
        let config = json!({ "hidden_size": 4, "num_layers": 2, "bias": false });
        check(kind, layer(steps(), kind, states, &["x"], config));
    }
}

#[test]
fn what_each_kind_has_of_its_own() {
    let relu = json!({ "hidden_size": 4, "num_layers": 2, "nonlinearity": "relu" });
    check("relu", layer(steps(), "rnn", &["h"], &["x"], relu));
    for bias in [true, false] {
        let before = json!({ "hidden_size": 3, "num_layers": 2, "bidirectional": true, "reset_after": false, "bias": bias });
        let given = steps().matrix("h0", None, 12);
        check(
            "reset before",
            layer(given, "gru", &["h"], &["x", "h0"], before),
        );
        let projected = json!({ "hidden_size": 3, "num_layers": 2, "bidirectional": true, "proj_size": 2, "bias": bias });
        let given = steps().matrix("h0", None, 8).matrix("c0", None, 12);
        check(
            "projected",
            layer(given, "lstm", &["h", "c"], &["x", "h0", "c0"], projected),
        );
    }
}

#[test]
fn frozen_weights_pass_gradients_on() {
    let program = ["weight_ih_l0", "weight_hh_l1", "bias_ih_l0", "bias_hh_l1"]
        .iter()
        .fold(steps(), |program, name| {
            program.parameter(&format!("layer.{name}"), json!({ "trainable": false }))
        });
    check(
        "frozen",
        layer(
            program,
            "lstm",
            &["h", "c"],
            &["x"],
            json!({ "hidden_size": 3, "num_layers": 2 }),
        ),
    );
}

#[test]
fn an_axis_of_an_axis() {
    // Letters of words: the final state of a word's letters is a step of its text.
    let letters: Vec<u32> = (0..LENGTHS.iter().sum::<u32>())
        .map(|word| word * 7 % 5)
        .collect();
    let program = steps()
        .axis("letters", Some("tokens"), &letters)
        .matrix("letter", Some("letters"), 2)
        .node(
            "word",
            "lstm",
            &["letter"],
            json!({ "hidden_size": 2, "bidirectional": true }),
        )
        .node("text", "gru", &["word.h_n"], json!({ "hidden_size": 3 }));
    check("letters", program.output("text").output("word"));
}

#[test]
fn linear_layers() {
    for (width, size) in [(3, 1), (1, 9), (8, 8), (5, 17), (18, 5)] {
        let program = steps().matrix("x", Some("tokens"), width);
        let config = json!({ "output_size": size });
        check(
            "linear",
            program.node("y", "linear", &["x"], config).output("y"),
        );
    }
    let row = ProgramCheck::new(1).matrix("x", None, 4);
    check(
        "one row",
        row.node(
            "y",
            "linear",
            &["x"],
            json!({ "output_size": 5, "bias": false }),
        )
        .output("y"),
    );
}

fn model(nodes: Value) -> Model<F64> {
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "ids": { "type": "ids", "axis": "tokens", "size": 7 } },
        "entries": { "run": { "nodes": nodes, "outputs": { "y": "y" } } },
    });
    Model::new(&testing::plain(&spec), 3).unwrap_or_else(|error| panic!("{}", error.message))
}

fn embedded(node: Value) -> Value {
    let table = json!({ "name": "table", "type": "embedding", "inputs": ["ids"], "config": { "embedding_size": 4 } });
    json!([table, node])
}

fn run(model: &mut Model<F64>, training: bool) -> Run<F64> {
    let count = LENGTHS.iter().sum::<u32>();
    let mut words = vec![LENGTHS.len() as u32];
    words.extend(LENGTHS);
    words.extend((0..count).map(|i| i * i % 7));
    let mut run = Run::default();
    run.load(model, 0, &words, training).unwrap();
    run.forward(
        model,
        0,
        Pass {
            training,
            seed: 1,
            step: 1,
        },
    );
    run
}

fn output(model: &mut Model<F64>, training: bool) -> Vec<f64> {
    run(model, training).output(model, 0, 0).unwrap()
}

/// The gradient of a parameter in plain form.
fn gradient(model: &mut Model<F64>, name: &str) -> Vec<f64> {
    let mut run = run(model, true);
    let (rows, width) = run.output_shape(model, 0, 0);
    let gradient: Vec<f32> = (0..rows * width)
        .map(|i| (i * i % 11) as f32 - 5.0)
        .collect();
    let mut total = Gradients::default();
    run.backward_from(
        model,
        0,
        &[Seed {
            output: 0,
            gradient: (&gradient[..]).into(),
        }],
        &mut total,
    )
    .unwrap();
    let id = model.params.find(name).unwrap();
    total.read(&model.params, id)
}

#[test]
fn inference_keeps_less_and_gives_the_same() {
    for (kind, _) in KINDS {
        for layers in 1..5 {
            let config = json!({ "hidden_size": 5, "num_layers": layers, "bidirectional": true });
            let node = json!({ "name": "y", "type": kind, "inputs": ["table"], "config": config });
            let mut model = model(embedded(node));
            assert_eq!(
                output(&mut model, false),
                output(&mut model, true),
                "{kind} of {layers} layers"
            );
        }
    }
}

#[test]
fn a_linear_layer_may_share_its_weight_with_an_embedding() {
    let node = |share: Value| {
        json!({
            "name": "y", "type": "linear", "inputs": ["table"], "config": { "output_size": 7 }, "share": share,
        })
    };
    let mut tied = model(embedded(node(json!({ "weight": "table.weight" }))));
    let table = tied.params.read(tied.params.find("table.weight").unwrap());
    let bias = tied.params.read(tied.params.find("y.bias").unwrap());
    let mut apart = model(embedded(node(json!({}))));
    for (name, values) in [
        ("table.weight", &table),
        ("y.weight", &table),
        ("y.bias", &bias),
    ] {
        apart
            .params
            .write(apart.params.find(name).unwrap(), values)
            .unwrap();
    }
    let close = |a: &[f64], b: &[f64]| {
        assert_close(a, b, 1e-12, 1e-12).unwrap_or_else(|error| panic!("{error}"))
    };
    close(&output(&mut tied, false), &output(&mut apart, false));
    let parts = ["table.weight", "y.weight"].map(|name| gradient(&mut apart, name));
    let sum: Vec<f64> = parts[0].iter().zip(&parts[1]).map(|(a, b)| a + b).collect();
    close(&gradient(&mut tied, "table.weight"), &sum);
    close(
        &gradient(&mut tied, "y.bias"),
        &gradient(&mut apart, "y.bias"),
    );
}

#[test]
fn a_forget_gate_may_start_open() {
    let config = json!({ "hidden_size": 3, "forget_bias": 1.5 });
    let node = json!({ "name": "y", "type": "lstm", "inputs": ["table"], "config": config });
    let model = model(embedded(node));
    let read = |name: &str| model.params.read(model.params.find(name).unwrap());
    assert_eq!(read("y.bias_ih_l0")[3..6], [1.5; 3]);
    assert_eq!(read("y.bias_hh_l0")[3..6], [0.0; 3]);
    assert!(
        read("y.bias_ih_l0")[..3]
            .iter()
            .all(|&b| b != 0.0 && b.abs() <= 1.0 / 3.0_f64.sqrt())
    );
}

#[test]
fn a_configuration_that_cannot_be_is_refused_by_name() {
    let refuse = |kind: &str, config: Value, expected: &str| {
        let spec = json!({
            "version": 1,
            "axes": { "tokens": {} },
            "inputs": { "x": { "type": "matrix", "axis": "tokens", "width": 2 }, "h": { "type": "matrix", "width": 3 } },
            "entries": { "run": { "nodes": [
                { "name": "y", "type": kind, "inputs": ["x", "h"], "config": config }
            ], "outputs": { "y": "y" } } },
        });
        match Model::<F64>::new(&testing::plain(&spec), 1) {
            Ok(_) => panic!("accepted what should fail with: {expected}"),
            Err(error) => assert!(error.message.contains(expected), "{}", error.message),
        }
    };
    refuse(
        "gru",
        json!({ "hidden_size": 4 }),
        "inputs[1]: expected matrix [batch rows, 4], got matrix [batch rows, 3]",
    );
    refuse(
        "rnn",
        json!({ "hidden_size": 3, "num_layers": 0 }),
        "config.num_layers: expected at least 1, got 0",
    );
    refuse(
        "rnn",
        json!({ "hidden_size": 3, "nonlinearity": "elu" }),
        "expected one of tanh, relu, got \"elu\"",
    );
    refuse(
        "lstm",
        json!({ "hidden_size": 3, "proj_size": 3 }),
        "config.proj_size: expected at least 1 and less than",
    );
    refuse(
        "linear",
        json!({ "output_size": 3 }),
        "inputs: expected 1, got 2",
    );
}
