//! Softplus, ln(1 + eˣ).

use simd::{Element, Function, Vector, slice};

use super::Sigmoid;

/// Relative part of the error bound.
pub const RELATIVE_ERROR: f64 = 5.0e-7;

/// Absolute part of the error bound: the least results of exp are 0.
pub const ABSOLUTE_ERROR: f64 = 1.7e-38;

/// ln(1 + eˣ) as max(x, 0) + ln(1 + e^−|x|), which neither overflows nor loses
/// small results.
#[derive(Clone, Copy)]
pub struct Softplus<V: Vector> {
    exp: V::Exp,
    ln: V::Ln,
    one: V,
}

impl<V: Vector> Function<V> for Softplus<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            exp: V::Exp::new(),
            ln: V::Ln::new(),
            one: V::constant(V::Elem::ONE),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        let e = self.exp.apply(x.abs().neg());
        // ln(1 + e) through u = 1 + e as rounded: the quotient takes back what
        // rounding changed (W. Kahan; HP-15C Advanced Functions Handbook).
        let u = e.add(self.one);
        let rounded = u.sub(self.one);
        let log = self.ln.apply(u).mul(e).div(rounded);
        let log = V::select(rounded.eq(V::zero()), e, log);
        // x first: max keeps its NaN.
        x.max(V::zero()).add(log)
    }
}

/// `y = softplus(x)`
pub fn softplus_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    super::apply::<V, Softplus<V>>(x, y);
}

/// `d_x += d_y * sigmoid(x)`
pub fn softplus_backward<V: Vector>(x: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    let sigmoid = Sigmoid::<V>::new();
    slice::accumulate([x, d_y], d_x, |[x, d_y]: [V; 2]| d_y.mul(sigmoid.apply(x)));
}
