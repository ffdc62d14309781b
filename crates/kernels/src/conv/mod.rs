//! Convolution.

pub mod conv1d;
