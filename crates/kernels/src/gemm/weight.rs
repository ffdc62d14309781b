//! The layout of weights.

use super::{CLayout, NR};
use simd::Element;

/// A weight `[gates*units, inputs]` stored as packed B of `x·Wᵀ`, with the
/// gates of each eight units side by side: `[⌈units/8⌉][gates][inputs][8]`.
///
/// One step's pre-activations then lie as `[⌈units/8⌉][gates][8]` in each row,
/// a cell finds the gates of a unit together, and the gradient `xᵀ·dG` comes
/// out of the product in this very layout. Padding (units past the last) is
/// zero in weights and gradients alike and stays so under any optimiser. A bias
/// is a weight of one input; a plain weight has one gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightLayout {
    /// Blocks of rows in the plain form: 4 in an LSTM, 3 in a GRU, else 1.
    pub gates: usize,
    /// Rows of each gate in the plain form.
    pub units: usize,
    /// Columns of the plain form.
    pub inputs: usize,
}

impl WeightLayout {
    /// Units, rounded up to whole panels.
    pub fn padded_units(&self) -> usize {
        self.units.next_multiple_of(NR)
    }

    /// Rows of all gates with their padding: N of the product with this weight.
    pub fn columns(&self) -> usize {
        self.gates * self.padded_units()
    }

    /// Numbers in packed form, padding included.
    pub fn len(&self) -> usize {
        self.columns() * self.inputs
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the product `xᵀ·dG` puts this weight's gradient.
    pub fn gradient_layout(&self) -> CLayout {
        CLayout::panels(self.inputs)
    }

    /// Of all gates or of one, the first panel and how many panels on the next
    /// one is. Panics when there is no such gate.
    pub(crate) fn panels(&self, gate: Option<usize>) -> (usize, usize) {
        assert!(
            gate.is_none_or(|gate| gate < self.gates),
            "W has fewer gates"
        );
        gate.map_or((0, 1), |gate| (gate, self.gates))
    }

    /// Index of an element in packed form.
    fn index(&self, gate: usize, unit: usize, input: usize) -> usize {
        ((unit / NR * self.gates + gate) * self.inputs + input) * NR + unit % NR
    }

    /// Packs the plain form `[gates*units, inputs]`.
    pub fn pack<E: Element>(&self, plain: &[E], packed: &mut [E]) {
        packed[..self.len()].fill(E::ZERO);
        self.each_row(|row, gate, unit| {
            for input in 0..self.inputs {
                packed[self.index(gate, unit, input)] = plain[row * self.inputs + input];
            }
        });
    }

    /// Restores the plain form.
    pub fn unpack<E: Element>(&self, packed: &[E], plain: &mut [E]) {
        self.each_row(|row, gate, unit| {
            for input in 0..self.inputs {
                plain[row * self.inputs + input] = packed[self.index(gate, unit, input)];
            }
        });
    }

    fn each_row(&self, mut f: impl FnMut(usize, usize, usize)) {
        for gate in 0..self.gates {
            for unit in 0..self.units {
                f(gate * self.units + unit, gate, unit);
            }
        }
    }
}
