//! Joins matrices of one space side by side: `[n, a] + [n, b] → [n, a + b]`.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, Slice};
use simd::Vector;

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::ValueType;

struct Concat {
    widths: Vec<usize>,
    total: usize,
}

/// Inputs: at least one matrix, all of one space. No configuration.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, usize::MAX)?;
    let (space, _) = build.matrix(0)?;
    let mut widths = Vec::new();
    for i in 0..build.inputs.len() {
        let (_, width) = build.matrix(i)?;
        build.expect_matrix(i, space, width)?;
        widths.push(width);
    }
    let total = widths.iter().sum();
    Built::one(
        Concat { widths, total },
        ValueType::Matrix {
            space,
            width: total,
        },
    )
}

/// A row-major matrix as a view. Sizes come from one plan, so they agree.
fn view<E>(data: &[E], width: usize) -> ArrayView2<'_, E> {
    ArrayView2::from_shape((data.len() / width, width), data).expect("whole rows")
}

fn view_mut<E>(data: &mut [E], width: usize) -> ArrayViewMut2<'_, E> {
    ArrayViewMut2::from_shape((data.len() / width, width), data).expect("whole rows")
}

impl<V: Vector> Block<V> for Concat {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let mut y = view_mut(y, self.total);
        let mut start = 0;
        for (i, &width) in self.widths.iter().enumerate() {
            y.slice_axis_mut(Axis(1), Slice::from(start..start + width))
                .assign(&view(cx.inputs.matrix(i), width));
            start += width;
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = view(cx.d_output(0), self.total);
        let mut start = 0;
        for (i, &width) in self.widths.iter().enumerate() {
            if let Some(d_x) = cx.d_inputs.get(i) {
                let part = d_y.slice_axis(Axis(1), Slice::from(start..start + width));
                view_mut(d_x, width).zip_mut_with(&part, |d_x: &mut V::Elem, &d_y| *d_x += d_y);
            }
            start += width;
        }
    }
}
