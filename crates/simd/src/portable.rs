use std::array::from_fn;

use crate::bits::Bits;
use crate::functions::{Erf, Exp, Function, Ln, Quotient, Std, Tanh};
use crate::{Element, Vector, Words, partial};

/// Four lanes in an array.
///
/// Natively it stands for the SIMD128 vector, so that tests run the same chunks
/// and tails; in `f64` it is the reference everywhere.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Portable<T>([T; LANES]);

const LANES: usize = 4;

/// An element that [`Portable`] can hold, with its functions.
pub trait Lane: Element {
    /// eˣ
    type Exp: Function<Portable<Self>>;
    /// tanh
    type Tanh: Quotient<Portable<Self>>;
    /// ln
    type Ln: Function<Portable<Self>>;
    /// erf
    type Erf: Function<Portable<Self>>;
}

impl Lane for f32 {
    type Exp = Exp<Portable<f32>>;
    type Tanh = Tanh<Portable<f32>>;
    type Ln = Ln<Portable<f32>>;
    type Erf = Erf<Portable<f32>>;
}

impl Lane for f64 {
    type Exp = Std<{ Std::EXP }>;
    type Tanh = Std<{ Std::TANH }>;
    type Ln = Std<{ Std::LN }>;
    type Erf = Std<{ Std::ERF }>;
}

impl<T: Element> Portable<T> {
    #[inline(always)]
    pub(crate) fn map(self, f: impl Fn(T) -> T) -> Self {
        Self(self.0.map(f))
    }

    #[inline(always)]
    fn zip<R>(self, o: Self, f: impl Fn(T, T) -> R) -> [R; LANES] {
        from_fn(|lane| f(self.0[lane], o.0[lane]))
    }
}

impl<T: Lane> Vector for Portable<T> {
    type Elem = T;
    type Mask = [bool; LANES];
    type Sums = [f64; LANES];
    type Exp = T::Exp;
    type Tanh = T::Tanh;
    type Ln = T::Ln;
    type Erf = T::Erf;

    const LANES: usize = LANES;

    #[inline(always)]
    fn splat(x: T) -> Self {
        Self([x; LANES])
    }

    // A native compiler keeps constants in registers or memory operands.
    #[inline(always)]
    fn constant(x: T) -> Self {
        Self::splat(x)
    }

    #[inline(always)]
    fn load(s: &[T]) -> Self {
        Self(from_fn(|lane| s[..LANES][lane]))
    }

    #[inline(always)]
    fn store(self, s: &mut [T]) {
        s[..LANES].copy_from_slice(&self.0);
    }

    #[inline(always)]
    fn load_padded(s: &[T], padding: T) -> Self {
        Self(partial::gather(s, padding))
    }

    #[inline(always)]
    fn store_partial(self, s: &mut [T]) {
        partial::scatter(self.0, s);
    }

    #[inline(always)]
    unsafe fn load_ptr(p: *const T) -> Self {
        // SAFETY: the caller vouches for LANES readable elements; an array is
        // aligned as its element.
        Self(unsafe { p.cast::<[T; LANES]>().read() })
    }

    #[inline(always)]
    unsafe fn store_ptr(self, p: *mut T) {
        // SAFETY: the caller vouches for LANES writable elements; an array is
        // aligned as its element.
        unsafe { p.cast::<[T; LANES]>().write(self.0) }
    }

    #[inline(always)]
    unsafe fn splat_ptr(p: *const T) -> Self {
        // SAFETY: the caller vouches for one readable element.
        Self::splat(unsafe { p.read() })
    }

    #[inline(always)]
    fn splat_lane<const L: i32>(self) -> Self {
        Self::splat(self.0[L as usize])
    }

    #[inline(always)]
    fn transpose(rows: [Self; 4]) -> [Self; 4] {
        from_fn(|i| Self(from_fn(|j| rows[j].0[i])))
    }

    #[inline(always)]
    fn extract(self, lane: usize) -> T {
        self.0[lane]
    }

    #[inline(always)]
    fn no_sums() -> [f64; LANES] {
        [0.0; LANES]
    }

    #[inline(always)]
    fn add_squares(self, sums: [f64; LANES]) -> [f64; LANES] {
        from_fn(|lane| sums[lane] + self.0[lane].to_f64() * self.0[lane].to_f64())
    }

    #[inline(always)]
    fn reduce_sums(sums: [f64; LANES]) -> f64 {
        (sums[0] + sums[2]) + (sums[1] + sums[3])
    }

    #[inline(always)]
    fn add(self, o: Self) -> Self {
        Self(self.zip(o, |a, b| a + b))
    }

    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        Self(self.zip(o, |a, b| a - b))
    }

    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        Self(self.zip(o, |a, b| a * b))
    }

    #[inline(always)]
    fn div(self, o: Self) -> Self {
        Self(self.zip(o, |a, b| a / b))
    }

    #[inline(always)]
    fn min(self, o: Self) -> Self {
        Self(self.zip(o, T::min))
    }

    #[inline(always)]
    fn max(self, o: Self) -> Self {
        Self(self.zip(o, T::max))
    }

    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|a| -a)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        self.map(T::abs)
    }

    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(T::sqrt)
    }

    // Two roundings, as SIMD128 without relaxed operations has them; a fused
    // one is a library call on most native targets.
    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        self.mul(b).add(c)
    }

    #[inline(always)]
    fn lt(self, o: Self) -> Self::Mask {
        self.zip(o, |a, b| a < b)
    }

    #[inline(always)]
    fn le(self, o: Self) -> Self::Mask {
        self.zip(o, |a, b| a <= b)
    }

    #[inline(always)]
    fn eq(self, o: Self) -> Self::Mask {
        self.zip(o, |a, b| a == b)
    }

    #[inline(always)]
    fn select(m: Self::Mask, yes: Self, no: Self) -> Self {
        Self(from_fn(
            |lane| if m[lane] { yes.0[lane] } else { no.0[lane] },
        ))
    }

    #[inline(always)]
    fn keep(self, words: Words) -> Self {
        Self::select(words.lanes().map(|word| word != 0), self, Self::zero())
    }
}

impl Portable<f32> {
    #[inline(always)]
    fn zip_bits(self, o: Self, f: impl Fn(u32, u32) -> u32) -> Self {
        Self(self.zip(o, |a, b| f32::from_bits(f(a.to_bits(), b.to_bits()))))
    }
}

impl Bits for Portable<f32> {
    #[inline(always)]
    fn shift_left<const N: u32>(self) -> Self {
        self.map(|a| f32::from_bits(a.to_bits() << N))
    }

    #[inline(always)]
    fn shift_right<const N: u32>(self) -> Self {
        self.map(|a| f32::from_bits(a.to_bits() >> N))
    }

    #[inline(always)]
    fn and(self, o: Self) -> Self {
        self.zip_bits(o, |a, b| a & b)
    }

    #[inline(always)]
    fn or(self, o: Self) -> Self {
        self.zip_bits(o, |a, b| a | b)
    }

    #[inline(always)]
    fn clamp(self, limit: Self) -> (Self, Self) {
        (self.min(limit).max(limit.neg()), Self::zero())
    }

    #[inline(always)]
    fn wrapping_add(self, o: Self) -> Self {
        self.zip_bits(o, u32::wrapping_add)
    }
}
