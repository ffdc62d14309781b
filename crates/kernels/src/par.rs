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
