//! The pool of threads: rayon's, started by JavaScript. They help the thread
//! that calls, which computes too.

use wasm_bindgen::prelude::wasm_bindgen;
pub use wasm_bindgen_rayon::init_thread_pool;

/// Says that the pool runs, with so many threads: from now on they help.
#[wasm_bindgen]
pub fn pool_started(threads: usize) {
    kernels::par::start(threads);
}

/// Says that a thread of the pool has ended, for instance by a trap: a call
/// that needs it, now or later, traps too, since it would wait for ever.
#[wasm_bindgen]
pub fn pool_failed() {
    kernels::par::lose();
}
