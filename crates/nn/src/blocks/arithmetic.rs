//! Sums and products of values of one type, element by element.

use kernels::elementwise::{axpy, mul_backward, mul_forward, scale_backward, scale_forward};
use simd::{Element, Vector};

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::fields::Bounds;
use crate::value::ValueType;

/// `y = Σ weight · x + shift`
struct Add<E> {
    weights: Vec<E>,
    shift: E,
}
struct Mul;

/// The common type of the inputs, so many at the least and at the most:
/// matrices of one space and width, or scalars.
fn common<E: Element>(
    build: &Build<'_, E>,
    (least, most): (usize, usize),
) -> Result<ValueType, Error> {
    build.expect_inputs(least, most)?;
    if build.inputs.iter().all(|kind| *kind == ValueType::Scalar) {
        return Ok(ValueType::Scalar);
    }
    let (space, width) = build.matrix(0)?;
    for i in 1..build.inputs.len() {
        build.expect_matrix(i, space, width)?;
    }
    Ok(ValueType::Matrix { space, width })
}

/// Inputs: one or more matrices of one shape, or scalars, such as the losses of
/// several tasks. Configuration: `weights`, one for each (1); and for matrices
/// `shift`, which every number of the sum is moved by (0).
pub fn build_add<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    let kind = common(build, (1, usize::MAX))?;
    let count = build.inputs.len();
    let weights = match build.config.numbers_option("weights")? {
        None => vec![1.0; count],
        Some(weights) if weights.len() == count => weights,
        Some(_) => return Err(build.error(format!("config.weights: expected {count} numbers"))),
    };
    let weights = weights.into_iter().map(V::Elem::from_f64).collect();
    let shift = match kind {
        // A scalar is a sum over shards, which would be moved once for each.
        ValueType::Scalar => 0.0,
        _ => build.config.f64_or("shift", 0.0, Bounds::FINITE)?,
    };
    let shift = V::Elem::from_f64(shift);
    Built::one(Add { weights, shift }, kind)
}

/// Inputs: two matrices of one shape. No configuration.
pub fn build_mul<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    match common(build, (2, 2))? {
        // A loss is a sum over shards; a product of sums is not a sum of products.
        ValueType::Scalar => Err(build.error("inputs: expected matrices, got scalars")),
        kind => Built::one(Mul, kind),
    }
}

impl<V: Vector> Block<V> for Add<V::Elem> {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        scale_forward::<V>(self.weights[0], cx.inputs.matrix(0), self.shift, y);
        for (i, &weight) in self.weights.iter().enumerate().skip(1) {
            axpy::<V>(weight, cx.inputs.matrix(i), y);
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        for (i, &weight) in self.weights.iter().enumerate() {
            if let Some(d_x) = cx.d_inputs.get(i) {
                scale_backward::<V>(weight, d_y, d_x);
            }
        }
    }
}

impl<V: Vector> Block<V> for Mul {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        mul_forward::<V>(cx.inputs.matrix(0), cx.inputs.matrix(1), y);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        for i in 0..2 {
            if let Some(d_x) = cx.d_inputs.get(i) {
                mul_backward::<V>(cx.inputs.matrix(1 - i), d_y, d_x);
            }
        }
    }
}
