//! eˣ

use crate::Function;
use crate::bits::Bits;

/// Largest relative error in `f32` where the result is at least
/// [`LEAST_RESULT`]; below, the result is within `LEAST_RESULT` of the truth.
pub const RELATIVE_ERROR: f64 = 1.5e-7;

/// Results below this are 0 in `f32`.
pub const LEAST_RESULT: f64 = 1.7e-38;

/// eˣ of four `f32`.
///
/// Cephes' form (S. Moshier, `expf.c`): with n = round(x / ln 2) and
/// r = x − n ln 2, eˣ = 2ⁿ · e^r, the latter by a polynomial. Overflows to ∞,
/// underflows to 0 (denormal results too), keeps NaN.
#[derive(Clone, Copy)]
pub struct Exp<V> {
    highest: V,
    lowest: V,
    log2_e: V,
    magic: V,
    ln_2_high: V,
    ln_2_low: V,
    coefficients: [V; 6],
    one: V,
}

impl<V: Bits> Function<V> for Exp<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            // Beyond these the result is ∞ and 0, and n stays within the range
            // that the magic constant serves: -126 to 128.
            highest: V::constant(88.8),
            lowest: V::constant(-87.2),
            log2_e: V::constant(std::f32::consts::LOG2_E),
            // At 2^23 a float's unit is one: adding it rounds to an integer,
            // and leaves in the lowest bits that integer plus 126, which is the
            // biased exponent of 2^(n-1).
            magic: V::constant(8_388_608.0 + 126.0),
            // The high part has nine bits, so that n times it is exact.
            ln_2_high: V::constant(-355.0 / 512.0),
            ln_2_low: V::constant(2.121_944_4e-4),
            coefficients: [
                V::constant(1.987_569_1e-4),
                V::constant(1.398_199_9e-3),
                V::constant(8.333_452e-3),
                V::constant(4.166_579_6e-2),
                V::constant(1.666_666_5e-1),
                V::constant(0.5),
            ],
            one: V::constant(1.0),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        let x = x.min(self.highest).max(self.lowest);
        let shifted = x.mul_add(self.log2_e, self.magic);
        let n = shifted.sub(self.magic);
        let r = n.mul_add(self.ln_2_high, x);
        let r = n.mul_add(self.ln_2_low, r);
        let [c7, c6, c5, c4, c3, c2] = self.coefficients;
        let p = c7.mul_add(r, c6);
        let p = p.mul_add(r, c5);
        let p = p.mul_add(r, c4);
        let p = p.mul_add(r, c3);
        let p = p.mul_add(r, c2);
        let p = p.mul_add(r.mul(r), r).add(self.one);
        // 2^n itself is out of range for n = 128, where eˣ is not.
        let half = p.mul(shifted.shift_left::<23>());
        half.add(half)
    }
}
