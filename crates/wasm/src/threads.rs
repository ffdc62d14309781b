//! The pool of threads: rayon's, started by JavaScript.

pub use wasm_bindgen_rayon::init_thread_pool;
