//! One row of C: how many panels at a time, or none.

use super::{V, WIDE};
use simd::Vector;

/// `P` panels of eight columns at a time, in `2·P` accumulators: production's.
///
/// With `FENCE`, a branch that is never taken stands between the halves, as in
/// the wide tile.
pub fn by_panels<const P: usize, const FENCE: bool>(k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    let never = std::hint::black_box(usize::MAX);
    for (b, c) in b.chunks_exact(8 * P * k).zip(c.chunks_exact_mut(8 * P)) {
        panels::<P, FENCE>(k, a, b, c, 8 * k, never);
    }
}

#[inline(never)]
fn panels<const P: usize, const FENCE: bool>(
    k: usize,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
    b_stride: usize,
    never: usize,
) {
    assert!(a.len() >= k && b.len() >= P * b_stride && b_stride >= 8 * k);
    let (mut a, mut b) = (a.as_ptr(), b.as_ptr());
    let mut sums = [[V::zero(); 2]; P];
    'products: for left in (0..k).rev() {
        // SAFETY: the lengths were checked for all of k.
        unsafe {
            let splat = V::splat_ptr(a);
            for (p, [low, high]) in sums.iter_mut().enumerate() {
                if FENCE && p == P / 2 && left == never {
                    break 'products;
                }
                let columns = b.add(p * b_stride);
                *low = splat.mul_add(V::load_ptr(columns), *low);
                *high = splat.mul_add(V::load_ptr(columns.add(4)), *high);
            }
            a = a.add(1);
            b = b.add(8);
        }
    }
    for (p, [low, high]) in sums.into_iter().enumerate() {
        let c = &mut c[p * 8..][..8];
        low.store(&mut c[..4]);
        high.store(&mut c[4..]);
    }
}

/// B by columns, unpacked: a dot product each, in four accumulators.
pub fn by_dots(k: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    for (b, c) in b.chunks_exact(k).zip(&mut c[..WIDE]) {
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
