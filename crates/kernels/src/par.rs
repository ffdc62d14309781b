//! Parallel loops, or the same loops in order.
//!
//! With the feature `threads` they run on rayon's pool, without it one after
//! the other. Items are independent, so that both give the same bits; whatever
//! joins their results does so afterwards, in a fixed order.

/// Calls `f` with the index of each item and the item.
pub fn for_each<T: Send>(items: &mut [T], f: impl Fn(usize, &mut T) + Sync + Send) {
    #[cfg(feature = "threads")]
    {
        use rayon::prelude::*;
        items
            .par_iter_mut()
            .enumerate()
            .for_each(|(i, item)| f(i, item));
    }
    #[cfg(not(feature = "threads"))]
    items
        .iter_mut()
        .enumerate()
        .for_each(|(i, item)| f(i, item));
}

/// Calls `f` with each run of `size` items (the last may be shorter). Panics
/// when `size` is 0.
pub fn for_each_chunk<T: Send>(items: &mut [T], size: usize, f: impl Fn(&mut [T]) + Sync + Send) {
    #[cfg(feature = "threads")]
    {
        use rayon::prelude::*;
        items.par_chunks_mut(size).for_each(f);
    }
    #[cfg(not(feature = "threads"))]
    items.chunks_mut(size).for_each(f);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_visited_once_with_its_index() {
        for len in [0, 1, 2, 7, 1000] {
            let mut items = vec![0; len];
            for_each(&mut items, |i, item| *item += 2 * i + 1);
            assert!(
                items.iter().enumerate().all(|(i, &item)| item == 2 * i + 1),
                "{len} items"
            );
        }
    }

    #[test]
    fn chunks_are_whole_and_in_place() {
        for (len, size) in [(0, 3), (1, 1), (8, 4), (9, 4), (5, 100)] {
            let mut items: Vec<usize> = (0..len).collect();
            for_each_chunk(&mut items, size, |chunk| {
                assert_eq!(chunk[0] % size, 0);
                assert_eq!(chunk.len(), size.min(len - chunk[0]));
                chunk.reverse();
            });
            let mut expected: Vec<usize> = (0..len).collect();
            expected.chunks_mut(size).for_each(<[usize]>::reverse);
            assert_eq!(items, expected);
        }
    }
}
