//! Linear-chain conditional random field over packed emissions `[steps, tags]`
//! of rows of unequal length (Lafferty, McCallum, Pereira 2001), with the
//! parameter names and conventions of pytorch-crf: `transitions[i, j]` scores
//! going from tag `i` to tag `j`.
//!
//! # Notation
//! We stand at step 3 of one row; `e3(j)` is its emission for tag `j`,
//! `T(i, j)` a transition, `y` a path.
//!
//! - The score of a path is `start(y0) + e0(y0) + T(y0, y1) + e1(y1) + … + end(yn)`;
//!   `log Z` is the log of the sum of `exp(score)` over all paths.
//! - `potential3(j) = exp(e3(j) - max e3) / scale3`.
//! - `alpha3(j) = potential3(j) · Σ_i alpha2(i) exp(T(i, j))`, where `scale3` is
//!   what makes the sum over `j` one: alpha3 is the distribution of `y3` given
//!   `e0 … e3`, and `log Z` is the sum of the logs of all scales (and of what
//!   was subtracted on the way), kept in `f64`.
//! - `weight3(j) = potential3(j) · beta3(j)` and
//!   `beta2(i) = Σ_j exp(T(i, j)) weight3(j)`. With these scales
//!   `alpha3(j) beta3(j)` is the probability of `y3 = j` as it stands, and
//!   `alpha2(i) exp(T(i, j)) weight3(j)` that of `y2 = i, y3 = j`.
//!
//! # Range
//! The exponential domain costs one multiply-add a transition, and is exact
//! as long as nothing that is not zero underflows. [`forward`] watches for
//! that: a row where an alpha that should not be zero falls below
//! [`Transitions`]' floor, or where every path is forbidden, is computed again
//! in the log domain (`log_domain.rs`), which has no such limit.

pub mod constraints;
pub mod forward;
mod gradients;
mod lattice;
mod log_domain;
pub mod marginals;
pub mod nbest;
pub mod transitions;
pub mod viterbi;

pub use gradients::Gradients;
pub use transitions::{Allowed, Transitions};
