//! The inner loops of the lattice: one row of tags against a table, and sums of
//! outer products of rows.

use simd::{Element, Vector};

/// Most vectors of one row that are kept in registers at a time.
const BLOCK: usize = 6;

/// Calls `block(first number, vectors)` so that whole rows of `stride` numbers
/// are covered by blocks of equal size, as far as that goes.
#[inline(always)]
fn blocks(stride: usize, lanes: usize, mut block: impl FnMut(usize, usize)) {
    let vectors = stride / lanes;
    let mut done = 0;
    let mut left = vectors.div_ceil(BLOCK);
    while left > 0 {
        let now = (vectors - done).div_ceil(left);
        block(done * lanes, now);
        done += now;
        left -= 1;
    }
}

/// `out[j] = Σ_i x[i] table[i, j]`; x `[tags]`, table `[tags, stride]`, out `[stride]`.
#[inline(never)]
pub(super) fn product<V: Vector>(x: &[V::Elem], table: &[V::Elem], out: &mut [V::Elem]) {
    let stride = out.len();
    blocks(stride, V::LANES, |at, vectors| match vectors {
        1 => product_block::<V, 1>(x, table, stride, at, out),
        2 => product_block::<V, 2>(x, table, stride, at, out),
        3 => product_block::<V, 3>(x, table, stride, at, out),
        4 => product_block::<V, 4>(x, table, stride, at, out),
        5 => product_block::<V, 5>(x, table, stride, at, out),
        _ => product_block::<V, BLOCK>(x, table, stride, at, out),
    });
}

#[inline(always)]
fn product_block<V: Vector, const N: usize>(
    x: &[V::Elem],
    table: &[V::Elem],
    stride: usize,
    at: usize,
    out: &mut [V::Elem],
) {
    let mut sums = [V::zero(); N];
    for (&x, row) in x.iter().zip(table.chunks_exact(stride)) {
        let x = V::splat(x);
        let row = &row[at..at + N * V::LANES];
        for (v, sum) in sums.iter_mut().enumerate() {
            *sum = V::load(&row[v * V::LANES..]).mul_add(x, *sum);
        }
    }
    let out = &mut out[at..at + N * V::LANES];
    for (v, sum) in sums.iter().enumerate() {
        sum.store(&mut out[v * V::LANES..]);
    }
}

/// `out[j] = max_i (x[i] + table[i, j])`; shapes as in [`product`].
#[inline(never)]
pub(super) fn max_plus<V: Vector>(x: &[V::Elem], table: &[V::Elem], out: &mut [V::Elem]) {
    let stride = out.len();
    blocks(stride, V::LANES, |at, vectors| match vectors {
        1 => max_plus_block::<V, 1>(x, table, stride, at, out),
        2 => max_plus_block::<V, 2>(x, table, stride, at, out),
        3 => max_plus_block::<V, 3>(x, table, stride, at, out),
        4 => max_plus_block::<V, 4>(x, table, stride, at, out),
        5 => max_plus_block::<V, 5>(x, table, stride, at, out),
        _ => max_plus_block::<V, BLOCK>(x, table, stride, at, out),
    });
}

#[inline(always)]
fn max_plus_block<V: Vector, const N: usize>(
    x: &[V::Elem],
    table: &[V::Elem],
    stride: usize,
    at: usize,
    out: &mut [V::Elem],
) {
    let mut best = [V::splat(V::Elem::NEG_INFINITY); N];
    for (&x, row) in x.iter().zip(table.chunks_exact(stride)) {
        let x = V::splat(x);
        let row = &row[at..at + N * V::LANES];
        for (v, best) in best.iter_mut().enumerate() {
            *best = V::load(&row[v * V::LANES..]).add(x).max(*best);
        }
    }
    let out = &mut out[at..at + N * V::LANES];
    for (v, best) in best.iter().enumerate() {
        best.store(&mut out[v * V::LANES..]);
    }
}

/// Vector `v` of a row that may end within it, filled up with `padding`.
#[inline(always)]
pub(super) fn load_tail<V: Vector>(row: &[V::Elem], v: usize, padding: V::Elem) -> V {
    let rest = &row[v * V::LANES..];
    if rest.len() >= V::LANES {
        V::load(rest)
    } else {
        V::load_padded(rest, padding)
    }
}

/// `sums[i, j] += Σ_r x[r, i] y[r, j]`; sums `[tags, stride]`, the rows
/// of x at `x_step` and those of y at `stride` from each other.
#[inline(never)]
pub(super) fn outer<V: Vector>(
    rows: usize,
    x: &[V::Elem],
    x_step: usize,
    y: &[V::Elem],
    sums: &mut [V::Elem],
    stride: usize,
) {
    // Tiles of 4 rows and 2 vectors: eight sums stay in registers.
    for (tile, sums) in sums.chunks_mut(4 * stride).enumerate() {
        let mut at = 0;
        while at < stride {
            let wide = at + 2 * V::LANES <= stride;
            match (sums.len() / stride, wide) {
                (4, true) => outer_tile::<V, 4, 2>(rows, x, x_step, 4 * tile, y, stride, at, sums),
                (4, false) => outer_tile::<V, 4, 1>(rows, x, x_step, 4 * tile, y, stride, at, sums),
                (3, true) => outer_tile::<V, 3, 2>(rows, x, x_step, 4 * tile, y, stride, at, sums),
                (3, false) => outer_tile::<V, 3, 1>(rows, x, x_step, 4 * tile, y, stride, at, sums),
                (2, true) => outer_tile::<V, 2, 2>(rows, x, x_step, 4 * tile, y, stride, at, sums),
                (2, false) => outer_tile::<V, 2, 1>(rows, x, x_step, 4 * tile, y, stride, at, sums),
                (_, true) => outer_tile::<V, 1, 2>(rows, x, x_step, 4 * tile, y, stride, at, sums),
                (_, false) => outer_tile::<V, 1, 1>(rows, x, x_step, 4 * tile, y, stride, at, sums),
            }
            at += if wide { 2 } else { 1 } * V::LANES;
        }
    }
}

#[inline(always)]
fn outer_tile<V: Vector, const I: usize, const J: usize>(
    rows: usize,
    x: &[V::Elem],
    x_step: usize,
    i: usize,
    y: &[V::Elem],
    stride: usize,
    at: usize,
    sums: &mut [V::Elem],
) {
    let mut tile = [[V::zero(); J]; I];
    for (k, row) in tile.iter_mut().enumerate() {
        for (v, sum) in row.iter_mut().enumerate() {
            *sum = V::load(&sums[k * stride + at + v * V::LANES..]);
        }
    }
    for r in 0..rows {
        let x = &x[r * x_step + i..][..I];
        let y = &y[r * stride + at..][..J * V::LANES];
        let y: [V; J] = std::array::from_fn(|v| V::load(&y[v * V::LANES..]));
        for (row, &x) in tile.iter_mut().zip(x) {
            let x = V::splat(x);
            for (sum, y) in row.iter_mut().zip(y) {
                *sum = y.mul_add(x, *sum);
            }
        }
    }
    for (k, row) in tile.iter().enumerate() {
        for (v, sum) in row.iter().enumerate() {
            sum.store(&mut sums[k * stride + at + v * V::LANES..]);
        }
    }
}
