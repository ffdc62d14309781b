//! Packing of operands.
//!
//! Rows that become columns are interleaved, four or eight at a time; rows that
//! stay rows are split into pieces of four or eight numbers.

use super::{MR, NR};
use simd::{Element, Vector};

/// Numbers of packed A for `m × k`.
pub fn packed_a_len(m: usize, k: usize) -> usize {
    m.next_multiple_of(MR) * k
}

/// Numbers of packed B for `k × n`.
pub fn packed_b_len(k: usize, n: usize) -> usize {
    k * n.next_multiple_of(NR)
}

/// Packs A from row-major `[m, k]` with rows `lda` apart.
pub fn pack_a<E: Element>(m: usize, k: usize, a: &[E], lda: usize, out: &mut [E]) {
    interleave::<E, MR>(m, k, a, lda, out);
}

/// Packs A from its transpose: `a` is row-major `[k, m]` with rows `lda` apart.
pub fn pack_a_transposed<E: Element>(m: usize, k: usize, a: &[E], lda: usize, out: &mut [E]) {
    split::<E, MR>(k, m, a, lda, out);
}

/// Packs B from row-major `[k, n]` with rows `ldb` apart.
pub fn pack_b<E: Element>(k: usize, n: usize, b: &[E], ldb: usize, out: &mut [E]) {
    split::<E, NR>(k, n, b, ldb, out);
}

/// Packs B from its transpose: `b` is row-major `[n, k]` with rows `ldb` apart.
pub fn pack_b_transposed<E: Element>(k: usize, n: usize, b: &[E], ldb: usize, out: &mut [E]) {
    interleave::<E, NR>(n, k, b, ldb, out);
}

/// Groups of `W` rows of a row-major `[rows, columns]`, each group as
/// `[columns][W]`; missing rows are zero.
#[inline(never)]
fn interleave<E: Element, const W: usize>(
    rows: usize,
    columns: usize,
    source: &[E],
    ld: usize,
    out: &mut [E],
) {
    for first in (0..rows).step_by(W) {
        let (out, _) = out[first * columns..][..columns * W].as_chunks_mut::<W>();
        if first + W <= rows {
            let group: [&[E]; W] = std::array::from_fn(|r| &source[(first + r) * ld..][..columns]);
            transpose(group, out);
        } else {
            out.fill([E::ZERO; W]);
            for r in first..rows {
                for (out, &x) in out.iter_mut().zip(&source[r * ld..][..columns]) {
                    out[r - first] = x;
                }
            }
        }
    }
}

/// `out[column][row] = rows[row][column]` for four or eight rows. Panics when a
/// row is shorter than there are columns.
#[inline(always)]
fn transpose<E: Element, const W: usize>(rows: [&[E]; W], out: &mut [[E; W]]) {
    let columns = out.len();
    let rows = rows.map(|row| row[..columns].as_ptr());
    let whole = columns - columns % 4;
    for column in (0..whole).step_by(4) {
        for first in (0..W).step_by(4) {
            // SAFETY: column + 4 <= columns, the checked length of every row and
            // of `out`; first + 4 <= W.
            unsafe {
                let row = |r: usize| E::Vector::load_ptr(rows[first + r].add(column));
                let [a, b, c, d] = E::Vector::transpose([row(0), row(1), row(2), row(3)]);
                let out = out.as_mut_ptr().add(column).cast::<E>().add(first);
                a.store_ptr(out);
                b.store_ptr(out.add(W));
                c.store_ptr(out.add(2 * W));
                d.store_ptr(out.add(3 * W));
            }
        }
    }
    for (column, out) in out.iter_mut().enumerate().skip(whole) {
        for (out, row) in out.iter_mut().zip(rows) {
            // SAFETY: column < columns, the checked length of every row.
            *out = unsafe { *row.add(column) };
        }
    }
}

/// A row-major `[rows, columns]` as groups of `W` columns, each group as
/// `[rows][W]`; missing columns are zero.
#[inline(never)]
fn split<E: Element, const W: usize>(
    rows: usize,
    columns: usize,
    source: &[E],
    ld: usize,
    out: &mut [E],
) {
    for first in (0..columns).step_by(W) {
        let (out, _) = out[first * rows..][..rows * W].as_chunks_mut::<W>();
        let width = W.min(columns - first);
        for (r, out) in out.iter_mut().enumerate() {
            let x = &source[r * ld + first..][..width];
            match x.as_array::<W>() {
                Some(x) => *out = *x,
                None => {
                    *out = [E::ZERO; W];
                    out[..width].copy_from_slice(x);
                }
            }
        }
    }
}
