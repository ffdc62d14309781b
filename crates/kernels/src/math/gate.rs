//! The logistic function as the gates of recurrent cells use it.

use simd::{Element, Function, Quotient, Vector};

/// Relative part of the error bound.
pub const RELATIVE_ERROR: f64 = 0.0;

/// Absolute part of the error bound. Results near 0 are therefore not accurate
/// relative to themselves; a gate multiplies a state, and does not mind.
pub const ABSOLUTE_ERROR: f64 = 2.3e-7;

/// 1 / (1 + e⁻ˣ) as ½ tanh(x / 2) + ½, within [0, 1]: a third cheaper than
/// [`super::Sigmoid`], and it shares its constants with a cell's tanh.
#[derive(Clone, Copy)]
pub struct Gate<V: Vector> {
    tanh: V::Tanh,
    half: V,
    /// Half of tanh's factor.
    slope: V,
}

impl<V: Vector> Gate<V> {
    /// A gate that shares a tanh that was made before.
    #[inline(always)]
    pub fn with(tanh: V::Tanh) -> Self {
        let half = V::constant(V::Elem::from_f64(0.5));
        Self {
            tanh,
            half,
            slope: tanh.factor().mul(half),
        }
    }
}

impl<V: Vector> Function<V> for Gate<V> {
    #[inline(always)]
    fn new() -> Self {
        Self::with(V::Tanh::new())
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        self.tanh
            .quotient(x.mul(self.half))
            .mul_add(self.slope, self.half)
    }
}
