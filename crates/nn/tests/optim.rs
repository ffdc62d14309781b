//! Optimisers against their definitions, written out again in plain loops, over
//! dense and lazily updated sparse parameters.

use nn::error::Error;
use nn::fields::Fields;
use nn::gradient::Gradients;
use nn::init::Init;
use nn::optim::Optimizer;
use nn::param::{Declaration, Layout, Params, Place};
use serde_json::{Value, json};
use simd::{F32, F64, Vector};
use testing::{Random, assert_close};

const ROWS: usize = 5;
const WIDTH: usize = 3;
const COUNT: usize = ROWS * WIDTH;

/// Three parameters of the same numbers with the given attributes: `dense.weight`,
/// `table.weight`, a table of lookups, and `sparse.weight`, one that is updated
/// lazily.
fn params<V: Vector>(attributes: &Value) -> Params<V::Elem> {
    params_of::<V>(ROWS, attributes)
}

/// The same of so many rows.
fn params_of<V: Vector>(rows: usize, attributes: &Value) -> Params<V::Elem> {
    let mut params = Params::default();
    let mut sparse = attributes.clone();
    sparse["sparse"] = json!(true);
    let table =
        json!({ "dense.weight": attributes, "table.weight": attributes, "sparse.weight": sparse });
    params
        .read_attributes(&Fields::new(&testing::plain(&table), "parameters").unwrap())
        .unwrap();
    for name in ["dense.weight", "table.weight", "sparse.weight"] {
        let declaration = Declaration {
            name: name.into(),
            shape: vec![rows, WIDTH],
            layout: Layout::Plain,
            tieable: false,
            lookup: name != "dense.weight",
            init: Init::uniform(1.0),
        };
        params.declare(declaration).unwrap();
    }
    params
        .allocate(|p| Ok(p.init.fill(&p.shape, 1, "weight")))
        .unwrap();
    params
}

fn optimizer<V: Vector>(config: &Value, params: &Params<V::Elem>) -> Result<Optimizer<V>, Error> {
    Optimizer::read(
        &Fields::new(&testing::plain(config), "trainer.optimizer")?,
        params,
    )
}

fn plain<V: Vector>(params: &Params<V::Elem>, id: usize) -> Vec<f64> {
    params
        .read(id)
        .into_iter()
        .map(simd::Element::to_f64)
        .collect()
}

/// One number and what an optimiser remembers of it.
#[derive(Clone, Copy, Default)]
struct Cell {
    x: f64,
    first: f64,
    second: f64,
}

/// One step of one number: learning rate, weight decay, step from 1, gradient.
type Definition = fn(&mut Cell, f64, f64, i32, f64);

fn momentum(cell: &mut Cell, lr: f64, wd: f64, _: i32, g: f64) {
    cell.first = 0.9 * cell.first + (g + wd * cell.x);
    cell.x -= lr * cell.first;
}

fn nesterov(cell: &mut Cell, lr: f64, wd: f64, _: i32, g: f64) {
    let g = g + wd * cell.x;
    cell.first = 0.9 * cell.first + g;
    cell.x -= lr * (g + 0.9 * cell.first);
}

fn adam(cell: &mut Cell, lr: f64, wd: f64, step: i32, g: f64) {
    let g = g + wd * cell.x;
    cell.first = 0.8 * cell.first + 0.2 * g;
    cell.second = 0.99 * cell.second + 0.01 * g * g;
    let (m, v) = (
        cell.first / (1.0 - 0.8f64.powi(step)),
        cell.second / (1.0 - 0.99f64.powi(step)),
    );
    cell.x -= lr * m / (v.sqrt() + 1e-6);
}

fn adamw(cell: &mut Cell, lr: f64, wd: f64, step: i32, g: f64) {
    cell.x -= lr * wd * cell.x;
    adam(cell, lr, 0.0, step, g);
}

fn rmsprop(cell: &mut Cell, lr: f64, wd: f64, _: i32, g: f64) {
    let g = g + wd * cell.x;
    cell.first = 0.95 * cell.first + 0.05 * g * g;
    cell.x -= lr * g / (cell.first.sqrt() + 1e-6);
}

fn adagrad(cell: &mut Cell, lr: f64, wd: f64, _: i32, g: f64) {
    let g = g + wd * cell.x;
    cell.first += g * g;
    cell.x -= lr * g / (cell.first.sqrt() + 1e-6);
}

fn sgd(cell: &mut Cell, lr: f64, wd: f64, _: i32, g: f64) {
    cell.x -= lr * (g + wd * cell.x);
}

fn all() -> Vec<(Value, Definition)> {
    vec![
        (json!({ "kind": "sgd" }), sgd),
        (json!({ "kind": "sgd", "momentum": 0.9 }), momentum),
        (
            json!({ "kind": "sgd", "momentum": 0.9, "nesterov": true }),
            nesterov,
        ),
        (
            json!({ "kind": "adam", "betas": [0.8, 0.99], "eps": 1e-6 }),
            adam,
        ),
        (
            json!({ "kind": "adamw", "betas": [0.8, 0.99], "eps": 1e-6 }),
            adamw,
        ),
        (
            json!({ "kind": "rmsprop", "alpha": 0.95, "eps": 1e-6 }),
            rmsprop,
        ),
        (json!({ "kind": "adagrad", "eps": 1e-6 }), adagrad),
    ]
}

/// Rows touched at each step, some twice; row 3 never.
const TOUCHED: [&[usize]; 6] = [&[0, 4], &[1], &[4, 0, 4], &[], &[2, 1, 1], &[0, 1, 2, 4]];

fn follows_its_definition<V: Vector>(
    attributes: &Value,
    decay: f64,
    lr_scale: f64,
    tolerance: f64,
) {
    for (mut config, definition) in all() {
        config["weight_decay"] = json!(0.1);
        let mut params = params::<V>(attributes);
        let mut optimizer = optimizer::<V>(&config, &params).unwrap();
        let start = plain::<V>(&params, 0);
        let mut dense: Vec<Cell> = start
            .iter()
            .map(|&x| Cell {
                x,
                ..Cell::default()
            })
            .collect();
        let [mut table, mut sparse] = [dense.clone(), dense.clone()];
        let mut random = Random::new(5);
        let mut gradients = Gradients::default();
        gradients.fit(&params);
        for (step, touched) in TOUCHED.iter().enumerate() {
            let (lr, step) = (0.1 / (step + 1) as f64, step as i32 + 1);
            gradients.clear();
            let mut d_sparse = [0.0; COUNT];
            for &row in *touched {
                for j in 0..WIDTH {
                    let x = f64::from(random.uniform(-1.0, 1.0) as f32);
                    for gradient in &mut gradients.sparse {
                        gradient.row_mut(row)[j] += simd::Element::from_f64(x);
                    }
                    d_sparse[row * WIDTH + j] += x;
                }
            }
            for (i, g) in gradients.dense.iter_mut().enumerate() {
                let x = f64::from(random.uniform(-1.0, 1.0) as f32);
                *g = simd::Element::from_f64(x);
                definition(&mut dense[i], lr * lr_scale, decay, step, x);
            }
            for (cell, &x) in table.iter_mut().zip(&d_sparse) {
                definition(cell, lr * lr_scale, decay, step, x);
            }
            for (i, cell) in sparse.iter_mut().enumerate() {
                if touched.contains(&(i / WIDTH)) {
                    definition(cell, lr * lr_scale, decay, step, d_sparse[i]);
                }
            }
            optimizer.step(&mut params, &gradients, lr);
            for (id, cells) in [&dense, &table, &sparse].into_iter().enumerate() {
                let expected: Vec<f64> = cells.iter().map(|cell| cell.x).collect();
                let close = assert_close(&plain::<V>(&params, id), &expected, tolerance, tolerance);
                assert_eq!(close, Ok(()), "{config} parameter {id} step {step}");
            }
        }
        let untouched = 3 * WIDTH..4 * WIDTH;
        assert_eq!(
            plain::<V>(&params, 2)[untouched.clone()],
            start[untouched],
            "{config}"
        );
    }
}

#[test]
fn every_optimiser_follows_its_definition() {
    follows_its_definition::<F64>(&json!({}), 0.1, 1.0, 1e-13);
    follows_its_definition::<F32>(&json!({}), 0.1, 1.0, 2e-6);
}

#[test]
fn rows_of_both_halves_of_a_table_move_once() {
    const MANY: usize = 21;
    // In no order.
    let touched = [20, 0, 10, 12, 11, 9];
    for (mut config, definition) in all() {
        config["weight_decay"] = json!(0.0);
        let mut params = params_of::<F64>(MANY, &json!({}));
        let mut optimizer = optimizer::<F64>(&config, &params).unwrap();
        let mut expected: Vec<Cell> = plain::<F64>(&params, 2)
            .into_iter()
            .map(|x| Cell {
                x,
                ..Cell::default()
            })
            .collect();
        let mut gradients = Gradients::default();
        gradients.fit(&params);
        for &row in &touched {
            for j in 0..WIDTH {
                let d = 1.0 + (row + j) as f64;
                gradients.sparse[1].row_mut(row)[j] = d;
                definition(&mut expected[row * WIDTH + j], 0.1, 0.0, 1, d);
            }
        }
        optimizer.step(&mut params, &gradients, 0.1);
        let expected: Vec<f64> = expected.iter().map(|cell| cell.x).collect();
        let close = assert_close(&plain::<F64>(&params, 2), &expected, 1e-13, 1e-13);
        assert_eq!(close, Ok(()), "{config}");
    }
}

#[test]
fn a_parameter_may_have_its_own_rate_and_no_decay() {
    follows_its_definition::<F64>(
        &json!({ "decay": false, "lr_scale": 0.25 }),
        0.0,
        0.25,
        1e-13,
    );
}

#[test]
fn a_frozen_parameter_has_no_slots() {
    let params = params::<F32>(&json!({ "trainable": false }));
    assert!(params.table().iter().all(|p| p.place == Place::Frozen));
    let mut adam = optimizer::<F32>(&json!({ "kind": "adam" }), &params).unwrap();
    assert_eq!(adam.bytes(), 0);
    let mut changed = params.clone();
    let mut gradients = Gradients::default();
    gradients.fit(&params);
    adam.step(&mut changed, &gradients, 0.1);
    assert_eq!(plain::<F32>(&changed, 0), plain::<F32>(&params, 0));
}

#[test]
fn slots_are_two_for_adam_and_none_for_plain_sgd() {
    let params = params::<F32>(&json!({}));
    let bytes = |config| optimizer::<F32>(&config, &params).unwrap().bytes();
    assert_eq!(bytes(json!({ "kind": "adam" })), 3 * 2 * COUNT * 4);
    assert_eq!(
        bytes(json!({ "kind": "sgd", "momentum": 0.5 })),
        3 * COUNT * 4
    );
    assert_eq!(bytes(json!({ "kind": "sgd" })), 0);
}

#[test]
fn defaults_are_pytorchs() {
    let params = params::<F32>(&json!({}));
    let rate = |kind: &str| {
        optimizer::<F32>(&json!({ "kind": kind }), &params)
            .unwrap()
            .learning_rate()
    };
    assert_eq!(
        ["sgd", "adam", "adamw", "rmsprop", "adagrad"].map(rate),
        [1e-3, 1e-3, 1e-3, 1e-2, 1e-2]
    );
}

#[test]
fn mistakes_are_named() {
    let params = params::<F32>(&json!({}));
    let message = |config| {
        optimizer::<F32>(&config, &params)
            .err()
            .unwrap()
            .to_string()
    };
    assert!(
        message(json!({ "kind": "lion" }))
            .starts_with("trainer.optimizer.kind: expected one of sgd, adam,")
    );
    assert_eq!(
        message(json!({ "kind": "sgd", "nesterov": true })),
        "trainer.optimizer.nesterov: expected a momentum above 0 beside it"
    );
    assert_eq!(
        message(json!({ "kind": "adam", "betas": [0.9, 1.0] })),
        "trainer.optimizer.betas: expected two numbers from 0 to below 1, got [0.9,1.0]"
    );
    assert!(
        message(json!({ "kind": "adam", "learning_rate": -1 }))
            .contains("learning_rate: expected a number of at least 0, got -1")
    );
    assert_eq!(
        message(json!({ "kind": "adam", "momentum": 0.9 })),
        "trainer.optimizer.momentum: unknown field"
    );
}
