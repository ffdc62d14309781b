//! The CRF's blocks in whole programs: gradients, and values against every
//! path, in the caller's order over several shards.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, Random, assert_close};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];

fn check(what: &str, check: ProgramCheck) {
    check
        .run(11)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
}

/// Tags of `O B-X I-X` that the scheme allows in every row.
fn legal_tags() -> Vec<i32> {
    LENGTHS
        .iter()
        .flat_map(|&length| [1, 2, 0, 1, 2].into_iter().take(length as usize))
        .collect()
}

fn bio() -> Value {
    json!({ "scheme": "bio", "tags": ["O", "B-X", "I-X"] })
}

fn loss(config: Value) -> ProgramCheck {
    ProgramCheck::new(LENGTHS.len())
        .axis("tokens", None, &LENGTHS)
        .matrix("emissions", Some("tokens"), 3)
        .ids("tags", Some("tokens"), 3, &legal_tags())
        .node("crf", "crf", &["emissions", "tags"], config)
}

#[test]
fn likelihood_under_every_reduction() {
    for reduction in ["mean", "sum", "token_mean"] {
        for constraints in [Value::Null, bio()] {
            let mut config = json!({ "reduction": reduction });
            if !constraints.is_null() {
                config["constraints"] = constraints;
            }
            let program = loss(config.clone()).output("crf");
            check(&config.to_string(), program.clone());
            check(
                "all outputs",
                program
                    .output("crf.log_likelihood")
                    .output("crf.log_partition"),
            );
        }
    }
}

#[test]
fn frozen_parameters() {
    let frozen = json!({ "trainable": false });
    let program = loss(json!({}))
        .parameter("crf.transitions", frozen.clone())
        .output("crf");
    check(
        "frozen transitions",
        program.clone().parameter("crf.end_transitions", frozen),
    );
    check("frozen transitions alone", program);
}

#[test]
fn what_a_loss_is_divided_by() {
    let node = |name: &str, share: bool| {
        let mut node = json!({
            "name": name, "type": "crf", "inputs": ["emissions", "tags"], "config": { "reduction": name },
        });
        if share {
            let parameters = ["transitions", "start_transitions", "end_transitions"];
            node["share"] = parameters
                .iter()
                .map(|own| (own.to_string(), json!(format!("sum.{own}"))))
                .collect();
        }
        node
    };
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": {
            "emissions": { "type": "matrix", "axis": "tokens", "width": 3 },
            "tags": { "type": "ids", "axis": "tokens", "size": 3 },
        },
        "entries": { "run": {
            "nodes": [node("sum", false), node("mean", true), node("token_mean", true)],
            "outputs": { "sum": "sum", "mean": "mean", "token_mean": "token_mean", "each": "sum.log_likelihood" },
        } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 1).unwrap();
    let steps = LENGTHS.iter().sum::<u32>() as usize;
    let mut words = vec![LENGTHS.len() as u32];
    words.extend(LENGTHS);
    words.extend(
        Random::new(3)
            .normals::<f32>(steps * 3)
            .iter()
            .map(|x| x.to_bits()),
    );
    words.extend(legal_tags().iter().map(|&tag| tag as u32));
    let mut run = Run::default();
    run.load(&model, 0, &words, true).unwrap();
    run.forward(
        &mut model,
        0,
        Pass {
            training: true,
            ..Pass::default()
        },
    );
    let sum = -run.output(&model, 0, 3).unwrap().iter().sum::<f64>();
    let losses = [0, 1, 2].map(|output| run.scalar(&model, 0, output).unwrap());
    assert_close(
        &losses,
        &[sum, sum / LENGTHS.len() as f64, sum / steps as f64],
        1e-12,
        1e-12,
    )
    .unwrap();
}

#[test]
fn characters_of_tokens() {
    let tokens = [2, 0, 1, 3];
    let chars = [3, 1, 2, 0, 4, 1];
    let count = chars.iter().sum::<u32>() as i32;
    let tags: Vec<i32> = (0..count).map(|i| i * i % 4).collect();
    let program = ProgramCheck::new(4)
        .axis("tokens", None, &tokens)
        .axis("chars", Some("tokens"), &chars)
        .matrix("emissions", Some("chars"), 4)
        .ids("tags", Some("chars"), 4, &tags)
        .node("crf", "crf", &["emissions", "tags"], json!({}));
    check("nested", program.output("crf").output("crf.log_partition"));
}

#[test]
fn the_best_score_has_the_gradient_of_its_path() {
    for config in [json!({}), json!({ "constraints": bio() })] {
        let program = ProgramCheck::new(LENGTHS.len())
            .axis("tokens", None, &LENGTHS)
            .matrix("emissions", Some("tokens"), 3)
            .node("crf", "crf_decode", &["emissions"], config.clone());
        check(&config.to_string(), program.output("crf.best_score"));
    }
}

/// The scores of a CRF with random parameters.
struct Scores {
    emissions: Vec<f64>,
    transitions: Vec<f64>,
    start: Vec<f64>,
    end: Vec<f64>,
}

impl Scores {
    /// Every path through `length` steps from a step on with its score, best
    /// first.
    fn paths(&self, first: usize, length: usize) -> Vec<(f64, Vec<usize>)> {
        let mut paths: Vec<_> = (0..3usize.pow(length as u32))
            .map(|number| {
                let path: Vec<usize> = (0..length)
                    .map(|t| number / 3usize.pow(t as u32) % 3)
                    .collect();
                let emitted: f64 = path
                    .iter()
                    .enumerate()
                    .map(|(t, tag)| self.emissions[(first + t) * 3 + tag])
                    .sum();
                let moved: f64 = path
                    .windows(2)
                    .map(|pair| self.transitions[pair[0] * 3 + pair[1]])
                    .sum();
                (
                    emitted + moved + self.start[path[0]] + self.end[path[length - 1]],
                    path,
                )
            })
            .collect();
        paths.sort_by(|a, b| b.0.total_cmp(&a.0));
        paths
    }
}

#[test]
fn decoding_agrees_with_every_path_in_the_callers_order() {
    let constraints = json!({ "constraints": bio() });
    let shared = json!({
        "transitions": "crf.transitions", "start_transitions": "crf.start_transitions",
        "end_transitions": "crf.end_transitions",
    });
    let n = 4;
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "emissions": { "type": "matrix", "axis": "tokens", "width": 3 } },
        "entries": { "decode": {
            "nodes": [
                { "name": "crf", "type": "crf_decode", "inputs": ["emissions"], "config": constraints },
                { "name": "read", "type": "crf_marginals", "inputs": ["emissions", "crf"],
                  "config": constraints, "share": shared },
                { "name": "list", "type": "crf_nbest", "inputs": ["emissions"],
                  "config": { "constraints": bio(), "n": n }, "share": shared },
            ],
            "outputs": {
                "path": "crf", "best_score": "crf.best_score", "marginals": "read",
                "log_partition": "read.log_partition", "conditionals": "read.conditionals",
                "paths": "list", "log_probability": "list.log_probability", "score": "list.score",
            },
        } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 1).unwrap();
    let mut random = Random::new(8);
    let steps = LENGTHS.iter().sum::<u32>() as usize;
    let emissions: Vec<f32> = random.normals(steps * 3);
    let mut scores = Scores {
        emissions: emissions.iter().map(|&x| f64::from(x)).collect(),
        transitions: random.normals(9),
        start: random.normals(3),
        end: random.normals(3),
    };
    for (name, values) in [
        ("transitions", &scores.transitions),
        ("start_transitions", &scores.start),
        ("end_transitions", &scores.end),
    ] {
        let id = model.params.find(&format!("crf.{name}")).unwrap();
        model.params.write(id, values).unwrap();
    }
    // O to I-X, and I-X at the start.
    scores.transitions[2] = -1e4;
    scores.start[2] = -1e4;

    let mut words = vec![LENGTHS.len() as u32];
    words.extend(LENGTHS);
    words.extend(emissions.iter().map(|x| x.to_bits()));
    let mut run = Run::default();
    run.load(&model, 0, &words, false).unwrap();
    run.forward(&mut model, 0, Pass::default());
    let output = |name: &str| {
        let place = model.programs()[0].output(name).unwrap();
        run.output(&model, 0, place).unwrap()
    };
    let path = run
        .output_ids(&model, 0, model.programs()[0].output("path").unwrap())
        .unwrap();
    let (marginals, conditionals) = (output("marginals"), output("conditionals"));
    let close =
        |actual: &[f64], expected: &[f64]| assert_close(actual, expected, 1e-9, 1e-9).unwrap();

    let mut first = 0;
    for (row, length) in LENGTHS.iter().map(|&length| length as usize).enumerate() {
        if length == 0 {
            close(&output("best_score")[row..row + 1], &[0.0]);
            close(&output("log_partition")[row..row + 1], &[0.0]);
            continue;
        }
        let paths = scores.paths(first, length);
        let log_z = paths.iter().map(|(score, _)| score.exp()).sum::<f64>().ln();
        close(&output("log_partition")[row..row + 1], &[log_z]);
        close(&output("best_score")[row..row + 1], &[paths[0].0]);
        let best: Vec<usize> = path[first..first + length]
            .iter()
            .map(|&tag| tag as usize)
            .collect();
        assert_eq!(best, paths[0].1, "row {row}");

        let probability = |holds: &dyn Fn(&[usize]) -> bool| -> f64 {
            paths
                .iter()
                .filter(|(_, path)| holds(path))
                .map(|(score, _)| (score - log_z).exp())
                .sum()
        };
        for t in 0..length {
            for tag in 0..3 {
                let single = probability(&|path| path[t] == tag);
                let place = (first + t) * 3 + tag;
                close(&marginals[place..place + 1], &[single]);
                let conditional = if t == 0 {
                    single
                } else {
                    probability(&|path| path[t - 1] == best[t - 1] && path[t] == tag)
                        / probability(&|path| path[t - 1] == best[t - 1])
                };
                close(&conditionals[place..place + 1], &[conditional]);
            }
        }
        for k in 0..n {
            let place = row * n + k;
            let listed: Vec<f64> = output("paths")[first * n..]
                .iter()
                .skip(k)
                .step_by(n)
                .take(length)
                .copied()
                .collect();
            match paths.get(k) {
                Some((score, path)) => {
                    close(&output("score")[place..place + 1], &[*score]);
                    close(
                        &output("log_probability")[place..place + 1],
                        &[score - log_z],
                    );
                    assert_eq!(
                        listed,
                        path.iter().map(|&tag| tag as f64).collect::<Vec<_>>(),
                        "row {row}, path {k}"
                    );
                }
                None => {
                    assert_eq!(output("score")[place], f64::NEG_INFINITY);
                    assert_eq!(output("log_probability")[place], f64::NEG_INFINITY);
                    assert!(listed.iter().all(|&tag| tag == -1.0));
                }
            }
        }
        first += length;
    }
}
