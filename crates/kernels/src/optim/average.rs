use simd::{Vector, slice};

use super::constant;

/// The mean of what a parameter was after each of `count` steps, from that of
/// all but the last (Polyak and Juditsky 1992), as PyTorch's `ASGD` keeps it:
/// `mean += (param - mean) / count`.
pub fn average<V: Vector>(count: u64, param: &[V::Elem], mean: &mut [V::Elem]) {
    let share: V = constant(1.0 / count as f64);
    slice::update([mean], [param], |[mean]: [V; 1], [param]| {
        [param.sub(mean).mul_add(share, mean)]
    });
}
