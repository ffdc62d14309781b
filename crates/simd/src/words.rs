//! Four 32-bit words beside the four elements of a vector.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use core::arch::wasm32::*;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type Lanes = v128;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type Lanes = [u32; 4];

/// Four unsigned words of 32 bits, one for each element of a
/// [`Vector`](crate::Vector): what hashes of places are computed in. Arithmetic
/// wraps.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Words(Lanes);

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
impl Words {
    /// `x` in every lane.
    #[inline(always)]
    pub fn splat(x: u32) -> Self {
        Self(u32x4_splat(x))
    }

    /// `first`, `first + 1`, `first + 2`, `first + 3`.
    #[inline(always)]
    pub fn from(first: u32) -> Self {
        Self::splat(first).wrapping_add(Self(u32x4(0, 1, 2, 3)))
    }

    /// `self + o`
    #[inline(always)]
    pub fn wrapping_add(self, o: Self) -> Self {
        Self(u32x4_add(self.0, o.0))
    }

    /// `self * o`
    #[inline(always)]
    pub fn wrapping_mul(self, o: Self) -> Self {
        Self(u32x4_mul(self.0, o.0))
    }

    /// The bitwise exclusive or.
    #[inline(always)]
    pub fn xor(self, o: Self) -> Self {
        Self(v128_xor(self.0, o.0))
    }

    /// Bits moved down by `N`, zeros coming in.
    #[inline(always)]
    pub fn shift_right<const N: u32>(self) -> Self {
        Self(u32x4_shr(self.0, N))
    }

    /// All ones where `self >= o`, else zero.
    #[inline(always)]
    pub fn at_least(self, o: Self) -> Self {
        Self(u32x4_ge(self.0, o.0))
    }

    /// The words in order.
    #[inline(always)]
    pub fn lanes(self) -> [u32; 4] {
        [
            u32x4_extract_lane::<0>(self.0),
            u32x4_extract_lane::<1>(self.0),
            u32x4_extract_lane::<2>(self.0),
            u32x4_extract_lane::<3>(self.0),
        ]
    }

    /// The words as the register that holds them.
    #[inline(always)]
    pub(crate) fn register(self) -> v128 {
        self.0
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
impl Words {
    /// `x` in every lane.
    #[inline(always)]
    pub fn splat(x: u32) -> Self {
        Self([x; 4])
    }

    /// `first`, `first + 1`, `first + 2`, `first + 3`.
    #[inline(always)]
    pub fn from(first: u32) -> Self {
        Self([0, 1, 2, 3].map(|lane| first.wrapping_add(lane)))
    }

    #[inline(always)]
    fn zip(self, o: Self, f: impl Fn(u32, u32) -> u32) -> Self {
        Self(std::array::from_fn(|lane| f(self.0[lane], o.0[lane])))
    }

    /// `self + o`
    #[inline(always)]
    pub fn wrapping_add(self, o: Self) -> Self {
        self.zip(o, u32::wrapping_add)
    }

    /// `self * o`
    #[inline(always)]
    pub fn wrapping_mul(self, o: Self) -> Self {
        self.zip(o, u32::wrapping_mul)
    }

    /// The bitwise exclusive or.
    #[inline(always)]
    pub fn xor(self, o: Self) -> Self {
        self.zip(o, |a, b| a ^ b)
    }

    /// Bits moved down by `N`, zeros coming in.
    #[inline(always)]
    pub fn shift_right<const N: u32>(self) -> Self {
        Self(self.0.map(|x| x >> N))
    }

    /// All ones where `self >= o`, else zero.
    #[inline(always)]
    pub fn at_least(self, o: Self) -> Self {
        self.zip(o, |a, b| if a >= b { u32::MAX } else { 0 })
    }

    /// The words in order.
    #[inline(always)]
    pub fn lanes(self) -> [u32; 4] {
        self.0
    }
}
