//! Optimisers' steps, one a file, as PyTorch defines them.
//!
//! Each updates a parameter and what it remembers in one pass. It does not ask
//! whether the slices are a whole parameter or one row of it, so that dense and
//! row-sparse updates are the same function.

mod adagrad;
mod adam;
mod average;
mod rmsprop;
mod sgd;

pub use adagrad::{Adagrad, adagrad};
pub use adam::{Adam, adam, adamw};
pub use average::average;
pub use rmsprop::{RmsProp, rmsprop};
pub use sgd::{Sgd, sgd};

use simd::{Element, Vector};

/// What a step does to one parameter, whatever the optimiser.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Learning rate, after schedule and the parameter's own factor.
    pub learning_rate: f64,
    /// Weight decay; 0 where it does not apply.
    pub weight_decay: f64,
    /// This step's number, from 1.
    pub step: u64,
}

fn constant<V: Vector>(x: f64) -> V {
    V::constant(V::Elem::from_f64(x))
}

impl Pace {
    /// `beta` to the power of the step.
    fn power(&self, beta: f64) -> f64 {
        beta.powi(i32::try_from(self.step).unwrap_or(i32::MAX))
    }
}
