//! Adam over a parameter: everything in one pass, or each line of the paper in
//! one of its own; what takes the time of the former, and other ways to divide.

mod bound;
mod division;

pub use bound::{all_but, products, root_and_division, roots};
pub use division::{by_newton, shared};

use kernels::optim::{Adam, Pace, adam};
use simd::{Vector, slice};

use super::{Choice, Way, exactly, spread};
use crate::V;

/// With gradient and moments more than the second-level cache has room for.
pub const MANY: usize = 1 << 18;
/// With gradient and moments what stays in the second-level cache.
pub const FEW: usize = 1 << 13;

const SETTINGS: Adam = Adam {
    beta1: 0.9,
    beta2: 0.999,
    eps: 1e-8,
};
const RATE: f64 = 1e-3;

/// The result is the parameter.
pub const fn choice<const COUNT: usize>(make: fn() -> Way, exact: fn() -> Vec<f64>) -> Choice {
    Choice {
        amount: COUNT,
        results: COUNT,
        make,
        exact,
    }
}

fn given(count: usize) -> Vec<f32> {
    // None is zero, near which the first step is all or nothing.
    spread(count, 1).iter().map(|x| x + 1.5).collect()
}

/// A pass over the gradient and parameter, mean and square, told the step.
type Pass = fn(i32, &[f32], [&mut [f32]; 3]);

/// One step after the other.
fn steps<const COUNT: usize>(pass: Pass) -> Way {
    let (gradient, mut mean, mut square) = (given(COUNT), vec![0.0; COUNT], vec![0.0; COUNT]);
    let mut step = 0;
    Box::new(move |param| {
        step += 1;
        pass(step, &gradient, [param, &mut mean, &mut square]);
    })
}

/// Production's.
pub fn in_one_pass<const COUNT: usize>() -> Way {
    steps::<COUNT>(|step, gradient, [param, mean, square]| {
        let pace = Pace {
            learning_rate: RATE,
            weight_decay: 0.0,
            step: step as u64,
        };
        adam::<V>(SETTINGS, pace, gradient, param, mean, square);
    })
}

pub fn in_three_passes<const COUNT: usize>() -> Way {
    steps::<COUNT>(passes)
}

fn constant(x: f64) -> V {
    V::constant(x as f32)
}

#[inline(never)]
fn passes(step: i32, gradient: &[f32], [param, mean, square]: [&mut [f32]; 3]) {
    let Adam { beta1, beta2, eps } = SETTINGS;
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
pub fn exact<const COUNT: usize>() -> Vec<f64> {
    let moved = |g: f64| -RATE * g / (g.abs() + SETTINGS.eps);
    exactly(given(COUNT)).into_iter().map(moved).collect()
}
