//! Normalisation, one a file.

pub mod layer;
