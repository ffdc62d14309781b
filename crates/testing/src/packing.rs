//! Rows of unequal length in the packed order that sequence kernels take.

use kernels::packed::Packed;

/// Owned lengths, order and maps.
#[derive(Clone, Debug)]
pub struct Packing {
    lengths: Vec<u32>,
    order: Vec<u32>,
    position: Vec<u32>,
    sizes: Vec<u32>,
    offsets: Vec<u32>,
}

impl Packing {
    /// Rows of these lengths, longest first, ties in their order.
    pub fn new(lengths: &[usize]) -> Self {
        let mut order: Vec<u32> = (0..lengths.len() as u32).collect();
        order.sort_by_key(|&row| std::cmp::Reverse(lengths[row as usize]));
        let mut position = vec![0; lengths.len()];
        for (at, &row) in order.iter().enumerate() {
            position[row as usize] = at as u32;
        }
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let sizes: Vec<u32> = (0..longest)
            .map(|t| lengths.iter().filter(|&&n| n > t).count() as u32)
            .collect();
        let mut offsets = vec![0];
        offsets.extend(sizes.iter().scan(0, |sum, &size| {
            *sum += size;
            Some(*sum)
        }));
        Self {
            lengths: lengths.iter().map(|&n| n as u32).collect(),
            order,
            position,
            sizes,
            offsets,
        }
    }

    /// What a kernel takes.
    pub fn packed(&self) -> Packed<'_> {
        Packed {
            lengths: &self.lengths,
            order: &self.order,
            position: &self.position,
            sizes: &self.sizes,
            offsets: &self.offsets,
        }
    }

    /// The packed steps of each row, first to last.
    pub fn rows(&self) -> Vec<Vec<usize>> {
        let packed = self.packed();
        (0..packed.rows())
            .map(|row| packed.steps_of(row).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_time_major_over_rows_sorted_by_length() {
        let packing = Packing::new(&[1, 3, 0, 2, 3]);
        let packed = packing.packed();
        assert_eq!(packed.order, [1, 4, 3, 0, 2]);
        assert_eq!(packed.position, [3, 0, 4, 2, 1]);
        assert_eq!(packed.sizes, [4, 3, 2]);
        assert_eq!(packed.offsets, [0, 4, 7, 9]);
        let rows: [&[usize]; 5] = [&[3], &[0, 4, 7], &[], &[2, 6], &[1, 5, 8]];
        assert_eq!(packing.rows(), rows);
        assert_eq!((packed.rows(), packed.steps(), packed.longest()), (5, 9, 3));
        assert_eq!((packed.alive(2), packed.alive(3)), (2, 0));
    }

    #[test]
    fn no_rows_are_no_steps() {
        let packing = Packing::new(&[]);
        assert_eq!((packing.packed().rows(), packing.packed().steps()), (0, 0));
        assert_eq!(Packing::new(&[0, 0]).packed().steps(), 0);
    }
}
