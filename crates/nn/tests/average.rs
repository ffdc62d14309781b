//! The mean of the parameters over steps, and the way there and back.

use nn::model::Model;
use nn::run::Run;
use nn::trainer::{Averaging, Trainer};
use serde_json::{Value, json};
use simd::F64;
use testing::{Random, assert_close};

const ROWS: usize = 6;

struct Training {
    model: Model<F64>,
    trainer: Trainer<F64>,
    run: Run<F64>,
    words: Vec<u32>,
}

impl Training {
    fn new(more: Value) -> Self {
        let linear = |name: &str, size: usize| json!({ "name": name, "type": "linear", "inputs": ["x"], "config": { "output_size": size } });
        let spec = json!({
            "version": 1,
            "axes": {},
            "inputs": {
                "x": { "type": "matrix", "width": 3 },
                "target": { "type": "matrix", "width": 5 },
            },
            "parameters": { "y.bias": { "trainable": false } },
            "entries": { "train": {
                "nodes": [
                    linear("y", 5),
                    { "name": "loss", "type": "mse", "inputs": ["y", "target"] },
                ],
                "outputs": { "loss": "loss" },
            } },
        });
        let model = Model::new(&testing::plain(&spec), 2).unwrap();
        let mut config = json!({ "optimizer": { "kind": "adam", "learning_rate": 0.1 } });
        for (name, value) in more.as_object().unwrap() {
            config[name] = value.clone();
        }
        let mut words = vec![ROWS as u32];
        let numbers = Random::new(4).normals::<f32>(ROWS * 8);
        words.extend(numbers.iter().map(|x| x.to_bits()));
        Self {
            trainer: Trainer::new(&testing::plain(&config), &model, 1).unwrap(),
            model,
            run: Run::default(),
            words,
        }
    }

    /// Takes a step; says what was wrong.
    fn step(&mut self) -> Result<(), String> {
        let Self {
            model,
            trainer,
            run,
            words,
        } = self;
        match trainer.train_step(model, run, 0, words, None) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Says how many steps the mean is of, or what was wrong.
    fn average(&mut self, what: Averaging) -> Result<u64, String> {
        let done = self.trainer.average(&mut self.model, what);
        done.map_err(|error| error.to_string())
    }

    fn weights(&self) -> Vec<f64> {
        let table = 0..self.model.params.table().len();
        table.flat_map(|id| self.model.params.read(id)).collect()
    }
}

/// Checks that the model's weights are the mean of these.
fn expect_mean(training: &Training, of: &[Vec<f64>]) {
    let mut mean = vec![0.0; of[0].len()];
    for weights in of {
        mean.iter_mut()
            .zip(weights)
            .for_each(|(mean, x)| *mean += x / of.len() as f64);
    }
    assert_close(&training.weights(), &mean, 1e-12, 1e-12).unwrap();
}

#[test]
fn means_are_of_the_steps_that_count_and_do_not_disturb_training() {
    let mut plain = Training::new(json!({}));
    let mut averaged = Training::new(json!({ "average_from": 2 }));
    let mut after = Vec::new();
    for step in 1..=7 {
        plain.step().unwrap();
        averaged.step().unwrap();
        assert_eq!(averaged.weights(), plain.weights());
        after.push(plain.weights());
        if step > 2 {
            for what in [Averaging::Mean, Averaging::Mean] {
                assert_eq!(averaged.average(what), Ok(step - 2));
                expect_mean(&averaged, &after[2..]);
            }
            averaged.average(Averaging::Latest).unwrap();
            averaged.average(Averaging::Latest).unwrap();
        }
    }
    assert_eq!(
        averaged.trainer.bytes() - plain.trainer.bytes(),
        (3 * 8 + 5) * 8
    );
}

#[test]
fn averaging_may_start_at_any_time() {
    let mut training = Training::new(json!({ "average_from": 4 }));
    training.step().unwrap();
    assert_eq!(training.average(Averaging::Start), Ok(0));
    let mut after = Vec::new();
    for step in 1..=5 {
        training.step().unwrap();
        after.push(training.weights());
        assert_eq!(training.average(Averaging::Start), Ok(step));
    }
    assert_eq!(training.average(Averaging::Mean), Ok(5));
    expect_mean(&training, &after);
}

#[test]
fn calls_that_do_not_fit_are_named() {
    let mut training = Training::new(json!({ "average_from": 1 }));
    training.step().unwrap();
    assert_eq!(
        training.average(Averaging::Mean),
        Err("average: expected a step since averaging began, there was none".into())
    );
    assert_eq!(training.average(Averaging::Latest), Ok(0));
    training.step().unwrap();
    let latest = training.weights();
    training.average(Averaging::Mean).unwrap();
    let refused = "step: the model has the mean of its weights; take the latest back first";
    assert_eq!(training.step(), Err(refused.into()));
    let applied = training.trainer.apply(&mut training.model);
    assert_eq!(applied.unwrap_err().message, refused);
    training.average(Averaging::Latest).unwrap();
    assert_eq!(training.weights(), latest);

    let good = std::mem::replace(&mut training.words[1], f32::NAN.to_bits());
    training.step().unwrap_err();
    training.words[1] = good;
    assert_eq!(training.average(Averaging::Mean), Ok(1));
    assert_eq!(training.weights(), latest);
}
