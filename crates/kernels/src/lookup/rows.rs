//! Where the gradient of a looked-up row lies.

/// The gradient of a table, found row by row: a whole matrix, or only the rows
/// that a batch touched.
pub trait GradientRows<E> {
    /// The gradient of row `id`, to be added to; zeros when it is met first.
    fn row_mut(&mut self, id: usize) -> &mut [E];
}

/// The gradient of every row, `[rows, width]`.
#[derive(Debug)]
pub struct DenseRows<'a, E> {
    /// Numbers a row.
    pub width: usize,
    /// The matrix.
    pub rows: &'a mut [E],
}

impl<E> GradientRows<E> for DenseRows<'_, E> {
    fn row_mut(&mut self, id: usize) -> &mut [E] {
        &mut self.rows[id * self.width..][..self.width]
    }
}
