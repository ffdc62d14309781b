use simd::{Vector, slice};

use super::{Pace, constant};

/// Settings of [`adagrad`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad {
    /// Added to the root of the sum of squares.
    pub eps: f64,
}

/// Adagrad (Duchi, Hazan and Singer 2011); L2 decay goes through the gradient:
///
/// ```text
/// g       = d_param + weight_decay · param
/// square += g²
/// param  -= learning_rate · g / (√square + eps)
/// ```
///
/// `square` starts at zero.
pub fn adagrad<V: Vector>(
    settings: Adagrad,
    pace: Pace,
    d_param: &[V::Elem],
    param: &mut [V::Elem],
    square: &mut [V::Elem],
) {
    let decay: V = constant(pace.weight_decay);
    let rate: V = constant(-pace.learning_rate);
    let eps: V = constant(settings.eps);
    slice::update(
        [param, square],
        [d_param],
        |[param, square]: [V; 2], [d]| {
            let g = param.mul_add(decay, d);
            let square = g.mul_add(g, square);
            [g.div(square.sqrt().add(eps)).mul_add(rate, param), square]
        },
    );
}
