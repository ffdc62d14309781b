//! Columns of one row-major matrix, copied or added to those of another.

use std::ops::Range;

use simd::Element;

/// Numbers of a row, and the columns meant.
pub struct Columns {
    pub width: usize,
    pub columns: Range<usize>,
}

impl Columns {
    /// All columns of rows of `width` numbers.
    pub fn all(width: usize) -> Self {
        Self {
            width,
            columns: 0..width,
        }
    }
}

/// Calls `visit` with the columns of each row of both.
fn rows<E: Element>(
    (x, from): (&[E], &Columns),
    (y, to): (&mut [E], &Columns),
    visit: impl Fn(&[E], &mut [E]),
) {
    for (x, y) in x.chunks_exact(from.width).zip(y.chunks_exact_mut(to.width)) {
        visit(&x[from.columns.clone()], &mut y[to.columns.clone()]);
    }
}

/// Columns of `x` into as many columns of `y`.
pub fn copy<E: Element>(x: (&[E], &Columns), y: (&mut [E], &Columns)) {
    rows(x, y, |x, y| y.copy_from_slice(x));
}

/// Columns of `x` added to as many columns of `y`.
pub fn add<E: Element>(x: (&[E], &Columns), y: (&mut [E], &Columns)) {
    rows(x, y, |x, y| {
        for (y, &x) in y.iter_mut().zip(x) {
            *y += x;
        }
    });
}
