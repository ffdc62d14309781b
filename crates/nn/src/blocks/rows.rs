//! What the rows of an axis begin a scan with, and what they end it with: `[rows,
//! width] → [steps, width]` and back.

use kernels::elementwise::axpy;
use simd::{Element, Vector};

use crate::axis::Dims;
use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::{AxisId, Space, ValueType};

/// "First" and "last" are those of the scan, which `reverse` runs from the end.
struct Rows {
    axis: AxisId,
    width: usize,
    reverse: bool,
    /// Whether it gives each row from its last step rather than at its first.
    end: bool,
}

/// `scan_start`: a value at the first step of each row, zeros at the others,
/// which a scan writes. Inputs: a value over the steps that the output is over,
/// and perhaps what rows begin with, else zeros. Configuration: `width`, that of
/// the second input, if there is one; `reverse` (false).
///
/// `scan_end`: each row's last step. Inputs: a matrix over the steps, and perhaps
/// what rows without steps get, else zeros. Configuration: `reverse` (false).
pub fn build<V: Vector>(end: bool, build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 2)?;
    let axis = match build.inputs[0].space_mut() {
        Some(&mut Space::Steps(axis)) => axis,
        _ => build.steps(0)?.0,
    };
    let width = match (end, build.inputs.len()) {
        (true, _) => build.matrix(0)?.1,
        (_, 2) => build.matrix(1)?.1,
        _ => build.config.size("width")?,
    };
    let parent = build.parent(axis);
    if build.inputs.len() > 1 {
        build.expect_matrix(1, parent, width)?;
    }
    let rows = Rows {
        axis,
        width,
        reverse: build.config.bool_or("reverse", false)?,
        end,
    };
    let space = if end { parent } else { Space::Steps(axis) };
    Built::one(rows, ValueType::Matrix { space, width })
}

impl Rows {
    /// Calls `visit(input, from, to)` for each row with the input that it comes
    /// from, and the start of its numbers there and in the output.
    #[inline(never)]
    fn each(&self, dims: &Dims, visit: &mut dyn FnMut(usize, usize, usize)) {
        let axis = dims.axis(self.axis);
        for (position, &row) in axis.order.iter().enumerate() {
            let length = axis.lengths[row as usize] as usize;
            let row = row as usize * self.width;
            let place = match self.reverse == self.end {
                false if length > 0 => axis.step(length - 1, position) * self.width,
                _ => position * self.width,
            };
            match self.end {
                true if length == 0 => visit(1, row, row),
                true => visit(0, place, row),
                false if length == 0 => {}
                false => visit(1, row, place),
            }
        }
    }
}

impl<V: Vector> Block<V> for Rows {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let inputs = cx.inputs;
        y.fill(V::Elem::ZERO);
        self.each(cx.dims, &mut |input, from, to| {
            if input < inputs.len() {
                let x = &inputs.matrix(input)[from..from + self.width];
                y[to..to + self.width].copy_from_slice(x);
            }
        });
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        let d_inputs = &mut cx.d_inputs;
        self.each(cx.dims, &mut |input, from, to| {
            if let Some(d_x) = d_inputs.get(input) {
                let d_x = &mut d_x[from..from + self.width];
                axpy::<V>(V::Elem::ONE, &d_y[to..to + self.width], d_x);
            }
        });
    }
}
