use crate::Vector;

/// Operations on the bit patterns of four `f32`, as the exponent tricks of
/// `exp` and `ln` need them, and NaN apart from numbers, as `tanh` does.
pub trait Bits: Vector<Elem = f32> {
    /// Each lane's bits shifted left.
    fn shift_left<const N: u32>(self) -> Self;
    /// Each lane's bits shifted right, zeros coming in.
    fn shift_right<const N: u32>(self) -> Self;
    /// The bitwise and.
    fn and(self, o: Self) -> Self;
    /// The bitwise or.
    fn or(self, o: Self) -> Self;
    /// Each lane within ±`limit`; and what a result must be or-ed with to be NaN
    /// where `self` is, which clamping may have lost.
    fn clamp(self, limit: Self) -> (Self, Self);
    /// The sum of the bits as wrapping 32-bit integers.
    fn wrapping_add(self, o: Self) -> Self;
}
