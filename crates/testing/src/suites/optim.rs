//! Optimiser steps against their definitions in `f64`, over several steps.

use kernels::optim::*;
use simd::{Element, F32, F64, Vector};

use super::slice::LENGTHS;
use crate::{Case, Random, assert_close};

/// An optimiser, and how many numbers it remembers for each one of a parameter.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Sgd(Sgd),
    Adam(Adam),
    AdamW(Adam),
    RmsProp(RmsProp),
    Adagrad(Adagrad),
}

const RULES: [(&str, Rule); 7] = [
    (
        "sgd",
        Rule::Sgd(Sgd {
            momentum: 0.0,
            nesterov: false,
        }),
    ),
    (
        "sgd with momentum",
        Rule::Sgd(Sgd {
            momentum: 0.9,
            nesterov: false,
        }),
    ),
    (
        "sgd with Nesterov's momentum",
        Rule::Sgd(Sgd {
            momentum: 0.8,
            nesterov: true,
        }),
    ),
    (
        "adam",
        Rule::Adam(Adam {
            beta1: 0.9,
            beta2: 0.99,
            eps: 1e-3,
        }),
    ),
    (
        "adamw",
        Rule::AdamW(Adam {
            beta1: 0.8,
            beta2: 0.999,
            eps: 1e-8,
        }),
    ),
    (
        "rmsprop",
        Rule::RmsProp(RmsProp {
            alpha: 0.95,
            eps: 1e-4,
        }),
    ),
    ("adagrad", Rule::Adagrad(Adagrad { eps: 1e-10 })),
];

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, rule) in RULES {
        for decay in [0.0, 0.1] {
            cases.push(Case::new(format!("{name}, decay {decay}"), move || {
                for len in LENGTHS {
                    steps::<F32>(rule, decay, len, 2e-5)?;
                    steps::<F64>(rule, decay, len, 1e-12)?;
                }
                Ok(())
            }));
        }
        cases.push(Case::new(format!("{name} by rows"), move || by_rows(rule)));
    }
    cases.push(Case::new(
        "adam's first step is the learning rate",
        first_step,
    ));
    cases.push(Case::new("adam of any gradient is finite", any_gradient));
    cases.push(Case::new("the mean over steps", || {
        for len in LENGTHS {
            means::<F32>(len, 2e-6)?;
            means::<F64>(len, 1e-14)?;
        }
        Ok(())
    }));
    cases
}

fn apply<V: Vector>(
    rule: Rule,
    pace: Pace,
    d: &[V::Elem],
    param: &mut [V::Elem],
    first: &mut [V::Elem],
    second: &mut [V::Elem],
) {
    match rule {
        Rule::Sgd(settings) => {
            let velocity = (settings.momentum != 0.0).then_some(first);
            sgd::<V>(settings, pace, d, param, velocity);
        }
        Rule::Adam(settings) => adam::<V>(settings, pace, d, param, first, second),
        Rule::AdamW(settings) => adamw::<V>(settings, pace, d, param, first, second),
        Rule::RmsProp(settings) => rmsprop::<V>(settings, pace, d, param, first),
        Rule::Adagrad(settings) => adagrad::<V>(settings, pace, d, param, first),
    }
}

/// One element by the textbook; `memory` is what the rule remembers.
fn textbook(rule: Rule, pace: Pace, d: f64, param: f64, memory: &mut [f64; 2]) -> f64 {
    let (lr, t) = (pace.learning_rate, pace.step as f64);
    let g = d + pace.weight_decay * param;
    match rule {
        Rule::Sgd(Sgd { momentum, nesterov }) => {
            memory[0] = momentum * memory[0] + g;
            param
                - lr * if nesterov {
                    g + momentum * memory[0]
                } else {
                    memory[0]
                }
        }
        Rule::Adam(Adam { beta1, beta2, eps }) | Rule::AdamW(Adam { beta1, beta2, eps }) => {
            let decoupled = matches!(rule, Rule::AdamW(_));
            let g = if decoupled { d } else { g };
            let shrunk = if decoupled {
                param - lr * pace.weight_decay * param
            } else {
                param
            };
            memory[0] = beta1 * memory[0] + (1.0 - beta1) * g;
            memory[1] = beta2 * memory[1] + (1.0 - beta2) * g * g;
            let mean = memory[0] / (1.0 - beta1.powf(t));
            let square = memory[1] / (1.0 - beta2.powf(t));
            shrunk - lr * mean / (square.sqrt() + eps)
        }
        Rule::RmsProp(RmsProp { alpha, eps }) => {
            memory[0] = alpha * memory[0] + (1.0 - alpha) * g * g;
            param - lr * g / (memory[0].sqrt() + eps)
        }
        Rule::Adagrad(Adagrad { eps }) => {
            memory[0] += g * g;
            param - lr * g / (memory[0].sqrt() + eps)
        }
    }
}

fn steps<V: Vector>(
    rule: Rule,
    weight_decay: f64,
    len: usize,
    tolerance: f64,
) -> Result<(), String> {
    let mut random = Random::new(len as u64);
    let mut param: Vec<V::Elem> = random.normals(len);
    let (mut first, mut second) = (vec![V::Elem::ZERO; len], vec![V::Elem::ZERO; len]);
    let mut expected: Vec<f64> = param.iter().map(|x| x.to_f64()).collect();
    let mut memory = vec![[0.0; 2]; len];
    for step in 1..=12 {
        let pace = Pace {
            learning_rate: 0.05 / step as f64,
            weight_decay,
            step,
        };
        let d: Vec<V::Elem> = random.normals(len);
        apply::<V>(rule, pace, &d, &mut param, &mut first, &mut second);
        for i in 0..len {
            expected[i] = textbook(rule, pace, d[i].to_f64(), expected[i], &mut memory[i]);
        }
        assert_close(&param, &expected, tolerance, tolerance)
            .map_err(|error| format!("step {step}: {error}"))?;
    }
    Ok(())
}

/// Rows one by one give the bits of the whole.
fn by_rows(rule: Rule) -> Result<(), String> {
    let (rows, width) = (5, 7);
    let mut random = Random::new(3);
    let start: Vec<f32> = random.normals(rows * width);
    let (mut whole, mut parts) = (start.clone(), start);
    let mut memory = [vec![0.0; whole.len()], vec![0.0; whole.len()]];
    let mut memories = memory.clone();
    for step in 1..=3 {
        let pace = Pace {
            learning_rate: 0.1,
            weight_decay: 0.01,
            step,
        };
        let d: Vec<f32> = random.normals(rows * width);
        let [first, second] = &mut memory;
        apply::<F32>(rule, pace, &d, &mut whole, first, second);
        for row in 0..rows {
            let row = row * width..(row + 1) * width;
            let [first, second] = &mut memories;
            let (first, second) = (&mut first[row.clone()], &mut second[row.clone()]);
            apply::<F32>(rule, pace, &d[row.clone()], &mut parts[row], first, second);
        }
    }
    assert_close(&parts, &whole, 0.0, 0.0)
}

fn first_step() -> Result<(), String> {
    let (mut param, mut mean, mut square) = ([1.0, 1.0], [0.0; 2], [0.0; 2]);
    let settings = Adam {
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-8,
    };
    let pace = Pace {
        learning_rate: 0.01,
        weight_decay: 0.0,
        step: 1,
    };
    adam::<F64>(
        settings,
        pace,
        &[1e-3, -50.0],
        &mut param,
        &mut mean,
        &mut square,
    );
    assert_close(&param, &[0.99, 1.01], 1e-6, 0.0)
}

/// Also with the least eps that is allowed; and what has no gradient stays.
fn any_gradient() -> Result<(), String> {
    let d = [
        0.0,
        f32::from_bits(1),
        1e-30,
        -1e-21,
        1.0,
        -1e18,
        3e19,
        -f32::MAX,
    ];
    for eps in [1e-30, 1e-8] {
        let settings = Adam {
            beta1: 0.9,
            beta2: 0.999,
            eps,
        };
        let (mut param, mut mean, mut square) = ([0.5; 8], [0.0; 8], [0.0; 8]);
        for step in 1..=20 {
            let pace = Pace {
                learning_rate: 0.01,
                weight_decay: 0.0,
                step,
            };
            adam::<F32>(settings, pace, &d, &mut param, &mut mean, &mut square);
        }
        if param[0] != 0.5 || !param.iter().all(|x| x.is_finite()) {
            return Err(format!("eps {eps}: {param:?}"));
        }
    }
    Ok(())
}

fn means<V: Vector>(len: usize, tolerance: f64) -> Result<(), String> {
    let mut random = Random::new(len as u64);
    let mut mean = vec![V::Elem::from_f64(7.0); len];
    let mut sum = vec![0.0; len];
    for count in 1..=6 {
        let param: Vec<V::Elem> = random.normals(len);
        average::<V>(count, &param, &mut mean);
        sum.iter_mut()
            .zip(&param)
            .for_each(|(sum, x)| *sum += x.to_f64());
        let expected: Vec<f64> = sum.iter().map(|sum| sum / count as f64).collect();
        assert_close(&mean, &expected, tolerance, tolerance)?;
    }
    Ok(())
}
