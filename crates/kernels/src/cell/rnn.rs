//! The cell of an Elman network (Elman 1990).
//!
//! For one unit with pre-activation a (biases included):
//!
//! ```text
//! (1)  h = φ(a)   with φ = tanh or max(·, 0)
//! ```

use simd::{Element, Function, Vector};

use super::{halves, put};
use crate::gemm::NR;

/// The activation φ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nonlinearity {
    /// tanh
    Tanh,
    /// max(·, 0)
    Relu,
}

/// One step of any number of rows of `padded` units.
///
/// * `gates` `[rows, padded]`: in pre-activations without biases, out h
/// * `bias` `[padded]`
/// * `h` `[rows, padded]`: out
pub fn rnn_cell_forward<V: Vector>(
    nonlinearity: Nonlinearity,
    padded: usize,
    gates: &mut [V::Elem],
    bias: &[V::Elem],
    h: &mut [V::Elem],
) {
    match nonlinearity {
        Nonlinearity::Tanh => {
            let tanh = V::Tanh::new();
            activate::<V>(padded, gates, bias, h, |a| tanh.apply(a));
        }
        Nonlinearity::Relu => activate::<V>(padded, gates, bias, h, |a: V| a.max(V::zero())),
    }
}

#[inline(never)]
fn activate<V: Vector>(
    padded: usize,
    gates: &mut [V::Elem],
    bias: &[V::Elem],
    h: &mut [V::Elem],
    f: impl Fn(V) -> V,
) {
    let (bias, _) = bias.as_chunks::<NR>();
    for (gates, h) in gates
        .chunks_exact_mut(padded)
        .zip(h.chunks_exact_mut(padded))
    {
        let units = gates
            .as_chunks_mut::<NR>()
            .0
            .iter_mut()
            .zip(h.as_chunks_mut::<NR>().0);
        for ((gates, h), bias) in units.zip(bias) {
            let pre = halves::<V>(gates);
            for (half, bias) in halves::<V>(bias).into_iter().enumerate() {
                // (1)
                let out = f(pre[half].add(bias));
                put(out, half, gates);
                put(out, half, h);
            }
        }
    }
}

/// The way back through one step.
///
/// * `h` `[rows, padded]`: what the step gave
/// * `d_h` `[rows, padded]`: the whole gradient of that
/// * `d_gates` `[rows, padded]`: out, the gradient of the pre-activations
#[inline(never)]
pub fn rnn_cell_backward<V: Vector>(
    nonlinearity: Nonlinearity,
    h: &[V::Elem],
    d_h: &[V::Elem],
    d_gates: &mut [V::Elem],
) {
    let one = V::constant(V::Elem::ONE);
    let units = h.as_chunks::<NR>().0.iter().zip(d_h.as_chunks::<NR>().0);
    for ((h, d_h), d_gates) in units.zip(d_gates.as_chunks_mut::<NR>().0) {
        let (h, d_h) = (halves::<V>(h), halves::<V>(d_h));
        for half in 0..2 {
            // (1)
            let d = match nonlinearity {
                Nonlinearity::Tanh => d_h[half].mul(one.sub(h[half].mul(h[half]))),
                Nonlinearity::Relu => V::select(h[half].gt(V::zero()), d_h[half], V::zero()),
            };
            put(d, half, d_gates);
        }
    }
}
