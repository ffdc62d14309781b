//! One time step's gates, fused: from pre-activations to the new state, and
//! back.
//!
//! Rows are dense; every row of `units` is padded to whole panels of eight (see
//! [`padded`]), so that no cell has a tail. Padding has zero weights and biases,
//! its state is 0 and so are its gradients.
//!
//! Pre-activations of a row, activated gates and what flows back into them lie
//! as the product with a [`WeightLayout`](crate::gemm::WeightLayout) leaves
//! them, `[padded/8][gates][8]`.

pub mod gru;
pub mod lstm;
pub mod rnn;

use simd::Vector;

use crate::gemm::NR;

/// Units, padded to whole panels.
pub fn padded(units: usize) -> usize {
    units.next_multiple_of(NR)
}

/// The two vectors of eight units.
#[inline(always)]
fn halves<V: Vector>(x: &[V::Elem; NR]) -> [V; 2] {
    [V::load(&x[..4]), V::load(&x[4..])]
}

/// Writes one of the two vectors of eight units.
#[inline(always)]
fn put<V: Vector>(x: V, half: usize, out: &mut [V::Elem; NR]) {
    x.store(&mut out[half * 4..]);
}
