//! Takes columns of a matrix: `[n, width] → [n, end - start]`.

use ndarray::{ArrayView2, ArrayViewMut2, Axis};
use simd::Vector;

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::ValueType;

struct Columns {
    start: usize,
    end: usize,
    width: usize,
}

/// Input: a matrix. Configuration: `start` and `end`, columns `start..end`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, width) = build.matrix(0)?;
    let (start, end) = (
        build.config.usize_or("start", 0)?,
        build.config.usize_or("end", width)?,
    );
    if start >= end || end > width {
        return Err(build.error(format!(
            "config: expected start < end ≤ {width}, got start {start}, end {end}"
        )));
    }
    Built::one(
        Columns { start, end, width },
        ValueType::Matrix {
            space,
            width: end - start,
        },
    )
}

impl<V: Vector> Block<V> for Columns {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let x = cx.inputs.matrix(0);
        let rows = x.len() / self.width;
        let x = ArrayView2::from_shape((rows, self.width), x).expect("whole rows");
        let mut y =
            ArrayViewMut2::from_shape((rows, self.end - self.start), y).expect("whole rows");
        y.assign(&x.slice_axis(Axis(1), (self.start..self.end).into()));
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        let Some(d_x) = cx.d_inputs.get(0) else {
            return;
        };
        let rows = d_x.len() / self.width;
        let d_y = ArrayView2::from_shape((rows, self.end - self.start), d_y).expect("whole rows");
        let mut d_x = ArrayViewMut2::from_shape((rows, self.width), d_x).expect("whole rows");
        d_x.slice_axis_mut(Axis(1), (self.start..self.end).into())
            .zip_mut_with(&d_y, |d_x, &d_y| *d_x += d_y);
    }
}
