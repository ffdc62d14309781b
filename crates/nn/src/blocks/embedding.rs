//! Looks rows of a table up: ids `[n] → [n, embedding_size]`.

use kernels::lookup::{DenseRows, GradientRows, lookup_backward, lookup_forward};
use simd::{Element, Vector};

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward, ParamGradient};
use crate::error::Error;
use crate::gradient::SparseGradient;
use crate::init::Init;
use crate::value::ValueType;

struct Embedding {
    width: usize,
    padding_idx: Option<i32>,
    weight: usize,
}

/// Input: ids. Configuration: `embedding_size`, and `padding_idx`, the id whose
/// row starts as zeros and is not trained. Parameter: `weight`
/// `[ids, embedding_size]`, whose gradient may be sparse.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, size) = build.ids(0)?;
    let width = build.config.size("embedding_size")?;
    let padding_idx = build.config.usize_option("padding_idx")?;
    if let Some(id) = padding_idx.filter(|&id| id >= size) {
        return Err(build.error(format!(
            "config.padding_idx: expected an id below {size}, got {id}"
        )));
    }
    let init = Init::embedding(padding_idx);
    let weight = build.table("weight", &[size, width], init)?;
    let block = Embedding {
        width,
        padding_idx: padding_idx.map(|id| id as i32),
        weight,
    };
    Built::one(block, ValueType::Matrix { space, width })
}

impl<E: Element> GradientRows<E> for SparseGradient<E> {
    fn row_mut(&mut self, id: usize) -> &mut [E] {
        SparseGradient::row_mut(self, id)
    }
}

impl<V: Vector> Block<V> for Embedding {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        lookup_forward::<V>(cx.inputs.ids(0), self.width, cx.params.get(self.weight), y);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let (ids, d_y) = (cx.inputs.ids(0), cx.d_output(0));
        match cx.d_params.table(self.weight) {
            ParamGradient::Frozen => {}
            ParamGradient::Dense(rows) => {
                let mut rows = DenseRows {
                    width: self.width,
                    rows,
                };
                lookup_backward::<V>(ids, self.width, self.padding_idx, d_y, &mut rows);
            }
            ParamGradient::Sparse(rows) => {
                lookup_backward::<V>(ids, self.width, self.padding_idx, d_y, rows);
            }
        }
    }
}
