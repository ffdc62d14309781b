//! Softmax over many classes of which few are frequent (Grave et al. 2017), as
//! PyTorch's `AdaptiveLogSoftmaxWithLoss` with its parameter names.

mod clusters;
mod log_softmax;
mod loss;

pub use log_softmax::build as build_log_softmax;
pub use loss::build as build_loss;
