//! Plain exports, so that any host that can instantiate a module can run the
//! suites inside it: no glue, numbers only.
//!
//! A host calls `case_count`, then `run_case(i)` for each: 0 is passed. The
//! message of the last run lies at `message_pointer()`, `message_length()`
//! bytes of UTF-8: the name of the case, then, if it failed, a line break and
//! what failed. For a golden case the host writes the manifest's entry as JSON
//! and the bytes of the file, one after the other, to where
//! `input_buffer(length)` points, and calls `run_golden`.
//!
//! A panic aborts as a trap; what it said can still be read as the message.

use std::cell::OnceCell;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use crate::case::Case;
use crate::{golden, suites};

static MESSAGE: Mutex<String> = Mutex::new(String::new());
static INPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

thread_local! {
    static CASES: OnceCell<Vec<Case>> = const { OnceCell::new() };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `check` under a name and leaves the message behind.
fn report(name: &str, check: impl FnOnce() -> Result<(), String>) -> u32 {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            *lock(&MESSAGE) = format!("panicked: {panic}")
        }))
    });
    let failure = check().err();
    let failed = failure.is_some().into();
    *lock(&MESSAGE) = failure.map_or_else(|| name.to_string(), |what| format!("{name}\n{what}"));
    failed
}

fn with_cases<T>(use_cases: impl FnOnce(&[Case]) -> T) -> T {
    CASES.with(|cases| use_cases(cases.get_or_init(suites::all)))
}

/// Number of cases in all kernel suites.
#[unsafe(no_mangle)]
pub extern "C" fn case_count() -> u32 {
    with_cases(|cases| cases.len() as u32)
}

/// Runs one case: 0 passed, 1 failed, 2 there is no such case.
#[unsafe(no_mangle)]
pub extern "C" fn run_case(index: u32) -> u32 {
    with_cases(|cases| match cases.get(index as usize) {
        Some(case) => report(&case.name, || case.check()),
        None => 2,
    })
}

/// Where the message of the last run lies; valid until the next.
#[unsafe(no_mangle)]
pub extern "C" fn message_pointer() -> *const u8 {
    lock(&MESSAGE).as_ptr()
}

/// Bytes of the message of the last run.
#[unsafe(no_mangle)]
pub extern "C" fn message_length() -> usize {
    lock(&MESSAGE).len()
}

/// Where `length` bytes of input may be written; valid until the next call.
#[unsafe(no_mangle)]
pub extern "C" fn input_buffer(length: usize) -> *mut u8 {
    let mut input = lock(&INPUT);
    input.clear();
    input.resize(length, 0);
    input.as_mut_ptr()
}

/// Runs the golden case whose manifest entry and file stand in the input
/// buffer: 0 passed, 1 failed.
#[unsafe(no_mangle)]
pub extern "C" fn run_golden(json_length: usize, file_length: usize) -> u32 {
    let input = lock(&INPUT);
    report("golden", || {
        let (json, file) = input
            .split_at_checked(json_length)
            .ok_or("the input buffer is shorter than the JSON")?;
        let json = std::str::from_utf8(json).map_err(|e| e.to_string())?;
        let file = file
            .get(..file_length)
            .ok_or("the input buffer is shorter than the file")?;
        golden::run::<simd::F32>(json, file)
    })
}
