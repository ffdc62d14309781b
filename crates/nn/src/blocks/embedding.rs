//! Looks rows of a table up: ids `[n] → [n, embedding_size]`.

use kernels::clip;
use kernels::dropout::dropout_factor;
use kernels::lookup::{DenseRows, GradientRows, lookup_backward, lookup_forward};
use simd::{Element, Vector};

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward, ParamGradient};
use crate::error::Error;
use crate::fields::Bounds;
use crate::gradient::SparseGradient;
use crate::hash::mix;
use crate::init::Init;
use crate::value::ValueType;

struct Embedding {
    width: usize,
    padding_idx: Option<i32>,
    dropout: f64,
    weight: usize,
}

/// Input: ids. Configuration: `embedding_size`; `padding_idx`, the id whose
/// row starts as zeros and is not trained; and `dropout` (0), the share of ids
/// whose rows are zeros in a training pass, wherever they occur, while the
/// others are scaled up (Gal and Ghahramani 2016). Parameter: `weight`
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
        dropout: build.config.f64_or("dropout", 0.0, Bounds::UNIT)?,
        weight,
    };
    Built::one(block, ValueType::Matrix { space, width })
}

impl<E: Element> GradientRows<E> for SparseGradient<E> {
    fn row_mut(&mut self, id: usize) -> &mut [E] {
        SparseGradient::row_mut(self, id)
    }
}

impl Embedding {
    /// What the row of an id is multiplied by in training.
    fn factor<E: Element>(&self, salt: u32, id: i32) -> E {
        E::from_f64(dropout_factor(self.dropout, mix(salt, id as u32)))
    }
}

impl<V: Vector> Block<V> for Embedding {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve();
        let ids = cx.inputs.ids(0);
        lookup_forward::<V>(ids, self.width, cx.params.get(self.weight), y);
        if cx.training && self.dropout > 0.0 {
            for (y, &id) in y.chunks_exact_mut(self.width).zip(ids) {
                clip::scale::<V>(y, self.factor(cx.salt, id));
            }
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let (ids, d_y) = (cx.inputs.ids(0), cx.d_output(0));
        let factor = |id| match self.padding_idx == Some(id) {
            true => V::Elem::ZERO,
            false => self.factor(cx.salt, id),
        };
        match cx.d_params.table(self.weight) {
            ParamGradient::Frozen => {}
            ParamGradient::Dense(rows) => {
                let mut rows = DenseRows {
                    width: self.width,
                    rows,
                };
                lookup_backward::<V>(ids, self.width, &factor, d_y, &mut rows);
            }
            ParamGradient::Sparse(rows) => {
                lookup_backward::<V>(ids, self.width, &factor, d_y, rows);
            }
        }
    }
}
