//! Parallel loops, or the same loops in order.
//!
//! With helpers (feature `threads`, see [`start`]) the calling thread and they
//! share the items, without them it takes one after the other. Items are
//! independent, so that both give the same bits; whatever joins their results
//! does so afterwards, in a fixed order.

#[cfg(feature = "threads")]
mod team;

#[cfg(feature = "threads")]
pub use team::{lose, start};

/// Calls `f` with each item, in any order. Items are dealt one by one, so the
/// largest should come first; nothing is allocated for them.
pub fn for_each<I>(items: I, f: impl Fn(I::Item) + Sync)
where
    I: Iterator<Item: Send> + Send,
{
    #[cfg(feature = "threads")]
    if let Some(helpers) = team::helpers(items.size_hint().1.unwrap_or(usize::MAX)) {
        return team::share(items, helpers, f);
    }
    items.for_each(f);
}

/// Runs `work`, which consists of parallel loops with little between them:
/// helpers stay awake from one to the next, since waking them takes longer than
/// many a loop.
pub fn at_work<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(feature = "threads")]
    return team::awake(work);
    #[cfg(not(feature = "threads"))]
    work()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each_item_is_visited_once_with_its_index() {
        for len in [0, 1, 2, 7, 1000] {
            let mut items = vec![0; len];
            for_each(items.iter_mut().enumerate(), |(i, item)| *item += 2 * i + 1);
            assert!(
                items.iter().enumerate().all(|(i, &item)| item == 2 * i + 1),
                "{len} items"
            );
        }
    }

    #[test]
    fn alone() {
        each_item_is_visited_once_with_its_index();
    }

    #[cfg(feature = "threads")]
    #[test]
    fn with_helpers() {
        start(3);
        for _ in 0..50 {
            each_item_is_visited_once_with_its_index();
            assert_eq!(at_work(|| 5), 5);
            at_work(each_item_is_visited_once_with_its_index);
        }
    }

    #[cfg(feature = "threads")]
    #[test]
    fn helpers_take_part() {
        use std::collections::HashSet;
        use std::thread::{self, ThreadId};
        use std::time::Duration;

        start(3);
        let mut ran = [None::<ThreadId>; 12];
        for_each(ran.iter_mut(), |ran| {
            thread::sleep(Duration::from_millis(20));
            *ran = Some(thread::current().id());
        });
        let threads: HashSet<_> = ran.into_iter().flatten().collect();
        assert!(threads.len() > 1 && threads.contains(&thread::current().id()));
    }
}
