//! Attention in whole programs.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, Random, assert_close};

/// Rows of unequal length, enough of them for several shards; rows without
/// queries, without keys, and without either.
const QUERIES: [u32; 9] = [3, 1, 0, 2, 4, 2, 1, 0, 3];
const KEYS: [u32; 9] = [2, 4, 3, 0, 1, 5, 1, 0, 3];

fn check(what: &str, check: ProgramCheck) {
    check
        .run(11)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
}

fn kinds() -> [Value; 4] {
    [
        json!({ "kind": "additive", "attention_size": 5 }),
        json!({ "kind": "general" }),
        json!({ "kind": "dot" }),
        json!({ "kind": "scaled_dot" }),
    ]
}

/// Dot products need equal widths.
fn query_size(config: &Value) -> usize {
    if config["kind"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("dot"))
    {
        4
    } else {
        3
    }
}

fn two_axes(config: &Value) -> ProgramCheck {
    ProgramCheck::new(QUERIES.len())
        .axis("target", None, &QUERIES)
        .axis("source", None, &KEYS)
        .matrix("query", Some("target"), query_size(config))
        .matrix("keys", Some("source"), 4)
        .node("attention", "attention", &["query", "keys"], config.clone())
}

#[test]
fn gradients_through_context_and_weights() {
    for config in kinds() {
        let program = two_axes(&config);
        check(&config.to_string(), program.clone().output("attention"));
        check(
            &config.to_string(),
            program.clone().output("attention.weights"),
        );
        check(
            &config.to_string(),
            program.output("attention").output("attention.weights"),
        );
    }
}

#[test]
fn frozen_parameters_pass_gradients_on() {
    let frozen = || json!({ "trainable": false });
    let additive = two_axes(&kinds()[0]).output("attention");
    check(
        "additive",
        additive
            .clone()
            .parameter("attention.score.weight", frozen())
            .parameter("attention.bias", frozen()),
    );
    let projections = additive
        .parameter("attention.query.weight", frozen())
        .parameter("attention.key.weight", frozen());
    check("additive projections", projections);
    check(
        "general",
        two_axes(&kinds()[1])
            .parameter("attention.weight", frozen())
            .output("attention"),
    );
}

#[test]
fn each_row_a_query() {
    for config in kinds() {
        let program = ProgramCheck::new(KEYS.len())
            .axis("source", None, &KEYS)
            .matrix("query", None, query_size(&config))
            .matrix("keys", Some("source"), 4)
            .node("attention", "attention", &["query", "keys"], config.clone());
        check(
            &config.to_string(),
            program.output("attention").output("attention.weights"),
        );
    }
}

#[test]
fn a_query_that_is_learnt() {
    let program = ProgramCheck::new(KEYS.len())
        .axis("source", None, &KEYS)
        .matrix("keys", Some("source"), 4)
        .node("attention", "attention", &["keys"], kinds()[0].clone());
    check("context", program.clone().output("attention"));
    check("weights", program.clone().output("attention.weights"));
    let frozen = json!({ "trainable": false });
    check(
        "frozen",
        program
            .parameter("attention.bias", frozen.clone())
            .parameter("attention.key.weight", frozen)
            .output("attention"),
    );
}

#[test]
fn steps_that_look_at_their_own_row() {
    for config in kinds() {
        let program = ProgramCheck::new(KEYS.len())
            .axis("tokens", None, &KEYS)
            .matrix("x", Some("tokens"), 4)
            .node("attention", "attention", &["x", "x"], config.clone())
            .node("sum", "add", &["attention", "x"], json!({}));
        check(
            &config.to_string(),
            program.output("sum").output("attention.weights"),
        );
    }
}

#[test]
fn values_come_back_in_the_callers_order() {
    let spec = json!({
        "version": 1,
        "axes": { "target": {}, "source": {} },
        "inputs": {
            "query": { "type": "matrix", "axis": "target", "width": 3 },
            "keys": { "type": "matrix", "axis": "source", "width": 3 },
        },
        "entries": { "run": {
            "nodes": [{ "name": "a", "type": "attention", "inputs": ["query", "keys"], "config": { "kind": "dot" } }],
            "outputs": { "context": "a", "weights": "a.weights" },
        } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 1).unwrap();
    let mut random = Random::new(4);
    let [query, keys] = [QUERIES, KEYS]
        .map(|lengths| random.normals::<f32>(3 * lengths.iter().sum::<u32>() as usize));
    let mut words = vec![QUERIES.len() as u32];
    words.extend(QUERIES.iter().chain(&KEYS));
    words.extend(query.iter().chain(&keys).map(|x| x.to_bits()));
    let mut run = Run::default();
    run.load(&model, 0, &words, false).unwrap();
    run.forward(&mut model, 0, Pass::default());

    let (mut contexts, mut weights) = (Vec::new(), Vec::new());
    let (mut queries, mut keys) = (query.chunks(3), keys.chunks(3));
    for (&count, &length) in QUERIES.iter().zip(&KEYS) {
        let row: Vec<&[f32]> = keys.by_ref().take(length as usize).collect();
        for query in queries.by_ref().take(count as usize) {
            let dot = |key: &&[f32]| {
                query
                    .iter()
                    .zip(*key)
                    .map(|(&q, &k)| f64::from(q) * f64::from(k))
                    .sum::<f64>()
                    .exp()
            };
            let total: f64 = row.iter().map(dot).sum();
            let own: Vec<f64> = row.iter().map(|key| dot(key) / total).collect();
            contexts.extend((0..3).map(|j| -> f64 {
                row.iter()
                    .zip(&own)
                    .map(|(key, w)| f64::from(key[j]) * w)
                    .sum()
            }));
            weights.extend(own);
        }
    }
    assert_close(&run.output(&model, 0, 0).unwrap(), &contexts, 1e-12, 1e-12).unwrap();
    assert_close(&run.output(&model, 0, 1).unwrap(), &weights, 1e-12, 1e-12).unwrap();
}

#[test]
fn mistakes_are_named() {
    let refuse = |program: ProgramCheck, expected: &str| {
        let error = program.output("attention").run(1).unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    refuse(
        two_axes(&json!({ "kind": "cosine" })),
        "config.kind: expected \"additive\", \"general\", \"dot\" or \"scaled_dot\", got \"cosine\"",
    );
    refuse(
        two_axes(&json!({ "kind": "additive" })),
        "config.attention_size",
    );
    refuse(
        two_axes(&json!({ "kind": "general", "attention_size": 3 })),
        "attention_size",
    );
    let alone = ProgramCheck::new(2)
        .axis("source", None, &[1, 2])
        .matrix("keys", Some("source"), 4)
        .node("attention", "attention", &["keys"], kinds()[1].clone());
    refuse(alone, "inputs: expected 2, got 1");
    let narrow = ProgramCheck::new(2)
        .axis("source", None, &[1, 2])
        .matrix("query", None, 3)
        .matrix("keys", Some("source"), 4)
        .node(
            "attention",
            "attention",
            &["query", "keys"],
            json!({ "kind": "dot" }),
        );
    refuse(
        narrow,
        "inputs[1]: expected a width of 3, the queries', for kind \"dot\", got 4",
    );
    let nested = ProgramCheck::new(1)
        .axis("tokens", None, &[2])
        .axis("chars", Some("tokens"), &[1, 2])
        .matrix("query", Some("tokens"), 3)
        .matrix("keys", Some("chars"), 3)
        .node(
            "attention",
            "attention",
            &["query", "keys"],
            json!({ "kind": "dot" }),
        );
    refuse(
        nested,
        "inputs[1]: expected a matrix over the steps of a top-level axis",
    );
}
