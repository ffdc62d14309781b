//! Recurrent layers over whole packed sequences, one layer and one direction a
//! call.
//!
//! Steps are packed ([`Packed`]): time `t` is a dense prefix of the rows sorted
//! by length, so that padding does not exist. All three kinds share one design:
//!
//! * The input's part of the pre-activations is one product over many steps
//!   ([`stretch`]); per step there is one product with the state and one fused
//!   cell.
//! * The state of all rows lies in one dense matrix, in sorted order, and is
//!   updated in place: it holds the initial state before the call and the final
//!   one after. A row that has ended is no longer touched, a row that has not
//!   begun (when time runs backward) still holds its initial state; so unequal
//!   lengths, both directions and given states need no further code.
//! * Training keeps the activated gates and the state before each step, so that
//!   the way back needs nothing else.
//! * The way back leaves the gradients of all pre-activations in one matrix,
//!   from which the input's, the weights' and the biases' gradients follow by one
//!   product each over all steps ([`input_gradient`], [`weight_gradient`],
//!   [`add_rows`](crate::reduce::add_rows)).

mod gradient;
pub mod gru;
pub mod lstm;
pub mod rnn;
mod stretch;

pub use gradient::{input_gradient, weight_gradient, weight_gradient_scratch};

use simd::{Element, Vector, slice};

use crate::packed::Packed;

/// The direction in which a layer passes through time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From each row's first step to its last.
    Forward,
    /// From each row's last step to its first.
    Reverse,
}

impl Direction {
    /// The times of a batch in the order in which the state passes them.
    fn times(self, steps: Packed<'_>) -> impl DoubleEndedIterator<Item = usize> {
        let longest = steps.longest();
        (0..longest).map(move |i| match self {
            Direction::Forward => i,
            Direction::Reverse => longest - 1 - i,
        })
    }
}

/// Writes rows of `width` numbers, `from_stride` apart, into rows `to_stride`
/// apart.
fn copy_rows<E: Element>(
    rows: usize,
    width: usize,
    from: &[E],
    from_stride: usize,
    to: &mut [E],
    to_stride: usize,
) {
    for row in 0..rows {
        to[row * to_stride..][..width].copy_from_slice(&from[row * from_stride..][..width]);
    }
}

/// As [`copy_rows`], but adds.
fn add_rows<V: Vector>(
    rows: usize,
    width: usize,
    from: &[V::Elem],
    from_stride: usize,
    to: &mut [V::Elem],
    to_stride: usize,
) {
    for row in 0..rows {
        let from = &from[row * from_stride..][..width];
        slice::accumulate([from], &mut to[row * to_stride..][..width], |[x]: [V; 1]| x);
    }
}
