//! Programs as a caller sees them: ragged batches in, ragged results out, in
//! the caller's order whatever the packing and the shards.

use nn::context::Pass;
use nn::error::Code;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::{Run, Seed};
use serde_json::{Value, json};
use simd::F64;

fn columns_spec() -> Value {
    json!({
        "version": 1,
        "axes": { "tokens": {}, "chars": { "of": "tokens" } },
        "inputs": {
            "x": { "type": "matrix", "axis": "tokens", "width": 2, "gradient": true },
            "letters": { "type": "ids", "axis": "chars", "size": 100 },
            "z": { "type": "matrix", "width": 1 }
        },
        "entries": {
            "join": {
                "nodes": [
                    { "name": "right", "type": "slice", "inputs": ["x"], "config": { "start": 1 } },
                    { "name": "both", "type": "concat", "inputs": ["right", "x", "right"] }
                ],
                "outputs": { "y": "both" }
            },
            "letters": {
                "nodes": [{
                    "name": "rare", "type": "replace_ids", "inputs": ["letters"],
                    "config": { "from": 50, "with": 1, "probability": 0.5 }
                }],
                "outputs": { "ids": "rare", "z": "z" }
            }
        }
    })
}

fn words(lists: &[&[u32]]) -> Vec<u32> {
    lists.concat()
}

fn floats(numbers: impl IntoIterator<Item = f32>) -> Vec<u32> {
    numbers.into_iter().map(f32::to_bits).collect()
}

/// Rows of lengths 2, 0, 3, 1 …, so that sorting, packing and sharding all move them.
fn lengths(rows: usize) -> Vec<u32> {
    (0..rows as u32)
        .map(|row| [2, 0, 3, 1, 5][row as usize % 5])
        .collect()
}

#[test]
fn results_and_gradients_come_back_in_the_callers_order() {
    for rows in [1, 3, 4, 9, 40] {
        let lengths = lengths(rows);
        let steps: usize = lengths.iter().map(|&n| n as usize).sum();
        let x: Vec<f32> = (0..2 * steps).map(|i| i as f32 + 0.5).collect();
        let batch = words(&[&[rows as u32], &lengths, &floats(x.iter().copied())]);

        let mut model = Model::<F64>::new(&testing::plain(&columns_spec()), 1).unwrap();
        let entry = model.entry("join").unwrap();
        let mut run = Run::default();
        run.load(&model, entry, &batch, true).unwrap();
        run.forward(
            &mut model,
            entry,
            Pass {
                training: true,
                seed: 1,
                step: 0,
            },
        );
        let y = run.output(&model, entry, 0).unwrap();
        for (step, x) in x.chunks(2).enumerate() {
            let expected = [x[1], x[0], x[1], x[1]].map(f64::from);
            assert_eq!(
                y[4 * step..4 * step + 4],
                expected,
                "step {step} of {rows} rows"
            );
        }

        let seed: Vec<f32> = (0..4 * steps).map(|i| (i * i % 17) as f32).collect();
        let seeds = [Seed {
            output: 0,
            gradient: (&seed[..]).into(),
        }];
        run.backward_from(&mut model, entry, &seeds, &mut Gradients::default())
            .unwrap();
        let d_x = run.input_gradient(&model, entry, "x").unwrap();
        for (step, d_y) in seed.chunks(4).enumerate() {
            let expected = [d_y[1], d_y[0] + d_y[2] + d_y[3]].map(f64::from);
            assert_eq!(
                d_x[2 * step..2 * step + 2],
                expected,
                "step {step} of {rows} rows"
            );
        }
    }
}

#[test]
fn rare_ids_are_replaced_in_training_by_seed_step_and_place_alone() {
    let mut model = Model::<F64>::new(&testing::plain(&columns_spec()), 1).unwrap();
    let entry = model.entry("letters").unwrap();
    let chars = 400;
    let ids: Vec<u32> = (0..chars).map(|i| i % 100).collect();
    let batch = words(&[
        &[2],
        &[3, 1],
        &[100, 60, 140, 100],
        &ids,
        &floats([0.0, 1.0]),
    ]);
    let mut run = Run::default();
    let mut draw = |training, seed, step| {
        run.load(&model, entry, &batch, training).unwrap();
        run.forward(
            &mut model,
            entry,
            Pass {
                training,
                seed,
                step,
            },
        );
        run.output_ids(&model, entry, 0).unwrap()
    };
    let given: Vec<i32> = ids.iter().map(|&id| id as i32).collect();
    assert_eq!(draw(false, 1, 0), given);
    let first = draw(true, 1, 0);
    assert_eq!(first, draw(true, 1, 0));
    assert_ne!(first, draw(true, 1, 1));
    assert_ne!(first, draw(true, 2, 0));
    let replaced = first.iter().zip(&given).filter(|(new, old)| new != old);
    assert!(replaced.clone().all(|(&new, &old)| new == 1 && old >= 50));
    // Half of 200 rare ids, within five standard deviations.
    let count = replaced.count() as f64;
    assert!(
        (count - 100.0).abs() < 5.0 * 50.0_f64.sqrt(),
        "{count} of 200 replaced"
    );
}

#[test]
fn a_batch_that_does_not_fit_is_refused_by_name() {
    let model = Model::<F64>::new(&testing::plain(&columns_spec()), 1).unwrap();
    let letters = model.entry("letters").unwrap();
    let refuse = |batch: &[u32], expected: &str| {
        let error = Run::default()
            .load(&model, letters, batch, false)
            .unwrap_err();
        assert_eq!(
            (error.code, error.message.as_str()),
            (Code::Batch, expected)
        );
    };
    refuse(&[], "number of rows: expected 1 words at word 0, got 0");
    refuse(&[0], "batch: expected 1 to 16777216 rows, got 0");
    refuse(
        &[2, 1],
        "lengths of axis \"tokens\": expected 2 words at word 1, got 1",
    );
    refuse(
        &[1, 1, 2, 7],
        "data of input \"letters\": expected 2 words at word 3, got 1",
    );
    refuse(
        &[1, 1, 2, 7, 100, 0],
        "input \"letters\": expected ids from 0 to 99, got 100 at place 1",
    );
    refuse(&[1, 1, 1, 7, 0, 0], "batch: expected 5 words, got 6");
    refuse(
        &[1, u32::MAX],
        "lengths of axis \"tokens\": expected at most 16777216 steps, got 4294967295",
    );
}

#[test]
fn a_spec_that_does_not_hold_together_is_refused_by_path() {
    let refuse = |change: fn(&mut Value), expected: &str| {
        let mut spec = columns_spec();
        change(&mut spec);
        match Model::<F64>::new(&testing::plain(&spec), 1) {
            Ok(_) => panic!("accepted what should fail with: {expected}"),
            Err(error) => assert_eq!((error.code, error.message.as_str()), (Code::Spec, expected)),
        }
    };
    refuse(
        |s| s["version"] = json!(9),
        "spec.version: expected 1, got 9",
    );
    refuse(|s| s["colour"] = json!(1), "spec.colour: unknown field");
    refuse(
        |s| s["axes"]["chars"]["of"] = json!("words"),
        "spec.axes.chars.of: no axis \"words\" was declared before",
    );
    refuse(
        |s| s["inputs"]["x"]["width"] = json!(0),
        "spec.inputs.x.width: expected at least 1, got 0",
    );
    refuse(
        |s| s["entries"]["join"]["nodes"][0]["inputs"] = json!(["q"]),
        "entries.join.nodes[0].inputs: \"q\" is neither an input nor an output of an earlier node",
    );
    refuse(
        |s| s["entries"]["join"]["nodes"][0]["type"] = json!("slise"),
        "entries.join.nodes[0] (\"right\"): type: there is no block \"slise\"",
    );
    refuse(
        |s| s["entries"]["join"]["nodes"][1]["config"] = json!({ "axis": 1 }),
        "entries.join.nodes[1].config.axis: unknown field",
    );
    refuse(
        |s| s["entries"]["join"]["nodes"][1]["inputs"] = json!(["right", "z"]),
        "entries.join.nodes[1] (\"both\"): inputs[1]: expected matrix [steps of tokens, 1], got matrix [batch rows, 1]",
    );
    refuse(
        |s| s["parameters"] = json!({ "right.weight": {} }),
        "parameters.right.weight: no node has this parameter",
    );
}
