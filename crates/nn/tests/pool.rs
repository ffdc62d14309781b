//! Pooling over time in whole programs.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::json;
use simd::F64;
use testing::ProgramCheck;

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];

#[test]
fn gradients_of_every_kind() {
    for kind in ["mean", "max", "last"] {
        let program = ProgramCheck::new(LENGTHS.len())
            .axis("tokens", None, &LENGTHS)
            .matrix("x", Some("tokens"), 5)
            .node("y", "pool", &["x"], json!({ "kind": kind }));
        program
            .output("y")
            .run(11)
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}

#[test]
fn values_come_back_in_the_callers_order() {
    let nodes: Vec<_> = ["mean", "max", "last"]
        .iter()
        .map(|kind| json!({ "name": kind, "type": "pool", "inputs": ["x"], "config": { "kind": kind } }))
        .collect();
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "x": { "type": "matrix", "axis": "tokens", "width": 2 } },
        "entries": { "run": { "nodes": nodes, "outputs": { "mean": "mean", "max": "max", "last": "last" } } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 1).unwrap();
    let steps = LENGTHS.iter().sum::<u32>() as usize;
    // Numbers that go up and down, all below zero.
    let x: Vec<f32> = (0..2 * steps).map(|i| -1.0 - (i * 7 % 11) as f32).collect();
    let mut words = vec![LENGTHS.len() as u32];
    words.extend(LENGTHS);
    words.extend(x.iter().map(|x| x.to_bits()));
    let mut run = Run::default();
    run.load(&model, 0, &words, false).unwrap();
    run.forward(&mut model, 0, Pass::default());
    let [mean, max, last] = [0, 1, 2].map(|output| run.output(&model, 0, output).unwrap());
    let mut rest = &x[..];
    for (row, &length) in LENGTHS.iter().enumerate() {
        let (own, others) = rest.split_at(2 * length as usize);
        rest = others;
        for j in 0..2 {
            let column: Vec<f64> = own
                .iter()
                .skip(j)
                .step_by(2)
                .map(|&x| f64::from(x))
                .collect();
            let best = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let average = column.iter().sum::<f64>() / f64::from(length);
            let place = row * 2 + j;
            if length == 0 {
                assert_eq!(
                    [mean[place], max[place], last[place]],
                    [0.0; 3],
                    "row {row}"
                );
                continue;
            }
            assert!((mean[place] - average).abs() < 1e-12, "row {row}");
            assert_eq!(
                (max[place], last[place]),
                (best, column[column.len() - 1]),
                "row {row}"
            );
        }
    }
}

#[test]
fn mistakes_are_named() {
    let pool = |axis: Option<&str>, kind: &str| {
        let program = ProgramCheck::new(LENGTHS.len())
            .axis("tokens", None, &LENGTHS)
            .matrix("x", axis, 5);
        program
            .node("y", "pool", &["x"], json!({ "kind": kind }))
            .output("y")
            .run(1)
            .unwrap_err()
    };
    let error = pool(Some("tokens"), "median");
    assert!(
        error.contains("config.kind: expected \"mean\", \"max\" or \"last\", got \"median\""),
        "{error}"
    );
    assert!(pool(None, "max").contains("inputs[0]: expected a matrix over the steps of an axis"));
}
