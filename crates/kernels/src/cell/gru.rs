//! The cell of a gated recurrent unit (Cho et al. 2014), in both conventions.
//!
//! For one unit, with the parts of its pre-activations that come from the input
//! (x) and from the state (s), biases included, and the state h before:
//!
//! ```text
//! (1)  r = σ(xᵣ + sᵣ)   z = σ(x_z + s_z)
//! (2)  n = tanh(xₙ + r·sₙ)                reset after the product (cuDNN, PyTorch)
//!      n = tanh(xₙ + Wₙ·(r∘h) + bₙ)       reset before the product (the paper)
//! (3)  h' = n + z·(h − n)
//! ```
//!
//! Reset before the product needs r of every unit before any n, so that the
//! step falls into two passes with a product between them.

use simd::{Element, Function, Vector};

use super::{halves, put};
use crate::gemm::NR;
use crate::math::Gate;

/// Gates r, z, n.
pub const GATES: usize = 3;

/// Blocks of a bias that serves both parts: r, z, n from the input, n from the
/// state. Reset before the product leaves the last unused.
pub const BIASES: usize = 4;

/// One step, reset after the product, of any number of rows of `padded` units.
///
/// * `gates` `[rows, padded/8, 3, 8]`: in the input's part without biases, out r, z, n
/// * `state` `[rows, padded/8, 3, 8]`: the state's part without biases
/// * `bias` `[padded/8, 4, 8]`
/// * `product` `[rows, padded]`: out, sₙ
/// * `h` `[rows, padded]`: in the state before, out the state after
#[inline(never)]
pub fn gru_cell_forward<V: Vector>(
    padded: usize,
    gates: &mut [V::Elem],
    state: &[V::Elem],
    bias: &[V::Elem],
    product: &mut [V::Elem],
    h: &mut [V::Elem],
) {
    let tanh = V::Tanh::new();
    let gate = Gate::<V>::with(tanh);
    let (bias, _) = bias.as_chunks::<{ BIASES * NR }>();
    let rows = gates
        .chunks_exact_mut(padded * GATES)
        .zip(state.chunks_exact(padded * GATES));
    let outs = product
        .chunks_exact_mut(padded)
        .zip(h.chunks_exact_mut(padded));
    for ((gates, state), (product, h)) in rows.zip(outs) {
        let (gates, _) = gates.as_chunks_mut::<{ GATES * NR }>();
        let (state, _) = state.as_chunks::<{ GATES * NR }>();
        let outs = product
            .as_chunks_mut::<NR>()
            .0
            .iter_mut()
            .zip(h.as_chunks_mut::<NR>().0);
        for ((gates, state), bias) in gates.iter_mut().zip(state).zip(bias) {
            for half in 0..2 {
                // (1)
                for which in 0..2 {
                    let at = which * NR + half * 4;
                    let part = |numbers: &[V::Elem]| V::load(&numbers[at..]);
                    let y = gate.apply(part(gates).add(part(state)).add(part(bias)));
                    y.store(&mut gates[at..]);
                }
            }
        }
        // Apart from the rest, since it would wait for r in every turn.
        for (((gates, state), bias), (product, h)) in
            gates.iter_mut().zip(state).zip(bias).zip(outs)
        {
            for half in 0..2 {
                let at = |block: usize| block * NR + half * 4;
                // (2)
                let [r, z, x] = [0, 1, 2].map(|gate| V::load(&gates[at(gate)..]));
                let from_state = V::load(&state[at(2)..]).add(V::load(&bias[at(3)..]));
                let n = tanh.apply(r.mul_add(from_state, x.add(V::load(&bias[at(2)..]))));
                n.store(&mut gates[at(2)..]);
                put(from_state, half, product);
                // (3)
                let before = V::load(&h[half * 4..]);
                put(z.mul_add(before.sub(n), n), half, h);
            }
        }
    }
}

/// The way back through one step, reset after the product.
///
/// * `gates` `[rows, padded/8, 3, 8]`: r, z, n
/// * `product` `[rows, padded]`: sₙ
/// * `h` `[rows, padded]`: the state before
/// * `d_h` `[rows, padded]`: in the gradient of the state after, out what of it
///   reaches the state before without a product
/// * `d_input`, `d_state` `[rows, padded/8, 3, 8]`: out, the gradients of xᵣ, x_z,
///   xₙ and of sᵣ, s_z, sₙ
#[inline(never)]
pub fn gru_cell_backward<V: Vector>(
    gates: &[V::Elem],
    product: &[V::Elem],
    h: &[V::Elem],
    d_h: &mut [V::Elem],
    d_input: &mut [V::Elem],
    d_state: &mut [V::Elem],
) {
    let one = V::constant(V::Elem::ONE);
    let gates = gates.as_chunks::<{ GATES * NR }>().0.iter();
    let gates = gates
        .zip(d_input.as_chunks_mut::<{ GATES * NR }>().0)
        .zip(d_state.as_chunks_mut::<{ GATES * NR }>().0);
    let states = product.as_chunks::<NR>().0.iter();
    let states = states
        .zip(h.as_chunks::<NR>().0)
        .zip(d_h.as_chunks_mut::<NR>().0);
    for (((gates, d_input), d_state), ((product, h), d_h)) in gates.zip(states) {
        let (product, h) = (halves::<V>(product), halves::<V>(h));
        for half in 0..2 {
            let at = |gate: usize| gate * NR + half * 4;
            let [r, z, n] = [0, 1, 2].map(|gate| V::load(&gates[at(gate)..]));
            let d_out = V::load(&d_h[half * 4..]);
            // (3)
            put(d_out.mul(z), half, d_h);
            let d_update = d_out.mul(h[half].sub(n));
            // (2)
            let d_new = d_out.mul(one.sub(z)).mul(one.sub(n.mul(n)));
            d_new.store(&mut d_input[at(2)..]);
            d_new.mul(r).store(&mut d_state[at(2)..]);
            // (1)
            let d_r = d_new.mul(product[half]).mul(r.mul(one.sub(r)));
            let d_z = d_update.mul(z.mul(one.sub(z)));
            for d_gates in [&mut *d_input, &mut *d_state] {
                d_r.store(&mut d_gates[at(0)..]);
                d_z.store(&mut d_gates[at(1)..]);
            }
        }
    }
}

/// The first pass of one step, reset before the product.
///
/// * `gates` `[rows, padded/8, 3, 8]`: in pre-activations of r and z without
///   biases, out r and z; n is left as it is
/// * `bias` `[padded/8, 4, 8]`
/// * `h` `[rows, padded]`: the state before
/// * `reset` `[rows, padded]`: out, r∘h
#[inline(never)]
pub fn gru_reset_forward<V: Vector>(
    padded: usize,
    gates: &mut [V::Elem],
    bias: &[V::Elem],
    h: &[V::Elem],
    reset: &mut [V::Elem],
) {
    let gate = Gate::<V>::new();
    let (bias, _) = bias.as_chunks::<{ BIASES * NR }>();
    let rows = gates.chunks_exact_mut(padded * GATES);
    for ((gates, h), reset) in rows
        .zip(h.chunks_exact(padded))
        .zip(reset.chunks_exact_mut(padded))
    {
        let gates = gates
            .as_chunks_mut::<{ GATES * NR }>()
            .0
            .iter_mut()
            .zip(bias);
        let states = h
            .as_chunks::<NR>()
            .0
            .iter()
            .zip(reset.as_chunks_mut::<NR>().0);
        for ((gates, bias), (h, reset)) in gates.zip(states) {
            for half in 0..2 {
                // (1)
                let activated = [0, 1].map(|which| {
                    let at = which * NR + half * 4;
                    let y = gate.apply(V::load(&gates[at..]).add(V::load(&bias[at..])));
                    y.store(&mut gates[at..]);
                    y
                });
                put(activated[0].mul(V::load(&h[half * 4..])), half, reset);
            }
        }
    }
}

/// The second pass of one step, reset before the product.
///
/// * `gates` `[rows, padded/8, 3, 8]`: in r, z and the pre-activation of n
///   without bias, out r, z, n
/// * `bias` `[padded/8, 4, 8]`
/// * `h` `[rows, padded]`: in the state before, out the state after
#[inline(never)]
pub fn gru_update_forward<V: Vector>(
    padded: usize,
    gates: &mut [V::Elem],
    bias: &[V::Elem],
    h: &mut [V::Elem],
) {
    let tanh = V::Tanh::new();
    let (bias, _) = bias.as_chunks::<{ BIASES * NR }>();
    for (gates, h) in gates
        .chunks_exact_mut(padded * GATES)
        .zip(h.chunks_exact_mut(padded))
    {
        let gates = gates
            .as_chunks_mut::<{ GATES * NR }>()
            .0
            .iter_mut()
            .zip(bias);
        for ((gates, bias), h) in gates.zip(h.as_chunks_mut::<NR>().0) {
            for half in 0..2 {
                let at = |block: usize| block * NR + half * 4;
                // (2)
                let n = tanh.apply(V::load(&gates[at(2)..]).add(V::load(&bias[at(2)..])));
                n.store(&mut gates[at(2)..]);
                // (3)
                let (z, before) = (V::load(&gates[at(1)..]), V::load(&h[half * 4..]));
                put(z.mul_add(before.sub(n), n), half, h);
            }
        }
    }
}

/// The way back through the second pass.
///
/// * `gates` `[rows, padded/8, 3, 8]`: r, z, n
/// * `h` `[rows, padded]`: the state before
/// * `d_h` `[rows, padded]`: in the gradient of the state after, out what of it
///   reaches the state before through z alone
/// * `d_gates` `[rows, padded/8, 3, 8]`: out, the gradients of z and n
#[inline(never)]
pub fn gru_update_backward<V: Vector>(
    gates: &[V::Elem],
    h: &[V::Elem],
    d_h: &mut [V::Elem],
    d_gates: &mut [V::Elem],
) {
    let one = V::constant(V::Elem::ONE);
    let gates = gates.as_chunks::<{ GATES * NR }>().0.iter();
    let gates = gates.zip(d_gates.as_chunks_mut::<{ GATES * NR }>().0);
    let states = h.as_chunks::<NR>().0.iter();
    let states = states.zip(d_h.as_chunks_mut::<NR>().0);
    for ((gates, d_gates), (h, d_h)) in gates.zip(states) {
        let h = halves::<V>(h);
        for half in 0..2 {
            let at = |gate: usize| gate * NR + half * 4;
            let [z, n] = [1, 2].map(|gate| V::load(&gates[at(gate)..]));
            let d_out = V::load(&d_h[half * 4..]);
            // (3)
            put(d_out.mul(z), half, d_h);
            let d_z = d_out.mul(h[half].sub(n)).mul(z.mul(one.sub(z)));
            d_z.store(&mut d_gates[at(1)..]);
            // (2)
            let d_n = d_out.mul(one.sub(z)).mul(one.sub(n.mul(n)));
            d_n.store(&mut d_gates[at(2)..]);
        }
    }
}

/// The way back through the first pass.
///
/// * `gates` `[rows, padded/8, 3, 8]`: r, z, n
/// * `h` `[rows, padded]`: the state before
/// * `reset` `[rows, padded]`: in the gradient of r∘h, out r∘h
/// * `d_h` `[rows, padded]`: grows by what reaches the state before through r∘h
/// * `d_gates` `[rows, padded/8, 3, 8]`: out, the gradient of r
#[inline(never)]
pub fn gru_reset_backward<V: Vector>(
    gates: &[V::Elem],
    h: &[V::Elem],
    reset: &mut [V::Elem],
    d_h: &mut [V::Elem],
    d_gates: &mut [V::Elem],
) {
    let one = V::constant(V::Elem::ONE);
    let gates = gates.as_chunks::<{ GATES * NR }>().0.iter();
    let gates = gates.zip(d_gates.as_chunks_mut::<{ GATES * NR }>().0);
    let states = h.as_chunks::<NR>().0.iter();
    let states = states
        .zip(reset.as_chunks_mut::<NR>().0)
        .zip(d_h.as_chunks_mut::<NR>().0);
    for ((gates, d_gates), ((h, reset), d_h)) in gates.zip(states) {
        let h = halves::<V>(h);
        for half in 0..2 {
            let r = V::load(&gates[half * 4..]);
            let d_reset = V::load(&reset[half * 4..]);
            put(r.mul(h[half]), half, reset);
            // (1)
            put(d_reset.mul_add(r, V::load(&d_h[half * 4..])), half, d_h);
            let d_r = d_reset.mul(h[half]).mul(r.mul(one.sub(r)));
            d_r.store(&mut d_gates[half * 4..]);
        }
    }
}
