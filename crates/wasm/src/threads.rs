//! The pool of threads: rayon's, started by JavaScript.
//!
//! A call that computes moves to the pool as a whole, and the thread that made
//! it sleeps meanwhile: within the pool, parallel loops start without waking
//! anybody but those who share the work.
//!
//! The only `unsafe` here is the promise that what the call borrows outlives
//! it.

use std::process::abort;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use wasm_bindgen::prelude::wasm_bindgen;
pub use wasm_bindgen_rayon::init_thread_pool;

/// How often whoever waits looks whether all threads still live.
const WATCH: Duration = Duration::from_millis(50);

static STARTED: AtomicBool = AtomicBool::new(false);
static FAILED: AtomicBool = AtomicBool::new(false);

/// Says that all threads of the pool run: from now on calls compute there.
#[wasm_bindgen]
pub fn pool_started() {
    STARTED.store(true, Ordering::Release);
}

/// Says that a thread of the pool has ended, for instance by a trap: calls that
/// wait for it, and later ones, trap too, since they would wait for ever.
#[wasm_bindgen]
pub fn pool_failed() {
    FAILED.store(true, Ordering::Release);
}

/// What tells the caller that its work is done.
#[derive(Default)]
struct Done {
    done: Mutex<bool>,
    changed: Condvar,
}

impl Done {
    fn tell(&self) {
        *self.done.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }

    fn wait(&self) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        while !*done {
            if FAILED.load(Ordering::Acquire) {
                // Others may still use what this call borrowed: it must not return.
                abort();
            }
            (done, _) = self
                .changed
                .wait_timeout(done, WATCH)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Runs `work` on the pool, where there is one, and waits for it.
pub fn on_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if !STARTED.load(Ordering::Acquire) {
        return work();
    }
    let mut result = None;
    let done = Arc::new(Done::default());
    let (place, signal) = (&mut result, Arc::clone(&done));
    let task: Box<dyn FnOnce() + Send + '_> = Box::new(move || {
        *place = Some(work());
        signal.tell();
    });
    // SAFETY: the task borrows from this call, which returns only after `tell`,
    // the last thing that the task does, and of which nothing is borrowed.
    let task: Box<dyn FnOnce() + Send + 'static> = unsafe { std::mem::transmute(task) };
    rayon::spawn(task);
    done.wait();
    result.expect("the work is done")
}
