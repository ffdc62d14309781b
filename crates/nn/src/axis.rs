//! Sequence axes of one shard: lengths, order and maps, made once a batch.
//!
//! Rows are sorted by length, longest first (ties keep their order), and steps
//! are packed time-major: step `t` is the dense block of `sizes[t]` rows at
//! `offsets[t]`, a prefix of the sorted rows. Padding therefore costs nothing
//! and no result can depend on it.
//!
//! Three rows of lengths 1, 3, 2 give `order = [1, 2, 0]`, `sizes = [3, 2, 1]`,
//! `offsets = [0, 3, 5, 6]`.

use kernels::packed::Packed;

use crate::batch::{RaggedAxis, pair_count};
use crate::hash::mix;
use crate::value::{AxisId, Space};

/// One axis of one shard.
#[derive(Clone, Debug, Default)]
pub struct Axis {
    /// Length of each row, in row order (the order of the parent space).
    pub lengths: Vec<u32>,
    /// `order[sorted position]` is the row at that position.
    pub order: Vec<u32>,
    /// `position[row]` is where a row stands in the sorted order.
    pub position: Vec<u32>,
    /// Rows that are alive at each time step.
    pub sizes: Vec<u32>,
    /// First packed step of each time step, and the number of steps at the end.
    pub offsets: Vec<u32>,
    /// Row of each packed step.
    pub row: Vec<u32>,
    /// Index of each packed step in the caller's ragged order.
    pub source: Vec<u32>,
    /// Hash of (original row, time) of each packed step.
    pub step_key: Vec<u32>,
    /// Hash of the original row, in row order.
    pub row_key: Vec<u32>,
}

/// Fills `order` with the rows from the longest to the shortest, equal ones in
/// their order, by counting; `places` is room to count in.
pub(crate) fn longest_first(lengths: &[u32], places: &mut Vec<u32>, order: &mut Vec<u32>) {
    let longest = lengths.iter().copied().max().unwrap_or(0);
    places.clear();
    places.resize(longest as usize + 1, 0);
    for &length in lengths {
        places[length as usize] += 1;
    }
    let mut next = 0;
    for place in places.iter_mut().rev() {
        next += std::mem::replace(place, next);
    }
    order.clear();
    order.resize(lengths.len(), 0);
    for (row, &length) in lengths.iter().enumerate() {
        let place = &mut places[length as usize];
        order[*place as usize] = row as u32;
        *place += 1;
    }
}

impl Axis {
    /// Number of rows, those of length zero included.
    pub fn rows(&self) -> usize {
        self.lengths.len()
    }

    /// Number of packed steps.
    pub fn steps(&self) -> usize {
        self.row.len()
    }

    /// Length of the longest row.
    pub fn longest(&self) -> usize {
        self.sizes.len()
    }

    /// The packed step of time `t` in the row at a sorted position.
    pub fn step(&self, t: usize, position: usize) -> usize {
        self.offsets[t] as usize + position
    }

    /// The packed steps of time `t`.
    pub fn steps_at(&self, t: usize) -> std::ops::Range<usize> {
        self.offsets[t] as usize..self.offsets[t + 1] as usize
    }

    /// The lengths, order and maps as sequence kernels take them.
    pub fn packed(&self) -> Packed<'_> {
        Packed {
            lengths: &self.lengths,
            order: &self.order,
            position: &self.position,
            sizes: &self.sizes,
            offsets: &self.offsets,
        }
    }

    /// Lays the axis out for the rows whose places in the caller's order are
    /// `parent_source` and whose hashes are `parent_key`.
    pub fn arrange(&mut self, ragged: &RaggedAxis, parent_source: &[u32], parent_key: &[u32]) {
        self.lengths.clear();
        self.lengths
            .extend(parent_source.iter().map(|&s| ragged.lengths[s as usize]));
        self.row_key.clear();
        self.row_key.extend_from_slice(parent_key);

        let rows = self.lengths.len();
        longest_first(&self.lengths, &mut self.offsets, &mut self.order);
        self.position.clear();
        self.position.resize(rows, 0);
        for (position, &row) in self.order.iter().enumerate() {
            self.position[row as usize] = position as u32;
        }

        for list in [
            &mut self.sizes,
            &mut self.offsets,
            &mut self.row,
            &mut self.source,
            &mut self.step_key,
        ] {
            list.clear();
        }
        let mut alive = rows;
        for t in 0.. {
            while alive > 0 && self.lengths[self.order[alive - 1] as usize] <= t {
                alive -= 1;
            }
            self.offsets.push(self.row.len() as u32);
            if alive == 0 {
                break;
            }
            self.sizes.push(alive as u32);
            for &row in &self.order[..alive] {
                let place = row as usize;
                self.row.push(row);
                self.source
                    .push(ragged.starts[parent_source[place] as usize] + t);
                self.step_key.push(mix(self.row_key[place], t + 1));
            }
        }
    }
}

/// Every size of one shard that a block may ask for.
#[derive(Clone, Debug, Default)]
pub struct Dims {
    /// Caller's row of each batch row of this shard.
    pub rows: Vec<u32>,
    /// Hash of each batch row.
    pub row_key: Vec<u32>,
    /// The axes, by [`AxisId`]; one that an entry does not use has no rows.
    pub axes: Vec<Axis>,
    /// The parent space of each axis.
    pub parents: Vec<Space>,
}

impl Dims {
    /// Number of rows a value of this space has.
    pub fn count(&self, space: Space) -> usize {
        match space {
            Space::Batch => self.rows.len(),
            Space::Steps(axis) => self.axes[axis].steps(),
            Space::Pairs { queries, keys } => {
                let keys = self.axes[keys].lengths.iter().map(|&n| n as usize);
                match queries {
                    None => keys.sum(),
                    Some(queries) => {
                        let queries = self.axes[queries].lengths.iter().map(|&n| n as usize);
                        pair_count(queries.zip(keys))
                    }
                }
            }
        }
    }

    /// Makes room for so many batch rows.
    pub(crate) fn set_rows(&mut self, rows: usize) {
        self.rows.resize(rows, 0);
        self.row_key.resize(rows, 0);
    }

    /// Takes the rows alive at one step of an axis as batch rows, each with the
    /// key of its step.
    pub(crate) fn take_step(&mut self, axis: &Axis, t: usize) {
        let steps = axis.steps_at(t);
        self.rows.clear();
        self.rows.extend_from_slice(&axis.source[steps.clone()]);
        self.row_key.clear();
        self.row_key.extend_from_slice(&axis.step_key[steps]);
    }

    /// One axis.
    pub fn axis(&self, axis: AxisId) -> &Axis {
        &self.axes[axis]
    }

    /// Number of rows of an axis: the count of its parent space.
    pub fn axis_rows(&self, axis: AxisId) -> usize {
        self.axes[axis].rows()
    }

    /// For each row of a space, its index in the caller's ragged order.
    ///
    /// # Panics
    /// On [`Space::Pairs`], whose places follow from two axes.
    pub fn source(&self, space: Space) -> &[u32] {
        match space {
            Space::Batch => &self.rows,
            Space::Steps(axis) => &self.axes[axis].source,
            Space::Pairs { .. } => unreachable!("pairs have no single source map"),
        }
    }

    /// For each row of a space, the hash that its random decisions start from.
    pub fn keys(&self, space: Space) -> &[u32] {
        match space {
            Space::Batch => &self.row_key,
            Space::Steps(axis) => &self.axes[axis].step_key,
            Space::Pairs { .. } => unreachable!("pairs draw no random numbers"),
        }
    }

    /// Lays out every axis that `used` names for the rows of this shard.
    pub fn arrange(&mut self, axes: &[RaggedAxis], used: &[bool]) {
        self.row_key.clear();
        self.row_key
            .extend(self.rows.iter().map(|&row| mix(row, 0)));
        self.axes.resize_with(axes.len(), Axis::default);
        for id in (0..axes.len()).filter(|&id| used[id]) {
            // A parent is declared before its children, so it is laid out.
            let (before, rest) = self.axes.split_at_mut(id);
            let (source, key) = match self.parents[id] {
                Space::Steps(parent) => (&before[parent].source, &before[parent].step_key),
                _ => (&self.rows, &self.row_key),
            };
            rest[0].arrange(&axes[id], source, key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ragged(lengths: &[u32]) -> RaggedAxis {
        let mut axis = RaggedAxis::default();
        axis.fill(lengths);
        axis
    }

    #[test]
    fn rows_are_sorted_and_steps_are_time_major() {
        let mut axis = Axis::default();
        axis.arrange(
            &ragged(&[1, 3, 0, 2, 3]),
            &[0, 1, 2, 3, 4],
            &[10, 11, 12, 13, 14],
        );
        assert_eq!(axis.order, [1, 4, 3, 0, 2]);
        assert_eq!(axis.position, [3, 0, 4, 2, 1]);
        assert_eq!(axis.sizes, [4, 3, 2]);
        assert_eq!(axis.offsets, [0, 4, 7, 9]);
        assert_eq!(axis.row, [1, 4, 3, 0, 1, 4, 3, 1, 4]);
        // Ragged places: row 0 at 0, row 1 at 1..4, row 3 at 4..6, row 4 at 6..9.
        assert_eq!(axis.source, [1, 6, 4, 0, 2, 7, 5, 3, 8]);
        assert_eq!(axis.step_key[0], mix(11, 1));
    }

    #[test]
    fn a_nested_axis_has_the_steps_of_its_parent_as_rows() {
        let axes = [ragged(&[2, 1]), ragged(&[3, 1, 2])];
        let parents = [Space::Batch, Space::Steps(0)];
        let mut dims = Dims {
            rows: vec![0, 1],
            parents: parents.to_vec(),
            ..Dims::default()
        };
        dims.arrange(&axes, &[true, true]);
        // Steps of tokens: (row 0, t 0), (row 1, t 0), (row 0, t 1).
        assert_eq!(dims.axes[0].source, [0, 2, 1]);
        assert_eq!(dims.axes[1].lengths, [3, 2, 1]);
        assert_eq!(dims.axes[1].source, [0, 4, 3, 1, 5, 2]);
        assert_eq!(dims.count(Space::Steps(1)), 6);
    }
}
