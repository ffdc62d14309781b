//! Parallel loops, or the same loops in order.
//!
//! On a thread of a rayon pool (feature `threads`) they run on that pool,
//! anywhere else one after the other: whoever wants them in parallel enters
//! the pool once, not at every loop. Items are independent, so that both give
//! the same bits; whatever joins their results does so afterwards, in a fixed
//! order.

/// Whether a loop of so many items is shared among threads.
#[cfg(feature = "threads")]
fn shared(items: usize) -> bool {
    items > 1 && rayon::current_thread_index().is_some()
}

/// Calls `f` with the index of each item and the item.
pub fn for_each<T: Send>(items: &mut [T], f: impl Fn(usize, &mut T) + Sync + Send) {
    #[cfg(feature = "threads")]
    if shared(items.len()) {
        use rayon::prelude::*;
        return items
            .par_iter_mut()
            .with_max_len(1)
            .enumerate()
            .for_each(|(i, item)| f(i, item));
    }
    items
        .iter_mut()
        .enumerate()
        .for_each(|(i, item)| f(i, item));
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
}
