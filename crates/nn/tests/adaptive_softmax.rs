//! Adaptive softmax: gradients, PyTorch's values, and the loss against the
//! probabilities of all classes.

use nn::context::Pass;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::{Run, Seed};
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, Random, assert_close};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];
const CLASSES: usize = 9;

fn config() -> Value {
    json!({ "output_size": CLASSES, "cutoffs": [2, 4, 8], "div_value": 1.5 })
}

fn program(lengths: &[u32], targets: &[i32], config: Value) -> ProgramCheck {
    ProgramCheck::new(lengths.len())
        .axis("tokens", None, lengths)
        .matrix("x", Some("tokens"), 4)
        .ids("targets", Some("tokens"), CLASSES, targets)
        .ignore("targets", -1)
        .node("y", "adaptive_softmax", &["x", "targets"], config)
        .output("y")
}

#[test]
fn gradients() {
    let targets: Vec<i32> = (0..19).map(|i| i * i % 11 - 1).collect();
    for reduction in ["mean", "sum"] {
        let mut config = config();
        config["reduction"] = json!(reduction);
        let program = program(&LENGTHS, &targets, config);
        let frozen = json!({ "trainable": false });
        let part = program
            .clone()
            .parameter("y.tail.1.0.weight", frozen.clone())
            .parameter("y.tail.2.1.weight", frozen.clone())
            .parameter("y.head.weight", frozen);
        for program in [program, part] {
            program
                .run(7)
                .unwrap_or_else(|error| panic!("{reduction}: {error}"));
        }
    }
}

#[test]
fn more_rows_than_are_computed_at_once() {
    let targets: Vec<i32> = (0..300).map(|i| i * i * i % 9).collect();
    program(&[300], &targets, config()).run(7).unwrap();
}

#[test]
fn a_batch_in_which_nothing_counts() {
    program(&[2, 1], &[-1; 3], config()).run(7).unwrap();
}

/// Some numbers that Python can make, too.
fn sample(count: usize, [step, modulus, shift]: [usize; 3], scale: f64) -> Vec<f64> {
    let numbers = (0..count).map(|i| (step * i % modulus) as f64 - shift as f64);
    numbers.map(|x| x / scale).collect()
}

/// A model whose entries give the loss and the logarithms of probabilities.
fn model(inputs: usize, classes: usize, config: &Value) -> Model<F64> {
    let mut reading = json!({
        "name": "log_p", "type": "adaptive_log_softmax", "inputs": ["x"], "config": config, "share": {},
    });
    let tails = config["cutoffs"].as_array().unwrap().len();
    for own in (0..tails).flat_map(|i| [format!("tail.{i}.0.weight"), format!("tail.{i}.1.weight")])
    {
        reading["share"][&own] = json!(format!("y.{own}"));
    }
    reading["share"]["head.weight"] = json!("y.head.weight");
    let spec = json!({
        "version": 1,
        "axes": {},
        "inputs": {
            "x": { "type": "matrix", "width": inputs, "gradient": true },
            "targets": { "type": "ids", "size": classes },
        },
        "entries": { "run": {
            "nodes": [
                { "name": "y", "type": "adaptive_softmax", "inputs": ["x", "targets"], "config": config },
                reading,
            ],
            "outputs": { "loss": "y", "log_p": "log_p" },
        } },
    });
    Model::new(&testing::plain(&spec), 3).unwrap()
}

fn words(x: &[f64], targets: &[u32]) -> Vec<u32> {
    let mut words = vec![targets.len() as u32];
    words.extend(x.iter().map(|&x| (x as f32).to_bits()));
    words.extend(targets);
    words
}

/// Expected values printed by
/// ```python
/// import torch; torch.set_default_dtype(torch.float64)
/// a = torch.nn.AdaptiveLogSoftmaxWithLoss(4, 7, cutoffs=[2, 4], div_value=2.0)
/// n = 0
/// for p in a.parameters():
///     p.data = torch.tensor([(7 * (n + i) % 13 - 6) / 10 for i in range(p.numel())]).view_as(p); n += p.numel()
/// x = torch.tensor([(5 * i % 11 - 5) / 4 for i in range(20)]).view(5, 4).requires_grad_()
/// loss = a(x, torch.tensor([0, 5, 2, 6, 1])).loss; loss.backward()
/// print(loss, x.grad[1], a.head.weight.grad[2], a.tail[1][0].weight.grad, a.log_prob(x[1:2]))
/// ```
#[test]
fn values_are_pytorchs() {
    let config = json!({ "output_size": 7, "cutoffs": [2, 4], "div_value": 2 });
    let mut model = model(4, 7, &config);
    let names = ["head", "tail.0.0", "tail.0.1", "tail.1.0", "tail.1.1"];
    let shapes = [[4, 4], [2, 4], [2, 2], [1, 4], [3, 1]];
    let mut numbers = sample(100, [7, 13, 6], 10.0).into_iter();
    for (name, shape) in names.iter().zip(shapes) {
        let id = model.params.find(&format!("y.{name}.weight")).unwrap();
        assert_eq!(model.params.table()[id].shape, shape, "{name}");
        let own: Vec<f64> = numbers.by_ref().take(shape[0] * shape[1]).collect();
        model.params.write(id, &own).unwrap();
    }
    let words = words(&sample(20, [5, 11, 5], 4.0), &[0, 5, 2, 6, 1]);
    let pass = Pass {
        training: true,
        ..Pass::default()
    };
    let mut run = Run::default();
    run.load(&model, 0, &words, true).unwrap();
    run.forward(&mut model, 0, pass);
    let mut total = Gradients::default();
    let seed = Seed {
        output: 0,
        gradient: vec![1.0].into(),
    };
    run.backward_from(&mut model, 0, &[seed], &mut total)
        .unwrap();
    let close =
        |actual: &[f64], expected: &[f64]| assert_close(actual, expected, 1e-7, 1e-7).unwrap();
    close(&[run.scalar(&model, 0, 0).unwrap()], &[LOSS]);
    close(&run.input_gradient(&model, 0, "x").unwrap()[4..8], &D_X);
    let gradient = |name: &str| total.read(&model.params, model.params.find(name).unwrap());
    close(&gradient("y.head.weight")[8..12], &D_HEAD);
    close(&gradient("y.tail.1.0.weight"), &D_TAIL);
    close(&run.output(&model, 0, 1).unwrap()[7..14], &LOG_P);
}

const LOSS: f64 = 2.464214337;
const D_X: [f64; 4] = [0.027366525, 0.0386256963, 0.0168396589, 0.0280988301];
const D_HEAD: [f64; 4] = [-0.157616563, 0.337450129, -0.0429838869, 0.3291220722];
const D_TAIL: [f64; 4] = [-0.1052686619, 0.1106652718, -0.0905576846, 0.1253762491];
const LOG_P: [f64; 7] = [
    -2.3205941856,
    -2.2205941856,
    -2.4545857902,
    -3.3795857902,
    -1.2494042983,
    -2.0369042983,
    -1.3619042983,
];

#[test]
fn the_loss_is_that_of_the_probabilities() {
    let mut model = model(6, CLASSES, &config());
    let rows = 1100;
    let x: Vec<f64> = Random::new(3).normals(rows * 6);
    let targets: Vec<u32> = (0..rows as u32).map(|i| i * i % 9).collect();
    let mut run = Run::default();
    run.load(&model, 0, &words(&x, &targets), false).unwrap();
    run.forward(&mut model, 0, Pass::default());
    let log_p = run.output(&model, 0, 1).unwrap();
    for row in log_p.chunks(CLASSES) {
        assert_close(
            &[row.iter().map(|x| x.exp()).sum::<f64>()],
            &[1.0],
            1e-12,
            0.0,
        )
        .unwrap();
    }
    let own = log_p
        .chunks(CLASSES)
        .zip(&targets)
        .map(|(row, &target)| -row[target as usize]);
    let mean = own.sum::<f64>() / rows as f64;
    assert_close(&[run.scalar(&model, 0, 0).unwrap()], &[mean], 1e-12, 0.0).unwrap();
}

#[test]
fn mistakes_are_named() {
    let refuse = |config: Value, expected: &str| {
        let error = program(&[1], &[0], config).run(1).unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    let cutoffs = "expected rising whole numbers from 1 to below output_size";
    refuse(json!({ "output_size": CLASSES }), cutoffs);
    for wrong in [
        json!([]),
        json!([0, 3]),
        json!([3, 3]),
        json!([4, 9]),
        json!([1.5]),
    ] {
        refuse(json!({ "output_size": CLASSES, "cutoffs": wrong }), cutoffs);
    }
    refuse(
        json!({ "output_size": CLASSES, "cutoffs": [2, 4] }),
        "config.div_value: missing, expected one that leaves each tail a number a row",
    );
    refuse(
        json!({ "output_size": CLASSES - 1, "cutoffs": [2], "div_value": 1 }),
        "inputs[1]: expected ids below 8 for each row of inputs[0]",
    );
}
