//! The cell of an LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of
//! Gers, Schmidhuber and Cummins 2000).
//!
//! For one unit, with pre-activations a (biases included), the cell state c of
//! the step before and the new one c':
//!
//! ```text
//! (1)  i = σ(aᵢ)   f = σ(a_f)   g = tanh(a_g)   o = σ(aₒ)
//! (2)  c' = f·c + i·g
//! (3)  h = o·tanh(c')
//! ```

use simd::{Element, Function, Vector};

use super::put;
use crate::gemm::NR;
use crate::math::Gate;

/// Gates i, f, g, o.
pub const GATES: usize = 4;

/// One step of any number of rows of `padded` units.
///
/// * `gates` `[rows, padded/8, 4, 8]`: in pre-activations without biases, out i, f, g, o
/// * `bias` `[padded/8, 4, 8]`
/// * `c` `[rows, padded]`: in the state before, out the state after
/// * `h` `[rows, padded]`: out
#[inline(never)]
pub fn lstm_cell_forward<V: Vector>(
    padded: usize,
    gates: &mut [V::Elem],
    bias: &[V::Elem],
    c: &mut [V::Elem],
    h: &mut [V::Elem],
) {
    let tanh = V::Tanh::new();
    let gate = Gate::<V>::with(tanh);
    let (bias, _) = bias.as_chunks::<{ GATES * NR }>();
    let rows = gates.chunks_exact_mut(padded * GATES);
    for ((gates, c), h) in rows
        .zip(c.chunks_exact_mut(padded))
        .zip(h.chunks_exact_mut(padded))
    {
        let (gates, _) = gates.as_chunks_mut::<{ GATES * NR }>();
        let (c, _) = c.as_chunks_mut::<NR>();
        let (h, _) = h.as_chunks_mut::<NR>();
        for ((gates, bias), c) in gates.iter_mut().zip(bias).zip(&mut *c) {
            for half in 0..2 {
                let at = |gate: usize| gate * NR + half * 4;
                let pre = |gate: usize| V::load(&gates[at(gate)..]).add(V::load(&bias[at(gate)..]));
                // (1)
                let i = gate.apply(pre(0));
                let f = gate.apply(pre(1));
                let g = tanh.apply(pre(2));
                let o = gate.apply(pre(3));
                i.store(&mut gates[at(0)..]);
                f.store(&mut gates[at(1)..]);
                g.store(&mut gates[at(2)..]);
                o.store(&mut gates[at(3)..]);
                // (2)
                let state = f.mul_add(V::load(&c[half * 4..]), i.mul(g));
                put(state, half, c);
            }
        }
        // Apart from the rest, since it would wait for c' in every turn.
        for ((gates, c), h) in gates.iter().zip(&*c).zip(h) {
            for half in 0..2 {
                // (3)
                let o = V::load(&gates[3 * NR + half * 4..]);
                put(o.mul(tanh.apply(V::load(&c[half * 4..]))), half, h);
            }
        }
    }
}

/// The way back through one step.
///
/// * `gates` `[rows, padded/8, 4, 8]`: i, f, g, o
/// * `c` `[rows, padded]`: the state before the step
/// * `d_h` `[rows, padded]`: the whole gradient of the step's output
/// * `d_c` `[rows, padded]`: in the gradient of the state after, out of the state before
/// * `d_gates` `[rows, padded/8, 4, 8]`: out, the gradient of the pre-activations
#[inline(never)]
pub fn lstm_cell_backward<V: Vector>(
    gates: &[V::Elem],
    c: &[V::Elem],
    d_h: &[V::Elem],
    d_c: &mut [V::Elem],
    d_gates: &mut [V::Elem],
) {
    let tanh = V::Tanh::new();
    let one = V::constant(V::Elem::ONE);
    let gates = gates.as_chunks::<{ GATES * NR }>().0.iter();
    let gates = gates.zip(d_gates.as_chunks_mut::<{ GATES * NR }>().0);
    let states = c.as_chunks::<NR>().0.iter().zip(d_h.as_chunks::<NR>().0);
    let states = states.zip(d_c.as_chunks_mut::<NR>().0);
    for ((gates, d_gates), ((c, d_h), d_c)) in gates.zip(states) {
        for half in 0..2 {
            let at = |gate: usize| gate * NR + half * 4;
            let [i, f, g, o] = [0, 1, 2, 3].map(|gate| V::load(&gates[at(gate)..]));
            let before = V::load(&c[half * 4..]);
            let d_h = V::load(&d_h[half * 4..]);
            // (3), with c' of (2) as the forward step had it
            let squashed = tanh.apply(f.mul_add(before, i.mul(g)));
            let d_out = d_h.mul(squashed);
            let slope = one.sub(squashed.mul(squashed));
            let d_state = d_h.mul(o).mul_add(slope, V::load(&d_c[half * 4..]));
            // (2)
            put(d_state.mul(f), half, d_c);
            // (1)
            let d_i = d_state.mul(g).mul(i.mul(one.sub(i)));
            let d_f = d_state.mul(before).mul(f.mul(one.sub(f)));
            let d_g = d_state.mul(i).mul(one.sub(g.mul(g)));
            let d_o = d_out.mul(o.mul(one.sub(o)));
            for (gate, d) in [d_i, d_f, d_g, d_o].into_iter().enumerate() {
                d.store(&mut d_gates[at(gate)..]);
            }
        }
    }
}
