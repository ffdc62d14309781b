//! Programs, blocks, optimisers and decoding.
//!
//! A model is described once, as plain data: a [`spec`] with axes, inputs, one
//! parameter table and named entries (`train`, `predict` …). [`model::Model`]
//! compiles every entry into a [`program::Program`]: a flat, topologically
//! ordered list of coarse blocks, each with a hand-written forward and
//! backward. [`run::Run`] executes a program over a batch, sharded by rows, out
//! of memory that is planned before the pass; [`trainer::Trainer`] turns the
//! gradients into a step.
//!
//! Everything is generic over the vector, so that the code whose gradients are
//! checked in `f64` is the code that ships in `f32`.
#![forbid(unsafe_code)]

pub mod axis;
pub mod batch;
pub mod block;
pub mod blocks;
pub mod context;
pub mod error;
pub mod fields;
pub mod gradient;
pub mod hash;
pub mod init;
pub mod memory;
pub mod model;
pub mod optim;
pub mod param;
pub mod program;
pub mod random;
pub mod run;
pub mod schedule;
pub mod shard;
pub mod spec;
pub mod state;
pub mod trainer;
pub mod value;
