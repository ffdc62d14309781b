//! One row of A against all panels: what a batch of one row spends its time in.
//!
//! Every number of B is loaded for one multiplication, so that loads decide, and
//! the fewer of them are for A the better: four panels share a splat of A in
//! eight accumulators. Panels that are left over are not taken one by one, where
//! two accumulators would wait for themselves: seven are 4 + 3, five are 5.

use super::{CLayout, NR, micro};
use simd::Vector;

/// Panels that share a splat, while there are enough.
const MANY: usize = 4;

/// `c[n] (+)= a[k]·B[k, n]`.
///
/// # Safety
/// `a` must be readable for `k` numbers `a_step` apart, `b` for `⌈n/8⌉` panels
/// of `k` rows `b_stride` apart, and `c` writable wherever `layout` puts one row
/// of `n` columns.
pub(super) unsafe fn row<V: Vector>(
    n: usize,
    k: usize,
    a: *const V::Elem,
    a_step: usize,
    b: *const V::Elem,
    b_stride: usize,
    c: *mut V::Elem,
    layout: CLayout,
    accumulate: bool,
) {
    let place = micro::Place::new(a_step, b_stride, layout, accumulate);
    let whole = n / NR;
    let mut first = 0;
    // SAFETY: all panels below `whole` have eight columns inside the caller's C.
    unsafe {
        let mut next = |count: usize| {
            let (b, c) = (b.add(first * b_stride), c.add(first * layout.panel_stride));
            first += count;
            (b, c)
        };
        let mut left = whole;
        while left > 0 {
            let count = match left {
                6 => 3,
                1..=5 => left,
                _ => MANY,
            };
            let (b, c) = next(count);
            match count {
                1 => panels::<V, 1>(k, a, b, c, place),
                2 => panels::<V, 2>(k, a, b, c, place),
                3 => panels::<V, 3>(k, a, b, c, place),
                4 => panels::<V, 4>(k, a, b, c, place),
                _ => panels::<V, 5>(k, a, b, c, place),
            }
            left -= count;
        }
        if !n.is_multiple_of(NR) {
            let (b, c) = (b.add(whole * b_stride), c.add(whole * layout.panel_stride));
            micro::edge::<V, 1>(n % NR, k, a, b, c, place);
        }
    }
}

/// `P` whole panels. A call for each few, since V8 optimises a function on its
/// calls, never inside a running loop.
///
/// # Safety
/// As [`row`], for `P` panels.
#[inline(never)]
unsafe fn panels<V: Vector, const P: usize>(
    k: usize,
    mut a: *const V::Elem,
    mut b: *const V::Elem,
    c: *mut V::Elem,
    place: micro::Place,
) {
    let mut sums = [[V::zero(); 2]; P];
    for _ in 0..k {
        // SAFETY: the caller vouches for k numbers of A and rows of B.
        unsafe {
            let splat = V::splat_ptr(a);
            for (p, [low, high]) in sums.iter_mut().enumerate() {
                let columns = b.add(p * place.b_stride);
                *low = splat.mul_add(V::load_ptr(columns), *low);
                *high = splat.mul_add(V::load_ptr(columns.add(4)), *high);
            }
            a = a.add(place.a_step);
            b = b.add(NR);
        }
    }
    for (p, [low, high]) in sums.into_iter().enumerate() {
        // SAFETY: the caller vouches for the eight columns of each panel.
        unsafe { micro::put(low, high, c.add(p * place.layout.panel_stride), place) };
    }
}
