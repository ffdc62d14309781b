//! The tiles that everything spends its time in.
//!
//! V8 uses fifteen of the sixteen vector registers of x86. Eight accumulators,
//! two vectors of B, one of A and one splat leave some over; with twelve
//! accumulators a tile spills and runs at half the speed unless everything else
//! fits three registers, and so does a loop unrolled over K, whose loads V8
//! hoists.
//!
//! There are two ways to write a tile, with the same result to the bit.
//!
//! * `PLAIN`: a load splats each number of A. Two rows and three panels
//!   ([`WIDE`]) are twelve accumulators, two splats and one vector of B: all
//!   there is, if vectors of B are loaded one by one. A branch that is never
//!   taken, but would return the sums, sees to that, behind the products of the
//!   first. With four rows and one panel each accumulator waits for itself, so
//!   that this is for columns that are left over. Recent engines with guard pages
//!   run this faster than the other. Without fused multiplication twelve
//!   accumulators are too many, and all tiles have four rows and one panel: any
//!   engine with guard pages runs these a fifth faster than the other way.
//! * Careful: A is read as one vector of four rows and splatted by shuffles,
//!   since engines without guard pages check the bounds of every load: four
//!   splatting loads took three times as long there on Zen 4.

use super::{CLayout, MR, NR};
use simd::{Element, Vector};

/// Panels of a plain tile of two rows.
pub(super) const WIDE: usize = 3;

/// Strides of the three operands, and what happens to C.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Distance of two numbers of a row in A: 4 when packed, 1 in a plain row.
    pub a_step: usize,
    /// Distance of two panels of B.
    pub b_stride: usize,
    pub layout: CLayout,
    accumulate: bool,
    /// A count that K never has, which the compiler must not know.
    never: usize,
}

impl Place {
    pub fn new(a_step: usize, b_stride: usize, layout: CLayout, accumulate: bool) -> Self {
        Self {
            a_step,
            b_stride,
            layout,
            accumulate,
            never: std::hint::black_box(usize::MAX),
        }
    }
}

/// `tiles` tiles of `R` rows over all columns, `P` panels at a time.
///
/// # Safety
/// `a` must be readable for `tiles` packed tiles, `b` for `⌈n/8⌉` panels of `k`
/// rows, and `c` writable wherever `place.layout` puts `tiles * R` rows of `n` columns.
pub(super) unsafe fn rows<V: Vector, const R: usize, const P: usize, const PLAIN: bool>(
    tiles: usize,
    n: usize,
    k: usize,
    a: *const V::Elem,
    b: *const V::Elem,
    c: *mut V::Elem,
    place: Place,
) {
    let full = n / NR;
    let grouped = full - full % P;
    let mut panel = 0;
    // SAFETY: all panels below `full` have eight columns inside the caller's C.
    unsafe {
        while panel < grouped {
            let c = c.add(panel * place.layout.panel_stride);
            block::<V, R, P, PLAIN>(tiles, k, a, b.add(panel * place.b_stride), c, place);
            panel += P;
        }
        while panel < full {
            let c = c.add(panel * place.layout.panel_stride);
            block::<V, R, 1, PLAIN>(tiles, k, a, b.add(panel * place.b_stride), c, place);
            panel += 1;
        }
        if !n.is_multiple_of(NR) {
            let c = c.add(panel * place.layout.panel_stride);
            let b = b.add(panel * place.b_stride);
            for tile in 0..tiles {
                let c = c.add(tile * R * place.layout.row_stride);
                edge::<V, R>(n % NR, k, a.add(tile * R * k), b, c, place);
            }
        }
    }
}

/// `tiles` tiles of `R` rows and `P` whole panels.
///
/// V8 optimises a function on its calls, never inside a running loop: so this
/// one is called for every few panels and is never inlined.
///
/// # Safety
/// As [`rows`], for `P` panels of eight columns.
#[inline(never)]
unsafe fn block<V: Vector, const R: usize, const P: usize, const PLAIN: bool>(
    tiles: usize,
    k: usize,
    a: *const V::Elem,
    b: *const V::Elem,
    c: *mut V::Elem,
    place: Place,
) {
    let CLayout {
        row_stride,
        panel_stride,
    } = place.layout;
    for tile in 0..tiles {
        // SAFETY: the caller vouches for every tile; more than one means that R
        // is 4 or 2, so that each lies within one tile of packed A.
        unsafe {
            let first = tile * R;
            let a = a.add(first / MR * MR * k + first % MR);
            let sums = tile_sums::<V, R, P, PLAIN>(k, a, b, place);
            let c = c.add(tile * R * row_stride);
            for (r, row) in sums.iter().enumerate() {
                for (p, &[low, high]) in row.iter().enumerate() {
                    put(low, high, c.add(r * row_stride + p * panel_stride), place);
                }
            }
        }
    }
}

/// Writes or adds the sums of eight columns of a row.
///
/// # Safety
/// Eight numbers must be readable and writable at `c`.
#[inline(always)]
pub(super) unsafe fn put<V: Vector>(low: V, high: V, c: *mut V::Elem, place: Place) {
    // SAFETY: the caller vouches for both halves.
    unsafe {
        if place.accumulate {
            V::load_ptr(c).add(low).store_ptr(c);
            V::load_ptr(c.add(4)).add(high).store_ptr(c.add(4));
        } else {
            low.store_ptr(c);
            high.store_ptr(c.add(4));
        }
    }
}

/// One tile of `R` rows over the first `columns` columns of one panel.
///
/// # Safety
/// As [`rows`], for one panel.
#[inline(never)]
pub(super) unsafe fn edge<V: Vector, const R: usize>(
    columns: usize,
    k: usize,
    a: *const V::Elem,
    b: *const V::Elem,
    c: *mut V::Elem,
    place: Place,
) {
    let mut tile = [V::Elem::ZERO; 4 * NR];
    // SAFETY: the caller vouches for A and B; `tile` has room for R <= 4 rows.
    unsafe {
        let sums = tile_sums::<V, R, 1, false>(k, a, b, place);
        for (r, [[low, high]]) in sums.into_iter().enumerate() {
            let row = tile.as_mut_ptr().add(r * NR);
            low.store_ptr(row);
            high.store_ptr(row.add(4));
        }
    }
    for r in 0..R {
        for (j, &sum) in tile[r * NR..][..columns].iter().enumerate() {
            // SAFETY: the caller vouches for `columns` columns of R rows of C.
            let c = unsafe { &mut *c.add(r * place.layout.row_stride + j) };
            *c = if place.accumulate { *c + sum } else { sum };
        }
    }
}

/// The sums of one tile of `R` rows and `P` panels, over all of K.
///
/// # Safety
/// `a` must be readable for one packed tile of `k` (or `k` numbers `a_step`
/// apart when `R` is 1), `b` for `k` rows of `P` panels.
#[inline(always)]
unsafe fn tile_sums<V: Vector, const R: usize, const P: usize, const PLAIN: bool>(
    k: usize,
    mut a: *const V::Elem,
    mut b: *const V::Elem,
    place: Place,
) -> [[[V; 2]; P]; R] {
    let mut sums = [[[V::zero(); 2]; P]; R];
    for left in (0..k).rev() {
        // SAFETY: k steps of A and B are readable.
        unsafe {
            let splats: [V; R] = if R == 1 || PLAIN {
                std::array::from_fn(|r| V::splat_ptr(a.add(r)))
            } else {
                let rows = V::load_ptr(a);
                std::array::from_fn(|r| match r {
                    0 => rows.splat_lane::<0>(),
                    1 => rows.splat_lane::<1>(),
                    2 => rows.splat_lane::<2>(),
                    _ => rows.splat_lane::<3>(),
                })
            };
            for p in 0..P {
                let columns = b.add(p * place.b_stride);
                for half in 0..2 {
                    let fence = PLAIN && R * P == 2 * WIDE && p == 0 && half == 1;
                    if fence && left == place.never {
                        return sums;
                    }
                    let x = V::load_ptr(columns.add(4 * half));
                    for r in 0..R {
                        sums[r][p][half] = splats[r].mul_add(x, sums[r][p][half]);
                    }
                }
            }
            a = a.add(place.a_step);
            b = b.add(NR);
        }
    }
    sums
}
