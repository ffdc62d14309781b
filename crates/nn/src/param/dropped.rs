//! What training sees of parameters with `drop`: numbers of a weight rather
//! than of what it multiplies are dropped (DropConnect, Wan et al. 2013), as
//! Merity, Keskar and Socher (2018) do it with the recurrent weights of an
//! LSTM. The parameters themselves stay as they are; predictions see these.

use std::ops::Range;

use kernels::dropout::{dropout_backward, dropout_forward};
use simd::Element;

use super::{Parameter, Params, Place};
use crate::context::Pass;
use crate::gradient::Gradients;
use crate::hash;

/// A version of the parameters, and the seed and step of a pass.
pub(crate) type State = (u64, u64, u64);

/// The masked copies, one after the other in the table's order, and what they
/// were made for: `None` while there are none.
#[derive(Clone, Debug, Default)]
pub(super) struct Dropped<E> {
    pub values: Vec<E>,
    pub state: Option<State>,
}

/// Where a parameter's mask begins: one row of as many units as are stored.
fn salt(parameter: &Parameter, pass: Pass) -> u32 {
    hash::salt(pass.seed, pass.step, &parameter.name)
}

impl<E: Element> Params<E> {
    /// Draws what a training pass sees, unless that was drawn last.
    pub(crate) fn draw(&mut self, pass: Pass) {
        let state = Some((self.version(), pass.seed, pass.step));
        if self.dropped_len == 0 || self.dropped.state == state {
            return;
        }
        let mut values = std::mem::take(&mut self.dropped.values);
        values.resize(self.dropped_len, E::ZERO);
        for (id, parameter) in self.table().iter().enumerate() {
            if let Some(range) = parameter.dropped_range() {
                let (stored, y) = (self.stored(id), &mut values[range]);
                let salt = salt(parameter, pass);
                dropout_forward::<E::Vector>(parameter.drop, salt, &|_| 0, 1, stored, y);
            }
        }
        self.dropped = Dropped { values, state };
    }

    /// What passes work with: of the same state they see the same numbers.
    pub(crate) fn state(&self, training: bool) -> State {
        let drawn = self.dropped.state.filter(|_| training);
        drawn.unwrap_or((self.version(), 0, 0))
    }

    /// One parameter as stored, and as a pass sees it.
    pub(crate) fn seen(&self, id: usize, training: bool) -> &[E] {
        match self.table()[id].dropped_range() {
            Some(range) if training => &self.dropped.values[range],
            _ => self.stored(id),
        }
    }

    /// Where the dense gradients of dropped parameters lie.
    fn dropped(&self) -> impl Iterator<Item = (&Parameter, Range<usize>)> {
        self.table().iter().filter_map(|parameter| {
            match (parameter.place, parameter.dropped_range()) {
                (Place::Dense(start), Some(range)) => Some((parameter, start..start + range.len())),
                _ => None,
            }
        })
    }
}

impl<E: Element> Gradients<E> {
    /// Sets what parameters with `drop` have aside: a pass adds to zeros, since
    /// its mask is for its own gradients alone.
    pub(crate) fn set_aside(&mut self, params: &Params<E>) {
        self.aside.clear();
        for (_, range) in params.dropped() {
            let dense = &mut self.dense[range];
            self.aside.extend_from_slice(dense);
            dense.fill(E::ZERO);
        }
    }

    /// Masks what a pass gave to parameters with `drop`, and adds what was set
    /// aside.
    pub(crate) fn mask(&mut self, params: &Params<E>, pass: Pass) {
        let mut aside = &mut self.aside[..];
        for (parameter, range) in params.dropped() {
            let (sum, rest) = std::mem::take(&mut aside).split_at_mut(range.len());
            let (salt, d) = (salt(parameter, pass), &mut self.dense[range]);
            dropout_backward::<E::Vector>(parameter.drop, salt, &|_| 0, 1, d, sum);
            d.copy_from_slice(sum);
            aside = rest;
        }
    }
}
