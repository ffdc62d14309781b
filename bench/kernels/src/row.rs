//! One row of C: how many panels at a time, or none.

use super::{K, V, WIDE};
use simd::Vector;

/// `P` panels of eight columns at a time, in `2·P` accumulators.
///
/// With `FENCE`, a branch that is never taken stands between the halves. Older
/// versions of V8 need it where every load has an address of its own, as LLVM's
/// strength reduction makes them: they move all multiplications behind all
/// loads, which then spill.
pub fn by_panels<const P: usize, const FENCE: bool>(a: &[f32], b: &[f32], c: &mut [f32]) {
    let never = std::hint::black_box(usize::MAX);
    for (b, c) in b.chunks_exact(8 * P * K).zip(c.chunks_exact_mut(8 * P)) {
        panels::<P, FENCE>(a, b, c, never);
    }
}

#[inline(never)]
fn panels<const P: usize, const FENCE: bool>(a: &[f32], b: &[f32], c: &mut [f32], never: usize) {
    assert!(a.len() >= K && b.len() >= 8 * P * K);
    for (p, [low, high]) in sums::<P, FENCE>(a, b, never).into_iter().enumerate() {
        let c = &mut c[p * 8..][..8];
        low.store(&mut c[..4]);
        high.store(&mut c[4..]);
    }
}

#[inline(always)]
fn sums<const P: usize, const FENCE: bool>(a: &[f32], b: &[f32], never: usize) -> [[V; 2]; P] {
    let mut sums = [[V::zero(); 2]; P];
    for left in (0..K).rev() {
        let k = K - 1 - left;
        // SAFETY: the lengths were checked for all of K by the only caller.
        unsafe {
            let x = V::splat_ptr(a.as_ptr().add(k));
            for (p, sum) in sums.iter_mut().enumerate() {
                if FENCE && p == P / 2 && left == never {
                    break;
                }
                let b = b.as_ptr().add((p * K + k) * 8);
                *sum = [
                    x.mul_add(V::load_ptr(b), sum[0]),
                    x.mul_add(V::load_ptr(b.add(4)), sum[1]),
                ];
            }
        }
    }
    sums
}

/// B by columns, unpacked: a dot product each, in four accumulators.
pub fn by_dots(a: &[f32], b: &[f32], c: &mut [f32]) {
    for (b, c) in b.chunks_exact(K).zip(&mut c[..WIDE]) {
        *c = dot(a, b);
    }
}

#[inline(never)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [V::zero(); 4];
    for (a, b) in a.chunks_exact(16).zip(b.chunks_exact(16)) {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = V::load(&a[4 * i..][..4]).mul_add(V::load(&b[4 * i..][..4]), *sum);
        }
    }
    let sum = sums[0].add(sums[1]).add(sums[2].add(sums[3]));
    (0..4).map(|lane| sum.extract(lane)).sum()
}
