//! How much memory a prediction takes: that of what is still to be read.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F32;

const WIDTH: usize = 16;

/// Bytes that a pass over one row of so many steps keeps.
fn bytes(nodes: &[Value], output: &str, steps: usize, training: bool) -> usize {
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "x": { "type": "matrix", "axis": "tokens", "width": WIDTH } },
        "entries": { "predict": { "nodes": nodes, "outputs": { "y": output } } }
    });
    let mut model = Model::<F32>::new(&testing::plain(&spec), 1).unwrap();
    let x = vec![0.5_f32.to_bits(); steps * WIDTH];
    let words = [&[1, steps as u32][..], &x].concat();
    let pass = Pass {
        training,
        ..Pass::default()
    };
    let mut run = Run::default();
    run.forward_staged(&mut model, 0, &words, pass, None)
        .unwrap();
    run.arena_bytes()
}

/// Bytes of a value over so many steps.
fn value(steps: usize) -> usize {
    steps * WIDTH * 4
}

fn chain(length: usize) -> Vec<Value> {
    let name = |i: usize| match i {
        0 => "x".to_string(),
        _ => format!("y{i}"),
    };
    (1..=length)
        .map(|i| json!({ "name": name(i), "type": "tanh", "inputs": [name(i - 1)] }))
        .collect()
}

#[test]
fn a_chain_takes_turns_in_two_places() {
    for length in [2, 3, 10] {
        let predicted = bytes(&chain(length), &format!("y{length}"), 50, false);
        assert_eq!(predicted, 2 * value(50), "{length} nodes");
    }
    let trained = bytes(&chain(10), "y10", 50, true);
    assert!(trained >= 11 * value(50), "training keeps all of {trained}");
}

#[test]
fn what_is_read_late_or_never_is_kept_as_long() {
    let mut nodes = chain(4);
    nodes.push(json!({ "name": "unread", "type": "tanh", "inputs": ["y4"] }));
    nodes.push(json!({ "name": "both", "type": "add", "inputs": ["y4", "x"] }));
    // x beside two of the chain, and then beside y4 and their sum.
    assert_eq!(bytes(&nodes, "both", 50, false), 3 * value(50));
    assert_eq!(bytes(&nodes, "y1", 50, false), 4 * value(50));
}

#[test]
fn a_loop_keeps_of_its_inner_values_one_step() {
    let node = |name: &str, kind: &str, inputs: &[&str]| json!({ "name": name, "type": kind, "inputs": inputs });
    for reverse in [false, true] {
        let nodes = [
            json!({ "name": "zero", "type": "scan_start", "inputs": ["x"],
                "config": { "width": WIDTH, "reverse": reverse } }),
            json!({ "name": "cell", "type": "scan", "inputs": ["x", "zero"], "config": {
                "inputs": ["x", "h"], "states": ["h"], "next": ["new"], "reverse": reverse,
                "nodes": [
                    node("a", "add", &["x", "h"]), node("b", "tanh", &["a"]), node("c", "tanh", &["b"]),
                    node("new", "tanh", &["c"]),
                ]
            } }),
        ];
        // x, the states and the outputs over all steps; a, b and c of one.
        let predicted = bytes(&nodes, "cell.new", 50, false);
        assert_eq!(predicted, 3 * value(50) + 3 * value(1), "reverse {reverse}");
    }
}
