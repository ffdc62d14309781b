//! Dropout while training; the identity otherwise.

use kernels::dropout::{dropout_backward, dropout_forward};
use simd::Vector;

use crate::axis::Dims;
use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::fields::Bounds;
use crate::value::{Space, ValueType};

struct Dropout {
    p: f64,
    space: Space,
    /// One mask for all time steps of a row (Gal and Ghahramani 2016).
    locked: bool,
}

/// Input: a matrix. Configuration: `p`, the share of numbers dropped (0.5), and
/// `locked`, whether all steps of a row drop the same units (false).
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, width) = build.matrix(0)?;
    let p = build.config.f64_or("p", 0.5, Bounds::UNIT)?;
    let locked = build.config.bool_or("locked", false)?;
    match space {
        Space::Pairs { .. } => Err(build.error("inputs[0]: expected rows or steps, got pairs")),
        Space::Batch if locked => {
            Err(build.error("config.locked: batch rows have no time to be locked over"))
        }
        _ => Built::one(
            Dropout { p, space, locked },
            ValueType::Matrix { space, width },
        ),
    }
}

impl Dropout {
    /// The key of a row of the matrix.
    fn key(&self, dims: &Dims, row: usize) -> u32 {
        match self.space {
            Space::Steps(axis) if self.locked => {
                let axis = dims.axis(axis);
                axis.row_key[axis.row[row] as usize]
            }
            space => dims.keys(space)[row],
        }
    }
}

impl<V: Vector> Block<V> for Dropout {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let x = cx.inputs.matrix(0);
        if cx.training {
            let (key, rows) = (|row| self.key(cx.dims, row), cx.dims.count(self.space));
            dropout_forward::<V>(self.p, cx.salt, &key, rows, x, y);
        } else {
            y.copy_from_slice(x);
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        if let Some(d_x) = cx.d_inputs.get(0) {
            let (key, rows) = (|row| self.key(cx.dims, row), cx.dims.count(self.space));
            dropout_backward::<V>(self.p, cx.salt, &key, rows, d_y, d_x);
        }
    }
}
