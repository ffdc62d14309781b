//! Rows of unequal length, packed without padding.
//!
//! Rows are sorted by length, longest first, and lie time-major: step `t` is
//! the dense block of `sizes[t]` rows at `offsets[t]`, a prefix of the sorted
//! rows. Three rows of lengths 1, 3, 2 give `order = [1, 2, 0]`,
//! `sizes = [3, 2, 1]` and `offsets = [0, 3, 5, 6]`.

/// The lengths, order and maps of one set of rows, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct Packed<'a> {
    /// Length of each row, in row order.
    pub lengths: &'a [u32],
    /// `order[sorted position]` is the row at that position.
    pub order: &'a [u32],
    /// `position[row]` is where a row stands in the sorted order.
    pub position: &'a [u32],
    /// Rows that are alive at each time step.
    pub sizes: &'a [u32],
    /// First packed step of each time step, and the number of steps at the end.
    pub offsets: &'a [u32],
}

impl Packed<'_> {
    /// Number of rows, those of length zero included.
    pub fn rows(&self) -> usize {
        self.lengths.len()
    }

    /// Number of packed steps.
    pub fn steps(&self) -> usize {
        self.offsets.last().map_or(0, |&end| end as usize)
    }

    /// Length of the longest row.
    pub fn longest(&self) -> usize {
        self.sizes.len()
    }

    /// Rows alive at time `t`; none beyond the longest row.
    pub fn alive(&self, t: usize) -> usize {
        self.sizes.get(t).map_or(0, |&size| size as usize)
    }

    /// The packed step of time `t` in the row at a sorted position.
    pub fn step(&self, t: usize, position: usize) -> usize {
        self.offsets[t] as usize + position
    }

    /// The row at a sorted position.
    pub fn row(&self, position: usize) -> usize {
        self.order[position] as usize
    }

    /// The length of a row.
    pub fn length(&self, row: usize) -> usize {
        self.lengths[row] as usize
    }

    /// The packed steps of a row, from its first to its last.
    pub fn steps_of(
        &self,
        row: usize,
    ) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator + '_ {
        let position = self.position[row] as usize;
        self.offsets[..self.length(row)]
            .iter()
            .map(move |&offset| offset as usize + position)
    }
}
