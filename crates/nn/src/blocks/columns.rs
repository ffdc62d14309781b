//! Some columns of a row-major matrix.

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

    /// These columns of each row of `x`.
    fn of<'a, E>(&self, x: &'a [E]) -> impl Iterator<Item = &'a [E]> {
        let rows = x.chunks_exact(self.width);
        rows.map(|row| &row[self.columns.clone()])
    }

    /// These columns of each row of `x`, to be changed.
    fn of_mut<'a, E>(&self, x: &'a mut [E]) -> impl Iterator<Item = &'a mut [E]> {
        let rows = x.chunks_exact_mut(self.width);
        rows.map(|row| &mut row[self.columns.clone()])
    }
}

/// Columns of `x` into as many columns of `y`.
pub fn copy<E: Element>((x, from): (&[E], &Columns), (y, to): (&mut [E], &Columns)) {
    for (y, x) in to.of_mut(y).zip(from.of(x)) {
        y.copy_from_slice(x);
    }
}

/// Columns of `x` added to as many columns of `y`.
pub fn add<E: Element>((x, from): (&[E], &Columns), (y, to): (&mut [E], &Columns)) {
    for (y, x) in to.of_mut(y).zip(from.of(x)) {
        for (y, &x) in y.iter_mut().zip(x) {
            *y += x;
        }
    }
}
