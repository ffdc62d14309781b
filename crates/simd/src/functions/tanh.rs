//! The hyperbolic tangent.

use crate::bits::Bits;
use crate::{Function, Quotient};

/// Largest relative error in `f32`.
pub const RELATIVE_ERROR: f64 = 4.2e-7;

/// tanh of four `f32`, within [−1, 1]; keeps NaN and the sign of zero.
///
/// A rational function, odd of degree 9 over even of degree 8, on a clamped
/// argument (coefficients: XNNPACK, `f32-vtanh/rational-9-8`, BSD licence). Both
/// polynomials are divided by their leading coefficient, which saves each a
/// multiplication; the coefficients' ratio is the quotient's factor.
#[derive(Clone, Copy)]
pub struct Tanh<V> {
    limit: V,
    numerator: [V; 4],
    denominator: [V; 4],
    factor: V,
}

impl<V: Bits> Function<V> for Tanh<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            // Here the quotient has reached 1, or the number below it, depending on
            // rounding; a little further it would pass 1.
            limit: V::constant(7.852_267),
            numerator: [
                V::constant(1_490.332_3),
                V::constant(247_952.27),
                V::constant(9_412_932.0),
                V::constant(70_180_760.0),
            ],
            denominator: [
                V::constant(411.388_06),
                V::constant(31_977.75),
                V::constant(574_512.25),
                V::constant(1_229_015.4),
            ],
            factor: V::constant(0.017_512_143),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        self.quotient(x).mul(self.factor)
    }
}

impl<V: Bits> Quotient<V> for Tanh<V> {
    #[inline(always)]
    fn factor(self) -> V {
        self.factor
    }

    #[inline(always)]
    fn quotient(self, x: V) -> V {
        let (x, lost) = x.clamp(self.limit);
        let x2 = x.mul(x);
        let [a7, a5, a3, a1] = self.numerator;
        let p = x2.add(a7);
        let p = x2.mul_add(p, a5);
        let p = x2.mul_add(p, a3);
        let p = x2.mul_add(p, a1).mul(x);
        let [b6, b4, b2, b0] = self.denominator;
        let q = x2.add(b6);
        let q = x2.mul_add(q, b4);
        let q = x2.mul_add(q, b2);
        let q = x2.mul_add(q, b0);
        p.div(q).or(lost)
    }
}
