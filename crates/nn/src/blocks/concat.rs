//! Joins matrices of one space side by side: `[n, a] + [n, b] → [n, a + b]`.

use simd::Vector;

use super::columns::{self, Columns};
use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::ValueType;

struct Concat {
    /// Where each input goes.
    parts: Vec<Columns>,
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
    let mut parts = Vec::new();
    let mut start = 0;
    for width in widths {
        parts.push(Columns {
            width: total,
            columns: start..start + width,
        });
        start += width;
    }
    Built::one(
        Concat { parts },
        ValueType::Matrix {
            space,
            width: total,
        },
    )
}

impl<V: Vector> Block<V> for Concat {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        for (i, part) in self.parts.iter().enumerate() {
            let own = Columns::all(part.columns.len());
            columns::copy((cx.inputs.matrix(i), &own), (&mut *y, part));
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        for (i, part) in self.parts.iter().enumerate() {
            if let Some(d_x) = cx.d_inputs.get(i) {
                let own = Columns::all(part.columns.len());
                columns::add((d_y, part), (d_x, &own));
            }
        }
    }
}
