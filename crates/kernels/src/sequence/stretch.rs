//! Stretches of consecutive times whose input is projected by one product.

use std::ops::Range;

use super::Direction;
use crate::packed::Packed;

/// Steps that a stretch has at most, unless a single time has more. Enough for
/// a product to run at full speed, few enough for its result to be still in the
/// cache when the cells come to it.
const STEPS: usize = 64;

/// Consecutive times in the order of a direction, and their packed steps.
pub(super) struct Stretch {
    /// Places in the order of the direction's times.
    pub times: Range<usize>,
    /// Packed steps.
    pub steps: Range<usize>,
}

/// The stretches of a batch in the order of a direction.
pub(super) fn stretches(steps: Packed<'_>, direction: Direction) -> impl Iterator<Item = Stretch> {
    let longest = steps.longest();
    let range = move |times: &Range<usize>| {
        let (first, end) = match direction {
            Direction::Forward => (times.start, times.end),
            Direction::Reverse => (longest - times.end, longest - times.start),
        };
        steps.offsets[first] as usize..steps.offsets[end] as usize
    };
    let mut next = 0;
    std::iter::from_fn(move || {
        let mut times = next..next + 1;
        if times.end > longest {
            return None;
        }
        while times.end < longest && range(&(times.start..times.end + 1)).len() <= STEPS {
            times.end += 1;
        }
        next = times.end;
        Some(Stretch {
            steps: range(&times),
            times,
        })
    })
}

/// The most steps that a stretch of this batch has.
pub(super) fn longest_stretch(steps: Packed<'_>) -> usize {
    steps.alive(0).max(STEPS).min(steps.steps())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_cover_every_step_once_in_order() {
        // From the second time on 30 + 20 + 10 + 4 steps are just enough.
        let sizes = [50, 30, 20, 10, 1, 1, 1, 1, 1];
        let mut offsets = vec![0];
        for size in sizes {
            offsets.push(offsets[offsets.len() - 1] + size);
        }
        let steps = Packed {
            lengths: &[],
            order: &[],
            position: &[],
            sizes: &sizes,
            offsets: &offsets,
        };
        let list = |direction| -> Vec<_> {
            stretches(steps, direction)
                .map(|s| (s.times, s.steps))
                .collect()
        };
        assert_eq!(
            list(Direction::Forward),
            [(0..1, 0..50), (1..8, 50..114), (8..9, 114..115)]
        );
        assert_eq!(
            list(Direction::Reverse),
            [(0..7, 80..115), (7..8, 50..80), (8..9, 0..50)]
        );
        assert_eq!(longest_stretch(steps), 64);
    }
}
