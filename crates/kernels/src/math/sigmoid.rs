//! The logistic function 1 / (1 + e⁻ˣ), to full relative accuracy.
//!
//! The gates of recurrent cells use the cheaper [`super::Gate`].

use simd::{Element, Function, Vector, slice};

/// Relative part of the error bound.
pub const RELATIVE_ERROR: f64 = 3.0e-7;

/// Absolute part of the error bound: results below `f32`'s least normal
/// number are 0.
pub const ABSOLUTE_ERROR: f64 = 1.2e-38;

/// 1 / (1 + e⁻ˣ)
#[derive(Clone, Copy)]
pub struct Sigmoid<V: Vector> {
    exp: V::Exp,
    one: V,
}

impl<V: Vector> Function<V> for Sigmoid<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            exp: V::Exp::new(),
            one: V::constant(V::Elem::ONE),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        self.one.div(self.exp.apply(x.neg()).add(self.one))
    }
}

/// `y = sigmoid(x)`
pub fn sigmoid_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    super::apply::<V, Sigmoid<V>>(x, y);
}

/// `d_x += d_y * y * (1 - y)`
pub fn sigmoid_backward<V: Vector>(y: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    let one = V::constant(V::Elem::ONE);
    slice::accumulate([y, d_y], d_x, |[y, d_y]: [V; 2]| d_y.mul(y).mul(one.sub(y)));
}
