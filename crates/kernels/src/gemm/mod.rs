//! Matrix products over packed operands: `C[M, N] (+)= A[M, K]·B[K, N]`.
//!
//! Both operands are packed, so that no shape and no transpose is slow, and
//! what is used more than once (weights over time steps, a layer's input in two
//! directions) is packed once:
//!
//! * packed A is `[⌈M/4⌉][K][4]`: tiles of [`MR`] rows, for each `k` the four
//!   rows' numbers side by side; missing rows are zero;
//! * packed B is `[⌈N/8⌉][K][8]`: panels of [`NR`] columns, missing columns are
//!   zero.
//!
//! The microkernel holds a 4×8 tile of C in eight vectors, or a 2×24 tile in
//! twelve (see [`micro`] for when), remainders of one to three rows have kernels
//! of their own, and a single row is read unpacked ([`gemv`]). Columns past `N`
//! are never written; who owns a padded C passes `N` rounded up to [`NR`].
//!
//! [`WeightLayout`] is packed B of `x·Wᵀ` with the gates of a recurrent layer
//! interleaved: the layout in which weights and their gradients live, and which
//! serves the way back as it is: [`gemm_transposed`] packs neither operand.

mod micro;
mod pack;
mod row;
mod rows;
mod transposed;
mod weight;

pub use pack::{pack_a, pack_a_transposed, pack_b, pack_b_transposed, packed_a_len, packed_b_len};
pub use rows::{Rows, gemm_rows, gemm_rows_scratch, rows_scratch};
pub use transposed::{gemm_transposed, gemm_transposed_rows, transposed_rows_scratch};
pub use weight::WeightLayout;

use std::sync::atomic::{AtomicBool, Ordering};

use simd::Vector;

/// Rows of a tile.
pub const MR: usize = 4;

/// Columns of a panel.
pub const NR: usize = 8;

/// Rows of A that meet every panel of B before the next rows do: small enough
/// for their packed form to stay in the second-level cache, large enough for
/// the panels to be worth fetching.
const ROW_BLOCK: usize = 64;

/// Whether plain tiles may be wide: without fused multiplication there are too
/// few registers for the products that wait to be added.
const WIDE_TILES: bool = cfg!(any(
    not(target_arch = "wasm32"),
    target_feature = "relaxed-simd"
));

static PLAIN: AtomicBool = AtomicBool::new(false);

/// Says which tiles to take from now on: plain ones, for an engine whose memory
/// has guard pages (a recent one, in a build with fused multiplication), or
/// careful ones (see [`micro`]), which are slow nowhere. Results do not depend
/// on it.
pub fn prefer_plain(yes: bool) {
    PLAIN.store(yes, Ordering::Relaxed);
}

fn plain() -> bool {
    PLAIN.load(Ordering::Relaxed)
}

/// Where C lies: element (row `r`, column `8p + j`) at
/// `p * panel_stride + r * row_stride + j`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CLayout {
    /// Distance of two rows.
    pub row_stride: usize,
    /// Distance of two panels of eight columns.
    pub panel_stride: usize,
}

impl CLayout {
    /// Row-major, `row_stride` numbers apart.
    pub fn rows(row_stride: usize) -> Self {
        Self {
            row_stride,
            panel_stride: NR,
        }
    }

    /// Panels of eight columns over `rows` rows, `[N/8][rows][8]`.
    pub fn panels(rows: usize) -> Self {
        Self {
            row_stride: NR,
            panel_stride: rows * NR,
        }
    }

    /// One more than the last index that an `m × n` C touches.
    fn end(&self, m: usize, n: usize) -> usize {
        if m == 0 || n == 0 {
            return 0;
        }
        let last = n - 1;
        last / NR * self.panel_stride + (m - 1) * self.row_stride + last % NR + 1
    }
}

/// `C[m, n] (+)= A[m, k]·B[k, n]` with packed A and packed B; adds to C when
/// `accumulate`, else overwrites.
///
/// # Panics
/// When a slice is too short for its shape.
pub fn gemm<V: Vector>(
    m: usize,
    n: usize,
    k: usize,
    a: &[V::Elem],
    b: &[V::Elem],
    c: &mut [V::Elem],
    layout: CLayout,
    accumulate: bool,
) {
    gemm_strided::<V>(m, n, k, a, b, k * NR, c, layout, accumulate);
}

/// [`gemm`] whose panels of B lie `b_stride` numbers apart instead of `k * 8`:
/// a gate's panels among those of the others, or the first rows of K alone.
pub fn gemm_strided<V: Vector>(
    m: usize,
    n: usize,
    k: usize,
    a: &[V::Elem],
    b: &[V::Elem],
    b_stride: usize,
    c: &mut [V::Elem],
    layout: CLayout,
    accumulate: bool,
) {
    assert!(
        a.len() >= packed_a_len(m, k),
        "packed A is shorter than its shape"
    );
    check_b_and_c(m, n, k, b.len(), b_stride, c.len(), layout);
    let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
    // SAFETY: the lengths of all three slices were checked against the shape.
    unsafe {
        if plain() {
            tiles::<V, true>(m, n, k, a, b, b_stride, c, layout, accumulate);
        } else {
            tiles::<V, false>(m, n, k, a, b, b_stride, c, layout, accumulate);
        }
    }
}

/// All tiles of a product.
///
/// # Safety
/// `a` must be readable for the packed form of `m × k`, `b` for that of `k × n`
/// with panels `b_stride` apart, and `c` writable wherever `layout` puts it.
unsafe fn tiles<V: Vector, const PLAIN: bool>(
    m: usize,
    n: usize,
    k: usize,
    a: *const V::Elem,
    b: *const V::Elem,
    b_stride: usize,
    c: *mut V::Elem,
    layout: CLayout,
    accumulate: bool,
) {
    let place = micro::Place::new(MR, b_stride, layout, accumulate);
    let (mut b, mut c, mut n) = (b, c, n);
    if PLAIN && WIDE_TILES && m > 1 {
        let panels = n / NR / micro::WIDE * micro::WIDE;
        let columns = panels * NR;
        // SAFETY: the caller vouches for all three slices; these are the first
        // of their columns, and a last odd row lies in the last tile of packed A.
        unsafe {
            for start in (0..m - m % 2).step_by(ROW_BLOCK) {
                let pairs = ROW_BLOCK.min(m - start) / 2;
                let (a, c) = (a.add(start * k), c.add(start * layout.row_stride));
                micro::rows::<V, 2, { micro::WIDE }, PLAIN>(pairs, columns, k, a, b, c, place);
            }
            if !m.is_multiple_of(2) {
                let last = m - 1;
                let a = a.add(last / MR * MR * k + last % MR);
                let c = c.add(last * layout.row_stride);
                row::row::<V>(columns, k, a, MR, b, b_stride, c, layout, accumulate);
            }
            (b, c) = (
                b.add(panels * b_stride),
                c.add(panels * layout.panel_stride),
            );
        }
        n -= columns;
    }
    let whole = m - m % MR;
    for start in (0..whole).step_by(ROW_BLOCK) {
        let rows = ROW_BLOCK.min(whole - start);
        // SAFETY: the caller vouches for all three slices; start + rows <= m.
        unsafe {
            let c = c.add(start * layout.row_stride);
            micro::rows::<V, 4, 1, PLAIN>(rows / MR, n, k, a.add(start * k), b, c, place);
        }
    }
    if whole < m {
        // SAFETY: as above; the last tile of packed A is padded to four rows,
        // C is touched in m - whole rows alone.
        unsafe {
            let a = a.add(whole * k);
            let c = c.add(whole * layout.row_stride);
            match m - whole {
                1 => row::row::<V>(n, k, a, MR, b, b_stride, c, layout, accumulate),
                2 => micro::rows::<V, 2, 2, PLAIN>(1, n, k, a, b, c, place),
                _ => micro::rows::<V, 3, 1, PLAIN>(1, n, k, a, b, c, place),
            }
        }
    }
}

/// `c[n] (+)= a[k]·B[k, n]`: one row, not packed. Element (column `8p + j`) of
/// C lies at `p * panel_stride + j`.
///
/// # Panics
/// When a slice is too short for its shape.
pub fn gemv<V: Vector>(
    n: usize,
    k: usize,
    a: &[V::Elem],
    b: &[V::Elem],
    b_stride: usize,
    c: &mut [V::Elem],
    panel_stride: usize,
    accumulate: bool,
) {
    assert!(a.len() >= k, "the row is shorter than its shape");
    let layout = CLayout {
        row_stride: 0,
        panel_stride,
    };
    check_b_and_c(1, n, k, b.len(), b_stride, c.len(), layout);
    // SAFETY: the lengths of all three slices were checked against the shape.
    unsafe {
        let (a, b, c) = (a.as_ptr(), b.as_ptr(), c.as_mut_ptr());
        row::row::<V>(n, k, a, 1, b, b_stride, c, layout, accumulate);
    }
}

fn check_b_and_c(
    m: usize,
    n: usize,
    k: usize,
    b: usize,
    b_stride: usize,
    c: usize,
    layout: CLayout,
) {
    let panels = n.div_ceil(NR);
    assert!(
        panels == 0 || k == 0 || b >= (panels - 1) * b_stride + k * NR,
        "packed B is shorter than its shape"
    );
    assert!(c >= layout.end(m, n), "C is shorter than its shape");
}
