//! Products whose A lies in plain rows.

use simd::{Element, Vector};

use super::{CLayout, NR, ROW_BLOCK, gemm_strided, gemv, pack_a, packed_a_len};

/// Rows of A made ready for products with several B: packed, or left as they
/// are when there is but one.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a, E> {
    m: usize,
    k: usize,
    data: &'a [E],
}

impl<'a, E: Element> Rows<'a, E> {
    /// `m` rows of `k` numbers, `lda` apart; `scratch` holds
    /// [`rows_scratch`] numbers.
    pub fn new(m: usize, k: usize, a: &'a [E], lda: usize, scratch: &'a mut [E]) -> Self {
        if m == 1 {
            return Self { m, k, data: a };
        }
        pack_a(m, k, a, lda, scratch);
        Self {
            m,
            k,
            data: scratch,
        }
    }

    /// `C[m, n] (+)= A·B`, with the panels of B `b_stride` apart.
    pub fn times<V: Vector<Elem = E>>(
        &self,
        n: usize,
        b: &[E],
        b_stride: usize,
        c: &mut [E],
        layout: CLayout,
        accumulate: bool,
    ) {
        let Self { m, k, data } = *self;
        match m {
            1 => gemv::<V>(n, k, data, b, b_stride, c, layout.panel_stride, accumulate),
            _ => gemm_strided::<V>(m, n, k, data, b, b_stride, c, layout, accumulate),
        }
    }
}

/// Numbers that [`Rows::new`] needs for `m` rows of `k`.
pub fn rows_scratch(m: usize, k: usize) -> usize {
    if m > 1 { packed_a_len(m, k) } else { 0 }
}

/// `C[m, n] (+)= A·B`, where A is plain: rows of `k` numbers, `lda` apart, packed
/// a block at a time. `scratch` holds [`gemm_rows_scratch`] numbers.
pub fn gemm_rows<V: Vector>(
    m: usize,
    n: usize,
    k: usize,
    a: &[V::Elem],
    lda: usize,
    b: &[V::Elem],
    c: &mut [V::Elem],
    layout: CLayout,
    accumulate: bool,
    scratch: &mut [V::Elem],
) {
    for first in (0..m).step_by(ROW_BLOCK) {
        let rows = ROW_BLOCK.min(m - first);
        let c = &mut c[first * layout.row_stride..];
        let operand = Rows::new(rows, k, &a[first * lda..], lda, scratch);
        operand.times::<V>(n, b, k * NR, c, layout, accumulate);
    }
}

/// Numbers that [`gemm_rows`] needs for up to `m` rows of `k`.
pub fn gemm_rows_scratch(m: usize, k: usize) -> usize {
    rows_scratch(m.min(ROW_BLOCK), k)
}
