//! The boundary to JavaScript.
//!
//! Every export takes and returns numbers. A result below zero is a failure,
//! whose code and message then stand as JSON in the result; anything else is
//! the value that the function's comment names. Larger things travel through
//! memory: what comes in is written where [`staging::stage`] says, what goes
//! out is read at [`state::result_pointer`]. Objects are named by handles, of
//! which a stale one is an error.
//!
//! Nothing here computes: it finds the objects of a call and hands them on.
#![deny(unsafe_code)]

pub mod error;
pub mod file;
pub mod handle;
pub mod model;
#[expect(unsafe_code)]
pub mod staging;
pub mod state;
pub mod tape;
#[cfg(feature = "threads")]
pub mod threads;
pub mod trainer;
