//! The error function.

use crate::Function;
use crate::bits::Bits;

/// Relative part of the error bound in `f32`.
pub const RELATIVE_ERROR: f64 = 5.0e-7;

/// Absolute part of the error bound in `f32`: a denormal result is rounded.
pub const ABSOLUTE_ERROR: f64 = 2.0e-45;

/// Largest relative error in `f64`.
pub const RELATIVE_ERROR_F64: f64 = 1.0e-14;

/// erf of four `f32`, within [−1, 1]; keeps NaN and the sign of zero.
///
/// A rational function, odd of degree 11 over even of degree 10, on a clamped
/// argument (coefficients: XNNPACK, `f32` erf, BSD licence).
#[derive(Clone, Copy)]
pub struct Erf<V> {
    limit: V,
    numerator: [V; 6],
    denominator: [V; 5],
    one: V,
}

impl<V: Bits> Function<V> for Erf<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            // Here the quotient is exactly 1, with either rounding; on the way it
            // passes 1 by a unit now and then.
            limit: V::constant(3.861_565),
            numerator: [
                V::constant(2.074_269_9e-6),
                V::constant(2.853_268_4e-4),
                V::constant(3.730_482_2e-3),
                V::constant(5.264_559e-2),
                V::constant(1.894_259_1e-1),
                // 2/√π less a unit, as the fit has it.
                V::constant(f32::from_bits(0x3f90_6eba)),
            ],
            denominator: [
                V::constant(3.836_417_8e-5),
                V::constant(1.156_282_5e-3),
                V::constant(1.489_827_4e-2),
                V::constant(1.137_279_1e-1),
                V::constant(5.012_070_5e-1),
            ],
            one: V::constant(1.0),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        let x = x.min(self.limit).max(self.limit.neg());
        let x2 = x.mul(x);
        let [a11, a9, a7, a5, a3, a1] = self.numerator;
        let p = x2.mul_add(a11, a9);
        let p = x2.mul_add(p, a7);
        let p = x2.mul_add(p, a5);
        let p = x2.mul_add(p, a3);
        let p = x2.mul_add(p, a1).mul(x);
        let [b10, b8, b6, b4, b2] = self.denominator;
        let q = x2.mul_add(b10, b8);
        let q = x2.mul_add(q, b6);
        let q = x2.mul_add(q, b4);
        let q = x2.mul_add(q, b2);
        let q = x2.mul_add(q, self.one);
        p.div(q).min(self.one).max(self.one.neg())
    }
}

/// erf in `f64`, which std lacks: 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n + 1)!!
/// (Abramowitz and Stegun 7.1.6). All terms have one sign, so nothing cancels;
/// it is slow, and serves as reference only.
pub(crate) fn series(x: f64) -> f64 {
    // 1 - erf(6) is below half a unit of 1.
    if x.abs() >= 6.0 {
        return x.signum();
    }
    let (mut term, mut sum, mut n) = (x, x, 1.0);
    while term.abs() > sum.abs() * 1e-17 {
        term *= 2.0 * x * x / (2.0 * n + 1.0);
        sum += term;
        n += 1.0;
    }
    std::f64::consts::FRAC_2_SQRT_PI * (-x * x).exp() * sum
}
