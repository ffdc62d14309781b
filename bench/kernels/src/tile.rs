//! Tiles of C: how many accumulators, and how A gets into all lanes.

use super::V;
use simd::Vector;

/// One vector of A, splatted by shuffles: production's careful tile.
pub const SHUFFLE: u8 = 0;
/// A splatting load for each number of A: production's plain tile.
pub const SPLAT: u8 = 1;
/// As [`SHUFFLE`], four steps of K at a time.
pub const UNROLLED: u8 = 2;
/// As [`SPLAT`], with a branch that is never taken behind the first vector of B,
/// so that the others are loaded one by one: production's wide tile.
pub const FENCED: u8 = 3;

/// `R` rows and `P` panels of eight columns, in `2·R·P` accumulators.
///
/// V8 optimises a function on its calls, so this one is never inlined.
#[inline(never)]
pub fn multiply<const R: usize, const P: usize, const WAY: u8>(
    k: usize,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
) {
    assert!(a.len() >= R * k && b.len() >= 8 * P * k);
    let mut sums = [[[V::zero(); 2]; P]; R];
    if WAY == FENCED {
        sums = fenced::<R, P>(k, a, b);
    } else if WAY == UNROLLED {
        for first in (0..k - k % 4).step_by(4) {
            for u in 0..4 {
                // SAFETY: the lengths were checked for all of k.
                unsafe { step::<R, P, WAY>(first + u, k, a, b, &mut sums) };
            }
        }
    } else {
        for at in 0..k {
            // SAFETY: the lengths were checked for all of k.
            unsafe { step::<R, P, WAY>(at, k, a, b, &mut sums) };
        }
    }
    for (r, row) in sums.iter().enumerate() {
        for (p, [low, high]) in row.iter().enumerate() {
            let c = &mut c[(r * P + p) * 8..][..8];
            low.store(&mut c[..4]);
            high.store(&mut c[4..]);
        }
    }
}

/// # Safety
/// `a` holds `R` and `b` `8·P` numbers for each of `k` steps, of which `at` is one.
#[inline(always)]
unsafe fn step<const R: usize, const P: usize, const WAY: u8>(
    at: usize,
    k: usize,
    a: &[f32],
    b: &[f32],
    sums: &mut [[[V; 2]; P]; R],
) {
    // SAFETY: the caller vouches for this step of both.
    unsafe {
        let a = a.as_ptr().add(at * R);
        let splats: [V; R] = if WAY == SPLAT {
            std::array::from_fn(|r| V::splat_ptr(a.add(r)))
        } else {
            std::array::from_fn(|r| {
                let four = V::load_ptr(a.add(r / 4 * 4));
                match r % 4 {
                    0 => four.splat_lane::<0>(),
                    1 => four.splat_lane::<1>(),
                    2 => four.splat_lane::<2>(),
                    _ => four.splat_lane::<3>(),
                }
            })
        };
        for p in 0..P {
            let b = b.as_ptr().add((p * k + at) * 8);
            let (low, high) = (V::load_ptr(b), V::load_ptr(b.add(4)));
            for (row, splat) in sums.iter_mut().zip(splats) {
                row[p] = [
                    splat.mul_add(low, row[p][0]),
                    splat.mul_add(high, row[p][1]),
                ];
            }
        }
    }
}

#[inline(always)]
fn fenced<const R: usize, const P: usize>(k: usize, a: &[f32], b: &[f32]) -> [[[V; 2]; P]; R] {
    let never = std::hint::black_box(usize::MAX);
    let mut sums = [[[V::zero(); 2]; P]; R];
    for left in (0..k).rev() {
        let at = k - 1 - left;
        // SAFETY: the lengths were checked for all of k by the only caller.
        unsafe {
            let splats: [V; R] = std::array::from_fn(|r| V::splat_ptr(a.as_ptr().add(at * R + r)));
            for vector in 0..2 * P {
                if vector == 1 && left == never {
                    return sums;
                }
                let (p, half) = (vector / 2, vector % 2);
                let x = V::load_ptr(b.as_ptr().add((p * k + at) * 8 + half * 4));
                for (row, splat) in sums.iter_mut().zip(splats) {
                    row[p][half] = splat.mul_add(x, row[p][half]);
                }
            }
        }
    }
    sums
}
