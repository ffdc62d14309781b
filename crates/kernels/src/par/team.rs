//! The helpers of a calling thread: the threads of rayon's global pool.
//!
//! The caller computes too, so that n threads are it and a pool of n - 1. It
//! never sleeps without looking up now and then: where a helper ends by a trap,
//! as it does in WebAssembly, nobody else would tell.

use std::hint::spin_loop;
use std::process::abort;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use rayon::Yield;

/// How often a helper looks for work before it sleeps: some tenths of a
/// millisecond, since waking it takes up to a tenth.
const PATIENCE: usize = 1 << 12;
/// How often the caller looks whether helpers are done before it sleeps, about
/// as long.
const CALLER_PATIENCE: usize = 1 << 16;
/// How long the caller sleeps before it looks again, which is no longer than it
/// would take to wake it.
const NAP: Duration = Duration::from_micros(50);

static HELPERS: AtomicUsize = AtomicUsize::new(0);
/// Whether helpers are awake, or about to be.
static AWAKE: AtomicBool = AtomicBool::new(false);
static LOST: AtomicBool = AtomicBool::new(false);

/// Says that rayon's global pool has been built, of so many threads: from now
/// on they help.
pub fn start(helpers: usize) {
    HELPERS.store(helpers, Ordering::Release);
}

/// Says that a helper has ended, for instance by a trap: whoever waits for it,
/// now or later, aborts, since it would wait for ever.
pub fn lose() {
    LOST.store(true, Ordering::Release);
}

/// How many helpers a loop of so many items has; `None` when the caller does it
/// alone. A helper does a loop of its own alone: all others are busy.
pub fn helpers(items: usize) -> Option<usize> {
    let helpers = HELPERS.load(Ordering::Acquire).min(items.saturating_sub(1));
    let shared = helpers > 0 && AWAKE.load(Ordering::Relaxed);
    (shared && rayon::current_thread_index().is_none()).then_some(helpers)
}

/// Deals the items to the caller and its helpers.
pub fn share<I>(items: I, helpers: usize, f: impl Fn(I::Item) + Sync)
where
    I: Iterator<Item: Send> + Send,
{
    let rest = Mutex::new(items);
    let next = || rest.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some(item) = next() {
            f(item);
        }
    };
    let busy = AtomicUsize::new(helpers);
    rayon::in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| {
                work();
                busy.fetch_sub(1, Ordering::Release);
            });
        }
        work();
        wait(&busy);
    });
}

/// Waits until nobody is busy.
fn wait(busy: &AtomicUsize) {
    let mut looks = 0;
    while busy.load(Ordering::Acquire) > 0 {
        if LOST.load(Ordering::Acquire) {
            // Others may still use what the caller borrowed: it must not return.
            abort();
        }
        looks += 1;
        if looks < CALLER_PATIENCE {
            spin_loop();
        } else {
            sleep(NAP);
        }
    }
}

/// Runs `work` while helpers look for loops to help with, rather than sleep.
pub fn awake<T>(work: impl FnOnce() -> T) -> T {
    let over = Arc::new(AtomicBool::new(false));
    let before = AWAKE.swap(true, Ordering::Relaxed);
    for _ in 0..helpers(usize::MAX).unwrap_or(0) {
        let over = Arc::clone(&over);
        rayon::spawn(move || {
            let mut looks = 0;
            while !over.load(Ordering::Acquire) && looks < PATIENCE {
                match rayon::yield_now() {
                    Some(Yield::Executed) => looks = 0,
                    _ => looks += 1,
                }
            }
        });
    }
    let result = work();
    over.store(true, Ordering::Release);
    AWAKE.store(before, Ordering::Relaxed);
    result
}
