//! Activation regularisation: gradients, and values against plain sums over the
//! caller's rows.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, Random, assert_close};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];
const WIDTH: usize = 3;
const KIND: &str = "activation_regularization";

#[test]
fn gradients() {
    for temporal in [false, true] {
        for reduction in ["mean", "sum"] {
            let flat = ProgramCheck::new(LENGTHS.len())
                .axis("tokens", None, &LENGTHS)
                .matrix("h", Some("tokens"), WIDTH);
            let nested = ProgramCheck::new(3)
                .axis("tokens", None, &[2, 0, 2])
                .axis("chars", Some("tokens"), &[3, 1, 0, 2])
                .matrix("h", Some("chars"), WIDTH);
            for program in [flat, nested] {
                program
                    .node(
                        "loss",
                        KIND,
                        &["h"],
                        json!({ "temporal": temporal, "reduction": reduction }),
                    )
                    .output("loss")
                    .run(11)
                    .unwrap_or_else(|error| panic!("{temporal}, {reduction}: {error}"));
            }
        }
    }
}

/// Every loss over rows of these lengths, by kind and reduction.
fn losses(lengths: &[u32], h: &[f32]) -> [[f64; 2]; 2] {
    let node = |kind: usize, reduction: &str| {
        json!({ "name": format!("{reduction}_{kind}"), "type": KIND, "inputs": ["h"],
            "config": { "temporal": kind == 1, "reduction": reduction } })
    };
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "h": { "type": "matrix", "axis": "tokens", "width": WIDTH } },
        "entries": { "run": {
            "nodes": [node(0, "mean"), node(0, "sum"), node(1, "mean"), node(1, "sum")],
            "outputs": { "a": "mean_0", "b": "sum_0", "c": "mean_1", "d": "sum_1" },
        } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 1).unwrap();
    let mut words = vec![lengths.len() as u32];
    words.extend(lengths);
    words.extend(h.iter().map(|x| x.to_bits()));
    let mut run = Run::default();
    run.load(&model, 0, &words, false).unwrap();
    run.forward(&mut model, 0, Pass::default());
    let loss = |output| run.scalar(&model, 0, output).unwrap();
    [[loss(0), loss(1)], [loss(2), loss(3)]]
}

#[test]
fn means_are_over_the_whole_batch() {
    let steps = LENGTHS.iter().sum::<u32>() as usize;
    let h = Random::new(4).normals::<f32>(steps * WIDTH);
    let (mut squares, mut changes, mut pairs) = (0.0, 0.0, 0);
    let mut start = 0;
    for &length in &LENGTHS {
        for t in 0..length as usize {
            for j in 0..WIDTH {
                let at = |t: usize| f64::from(h[(start + t) * WIDTH + j]);
                squares += at(t) * at(t);
                if t > 0 {
                    changes += (at(t) - at(t - 1)) * (at(t) - at(t - 1));
                    pairs += 1;
                }
            }
        }
        start += length as usize;
    }
    let [activation, temporal] = losses(&LENGTHS, &h);
    let means = [squares / h.len() as f64, changes / pairs as f64];
    assert_close(&activation, &[means[0], squares], 1e-12, 0.0).unwrap();
    assert_close(&temporal, &[means[1], changes], 1e-12, 0.0).unwrap();
    // One step has none before it.
    assert_eq!(losses(&[1, 0], &[1.0; WIDTH]), [[1.0, 3.0], [0.0; 2]]);
    assert_eq!(losses(&[0, 0], &[]), [[0.0; 2]; 2]);
}

#[test]
fn rows_of_the_batch_have_no_time() {
    let refuse = |config: Value| {
        let program = ProgramCheck::new(2).matrix("h", None, WIDTH);
        let error = program
            .node("loss", KIND, &["h"], config)
            .output("loss")
            .run(1)
            .unwrap_err();
        let expected =
            "inputs[0]: expected a matrix over the steps of an axis, got matrix [batch rows, 3]";
        assert!(error.contains(expected), "{error}");
    };
    refuse(json!({}));
}
