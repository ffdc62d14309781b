//! Between the padded tensors of golden files and the ragged rows that a model
//! takes and gives.

/// Which of the two leading sizes of a padded tensor is time.
#[derive(Clone, Copy)]
pub(super) enum Padded {
    /// `[time, rows, width]`
    TimeMajor,
    /// `[rows, time, width]`
    BatchMajor,
}

impl Padded {
    /// The steps within each row's length, row after row.
    pub fn to_ragged<T: Copy>(
        self,
        padded: &[T],
        width: usize,
        longest: usize,
        lengths: &[usize],
    ) -> Vec<T> {
        let mut ragged = Vec::new();
        for (row, &length) in lengths.iter().enumerate() {
            for step in 0..length {
                let place = match self {
                    Padded::TimeMajor => step * lengths.len() + row,
                    Padded::BatchMajor => row * longest + step,
                };
                ragged.extend_from_slice(&padded[place * width..][..width]);
            }
        }
        ragged
    }
}

/// PyTorch's recurrent state `[layers * directions, rows, width]` as one row of
/// `layers * directions * width` for each row of the batch.
pub(super) fn state_by_row(state: &[f32], shape: &[usize]) -> Vec<f32> {
    let [parts, rows, width] = shape[..] else {
        return state.to_vec();
    };
    let mut by_row = Vec::with_capacity(state.len());
    for row in 0..rows {
        for part in 0..parts {
            by_row.extend_from_slice(&state[(part * rows + row) * width..][..width]);
        }
    }
    by_row
}

/// Swaps the last two sizes of `[rows, a, b]`.
pub(super) fn swap_last(values: &[f32], rows: usize, a: usize, b: usize) -> Vec<f32> {
    let mut swapped = Vec::with_capacity(values.len());
    for row in 0..rows {
        for j in 0..b {
            swapped.extend((0..a).map(|i| values[(row * a + i) * b + j]));
        }
    }
    swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_dropped_from_either_order() {
        // Rows "ab" and "c", width 1, longest 2.
        assert_eq!(
            Padded::TimeMajor.to_ragged(&['a', 'c', 'b', '-'], 1, 2, &[2, 1]),
            ['a', 'b', 'c']
        );
        assert_eq!(
            Padded::BatchMajor.to_ragged(&['a', 'b', 'c', '-'], 1, 2, &[2, 1]),
            ['a', 'b', 'c']
        );
        assert_eq!(
            Padded::BatchMajor.to_ragged(&[1, 2, 3, 4], 2, 2, &[1]),
            [1, 2]
        );
    }

    #[test]
    fn states_and_channels_are_transposed() {
        let state = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        assert_eq!(
            state_by_row(&state, &[3, 2, 1]),
            [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]
        );
        assert_eq!(swap_last(&state, 1, 2, 3), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    }
}
