//! The mean of the parameters over steps.

use kernels::optim::average;
use simd::{Element, Vector};

use crate::error::Error;
use crate::model::Model;
use crate::param::Params;

use super::Trainer;

/// A running mean of all parameters, and whether the model has it.
#[derive(Debug)]
pub(super) struct Average<E> {
    /// In the layout of the parameters, whose latest values these are while the
    /// model has the mean.
    values: Vec<E>,
    /// Steps that the mean is of.
    pub count: u64,
    /// Steps before the first that counts; `None` while none will.
    pub from: Option<u64>,
    in_place: bool,
}

impl<E: Element> Average<E> {
    /// No mean yet; that many steps come before the first that counts.
    pub fn new(from: Option<usize>) -> Self {
        Self {
            values: Vec::new(),
            count: 0,
            from: from.map(|from| from as u64),
            in_place: false,
        }
    }

    /// Takes the parameters after a step in, if steps count yet.
    pub fn add(&mut self, step: u64, params: &Params<E>) {
        if self.from.is_some_and(|from| step > from) {
            self.count += 1;
            self.fit(params);
            average::<E::Vector>(self.count, params.values(), &mut self.values);
        }
    }

    /// Makes room for parameters that came after the others: their mean is what
    /// they are.
    fn fit(&mut self, params: &Params<E>) {
        let known = self.values.len();
        self.values.extend_from_slice(&params.values()[known..]);
    }

    /// Fails while the model has the mean.
    pub fn expect_latest(&self) -> Result<(), Error> {
        match self.in_place {
            false => Ok(()),
            true => Err(Error::state(
                "step: the model has the mean of its weights; take the latest back first",
            )),
        }
    }

    pub fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<E>()
    }
}

/// What [`Trainer::average`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Averaging {
    /// Keeps the mean over the steps from now on, unless it is being kept.
    Start,
    /// Gives the model the mean of its parameters, unless it has it.
    Mean,
    /// Gives the model the latest parameters back, with which training goes on.
    Latest,
}

impl From<u32> for Averaging {
    /// The number that stands for it at the boundary: its place above.
    fn from(number: u32) -> Self {
        match number {
            0 => Self::Start,
            1 => Self::Mean,
            _ => Self::Latest,
        }
    }
}

impl<V: Vector> Trainer<V> {
    /// Keeps the mean of all parameters over steps, and exchanges it with them:
    /// averaged stochastic gradient descent (Polyak and Juditsky 1992), with
    /// any optimiser. Returns how many steps the mean is of.
    pub fn average(&mut self, model: &mut Model<V>, what: Averaging) -> Result<u64, Error> {
        let average = &mut self.average;
        if what == Averaging::Start {
            let from = average.from.unwrap_or(self.step);
            average.from = Some(from.min(self.step));
            return Ok(average.count);
        }
        let mean = what == Averaging::Mean;
        if mean && average.count == 0 {
            return Err(Error::state(
                "average: expected a step since averaging began, there was none",
            ));
        }
        if average.in_place != mean {
            average.fit(&model.params);
            model.params.exchange(&mut average.values);
            average.in_place = mean;
        }
        Ok(average.count)
    }
}
