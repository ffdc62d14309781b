//! Loops over the steps of an axis: gradients of their bodies, and what they
//! compute beside the recurrent blocks.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F64;
use testing::ProgramCheck;

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];

fn steps() -> ProgramCheck {
    ProgramCheck::new(LENGTHS.len())
        .axis("tokens", None, &LENGTHS)
        .matrix("x", Some("tokens"), 3)
}

fn check(check: ProgramCheck) {
    check.run(7).unwrap_or_else(|error| panic!("{error}"));
}

fn node(name: &str, kind: &str, inputs: &[&str], config: Value) -> Value {
    json!({ "name": name, "type": kind, "inputs": inputs, "config": config })
}

/// `h = tanh(x + W h)`
fn elman() -> Vec<Value> {
    vec![
        node("hidden", "linear", &["h"], json!({ "output_size": 3 })),
        node("sum", "add", &["x", "hidden"], json!({})),
        node("new", "tanh", &["sum"], json!({})),
    ]
}

/// A loop over `x` and one state, of width 3.
fn one_state(reverse: bool) -> Value {
    json!({
        "inputs": ["x", "h"], "states": ["h"], "next": ["new"], "nodes": elman(), "reverse": reverse,
    })
}

#[test]
fn one_state_in_both_directions_from_zeros_and_from_given_ones() {
    for reverse in [false, true] {
        for initial in [false, true] {
            let given = if initial { &["start"][..] } else { &[] };
            let with = |first: &'static str| [&[first], given].concat();
            let side = json!({ "reverse": reverse });
            let begin = if initial {
                side.clone()
            } else {
                json!({ "reverse": reverse, "width": 3 })
            };
            check(
                steps()
                    .matrix("start", None, 3)
                    .node("begin", "scan_start", &with("x"), begin)
                    .node("scan", "scan", &["x", "begin"], one_state(reverse))
                    .node("last", "scan_end", &with("scan.new"), side)
                    .output("scan.new")
                    .output("scan.h")
                    .output("last"),
            );
        }
    }
}

#[test]
fn several_states_and_kinds_of_parameters() {
    for reverse in [false, true] {
        let config = json!({
            "inputs": ["x", "z", "context", "h", "late", "later"],
            // The context stays what it is; the last two hold what another value was a step ago.
            "states": ["context", "h", "late", "later"],
            "next": ["context", "norm", "h", "x"],
            "nodes": [
                node("hidden", "linear", &["h"], json!({ "output_size": 4, "bias": false })),
                node("more", "linear", &["later"], json!({ "output_size": 4 })),
                node("seen", "gelu", &["late"], json!({})),
                node("sum", "add", &["z", "hidden", "more", "context", "seen"], json!({})),
                node("drop", "dropout", &["sum"], json!({ "p": 0.3 })),
                node("act", "sigmoid", &["drop"], json!({})),
                node("norm", "layer_norm", &["act"], json!({ "eps": 0.1 })),
                node("joined", "concat", &["norm", "x"], json!({})),
            ],
            "reverse": reverse,
        });
        let side = json!({ "reverse": reverse });
        check(
            steps()
                .matrix("z", Some("tokens"), 4)
                .matrix("rows", None, 4)
                .matrix("start", None, 4)
                .matrix("other", None, 3)
                .node("context", "scan_start", &["z", "rows"], side.clone())
                .node("h", "scan_start", &["x", "start"], side.clone())
                .node(
                    "late",
                    "scan_start",
                    &["x"],
                    json!({ "width": 4, "reverse": reverse }),
                )
                .node("later", "scan_start", &["x", "other"], side.clone())
                .node(
                    "scan",
                    "scan",
                    &["x", "z", "context", "h", "late", "later"],
                    config,
                )
                .node("late_n", "scan_end", &["scan.h"], side.clone())
                .node("later_n", "scan_end", &["x", "other"], side)
                .output("scan.joined")
                .output("scan.act")
                .output("late_n")
                .output("later_n"),
        );
    }
}

#[test]
fn two_scans_one_over_the_outputs_of_the_other() {
    let zeros = json!({ "width": 3 });
    check(
        steps()
            .node("a", "scan_start", &["x"], zeros)
            .node("first", "scan", &["x", "a"], one_state(false))
            .node(
                "b",
                "scan_start",
                &["x"],
                json!({ "width": 3, "reverse": true }),
            )
            .node("second", "scan", &["first.new", "b"], one_state(true))
            .node(
                "logits",
                "linear",
                &["second.new"],
                json!({ "output_size": 2 }),
            )
            .node("last", "scan_end", &["first.new"], json!({}))
            .output("logits")
            .output("last"),
    );
}

#[test]
fn rows_of_a_nested_axis_are_the_steps_of_its_parent() {
    let chars = [2, 1, 0, 3, 1, 2, 4];
    check(
        ProgramCheck::new(3)
            .axis("tokens", None, &[4, 1, 2])
            .axis("chars", Some("tokens"), &chars)
            .matrix("x", Some("chars"), 3)
            .matrix("word", Some("tokens"), 3)
            .node("begin", "scan_start", &["x", "word"], json!({}))
            .node("scan", "scan", &["x", "begin"], one_state(false))
            .node("last", "scan_end", &["scan.new", "word"], json!({}))
            .output("scan.new")
            .output("last"),
    );
}

#[test]
fn a_scan_in_which_nothing_is_trained_may_be_a_target() {
    let mut frozen = steps()
        .ids("words", Some("tokens"), 2, &[0; 19])
        .parameter("fixed.weight", json!({ "trainable": false }))
        .node(
            "fixed",
            "embedding",
            &["words"],
            json!({ "embedding_size": 3 }),
        )
        .node("begin", "scan_start", &["fixed"], json!({ "width": 3 }))
        .node("scan", "scan", &["fixed", "begin"], one_state(false))
        .node("loss", "mse", &["x", "scan.new"], json!({}))
        .output("loss");
    assert!(
        frozen
            .run(7)
            .is_err_and(|error| error.contains("depends on nothing trained"))
    );
    for name in ["weight", "bias"] {
        frozen = frozen.parameter(
            &format!("scan.hidden.{name}"),
            json!({ "trainable": false }),
        );
    }
    check(frozen);
}

/// A model over `x` of width 3 and `start`, with these nodes and outputs.
fn model(nodes: &[Value], outputs: Value) -> Result<Model<F64>, String> {
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": {
            "x": { "type": "matrix", "axis": "tokens", "width": 3 },
            "start": { "type": "matrix", "width": 3 },
        },
        "entries": { "main": { "nodes": nodes, "outputs": outputs } },
    });
    Model::new(&testing::plain(&spec), 5).map_err(|error| error.to_string())
}

/// The outputs of a batch of rows of [`LENGTHS`], perhaps as in training.
fn outputs(model: &mut Model<F64>, count: usize, training: bool) -> Vec<Vec<f64>> {
    let numbers = LENGTHS.iter().sum::<u32>() as usize * 3 + LENGTHS.len() * 3;
    let data = (0..numbers).map(|i| ((i * 37 % 101) as f32 / 50.0 - 1.0).to_bits());
    let words: Vec<u32> = std::iter::once(LENGTHS.len() as u32)
        .chain(LENGTHS)
        .chain(data)
        .collect();
    let mut run = Run::default();
    run.load(model, 0, &words, training).expect("a legal batch");
    let pass = Pass {
        training,
        ..Pass::default()
    };
    run.forward(model, 0, pass);
    (0..count)
        .map(|output| run.output(model, 0, output).expect("a real output"))
        .collect()
}

#[test]
fn it_computes_what_the_recurrent_block_does() {
    for reverse in [false, true] {
        let of = |weight: &str| {
            let side = if reverse { "_reverse" } else { "" };
            json!({ "weight": format!("rnn.weight_{weight}_l0{side}") })
        };
        let linear = |name: &str, input: &str, weight: &str| {
            let config = json!({ "output_size": 3, "bias": false });
            json!({ "name": name, "type": "linear", "inputs": [input], "config": config, "share": of(weight) })
        };
        let mut cell = one_state(reverse);
        cell["nodes"][0] = linear("hidden", "h", "hh");
        let columns = json!({ "start": 3 * i32::from(reverse), "end": 3 + 3 * i32::from(reverse) });
        let side = json!({ "reverse": reverse });
        let rnn = json!({ "hidden_size": 3, "bidirectional": true, "bias": false });
        let nodes = [
            node("starts", "concat", &["start", "start"], json!({})),
            node("rnn", "rnn", &["x", "starts"], rnn),
            node("side", "slice", &["rnn"], columns.clone()),
            node("last", "slice", &["rnn.h_n"], columns),
            linear("products", "x", "ih"),
            node("begin", "scan_start", &["x", "start"], side.clone()),
            node("scan", "scan", &["products", "begin"], cell),
            node("end", "scan_end", &["scan.new", "start"], side),
        ];
        let names = json!({ "a": "side", "b": "scan.new", "c": "last", "d": "end" });
        let mut model = model(&nodes, names).expect("a legal spec");
        let [a, b, c, d] = &outputs(&mut model, 4, false)[..] else {
            panic!("four outputs")
        };
        testing::assert_close(b, a, 1e-14, 1e-14).expect("the same steps");
        testing::assert_close(d, c, 1e-14, 1e-14).expect("the same final states");
        assert!(a.iter().any(|y| y.abs() > 0.1));
    }
}

#[test]
fn dropout_draws_anew_at_each_step() {
    let mut cell = one_state(false);
    cell["nodes"] = json!([
        node("ones", "add", &["x"], json!({ "weights": [0], "shift": 1 })),
        node("drop", "dropout", &["ones"], json!({ "p": 0.5 })),
        node("new", "add", &["h", "drop"], json!({})),
    ]);
    let nodes = [
        node("begin", "scan_start", &["x"], json!({ "width": 3 })),
        node("scan", "scan", &["x", "begin"], cell),
    ];
    let mut model = model(
        &nodes,
        json!({ "y": "scan.drop", "h": "scan.new", "start": "start" }),
    )
    .expect("a legal spec");
    let [drop, sums] = &outputs(&mut model, 2, true)[..] else {
        panic!("two outputs")
    };
    // The longest row has five steps: 15 units, which one mask for all would drop by threes.
    let first = LENGTHS[..3].iter().sum::<u32>() as usize * 3;
    let row = &drop[first..first + 15];
    assert!(row.iter().all(|&y| y == 0.0 || y == 2.0));
    assert!((1..5).any(|t| row[3 * t..][..3] != row[..3]));
    for unit in 0..3 {
        let sum: f64 = (0..5).map(|t| row[3 * t + unit]).sum();
        assert_eq!(sums[first + 12 + unit], sum);
    }
}

#[test]
fn mistakes_name_what_is_wrong() {
    let message = |change: &dyn Fn(&mut Value)| {
        let mut nodes = json!([
            node("begin", "scan_start", &["x"], json!({ "width": 3 })),
            node("scan", "scan", &["x", "begin"], one_state(false)),
        ]);
        change(&mut nodes);
        let nodes = nodes.as_array().expect("nodes");
        let error = model(nodes, json!({ "y": "scan.new" })).err();
        let error = error.unwrap_or_default();
        error.replace("entries.main.nodes[1].config", "…")
    };
    assert_eq!(message(&|_| {}), "");
    let names = "….inputs: expected a name for each, the first over steps, a next for each state, and no scan around";
    assert_eq!(
        message(&|n| n[1]["inputs"] = json!(["start", "begin"])),
        names
    );
    assert_eq!(message(&|n| n[1]["inputs"] = json!(["x"])), names);
    assert_eq!(message(&|n| n[1]["config"]["next"] = json!([])), names);
    let inner = names.replace("…", "….nodes[2].config");
    assert_eq!(
        message(&|n| n[1]["config"]["nodes"][2] = node("new", "scan", &["sum"], one_state(false))),
        inner
    );
    let states = "….states: expected inputs that are a scan_start each";
    assert_eq!(message(&|n| n[1]["inputs"] = json!(["x", "x"])), states);
    let next = "….next: expected values of the states' widths";
    assert_eq!(message(&|n| n[0]["config"]["width"] = json!(4)), next);
    assert_eq!(
        message(&|n| n[1]["config"]["states"] = json!(["new"])),
        next
    );
    let absent = "is neither an input nor an output of an earlier node";
    assert_eq!(
        message(&|n| n[1]["config"]["next"] = json!(["old"])),
        format!("….next: \"old\" {absent}")
    );
    assert_eq!(
        message(&|n| n[1]["config"]["states"] = json!(["old"])),
        format!("….states: \"old\" {absent}")
    );
    assert_eq!(
        message(&|n| n[1]["config"]["speed"] = json!(1)),
        "….speed: unknown field"
    );
    assert_eq!(
        message(&|n| n[1]["config"]["nodes"] = json!([])),
        "….nodes: expected at least one"
    );
    let alone = "type: in a scan expected values of each step of its axis alone";
    assert_eq!(
        message(&|n| n[1]["config"]["nodes"][2] = node("new", "mse", &["sum", "x"], json!({}))),
        format!("….nodes[2] (\"scan.new\"): {alone}")
    );
    assert_eq!(
        message(&|n| {
            n[1]["inputs"] = json!(["x", "begin", "start"]);
            n[1]["config"]["inputs"] = json!(["x", "h", "start"]);
            n[1]["config"]["nodes"][1] = node("sum", "add", &["x", "start"], json!({}));
        }),
        format!("….nodes[1] (\"scan.sum\"): {alone}")
    );
}
