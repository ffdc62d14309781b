//! Takes columns of a matrix: `[n, width] → [n, end - start]`.

use simd::Vector;

use super::columns::{self, Columns};
use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::ValueType;

struct Slice {
    columns: Columns,
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
        Slice {
            columns: Columns {
                width,
                columns: start..end,
            },
        },
        ValueType::Matrix {
            space,
            width: end - start,
        },
    )
}

impl Slice {
    /// The columns of the output.
    fn own(&self) -> Columns {
        Columns::all(self.columns.columns.len())
    }
}

impl<V: Vector> Block<V> for Slice {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        columns::copy((cx.inputs.matrix(0), &self.columns), (y, &self.own()));
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        if let Some(d_x) = cx.d_inputs.get(0) {
            columns::add((d_y, &self.own()), (d_x, &self.columns));
        }
    }
}
