//! Kernels: pure functions over slices, forward and backward side by side.
//!
//! A kernel allocates nothing and keeps no state; sizes are arguments, and
//! shapes stand in its doc comment as `[time, batch, 4*hidden]`. `x_forward`
//! stands before `x_backward`; the gradient of `x` is `d_x` and accumulates
//! with `+=`. Everything is generic over [`simd::Vector`]: with [`simd::F32`]
//! it ships, with [`simd::F64`] its gradients are checked.
// The GEMM microkernel alone lifts this, where it is declared.
#![deny(unsafe_code)]

pub mod attend;
pub mod cell;
pub mod clip;
pub mod conv;
pub mod crf;
pub mod dropout;
pub mod elementwise;
#[expect(unsafe_code)]
pub mod gemm;
pub mod lookup;
pub mod loss;
pub mod math;
pub mod norm;
pub mod optim;
pub mod packed;
pub mod par;
pub mod pool;
pub mod reduce;
pub mod sequence;
