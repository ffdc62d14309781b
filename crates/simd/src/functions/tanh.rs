//! The hyperbolic tangent.

use crate::Function;
use crate::bits::Bits;

/// Largest relative error in `f32`.
pub const RELATIVE_ERROR: f64 = 4.2e-7;

/// tanh of four `f32`, within [−1, 1]; keeps NaN and the sign of zero.
///
/// A rational function, odd of degree 9 over even of degree 8, on a clamped
/// argument (coefficients: XNNPACK, `f32-vtanh/rational-9-8`, BSD licence).
#[derive(Clone, Copy)]
pub struct Tanh<V> {
    limit: V,
    numerator: [V; 4],
    denominator: [V; 4],
    one: V,
}

impl<V: Bits> Function<V> for Tanh<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            // Here the quotient has reached 1, or the number below it, depending on
            // rounding; a little further it would pass 1.
            limit: V::constant(7.852_267),
            numerator: [
                V::constant(1.424_892e-8),
                V::constant(2.123_562_6e-5),
                V::constant(3.533_052e-3),
                V::constant(1.341_241_2e-1),
            ],
            denominator: [
                V::constant(8.136_595e-7),
                V::constant(3.347_298e-4),
                V::constant(2.601_9e-2),
                V::constant(4.674_573_5e-1),
            ],
            one: V::constant(1.0),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        let x = x.min(self.limit).max(self.limit.neg());
        let x2 = x.mul(x);
        let [a9, a7, a5, a3] = self.numerator;
        let p = x2.mul_add(a9, a7);
        let p = x2.mul_add(p, a5);
        let p = x2.mul_add(p, a3);
        let p = x2.mul_add(p, self.one).mul(x);
        let [b8, b6, b4, b2] = self.denominator;
        let q = x2.mul_add(b8, b6);
        let q = x2.mul_add(q, b4);
        let q = x2.mul_add(q, b2);
        let q = x2.mul_add(q, self.one);
        p.div(q)
    }
}
