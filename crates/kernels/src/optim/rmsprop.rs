use simd::{Vector, slice};

use super::{Pace, constant};

/// Settings of [`rmsprop`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// How much of the mean squared gradient is kept.
    pub alpha: f64,
    /// Added to the root of the mean square.
    pub eps: f64,
}

/// RMSprop (Hinton 2012); L2 decay goes through the gradient:
///
/// ```text
/// g      = d_param + weight_decay · param
/// square = α square + (1 - α) g²
/// param -= learning_rate · g / (√square + eps)
/// ```
///
/// `square` starts at zero.
pub fn rmsprop<V: Vector>(
    settings: RmsProp,
    pace: Pace,
    d_param: &[V::Elem],
    param: &mut [V::Elem],
    square: &mut [V::Elem],
) {
    let decay: V = constant(pace.weight_decay);
    let rate: V = constant(-pace.learning_rate);
    let (alpha, part): (V, V) = (constant(settings.alpha), constant(1.0 - settings.alpha));
    let eps: V = constant(settings.eps);
    slice::update(
        [param, square],
        [d_param],
        |[param, square]: [V; 2], [d]| {
            let g = param.mul_add(decay, d);
            let square = g.mul(g).mul_add(part, square.mul(alpha));
            [g.div(square.sqrt().add(eps)).mul_add(rate, param), square]
        },
    );
}
