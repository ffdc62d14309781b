use simd::{Element, Vector, slice};

use super::{Pace, constant};

/// Settings of [`adam`] and [`adamw`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// How much of the mean gradient is kept.
    pub beta1: f64,
    /// How much of the mean squared gradient is kept.
    pub beta2: f64,
    /// Added to the root of the mean square, after bias correction.
    pub eps: f64,
}

/// Adam (Kingma and Ba 2015); L2 decay goes through the gradient:
///
/// ```text
/// g      = d_param + weight_decay · param
/// mean   = β₁ mean   + (1 - β₁) g
/// square = β₂ square + (1 - β₂) g²
/// param -= learning_rate / (1 - β₁ᵗ) · mean / (√square / √(1 - β₂ᵗ) + eps)
/// ```
///
/// `mean` and `square` start at zero; t is the step.
pub fn adam<V: Vector>(
    settings: Adam,
    pace: Pace,
    d_param: &[V::Elem],
    param: &mut [V::Elem],
    mean: &mut [V::Elem],
    square: &mut [V::Elem],
) {
    let keep: V = V::constant(V::Elem::ONE);
    step(
        settings,
        pace,
        keep,
        constant(pace.weight_decay),
        d_param,
        [param, mean, square],
    );
}

/// Adam with decoupled decay (Loshchilov and Hutter 2019): the parameter first
/// shrinks by `learning_rate · weight_decay`, the gradient knows nothing of it.
pub fn adamw<V: Vector>(
    settings: Adam,
    pace: Pace,
    d_param: &[V::Elem],
    param: &mut [V::Elem],
    mean: &mut [V::Elem],
    square: &mut [V::Elem],
) {
    let keep: V = constant(1.0 - pace.learning_rate * pace.weight_decay);
    step(
        settings,
        pace,
        keep,
        V::zero(),
        d_param,
        [param, mean, square],
    );
}

#[inline(always)]
fn step<V: Vector>(
    settings: Adam,
    pace: Pace,
    keep: V,
    decay: V,
    d_param: &[V::Elem],
    state: [&mut [V::Elem]; 3],
) {
    let Adam { beta1, beta2, eps } = settings;
    // Both sides of the fraction times √(1 - β₂ᵗ): the root is then as it is.
    let correction = (1.0 - pace.power(beta2)).sqrt();
    let rate: V = constant(-pace.learning_rate / (1.0 - pace.power(beta1)) * correction);
    let (mean_part, square_part): (V, V) = (constant(1.0 - beta1), constant(1.0 - beta2));
    let (beta2, eps): (V, V) = (constant(beta2), constant(eps * correction));
    slice::update(state, [d_param], |[param, mean, square]: [V; 3], [d]| {
        let param = param.mul(keep);
        let g = param.mul_add(decay, d);
        let mean = g.sub(mean).mul_add(mean_part, mean);
        let square = g.mul(g).mul_add(square_part, square.mul(beta2));
        let root = square.sqrt().add(eps);
        [mean.div(root).mul_add(rate, param), mean, square]
    });
}
