//! Several tasks in one program: weighted sums of losses, and rows of which only
//! one task knows the answer.

use nn::context::Pass;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, assert_close};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];
/// No row's intent, no step's tag.
const NONE: i32 = -1;

fn check(what: &str, check: ProgramCheck) {
    check
        .run(11)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
}

/// Tags of every row, of those that `known` says; the third step of row 3 alone
/// has none, which is enough.
fn tags(known: impl Fn(usize) -> bool) -> Vec<i32> {
    let mut tags = Vec::new();
    for (row, &length) in LENGTHS.iter().enumerate() {
        let all = [1, 2, 0, 1, 2].into_iter().take(length as usize);
        tags.extend(
            all.enumerate()
                .map(|(t, tag)| match known(row) || (row == 3 && t != 2) {
                    true => tag,
                    false => NONE,
                }),
        );
    }
    tags
}

/// A joint model of intents and tags over one encoder.
fn joint(intents: [i32; 9], tags: &[i32], reduction: &str) -> ProgramCheck {
    ProgramCheck::new(LENGTHS.len())
        .axis("tokens", None, &LENGTHS)
        .matrix("x", Some("tokens"), 2)
        .ids("intents", None, 3, &intents)
        .ignore("intents", NONE)
        .ids("tags", Some("tokens"), 3, tags)
        .ignore("tags", NONE)
        .node(
            "encoder",
            "gru",
            &["x"],
            json!({ "hidden_size": 3, "bidirectional": true }),
        )
        .node(
            "emissions",
            "linear",
            &["encoder"],
            json!({ "output_size": 3 }),
        )
        .node(
            "crf",
            "crf",
            &["emissions", "tags"],
            json!({ "reduction": reduction }),
        )
        .node("pooled", "pool", &["encoder"], json!({ "kind": "mean" }))
        .node("logits", "linear", &["pooled"], json!({ "output_size": 3 }))
        .node("intent", "cross_entropy", &["logits", "intents"], json!({}))
        .node(
            "loss",
            "add",
            &["intent", "crf"],
            json!({ "weights": [0.7, -1.9] }),
        )
}

#[test]
fn gradients_of_a_joint_loss() {
    let all = [0, 1, 2, 2, 0, 1, 1, 0, 2];
    let few = [0, NONE, NONE, 2, 0, NONE, NONE, 0, 2];
    let none = [NONE; 9];
    for reduction in ["mean", "sum", "token_mean"] {
        for (what, intents, tags) in [
            ("all known", all, tags(|_| true)),
            ("some known", few, tags(|row| row % 2 == 1)),
            ("no intent", none, tags(|_| true)),
            ("no tag", all, tags(|_| false)),
        ] {
            let program = joint(intents, &tags, reduction);
            check(what, program.clone().output("loss"));
            check(
                what,
                program
                    .output("loss")
                    .output("crf.log_likelihood")
                    .output("crf.log_partition")
                    .output("intent"),
            );
        }
    }
}

#[test]
fn weighted_sums_of_matrices() {
    let program = ProgramCheck::new(LENGTHS.len())
        .axis("tokens", None, &LENGTHS)
        .matrix("a", Some("tokens"), 3)
        .matrix("b", Some("tokens"), 3)
        .node(
            "sum",
            "add",
            &["a", "b", "a"],
            json!({ "weights": [2.0, -0.5, 0.25] }),
        )
        .node("plain", "add", &["sum", "b", "a"], json!({}));
    check("three terms", program.output("sum").output("plain"));
}

/// One loss over the emissions and logits that a batch gives, with both of the
/// tasks as outputs of their own.
fn spec() -> Value {
    json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": {
            "logits": { "type": "matrix", "width": 2, "gradient": true },
            "intents": { "type": "ids", "size": 2, "ignore_index": NONE },
            "emissions": { "type": "matrix", "axis": "tokens", "width": 2, "gradient": true },
            "tags": { "type": "ids", "axis": "tokens", "size": 2, "ignore_index": NONE },
        },
        "entries": { "train": {
            "nodes": [
                { "name": "intent", "type": "cross_entropy", "inputs": ["logits", "intents"] },
                { "name": "crf", "type": "crf", "inputs": ["emissions", "tags"] },
                { "name": "sum", "type": "add", "inputs": ["intent", "crf"], "config": { "weights": [2.0, 0.5] } },
            ],
            "outputs": { "loss": "sum", "intent": "intent", "tags": "crf", "each": "crf.log_likelihood" },
        } },
    })
}

#[test]
fn a_joint_loss_is_what_a_hand_computes() {
    let mut model = Model::<F64>::new(&testing::plain(&spec()), 1).unwrap();
    for parameter in ["transitions", "start_transitions", "end_transitions"] {
        let id = model.params.find(&format!("crf.{parameter}")).unwrap();
        let count = model.params.table()[id].count();
        model.params.write(id, &vec![0.0; count]).unwrap();
    }
    // Without transitions each step of the CRF is a softmax of its own.
    let lengths = [2, 1, 1];
    let logits = [0.0, 3.0_f32.ln(), 5.0, -5.0, 0.0, 0.0];
    let emissions = [0.0, 1.0, 2.0, 0.0, 9.0, 9.0, 0.5, 0.0_f32];
    let pass = |model: &mut Model<F64>,
                intents: [i32; 3],
                tags: [i32; 4]|
     -> ([f64; 3], Vec<f64>, [Vec<f64>; 2]) {
        let mut words = vec![3];
        words.extend(lengths);
        words.extend(logits.map(f32::to_bits));
        words.extend(intents.map(|id| id as u32));
        words.extend(emissions.map(f32::to_bits));
        words.extend(tags.map(|id| id as u32));
        let mut run = Run::default();
        run.load(model, 0, &words, true).unwrap();
        let training = Pass {
            training: true,
            ..Pass::default()
        };
        run.train(model, 0, 0, training, &mut Gradients::default())
            .unwrap();
        let losses = [0, 1, 2].map(|output| run.scalar(model, 0, output).unwrap());
        let each = run.output(model, 0, 3).unwrap();
        (
            losses,
            each,
            ["logits", "emissions"].map(|input| run.input_gradient(model, 0, input).unwrap()),
        )
    };
    let close =
        |actual: &[f64], expected: &[f64]| assert_close(actual, expected, 1e-6, 1e-6).unwrap();
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());

    // The second row has no intent and no tags.
    let (losses, each, [d_logits, d_emissions]) = pass(&mut model, [0, NONE, 1], [1, 0, NONE, 0]);
    let intent = (4.0_f64.ln() + 2.0_f64.ln()) / 2.0;
    let likelihoods = [
        sigmoid(1.0).ln() + sigmoid(2.0).ln(),
        0.0,
        sigmoid(0.5).ln(),
    ];
    let slots = -(likelihoods[0] + likelihoods[2]) / 2.0;
    close(&losses, &[2.0 * intent + 0.5 * slots, intent, slots]);
    close(&each, &likelihoods);
    // 2 · (p - target) / 2 rows, and 0.5 · (p - target) / 2 rows.
    close(&d_logits, &[-0.75, 0.75, 0.0, 0.0, 0.5, -0.5]);
    let tag = |wrong: f64| 0.25 * sigmoid(wrong);
    close(
        &d_emissions,
        &[
            tag(-1.0),
            -tag(-1.0),
            -tag(-2.0),
            tag(-2.0),
            0.0,
            0.0,
            -tag(-0.5),
            tag(-0.5),
        ],
    );

    // Nobody knows an answer of one task: it costs nothing, the other learns.
    let (losses, ..) = pass(&mut model, [0, NONE, 1], [NONE; 4]);
    close(&losses, &[2.0 * intent, intent, 0.0]);
    let (losses, _, [d_logits, _]) = pass(&mut model, [NONE; 3], [1, 0, NONE, 0]);
    close(&losses, &[0.5 * slots, 0.0, slots]);
    close(&d_logits, &[0.0; 6]);
}

#[test]
fn a_sum_that_does_not_add_up_is_refused() {
    let refuse = |change: fn(&mut Value), expected: &str| {
        let mut spec = spec();
        change(&mut spec["entries"]["train"]["nodes"][2]);
        let message = Model::<F64>::new(&testing::plain(&spec), 1)
            .err()
            .map(|error| error.to_string());
        assert_eq!(message.as_deref(), Some(expected));
    };
    refuse(
        |node| node["config"]["weights"] = json!([1]),
        "entries.train.nodes[2] (\"sum\"): config.weights: expected 2 numbers",
    );
    refuse(
        |node| node["config"]["weights"] = json!(["much", 1]),
        "entries.train.nodes[2].config.weights: expected an array of numbers, got an array of 2",
    );
    refuse(
        |node| node["inputs"] = json!([]),
        "entries.train.nodes[2] (\"sum\"): inputs: expected at least 1, got 0",
    );
    refuse(
        |node| node["inputs"] = json!(["intent", "logits"]),
        "entries.train.nodes[2] (\"sum\"): inputs[0]: expected a matrix, got scalar",
    );
}
