use crate::{Element, Function, Quotient, Words};

/// Four elements and what can be done with them.
///
/// Comparisons with NaN are false. Arithmetic is IEEE 754's, rounded to
/// nearest, except that [`mul_add`](Vector::mul_add) may round once or twice.
pub trait Vector: Copy + Send + Sync + 'static {
    /// What a lane holds.
    type Elem: Element;
    /// What a comparison gives and [`select`](Vector::select) takes.
    type Mask: Copy;
    /// Four sums in `f64`, one for each lane.
    type Sums: Copy;
    /// eˣ with its constants; see [`functions::exp`](crate::functions::exp).
    type Exp: Function<Self>;
    /// tanh with its constants; see [`functions::tanh`](crate::functions::tanh).
    type Tanh: Quotient<Self>;
    /// ln with its constants; see [`functions::ln`](crate::functions::ln).
    type Ln: Function<Self>;
    /// erf with its constants; see [`functions::erf`](crate::functions::erf).
    type Erf: Function<Self>;

    /// How many elements a vector holds.
    const LANES: usize;

    /// `x` in every lane.
    fn splat(x: Self::Elem) -> Self;

    /// `x` in every lane, hidden from the engine's constant folding: make it
    /// before a loop that uses it (see the crate's page).
    fn constant(x: Self::Elem) -> Self;

    /// Zero in every lane.
    #[inline(always)]
    fn zero() -> Self {
        Self::splat(Self::Elem::ZERO)
    }

    /// The first [`LANES`](Vector::LANES) elements of `s`. Panics when `s` is
    /// shorter.
    fn load(s: &[Self::Elem]) -> Self;

    /// Writes all lanes to the start of `s`. Panics when `s` is shorter.
    fn store(self, s: &mut [Self::Elem]);

    /// The elements of `s`, at most [`LANES`](Vector::LANES), then zeros.
    /// Panics when `s` is longer.
    #[inline(always)]
    fn load_partial(s: &[Self::Elem]) -> Self {
        Self::load_padded(s, Self::Elem::ZERO)
    }

    /// The elements of `s`, at most [`LANES`](Vector::LANES), then `padding`.
    /// Panics when `s` is longer.
    fn load_padded(s: &[Self::Elem], padding: Self::Elem) -> Self;

    /// Writes the first `s.len()` lanes to `s`. Panics when `s` is longer than
    /// a vector.
    fn store_partial(self, s: &mut [Self::Elem]);

    /// Reads [`LANES`](Vector::LANES) elements; for inner loops whose bounds
    /// were checked before.
    ///
    /// # Safety
    /// `p` must be valid for reads of `LANES` elements. It need not be aligned
    /// to more than an element.
    unsafe fn load_ptr(p: *const Self::Elem) -> Self;

    /// Writes [`LANES`](Vector::LANES) elements.
    ///
    /// # Safety
    /// `p` must be valid for writes of `LANES` elements. It need not be aligned
    /// to more than an element.
    unsafe fn store_ptr(self, p: *mut Self::Elem);

    /// One element in every lane.
    ///
    /// # Safety
    /// `p` must be valid for reads of one element.
    unsafe fn splat_ptr(p: *const Self::Elem) -> Self;

    /// Lane `L` in every lane.
    fn splat_lane<const L: i32>(self) -> Self;

    /// Four rows as four columns: lane `j` of result `i` is lane `i` of row `j`.
    fn transpose(rows: [Self; 4]) -> [Self; 4];

    /// One lane. Panics when `lane` is not below [`LANES`](Vector::LANES).
    fn extract(self, lane: usize) -> Self::Elem;

    /// `self + o`
    fn add(self, o: Self) -> Self;
    /// `self - o`
    fn sub(self, o: Self) -> Self;
    /// `self * o`
    fn mul(self, o: Self) -> Self;
    /// `self / o`
    fn div(self, o: Self) -> Self;
    /// Lane by lane `o` if it is less, else `self`: NaN in `self` stays, NaN in
    /// `o` does not count.
    fn min(self, o: Self) -> Self;
    /// Lane by lane `o` if it is greater, else `self`: NaN in `self` stays, NaN
    /// in `o` does not count.
    fn max(self, o: Self) -> Self;
    /// `-self`; flips the sign of zero and NaN too.
    fn neg(self) -> Self;
    /// `self` without its sign.
    fn abs(self) -> Self;
    /// The square root, exactly rounded; NaN below zero.
    fn sqrt(self) -> Self;
    /// `self * b + c`; rounded twice, or once with relaxed SIMD on an engine
    /// that fuses.
    fn mul_add(self, b: Self, c: Self) -> Self;

    /// `self < o`
    fn lt(self, o: Self) -> Self::Mask;
    /// `self <= o`
    fn le(self, o: Self) -> Self::Mask;
    /// `self > o`
    #[inline(always)]
    fn gt(self, o: Self) -> Self::Mask {
        o.lt(self)
    }
    /// `self >= o`
    #[inline(always)]
    fn ge(self, o: Self) -> Self::Mask {
        o.le(self)
    }
    /// `self == o`
    fn eq(self, o: Self) -> Self::Mask;
    /// Lane by lane `yes` where `m` holds, else `no`.
    fn select(m: Self::Mask, yes: Self, no: Self) -> Self;
    /// Lane by lane `self` where the word is all ones, zero where it is zero;
    /// see [`Words::at_least`].
    fn keep(self, words: Words) -> Self;

    /// eˣ. In a loop, make a [`Vector::Exp`] before it.
    #[inline(always)]
    fn exp(self) -> Self {
        Self::Exp::new().apply(self)
    }
    /// The hyperbolic tangent. In a loop, make a [`Vector::Tanh`] before it.
    #[inline(always)]
    fn tanh(self) -> Self {
        Self::Tanh::new().apply(self)
    }
    /// The natural logarithm. In a loop, make a [`Vector::Ln`] before it.
    #[inline(always)]
    fn ln(self) -> Self {
        Self::Ln::new().apply(self)
    }
    /// The error function. In a loop, make a [`Vector::Erf`] before it.
    #[inline(always)]
    fn erf(self) -> Self {
        Self::Erf::new().apply(self)
    }

    /// The sum of the lanes in a fixed order: (0 + 2) + (1 + 3).
    #[inline(always)]
    fn reduce_add(self) -> Self::Elem {
        (self.extract(0) + self.extract(2)) + (self.extract(1) + self.extract(3))
    }

    /// Sums of nothing.
    fn no_sums() -> Self::Sums;

    /// Adds the square of each lane, squared in `f64`, to the lane's sum.
    fn add_squares(self, sums: Self::Sums) -> Self::Sums;

    /// All sums together, in the order of [`reduce_add`](Vector::reduce_add).
    fn reduce_sums(sums: Self::Sums) -> f64;

    /// The greatest lane, NaN only if lane 0 is.
    #[inline(always)]
    fn reduce_max(self) -> Self::Elem {
        let low = self.extract(0).max(self.extract(1));
        low.max(self.extract(2).max(self.extract(3)))
    }
}
