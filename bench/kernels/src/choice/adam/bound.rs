//! What takes Adam's time: its root and division without the rest, and the rest
//! without them.

use simd::{Vector, slice};

use super::{Adam, FEW, RATE, SETTINGS, Way, constant, exactly, given, steps};
use crate::V;

/// One root and one division for each number.
pub fn root_and_division() -> Way {
    steps::<FEW>(|_, gradient, [param, ..]| {
        slice::map(gradient, param, |g: V| g.div(g.sqrt()));
    })
}

/// What [`root_and_division`] gives.
pub fn roots() -> Vec<f64> {
    exactly(given(FEW)).into_iter().map(f64::sqrt).collect()
}

/// Production's loads, stores, additions and multiplications. Of what it takes
/// the root is used as it is, and multiplied with instead of divided by.
pub fn all_but() -> Way {
    steps::<FEW>(pass)
}

#[inline(never)]
fn pass(step: i32, gradient: &[f32], state: [&mut [f32]; 3]) {
    let Adam { beta1, beta2, eps } = SETTINGS;
    let (keep, decay) = (constant(1.0), constant(0.0));
    let correction = (1.0 - beta2.powi(step)).sqrt();
    let rate = constant(-RATE / (1.0 - beta1.powi(step)) * correction);
    let (mean_part, square_part) = (constant(1.0 - beta1), constant(1.0 - beta2));
    let (beta2, eps) = (constant(beta2), constant(eps * correction));
    slice::update(state, [gradient], |[param, mean, square]: [V; 3], [d]| {
        let param = param.mul(keep);
        let g = param.mul_add(decay, d);
        let mean = g.sub(mean).mul_add(mean_part, mean);
        let square = g.mul(g).mul_add(square_part, square.mul(beta2));
        [mean.mul(square.add(eps)).mul_add(rate, param), mean, square]
    });
}

/// What [`all_but`] gives after one step.
pub fn products() -> Vec<f64> {
    let Adam { beta2, eps, .. } = SETTINGS;
    let correction = (1.0 - beta2).sqrt();
    let moved = |g: f64| -RATE * correction * g * ((1.0 - beta2) * g * g + eps * correction);
    exactly(given(FEW)).into_iter().map(moved).collect()
}
