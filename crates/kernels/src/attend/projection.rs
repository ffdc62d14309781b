//! Projections of queries and keys: a product with a weight kept in plain form
//! and packed once after each change.

use simd::{Element, Vector};

use crate::gemm::{
    CLayout, WeightLayout, gemm, gemm_rows, gemm_rows_scratch, gemm_transposed_rows,
    pack_a_transposed, pack_b, pack_b_transposed, packed_a_len, packed_b_len,
    transposed_rows_scratch,
};

/// Rows whose outer products are summed by one product.
const BLOCK: usize = 128;

/// The shape of a projection from `inputs` to `outputs` numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Numbers a row of x.
    pub inputs: usize,
    /// Numbers a row of y.
    pub outputs: usize,
    /// The weight is `[inputs, outputs]` and stands to the right, `y = x·W`;
    /// else it is `[outputs, inputs]`, `y = x·Wᵀ`.
    pub right: bool,
}

impl Projection {
    /// The weight as [`Projection::derive`] packs it.
    fn layout(&self) -> WeightLayout {
        WeightLayout {
            gates: 1,
            units: self.outputs,
            inputs: self.inputs,
        }
    }

    /// Room for what [`Projection::derive`] fills.
    pub fn derived_len(&self) -> usize {
        self.layout().len()
    }

    /// Packs the weight.
    pub fn derive<E: Element>(&self, weight: &[E], derived: &mut [E]) {
        let Self {
            inputs,
            outputs,
            right,
        } = *self;
        if right {
            pack_b(inputs, outputs, weight, outputs, derived);
        } else {
            pack_b_transposed(inputs, outputs, weight, inputs, derived);
        }
    }

    /// Room that [`projection_forward`] needs.
    pub fn forward_scratch_len(&self, rows: usize) -> usize {
        gemm_rows_scratch(rows, self.inputs)
    }

    /// Room that [`projection_backward`] needs.
    pub fn backward_scratch_len(&self, rows: usize) -> usize {
        let block = rows.min(BLOCK);
        let (m, n) = if self.right {
            (self.inputs, self.outputs)
        } else {
            (self.outputs, self.inputs)
        };
        (packed_a_len(m, block) + packed_b_len(block, n))
            .max(transposed_rows_scratch(rows, self.layout()))
    }
}

/// `y[rows, outputs]` of `x[rows, inputs]`, the bias `[outputs]` added.
pub fn projection_forward<V: Vector>(
    projection: &Projection,
    rows: usize,
    x: &[V::Elem],
    derived: &[V::Elem],
    bias: Option<&[V::Elem]>,
    y: &mut [V::Elem],
    scratch: &mut [V::Elem],
) {
    let Projection {
        inputs, outputs, ..
    } = *projection;
    if let Some(bias) = bias {
        y.chunks_exact_mut(outputs)
            .for_each(|y| y.copy_from_slice(&bias[..outputs]));
    }
    let layout = CLayout::rows(outputs);
    gemm_rows::<V>(
        rows,
        outputs,
        inputs,
        x,
        inputs,
        derived,
        y,
        layout,
        bias.is_some(),
        scratch,
    );
}

/// Gradients of [`projection_forward`], added where they are wanted. That of the
/// bias is the sum of the rows of `d_y` ([`add_rows`](crate::reduce::add_rows)).
pub fn projection_backward<V: Vector>(
    projection: &Projection,
    rows: usize,
    x: &[V::Elem],
    derived: &[V::Elem],
    d_y: &[V::Elem],
    scratch: &mut [V::Elem],
    d_x: Option<&mut [V::Elem]>,
    d_weight: Option<&mut [V::Elem]>,
) {
    let Projection {
        inputs,
        outputs,
        right,
    } = *projection;
    if let Some(d_x) = d_x {
        let layout = projection.layout();
        gemm_transposed_rows::<V>(rows, d_y, derived, layout, d_x, true, scratch);
    }
    if let Some(d_weight) = d_weight {
        let ((left, m), (other, n)) = if right {
            ((x, inputs), (d_y, outputs))
        } else {
            ((d_y, outputs), (x, inputs))
        };
        let (a, b) = scratch.split_at_mut(packed_a_len(m, rows.min(BLOCK)));
        for first in (0..rows).step_by(BLOCK) {
            let count = BLOCK.min(rows - first);
            pack_a_transposed(m, count, &left[first * m..], m, a);
            pack_b(count, n, &other[first * n..], n, b);
            gemm::<V>(m, n, count, a, b, d_weight, CLayout::rows(n), true);
        }
    }
}
