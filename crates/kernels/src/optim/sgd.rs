use simd::{Vector, slice};

use super::{Pace, constant};

/// Settings of [`sgd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// How much of the velocity is kept.
    pub momentum: f64,
    /// Whether the gradient looks ahead along the velocity.
    pub nesterov: bool,
}

/// Stochastic gradient descent with Polyak's or Nesterov's momentum (Sutskever
/// et al. 2013). L2 decay goes through the gradient:
///
/// ```text
/// g        = d_param + weight_decay · param
/// velocity = momentum · velocity + g
/// param   -= learning_rate · (velocity, or g + momentum · velocity)
/// ```
///
/// `velocity` starts at zero; without momentum it is `None` and g is taken.
pub fn sgd<V: Vector>(
    settings: Sgd,
    pace: Pace,
    d_param: &[V::Elem],
    param: &mut [V::Elem],
    velocity: Option<&mut [V::Elem]>,
) {
    let decay: V = constant(pace.weight_decay);
    let rate: V = constant(-pace.learning_rate);
    let momentum: V = constant(settings.momentum);
    let Some(velocity) = velocity else {
        slice::update([param], [d_param], |[param]: [V; 1], [d]| {
            let g = param.mul_add(decay, d);
            [g.mul_add(rate, param)]
        });
        return;
    };
    slice::update(
        [param, velocity],
        [d_param],
        |[param, velocity]: [V; 2], [d]| {
            let g = param.mul_add(decay, d);
            let velocity = velocity.mul_add(momentum, g);
            let direction = if settings.nesterov {
                velocity.mul_add(momentum, g)
            } else {
                velocity
            };
            [direction.mul_add(rate, param), velocity]
        },
    );
}
