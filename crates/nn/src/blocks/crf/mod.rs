//! The linear-chain conditional random field: likelihood, decoding,
//! probabilities. The parameters have pytorch-crf's names.

mod best;
mod likelihood;
mod marginals;
mod n_best;
mod parameters;

pub use best::build as build_decode;
pub use likelihood::build as build_likelihood;
pub use marginals::build as build_marginals;
pub use n_best::build as build_n_best;
