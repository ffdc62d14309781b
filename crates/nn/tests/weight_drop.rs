//! Parameters with `drop`: what training passes see of them, what predictions
//! and optimisers do not.

use nn::context::Pass;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::{Run, Seed};
use nn::trainer::Trainer;
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, Random, assert_close};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];

#[test]
fn gradients_of_what_is_left_of_a_weight() {
    let drop = || json!({ "drop": 0.5 });
    for kind in ["rnn", "gru", "lstm"] {
        let config = json!({ "hidden_size": 3, "num_layers": 2, "bidirectional": true });
        let program = ProgramCheck::new(LENGTHS.len())
            .axis("tokens", None, &LENGTHS)
            .matrix("x", Some("tokens"), 2)
            .node("y", kind, &["x"], config)
            .parameter("y.weight_hh_l0", drop())
            .parameter("y.weight_hh_l0_reverse", json!({ "drop": 0.9 }))
            .parameter("y.weight_ih_l1", drop())
            .parameter("y.bias_hh_l1", json!({ "drop": 0.5, "trainable": false }))
            .output("y");
        program
            .run(3)
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
    let ids: Vec<i32> = (0..19).map(|i| i * i % 7).collect();
    let tied = ProgramCheck::new(LENGTHS.len())
        .axis("tokens", None, &LENGTHS)
        .ids("words", Some("tokens"), 7, &ids)
        .node(
            "table",
            "embedding",
            &["words"],
            json!({ "embedding_size": 3 }),
        )
        .node("y", "linear", &["table"], json!({ "output_size": 7 }))
        .share("weight", "table.weight")
        .parameter("table.weight", drop())
        .output("y");
    tied.run(5).unwrap_or_else(|error| panic!("tied: {error}"));
}

const OUTPUTS: usize = 30;
const INPUTS: usize = 20;
/// Unit vectors come several times, in all shards.
const ROWS: usize = 2 * INPUTS;
const DROP: f64 = 0.25;

/// A linear layer that is applied to unit vectors, so that its output shows its
/// weight: the model and a batch with targets.
fn shown() -> (Model<F64>, Vec<u32>) {
    let spec = json!({
        "version": 1,
        "axes": {},
        "inputs": {
            "x": { "type": "matrix", "width": INPUTS, "gradient": true },
            "target": { "type": "matrix", "width": OUTPUTS },
        },
        "parameters": { "y.weight": { "drop": DROP } },
        "entries": { "train": {
            "nodes": [
                { "name": "y", "type": "linear", "inputs": ["x"], "config": { "output_size": OUTPUTS, "bias": false } },
                { "name": "loss", "type": "mse", "inputs": ["y", "target"], "config": { "reduction": "sum" } },
            ],
            "outputs": { "loss": "loss", "y": "y" },
        } },
    });
    let mut words = vec![ROWS as u32];
    for row in 0..ROWS {
        words.extend((0..INPUTS).map(|i| f32::from(u8::from(i == row % INPUTS)).to_bits()));
    }
    let targets = Random::new(2).normals::<f32>(ROWS * OUTPUTS);
    words.extend(targets.iter().map(|x| x.to_bits()));
    (Model::new(&testing::plain(&spec), 5).unwrap(), words)
}

fn pass(training: bool, seed: u64, step: u64) -> Pass {
    Pass {
        training,
        seed,
        step,
    }
}

/// The weight that each row of a pass saw, `[outputs, inputs]`.
fn seen(model: &mut Model<F64>, words: &[u32], pass: Pass) -> Vec<f64> {
    let mut run = Run::default();
    run.load(model, 0, words, pass.training).unwrap();
    run.forward(model, 0, pass);
    let y = run.output(model, 0, 1).unwrap();
    let (first, second) = y.split_at(INPUTS * OUTPUTS);
    assert_eq!(first, second, "shards see one weight");
    (0..OUTPUTS * INPUTS)
        .map(|i| first[i % INPUTS * OUTPUTS + i / INPUTS])
        .collect()
}

#[test]
fn one_mask_a_step_is_on_the_weight_in_training_alone() {
    let (mut model, words) = shown();
    let raw = model.params.read(0);
    let first = seen(&mut model, &words, pass(true, 1, 0));
    for (seen, raw) in first.iter().zip(&raw) {
        assert!(*seen == 0.0 || (seen - raw / (1.0 - DROP)).abs() < 1e-12);
    }
    let dropped = first.iter().filter(|x| **x == 0.0).count() as f64;
    let expected = DROP * raw.len() as f64;
    let deviation = (expected * (1.0 - DROP)).sqrt();
    assert!((dropped - expected).abs() < 4.0 * deviation, "{dropped}");
    assert_eq!(seen(&mut model, &words, pass(false, 1, 0)), raw);
    for other in [pass(true, 1, 1), pass(true, 2, 0)] {
        assert_ne!(seen(&mut model, &words, other), first);
    }
    assert_eq!(seen(&mut model, &words, pass(true, 1, 0)), first);
    assert_eq!(model.params.read(0), raw);

    let changed: Vec<f64> = raw.iter().map(|x| 2.0 * x).collect();
    model.params.write(0, &changed).unwrap();
    let twice: Vec<f64> = first.iter().map(|x| 2.0 * x).collect();
    assert_eq!(seen(&mut model, &words, pass(true, 1, 0)), twice);
}

#[test]
fn a_step_moves_the_weight_itself_where_it_was_not_dropped() {
    let (mut model, words) = shown();
    let raw = model.params.read(0);
    let first = seen(&mut model, &words, pass(true, 1, 0));
    let config = json!({ "optimizer": { "kind": "sgd", "learning_rate": 0.5 } });
    let mut trainer = Trainer::new(&testing::plain(&config), &model, 1).unwrap();
    let mut run = Run::default();
    trainer
        .train_step(&mut model, &mut run, 0, &words, None)
        .unwrap();
    let targets = |row: usize, output: usize| {
        f64::from(f32::from_bits(
            words[1 + ROWS * INPUTS + row * OUTPUTS + output],
        ))
    };
    let expected: Vec<f64> = (0..raw.len())
        .map(|i| {
            let (output, input) = (i / INPUTS, i % INPUTS);
            let errors = [input, input + INPUTS].map(|row| first[i] - targets(row, output));
            let d_seen = 2.0 * (errors[0] + errors[1]);
            let kept = if first[i] == 0.0 {
                0.0
            } else {
                1.0 / (1.0 - DROP)
            };
            raw[i] - 0.5 * d_seen * kept
        })
        .collect();
    assert_close(&model.params.read(0), &expected, 1e-12, 1e-12).unwrap();

    let (before, bytes) = (model.params.read(0), model.bytes());
    let mut broken = words.clone();
    broken[1] = f32::NAN.to_bits();
    trainer
        .train_step(&mut model, &mut run, 0, &broken, None)
        .unwrap_err();
    assert_eq!(model.params.read(0), before);
    trainer
        .train_step(&mut model, &mut run, 0, &words, None)
        .unwrap();
    assert_eq!(model.bytes(), bytes, "memory is that of the first step");
}

#[test]
fn passes_with_different_masks_may_be_taken_back_in_any_order() {
    let (mut model, words) = shown();
    let gradient: Vec<f32> = (0..ROWS * OUTPUTS)
        .map(|i| (i * i % 11) as f32 - 5.0)
        .collect();
    let seeds = [Seed {
        output: 1,
        gradient: (&gradient[..]).into(),
    }];
    let forward = |model: &mut Model<F64>, step| {
        let mut run = Run::default();
        run.load(model, 0, &words, true).unwrap();
        run.forward(model, 0, pass(true, 1, step));
        run
    };
    let alone = [0, 1].map(|step| {
        let (mut run, mut total) = (forward(&mut model, step), Gradients::default());
        run.backward_from(&mut model, 0, &seeds, &mut total)
            .unwrap();
        let d_x = run.input_gradient(&model, 0, "x").unwrap();
        (total.read(&model.params, 0), d_x)
    });
    let ((first, _), (second, _)) = (&alone[0], &alone[1]);
    assert_ne!(first, second);
    let mut total = Gradients::default();
    let mut runs = [0, 1].map(|step| forward(&mut model, step));
    for (run, (_, d_x)) in runs.iter_mut().zip(&alone) {
        run.backward_from(&mut model, 0, &seeds, &mut total)
            .unwrap();
        assert_eq!(run.input_gradient(&model, 0, "x").unwrap(), *d_x);
    }
    let sum: Vec<f64> = first.iter().zip(second).map(|(a, b)| a + b).collect();
    assert_close(&total.read(&model.params, 0), &sum, 1e-12, 1e-12).unwrap();
}

#[test]
fn padding_of_packed_weights_stays_zero() {
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "x": { "type": "matrix", "axis": "tokens", "width": 2 } },
        "parameters": { "y.weight_hh_l0": { "drop": 0.5 } },
        "entries": { "train": {
            "nodes": [
                { "name": "y", "type": "lstm", "inputs": ["x"], "config": { "hidden_size": 3 } },
                { "name": "loss", "type": "activation_regularization", "inputs": ["y"] },
            ],
            "outputs": { "loss": "loss" },
        } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 5).unwrap();
    let steps = LENGTHS.iter().sum::<u32>() as usize;
    let mut words = vec![LENGTHS.len() as u32];
    words.extend(LENGTHS);
    let x = Random::new(2).normals::<f32>(2 * steps);
    words.extend(x.iter().map(|x| x.to_bits()));
    let config = json!({ "optimizer": { "kind": "adam" } });
    let mut trainer = Trainer::new(&testing::plain(&config), &model, 1).unwrap();
    for _ in 0..3 {
        trainer
            .train_step(&mut model, &mut Run::default(), 0, &words, None)
            .unwrap();
    }
    let id = model.params.find("y.weight_hh_l0").unwrap();
    let stored = model.params.stored(id).iter();
    let zeros = stored.filter(|x| **x == 0.0).count();
    assert_eq!(zeros, 4 * 3 * 8 - 4 * 3 * 3);
}

#[test]
fn mistakes_are_named() {
    let refuse = |attributes: Value, expected: &str| {
        let program = ProgramCheck::new(1).ids("words", None, 3, &[1]);
        let error = program
            .node(
                "table",
                "embedding",
                &["words"],
                json!({ "embedding_size": 2 }),
            )
            .parameter("table.weight", attributes)
            .output("table")
            .run(1)
            .unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    refuse(
        json!({ "drop": 1.5 }),
        "parameters.table.weight.drop: expected a number from 0 to 1, got 1.5",
    );
    refuse(
        json!({ "drop": 0.5, "sparse": true }),
        "parameters.table.weight.drop: expected 0 where the gradient is sparse, got 0.5",
    );
}
