//! Adam over a parameter: everything in one pass, or each line of the paper in
//! one of its own.

use kernels::optim::{Adam, Pace, adam};
use simd::{Vector, slice};

use super::{Choice, Way, exactly, spread};
use crate::V;

/// With gradient and moments more than the second-level cache has room for.
const COUNT: usize = 1 << 18;
const SETTINGS: Adam = Adam {
    beta1: 0.9,
    beta2: 0.999,
    eps: 1e-8,
};
const RATE: f64 = 1e-3;

/// The result is the parameter.
pub const fn choice(make: fn() -> Way) -> Choice {
    Choice {
        amount: COUNT,
        results: COUNT,
        make,
        exact,
    }
}

fn given() -> Vec<f32> {
    // None is zero, near which the first step is all or nothing.
    spread(COUNT, 1).iter().map(|x| x + 1.5).collect()
}

fn pace(step: u64) -> Pace {
    Pace {
        learning_rate: RATE,
        weight_decay: 0.0,
        step,
    }
}

/// Production's.
pub fn in_one_pass() -> Way {
    let (gradient, mut mean, mut square) = (given(), vec![0.0; COUNT], vec![0.0; COUNT]);
    let mut step = 0;
    Box::new(move |param| {
        step += 1;
        adam::<V>(
            SETTINGS,
            pace(step),
            &gradient,
            param,
            &mut mean,
            &mut square,
        );
    })
}

pub fn in_three_passes() -> Way {
    let (gradient, mut mean, mut square) = (given(), vec![0.0; COUNT], vec![0.0; COUNT]);
    let mut step = 0;
    Box::new(move |param| {
        step += 1;
        passes(step, &gradient, param, &mut mean, &mut square);
    })
}

#[inline(never)]
fn passes(step: i32, gradient: &[f32], param: &mut [f32], mean: &mut [f32], square: &mut [f32]) {
    let Adam { beta1, beta2, eps } = SETTINGS;
    let constant = |x: f64| V::constant(x as f32);
    let (keep, part) = (constant(beta1), constant(1.0 - beta1));
    slice::update([mean], [gradient], |[mean]: [V; 1], [g]| {
        [g.mul_add(part, mean.mul(keep))]
    });
    let (keep, part) = (constant(beta2), constant(1.0 - beta2));
    slice::update([square], [gradient], |[square]: [V; 1], [g]| {
        [g.mul(g).mul_add(part, square.mul(keep))]
    });
    let rate = constant(-RATE / (1.0 - beta1.powi(step)));
    let (correction, eps) = (
        constant(1.0 / (1.0 - beta2.powi(step)).sqrt()),
        constant(eps),
    );
    slice::update(
        [param],
        [&*mean, square],
        |[param]: [V; 1], [mean, square]| {
            [mean
                .div(square.sqrt().mul_add(correction, eps))
                .mul_add(rate, param)]
        },
    );
}

/// After one step from zero: the rate, against the gradient's sign.
fn exact() -> Vec<f64> {
    let moved = |g: f64| -RATE * g / (g.abs() + SETTINGS.eps);
    exactly(given()).into_iter().map(moved).collect()
}
