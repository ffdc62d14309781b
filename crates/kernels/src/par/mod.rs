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
/// largest should come first; nothing is allocated for them. Helpers take part
/// within [`at_work`].
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

/// Runs `work`, most of which is a parallel loop over so many parts, with
/// little between its loops: helpers stay awake from one to the next, since
/// waking them takes longer than many a loop. The caller does all the work of a
/// single part: before anything else could be shared helpers would sleep again.
pub fn at_work<T>(parts: usize, work: impl FnOnce() -> T) -> T {
    #[cfg(feature = "threads")]
    if parts > 1 {
        return team::awake(work);
    }
    let _ = parts;
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

    /// One caller at a time, as in an engine: whether helpers are awake is
    /// known for all of them together.
    #[cfg(feature = "threads")]
    static CALLER: std::sync::Mutex<()> = std::sync::Mutex::new(());

    #[cfg(feature = "threads")]
    #[test]
    fn with_helpers() {
        let _caller = CALLER.lock();
        start(3);
        for parts in 0..50 {
            each_item_is_visited_once_with_its_index();
            assert_eq!(at_work(parts, || 5), 5);
            at_work(parts, each_item_is_visited_once_with_its_index);
        }
    }

    #[cfg(feature = "threads")]
    #[test]
    fn helpers_take_part() {
        use std::collections::HashSet;
        use std::thread::{self, ThreadId};
        use std::time::Duration;

        let _caller = CALLER.lock();
        start(3);
        let threads_of = |parts| {
            let mut ran = [None::<ThreadId>; 12];
            at_work(parts, || {
                for_each(ran.iter_mut(), |ran| {
                    thread::sleep(Duration::from_millis(20));
                    *ran = Some(thread::current().id());
                });
            });
            ran.into_iter().flatten().collect::<HashSet<_>>()
        };
        let several = threads_of(12);
        assert!(several.len() > 1 && several.contains(&thread::current().id()));
        assert_eq!(threads_of(1), HashSet::from([thread::current().id()]));
    }
}
