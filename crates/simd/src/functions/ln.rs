//! The natural logarithm.

use crate::Function;
use crate::bits::Bits;

/// Largest relative error in `f32`, denormal arguments included.
pub const RELATIVE_ERROR: f64 = 1.2e-7;

/// ln of four `f32`: −∞ at zero, NaN below, ∞ at ∞; keeps NaN.
///
/// FreeBSD's form (`e_logf.c`, Sun Microsystems): with x = 2ᵏ · m, m near 1 and
/// s = (m − 1) / (m + 1), ln m is a short series in s.
#[derive(Clone, Copy)]
pub struct Ln<V> {
    least_normal: V,
    scale: V,
    scale_exponent: V,
    offset: V,
    fraction: V,
    root_half: V,
    exponent_form: V,
    bias: V,
    coefficients: [V; 4],
    ln_2_high: V,
    ln_2_low: V,
    one: V,
    half: V,
    infinity: V,
    nan: V,
}

/// The bits of √½: mantissas are taken from here to twice as much.
const ROOT_HALF: u32 = 0x3f35_04f3;

impl<V: Bits> Function<V> for Ln<V> {
    #[inline(always)]
    fn new() -> Self {
        Self {
            least_normal: V::constant(f32::MIN_POSITIVE),
            scale: V::constant(8_388_608.0),
            scale_exponent: V::constant(23.0),
            offset: V::constant(f32::from_bits(0x3f80_0000 - ROOT_HALF)),
            fraction: V::constant(f32::from_bits(0x007f_ffff)),
            root_half: V::constant(f32::from_bits(ROOT_HALF)),
            // An integer in the lowest bits of 2^23 is that integer as a float.
            exponent_form: V::constant(8_388_608.0),
            bias: V::constant(8_388_608.0 + 127.0),
            coefficients: [
                V::constant(f32::from_bits(0x3e78_9e26)),
                V::constant(f32::from_bits(0x3e91_e9ee)),
                V::constant(f32::from_bits(0x3ecc_ce13)),
                V::constant(f32::from_bits(0x3f2a_aaaa)),
            ],
            ln_2_high: V::constant(f32::from_bits(0x3f31_7180)),
            ln_2_low: V::constant(f32::from_bits(0x3717_f7d1)),
            one: V::constant(1.0),
            half: V::constant(0.5),
            infinity: V::constant(f32::INFINITY),
            nan: V::constant(f32::NAN),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        let denormal = x.lt(self.least_normal);
        let scaled = V::select(denormal, x.mul(self.scale), x);
        let bits = scaled.wrapping_add(self.offset);
        let k = bits
            .shift_right::<23>()
            .or(self.exponent_form)
            .sub(self.bias);
        let k = V::select(denormal, k.sub(self.scale_exponent), k);
        let m = bits.and(self.fraction).wrapping_add(self.root_half);
        let f = m.sub(self.one);
        let s = f.div(m.add(self.one));
        let z = s.mul(s);
        let w = z.mul(z);
        let [c4, c3, c2, c1] = self.coefficients;
        let even = w.mul(c4.mul_add(w, c2));
        let odd = z.mul(c3.mul_add(w, c1));
        let half_square = self.half.mul(f).mul(f);
        let y = s.mul(half_square.add(even.add(odd)));
        let y = k.mul_add(self.ln_2_low, y).sub(half_square).add(f);
        let y = k.mul_add(self.ln_2_high, y);
        let edge = V::select(x.eq(V::zero()), self.infinity.neg(), self.nan);
        let y = V::select(x.gt(V::zero()), y, edge);
        // ∞ and NaN are their own logarithms.
        V::select(x.lt(self.infinity), y, x)
    }
}
