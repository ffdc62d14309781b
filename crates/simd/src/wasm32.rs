use core::arch::wasm32::*;

use crate::bits::Bits;
use crate::functions::{Erf, Exp, Ln, Tanh};
use crate::{Vector, Words, partial};

/// Four `f32` in a SIMD128 register.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Simd128(v128);

const LANES: usize = 4;

impl Vector for Simd128 {
    type Elem = f32;
    type Mask = v128;
    type Sums = [v128; 2];
    type Exp = Exp<Self>;
    type Tanh = Tanh<Self>;
    type Ln = Ln<Self>;
    type Erf = Erf<Self>;

    const LANES: usize = LANES;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(f32x4_splat(x))
    }

    #[inline(always)]
    fn constant(x: f32) -> Self {
        // SAFETY: reads a live local; volatile, so that no one folds it.
        Self::splat(unsafe { core::ptr::read_volatile(&x) })
    }

    #[inline(always)]
    fn load(s: &[f32]) -> Self {
        let s = &s[..LANES];
        // SAFETY: the slice has LANES elements.
        unsafe { Self::load_ptr(s.as_ptr()) }
    }

    #[inline(always)]
    fn store(self, s: &mut [f32]) {
        let s = &mut s[..LANES];
        // SAFETY: the slice has LANES elements.
        unsafe { self.store_ptr(s.as_mut_ptr()) }
    }

    #[inline(always)]
    fn load_padded(s: &[f32], padding: f32) -> Self {
        let [a, b, c, d] = partial::gather(s, padding);
        Self(f32x4(a, b, c, d))
    }

    #[inline(always)]
    fn store_partial(self, s: &mut [f32]) {
        partial::scatter([0, 1, 2, 3].map(|lane| self.extract(lane)), s);
    }

    #[inline(always)]
    unsafe fn load_ptr(p: *const f32) -> Self {
        // SAFETY: the caller vouches for LANES readable elements; v128.load
        // takes any alignment.
        Self(unsafe { v128_load(p.cast()) })
    }

    #[inline(always)]
    unsafe fn store_ptr(self, p: *mut f32) {
        // SAFETY: the caller vouches for LANES writable elements; v128.store
        // takes any alignment.
        unsafe { v128_store(p.cast(), self.0) }
    }

    #[inline(always)]
    unsafe fn splat_ptr(p: *const f32) -> Self {
        // SAFETY: the caller vouches for one readable element.
        Self(unsafe { v128_load32_splat(p.cast()) })
    }

    #[inline(always)]
    fn splat_lane<const L: i32>(self) -> Self {
        Self(match L {
            0 => i32x4_shuffle::<0, 0, 0, 0>(self.0, self.0),
            1 => i32x4_shuffle::<1, 1, 1, 1>(self.0, self.0),
            2 => i32x4_shuffle::<2, 2, 2, 2>(self.0, self.0),
            _ => i32x4_shuffle::<3, 3, 3, 3>(self.0, self.0),
        })
    }

    #[inline(always)]
    fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let ab_low = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
        let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
        let cd_low = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
        let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
        [
            Self(i64x2_shuffle::<0, 2>(ab_low, cd_low)),
            Self(i64x2_shuffle::<1, 3>(ab_low, cd_low)),
            Self(i64x2_shuffle::<0, 2>(ab_high, cd_high)),
            Self(i64x2_shuffle::<1, 3>(ab_high, cd_high)),
        ]
    }

    #[inline(always)]
    fn extract(self, lane: usize) -> f32 {
        match lane {
            0 => f32x4_extract_lane::<0>(self.0),
            1 => f32x4_extract_lane::<1>(self.0),
            2 => f32x4_extract_lane::<2>(self.0),
            3 => f32x4_extract_lane::<3>(self.0),
            _ => panic!("lane {lane} of a vector of {LANES}"),
        }
    }

    #[inline(always)]
    fn no_sums() -> [v128; 2] {
        [f64x2_splat(0.0); 2]
    }

    #[inline(always)]
    fn add_squares(self, [low, high]: [v128; 2]) -> [v128; 2] {
        let first = f64x2_promote_low_f32x4(self.0);
        let last = f64x2_promote_low_f32x4(i64x2_shuffle::<1, 1>(self.0, self.0));
        [
            f64x2_add(low, f64x2_mul(first, first)),
            f64x2_add(high, f64x2_mul(last, last)),
        ]
    }

    #[inline(always)]
    fn reduce_sums([low, high]: [v128; 2]) -> f64 {
        let sums = f64x2_add(low, high);
        f64x2_extract_lane::<0>(sums) + f64x2_extract_lane::<1>(sums)
    }

    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self(f32x4_add(self.0, o.0))
    }

    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self(f32x4_sub(self.0, o.0))
    }

    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Self(f32x4_mul(self.0, o.0))
    }

    #[inline(always)]
    fn div(self, o: Self) -> Self {
        Self(f32x4_div(self.0, o.0))
    }

    // The pseudo-minimum is one instruction on x86, the IEEE one is six.
    #[inline(always)]
    fn min(self, o: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return choose(f32x4_lt(o.0, self.0), o, self);
        #[cfg(not(target_feature = "relaxed-simd"))]
        Self(f32x4_pmin(self.0, o.0))
    }

    #[inline(always)]
    fn max(self, o: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return choose(f32x4_lt(self.0, o.0), o, self);
        #[cfg(not(target_feature = "relaxed-simd"))]
        Self(f32x4_pmax(self.0, o.0))
    }

    #[inline(always)]
    fn neg(self) -> Self {
        Self(f32x4_neg(self.0))
    }

    #[inline(always)]
    fn abs(self) -> Self {
        Self(f32x4_abs(self.0))
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return Self(f32x4_relaxed_madd(self.0, b.0, c.0));
        #[cfg(not(target_feature = "relaxed-simd"))]
        self.mul(b).add(c)
    }

    #[inline(always)]
    fn lt(self, o: Self) -> v128 {
        f32x4_lt(self.0, o.0)
    }

    #[inline(always)]
    fn le(self, o: Self) -> v128 {
        f32x4_le(self.0, o.0)
    }

    #[inline(always)]
    fn eq(self, o: Self) -> v128 {
        f32x4_eq(self.0, o.0)
    }

    #[inline(always)]
    fn select(m: v128, yes: Self, no: Self) -> Self {
        Self(v128_bitselect(yes.0, no.0, m))
    }

    #[inline(always)]
    fn keep(self, words: Words) -> Self {
        Self(v128_and(self.0, words.register()))
    }
}

/// LLVM 21 and 22 turn a pseudo-minimum into a relaxed minimum where there is
/// one, which may lose a NaN (llvm-project#177814). An intrinsic they leave be;
/// with the mask of a comparison it gives the same everywhere.
#[cfg(target_feature = "relaxed-simd")]
#[inline(always)]
fn choose(mask: v128, yes: Simd128, no: Simd128) -> Simd128 {
    Simd128(i32x4_relaxed_laneselect(yes.0, no.0, mask))
}

impl Bits for Simd128 {
    #[inline(always)]
    fn shift_left<const N: u32>(self) -> Self {
        Self(u32x4_shl(self.0, N))
    }

    #[inline(always)]
    fn shift_right<const N: u32>(self) -> Self {
        Self(u32x4_shr(self.0, N))
    }

    #[inline(always)]
    fn and(self, o: Self) -> Self {
        Self(v128_and(self.0, o.0))
    }

    #[inline(always)]
    fn or(self, o: Self) -> Self {
        Self(v128_or(self.0, o.0))
    }

    // A relaxed minimum is one instruction that x86 runs beside multiplications,
    // where a comparison and a selection ([`choose`]) would keep them waiting.
    #[inline(always)]
    fn clamp(self, limit: Self) -> (Self, Self) {
        #[cfg(target_feature = "relaxed-simd")]
        return (
            Self(f32x4_relaxed_max(
                f32x4_relaxed_min(self.0, limit.0),
                limit.neg().0,
            )),
            Self(f32x4_ne(self.0, self.0)),
        );
        #[cfg(not(target_feature = "relaxed-simd"))]
        (self.min(limit).max(limit.neg()), Self::zero())
    }

    #[inline(always)]
    fn wrapping_add(self, o: Self) -> Self {
        Self(u32x4_add(self.0, o.0))
    }
}
