use std::fmt::Debug;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::{F32, F64, Vector};

/// A number that a lane holds: `f32` or `f64`.
///
/// The functions of `f32` give exactly the bits that a lane of [`F32`] gives;
/// those of `f64` are std's.
pub trait Element:
    Copy
    + Default
    + PartialOrd
    + Debug
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + Sum
{
    /// The vector that holds it, for code that works on elements otherwise.
    type Vector: Vector<Elem = Self>;

    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// −∞
    const NEG_INFINITY: Self;

    /// The nearest value to `x`.
    fn from_f64(x: f64) -> Self;
    /// The same value in `f64`, without loss.
    fn to_f64(self) -> f64;
    /// The nearest value to `n`.
    fn from_usize(n: usize) -> Self;

    /// eˣ
    fn exp(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// The square root, exactly rounded.
    fn sqrt(self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// `other` if it is greater, else `self` (so NaN in `self` stays).
    fn max(self, other: Self) -> Self;
    /// `other` if it is less, else `self` (so NaN in `self` stays).
    fn min(self, other: Self) -> Self;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// `self * b + c`, rounded as [`Vector::mul_add`] rounds.
    fn mul_add(self, b: Self, c: Self) -> Self;
}

macro_rules! shared {
    ($float:ty) => {
        const ZERO: Self = 0.0;
        const ONE: Self = 1.0;
        const NEG_INFINITY: Self = <$float>::NEG_INFINITY;

        #[inline(always)]
        fn from_f64(x: f64) -> Self {
            x as $float
        }

        #[inline(always)]
        fn to_f64(self) -> f64 {
            f64::from(self)
        }

        #[inline(always)]
        fn from_usize(n: usize) -> Self {
            n as $float
        }

        #[inline(always)]
        fn sqrt(self) -> Self {
            <$float>::sqrt(self)
        }

        #[inline(always)]
        fn abs(self) -> Self {
            <$float>::abs(self)
        }

        #[inline(always)]
        fn max(self, other: Self) -> Self {
            if other > self { other } else { self }
        }

        #[inline(always)]
        fn min(self, other: Self) -> Self {
            if other < self { other } else { self }
        }

        #[inline(always)]
        fn is_finite(self) -> bool {
            <$float>::is_finite(self)
        }
    };
}

// A scalar is one lane of a splat: equal bits by construction, fused or not.
impl Element for f32 {
    type Vector = F32;

    shared!(f32);

    #[inline(always)]
    fn exp(self) -> Self {
        F32::splat(self).exp().extract(0)
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        F32::splat(self).tanh().extract(0)
    }

    #[inline(always)]
    fn ln(self) -> Self {
        F32::splat(self).ln().extract(0)
    }

    #[inline(always)]
    fn erf(self) -> Self {
        F32::splat(self).erf().extract(0)
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        F32::splat(self)
            .mul_add(F32::splat(b), F32::splat(c))
            .extract(0)
    }
}

impl Element for f64 {
    type Vector = F64;

    shared!(f64);

    #[inline(always)]
    fn exp(self) -> Self {
        f64::exp(self)
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        f64::tanh(self)
    }

    #[inline(always)]
    fn ln(self) -> Self {
        f64::ln(self)
    }

    #[inline(always)]
    fn erf(self) -> Self {
        crate::functions::erf::series(self)
    }

    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        self * b + c
    }
}
