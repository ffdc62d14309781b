//! Some columns of a row-major matrix, as views.

use std::ops::Range;

use ndarray::{ArrayView2, ArrayViewMut2, Axis};
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

    /// These columns of `x`.
    fn of<'a, E>(&self, x: &'a [E]) -> ArrayView2<'a, E> {
        let shape = (x.len() / self.width, self.width);
        let mut view = ArrayView2::from_shape(shape, x).expect("whole rows");
        view.slice_axis_inplace(Axis(1), self.columns.clone().into());
        view
    }

    /// These columns of `x`, to be changed.
    fn of_mut<'a, E>(&self, x: &'a mut [E]) -> ArrayViewMut2<'a, E> {
        let shape = (x.len() / self.width, self.width);
        let mut view = ArrayViewMut2::from_shape(shape, x).expect("whole rows");
        view.slice_axis_inplace(Axis(1), self.columns.clone().into());
        view
    }
}

/// Columns of `x` into as many columns of `y`.
pub fn copy<E: Element>((x, from): (&[E], &Columns), (y, to): (&mut [E], &Columns)) {
    to.of_mut(y).assign(&from.of(x));
}

/// Columns of `x` added to as many columns of `y`.
pub fn add<E: Element>((x, from): (&[E], &Columns), (y, to): (&mut [E], &Columns)) {
    to.of_mut(y).zip_mut_with(&from.of(x), |y, &x| *y += x);
}
