//! Losses, one a file, as PyTorch defines them.
//!
//! Each forward pass returns the **sum** over elements or rows, accumulated in
//! `f64` in a fixed order; what the sum is divided by is the caller's, because
//! it belongs to the whole batch. A backward pass takes `scale`, the gradient
//! of that sum: d_loss / denominator.

pub mod bce_with_logits;
pub mod cross_entropy;
pub mod gaussian_nll;
pub mod huber;
pub mod l1;
pub mod mse;
pub mod quantile;
pub mod student_t_nll;
