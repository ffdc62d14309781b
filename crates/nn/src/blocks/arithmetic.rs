//! Sums and products of two values of one type, element by element.

use kernels::elementwise::{add_backward, add_forward, mul_backward, mul_forward};
use simd::Vector;

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::value::ValueType;

struct Add;
struct Mul;

/// The common type of two inputs: matrices of one space and width, or scalars.
fn common<E: simd::Element>(build: &Build<'_, E>) -> Result<ValueType, Error> {
    build.expect_inputs(2, 2)?;
    if build.inputs == [ValueType::Scalar; 2] {
        return Ok(ValueType::Scalar);
    }
    let (space, width) = build.matrix(0)?;
    build.expect_matrix(1, space, width)?;
    Ok(ValueType::Matrix { space, width })
}

/// Inputs: two matrices of one shape, or two scalars (such as two losses). No
/// configuration.
pub fn build_add<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    Built::one(Add, common(build)?)
}

/// Inputs: two matrices of one shape. No configuration.
pub fn build_mul<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    match common(build)? {
        // A loss is a sum over shards; a product of sums is not a sum of products.
        ValueType::Scalar => Err(build.error("inputs: expected matrices, got scalars")),
        kind => Built::one(Mul, kind),
    }
}

impl<V: Vector> Block<V> for Add {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        add_forward::<V>(cx.inputs.matrix(0), cx.inputs.matrix(1), y);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let d_y = cx.d_output(0);
        for i in 0..2 {
            if let Some(d_x) = cx.d_inputs.get(i) {
                add_backward::<V>(d_y, d_x);
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
