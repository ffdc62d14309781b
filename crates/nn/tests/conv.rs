//! Convolution over time in whole programs.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F64;
use testing::ProgramCheck;

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];

fn check(what: &str, check: ProgramCheck) {
    check
        .run(11)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
}

fn conv(config: Value) -> ProgramCheck {
    ProgramCheck::new(LENGTHS.len())
        .axis("tokens", None, &LENGTHS)
        .matrix("x", Some("tokens"), 3)
        .node("y", "conv1d", &["x"], config)
        .output("y")
}

#[test]
fn windows_of_every_kind() {
    for (kernel_size, padding) in [
        (1, Value::Null),
        (2, json!("same")),
        (3, json!(1)),
        (3, json!("causal")),
        (4, Value::Null),
        (7, json!(3)),
    ] {
        let mut config = json!({ "output_size": 5, "kernel_size": kernel_size });
        if !padding.is_null() {
            config["padding"] = padding;
        }
        check(&config.to_string(), conv(config.clone()));
    }
}

#[test]
fn without_bias_and_with_frozen_weights() {
    let config = json!({ "output_size": 9, "kernel_size": 3, "bias": false });
    check("no bias", conv(config.clone()));
    check(
        "frozen",
        conv(config).parameter("y.weight", json!({ "trainable": false })),
    );
    let config = json!({ "output_size": 2, "kernel_size": 3 });
    check(
        "frozen bias",
        conv(config).parameter("y.bias", json!({ "trainable": false })),
    );
}

/// Characters of tokens, pooled into a row for each token and joined to the
/// token's own numbers.
#[test]
fn characters_become_rows_of_tokens() {
    let tokens = [2, 0, 1, 3, 1];
    let chars = [3, 1, 2, 0, 4, 1, 2];
    let count = chars.iter().sum::<u32>() as i32;
    let ids: Vec<i32> = (0..count).map(|i| i * i % 5).collect();
    let program = || {
        ProgramCheck::new(5)
            .axis("tokens", None, &tokens)
            .axis("chars", Some("tokens"), &chars)
            .matrix("words", Some("tokens"), 2)
            .ids("letters", Some("chars"), 5, &ids)
            .node(
                "embedding",
                "embedding",
                &["letters"],
                json!({ "embedding_size": 4 }),
            )
    };
    for kind in ["max", "mean", "last"] {
        let convolved = program()
            .node(
                "conv",
                "conv1d",
                &["embedding"],
                json!({ "output_size": 3, "kernel_size": 3 }),
            )
            .node("pool", "pool", &["conv"], json!({ "kind": kind }))
            .node("joined", "concat", &["words", "pool"], json!({}))
            .node(
                "over",
                "conv1d",
                &["joined"],
                json!({ "output_size": 2, "kernel_size": 2 }),
            );
        check(kind, convolved.output("over").output("joined"));
    }
    let read = program()
        .node(
            "lstm",
            "lstm",
            &["embedding"],
            json!({ "hidden_size": 3, "bidirectional": true }),
        )
        .node("joined", "concat", &["words", "lstm.h_n"], json!({}))
        .node("over", "gru", &["joined"], json!({ "hidden_size": 2 }));
    check("characters read by an LSTM", read.output("over"));
}

/// `y` of rows 1, 2, 3 … for a window whose weights are powers of ten, so that
/// the digits of `y` are the steps it saw.
fn digits(config: Value, weight: &[f64], lengths: &[u32]) -> Vec<f64> {
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "x": { "type": "matrix", "axis": "tokens", "width": 1 } },
        "entries": { "run": {
            "nodes": [{ "name": "y", "type": "conv1d", "inputs": ["x"], "config": config }],
            "outputs": { "y": "y" },
        } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 1).unwrap();
    model.params.write(0, weight).unwrap();
    let mut words = vec![lengths.len() as u32];
    words.extend(lengths);
    for &length in lengths {
        words.extend((1..=length).map(|t| (t as f32).to_bits()));
    }
    let mut run = Run::default();
    run.load(&model, 0, &words, false).unwrap();
    run.forward(&mut model, 0, Pass::default());
    run.output(&model, 0, 0).unwrap()
}

#[test]
fn a_window_sees_what_its_padding_says_and_never_another_row() {
    let config = |kernel_size: usize, padding: &str| json!({ "output_size": 1, "kernel_size": kernel_size, "padding": padding, "bias": false });
    let y = digits(config(3, "same"), &[100.0, 10.0, 1.0], &[2, 4, 1]);
    assert_eq!(y, [12.0, 120.0, 12.0, 123.0, 234.0, 340.0, 10.0]);
    let y = digits(config(3, "causal"), &[100.0, 10.0, 1.0], &[2, 4]);
    assert_eq!(y, [1.0, 12.0, 1.0, 12.0, 123.0, 234.0]);
    // PyTorch pads an even window more at its end.
    let y = digits(config(2, "same"), &[10.0, 1.0], &[1, 3]);
    assert_eq!(y, [10.0, 12.0, 23.0, 30.0]);
}

#[test]
fn mistakes_are_named() {
    let refuse = |config: Value, expected: &str| {
        let error = conv(config).run(1).unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    refuse(json!({ "kernel_size": 3 }), "config.output_size");
    refuse(
        json!({ "output_size": 2, "kernel_size": 0 }),
        "config.kernel_size",
    );
    refuse(
        json!({ "output_size": 2, "kernel_size": 3, "padding": 0 }),
        "config.padding: expected \"same\", \"causal\"",
    );
    refuse(
        json!({ "output_size": 2, "kernel_size": 3, "padding": "full" }),
        "padding",
    );
}
