//! SiLU, x · sigmoid(x) (Hendrycks and Gimpel 2016; also called Swish).

use simd::{Element, Function, Vector, slice};

use super::Sigmoid;

/// Relative part of the error bound.
pub const RELATIVE_ERROR: f64 = 4.0e-7;

/// Absolute part of the error bound: x times a sigmoid that has become 0.
pub const ABSOLUTE_ERROR: f64 = 1.1e-36;

/// x / (1 + e⁻ˣ); 0 at −∞.
#[derive(Clone, Copy)]
pub struct Silu<V: Vector> {
    exp: V::Exp,
    one: V,
    lowest: V,
}

impl<V: Vector> Function<V> for Silu<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            exp: V::Exp::new(),
            one: V::constant(V::Elem::ONE),
            lowest: V::constant(V::Elem::from_f64(-1e30)),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        // The limit keeps −∞ / ∞ from being NaN.
        x.max(self.lowest)
            .div(self.exp.apply(x.neg()).add(self.one))
    }
}

/// `y = silu(x)`
pub fn silu_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    super::apply::<V, Silu<V>>(x, y);
}

/// `d_x += d_y * s * (1 + x * (1 - s))` with `s = sigmoid(x)`
pub fn silu_backward<V: Vector>(x: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    let sigmoid = Sigmoid::<V>::new();
    let one = V::constant(V::Elem::ONE);
    slice::accumulate([x, d_y], d_x, |[x, d_y]: [V; 2]| {
        let s = sigmoid.apply(x);
        d_y.mul(s).mul(x.mul_add(one.sub(s), one))
    });
}
