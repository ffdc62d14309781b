//! Rows of a table by id, and the gradient of the table.

mod rows;

pub use rows::{DenseRows, GradientRows};

use simd::{Element, Vector};

use crate::elementwise::axpy;

/// `y[n] = table[ids[n]]`; ids `[count]`, table `[rows, width]`, y `[count, width]`.
///
/// # Panics
/// When an id is negative or not below the number of rows.
pub fn lookup_forward<V: Vector>(ids: &[i32], width: usize, table: &[V::Elem], y: &mut [V::Elem]) {
    for (&id, y) in ids.iter().zip(y.chunks_exact_mut(width)) {
        y.copy_from_slice(&table[id as usize * width..][..width]);
    }
}

/// Adds every `d_y[n]` to the gradient of row `ids[n]`, in the order of the
/// ids, times what `factor` says of the id. A row of factor 0, such as that of
/// padding, is not touched.
pub fn lookup_backward<V: Vector>(
    ids: &[i32],
    width: usize,
    factor: &dyn Fn(i32) -> V::Elem,
    d_y: &[V::Elem],
    d_table: &mut impl GradientRows<V::Elem>,
) {
    for (&id, d_y) in ids.iter().zip(d_y.chunks_exact(width)) {
        let factor = factor(id);
        if factor != V::Elem::ZERO {
            axpy::<V>(factor, d_y, d_table.row_mut(id as usize));
        }
    }
}
