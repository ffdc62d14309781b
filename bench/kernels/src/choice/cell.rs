//! One step of an LSTM's cells: the four gates of a unit in registers, or each
//! function over a list of its own.

use kernels::cell::lstm::{GATES, lstm_cell_forward};
use kernels::math::Gate;
use simd::{Function, Vector, slice};

use super::{Choice, Way, exactly, spread};
use crate::V;

const ROWS: usize = 4;
const UNITS: usize = 128;
const ALL: usize = ROWS * UNITS;

/// The result is the states and then the outputs, `[rows, units]` each.
pub const fn choice(make: fn() -> Way) -> Choice {
    Choice {
        amount: ALL,
        results: 2 * ALL,
        make,
        exact,
    }
}

/// Pre-activations `[rows, 4, units]`, biases `[4, units]`, states `[rows, units]`.
fn given() -> [Vec<f32>; 3] {
    [
        spread(GATES * ALL, 1),
        spread(GATES * UNITS, 2),
        spread(ALL, 3),
    ]
}

/// The gates of each eight units side by side.
fn interleaved(rows: &[f32]) -> Vec<f32> {
    let row = |row: &[f32]| -> Vec<f32> {
        let at = |i: usize| i / 8 % GATES * UNITS + i / (8 * GATES) * 8 + i % 8;
        (0..row.len()).map(|i| row[at(i)]).collect()
    };
    rows.chunks(GATES * UNITS).flat_map(row).collect()
}

/// Production's.
pub fn in_registers() -> Way {
    let [gates, bias, before] = given();
    let (given, bias) = (interleaved(&gates), interleaved(&bias));
    let mut gates = given.clone();
    Box::new(move |out| {
        let (c, h) = out.split_at_mut(ALL);
        gates.copy_from_slice(&given);
        c.copy_from_slice(&before);
        lstm_cell_forward::<V>(UNITS, &mut gates, &bias, c, h);
    })
}

pub fn by_passes() -> Way {
    let [given, bias, before] = given();
    let mut gates = given.clone();
    Box::new(move |out| {
        let (c, h) = out.split_at_mut(ALL);
        gates.copy_from_slice(&given);
        c.copy_from_slice(&before);
        let rows = gates.chunks_exact_mut(GATES * UNITS);
        for ((gates, c), h) in rows
            .zip(c.chunks_exact_mut(UNITS))
            .zip(h.chunks_exact_mut(UNITS))
        {
            passes(gates, &bias, c, h);
        }
    })
}

#[inline(never)]
fn passes(gates: &mut [f32], bias: &[f32], c: &mut [f32], h: &mut [f32]) {
    let (tanh, gate) = (<V as Vector>::Tanh::new(), Gate::<V>::new());
    slice::accumulate([bias], gates, |[bias]: [V; 1]| bias);
    let (input, rest) = gates.split_at_mut(UNITS);
    let (forget, rest) = rest.split_at_mut(UNITS);
    let (new, output) = rest.split_at_mut(UNITS);
    for gates in [&mut *input, &mut *forget, &mut *output] {
        slice::map_in_place(gates, |x: V| gate.apply(x));
    }
    slice::map_in_place(new, |x: V| tanh.apply(x));
    slice::update([c], [&*input, forget, new], |[c]: [V; 1], [i, f, g]| {
        [f.mul_add(c, i.mul(g))]
    });
    slice::map(c, h, |c: V| tanh.apply(c));
    slice::update([h], [&*output], |[h]: [V; 1], [o]| [h.mul(o)]);
}

fn exact() -> Vec<f64> {
    let [gates, bias, before] = given().map(exactly);
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (mut c, mut h) = (Vec::new(), Vec::new());
    for (gates, before) in gates.chunks(GATES * UNITS).zip(before.chunks(UNITS)) {
        for unit in 0..UNITS {
            let pre = |gate: usize| gates[gate * UNITS + unit] + bias[gate * UNITS + unit];
            let new = sigmoid(pre(1)) * before[unit] + sigmoid(pre(0)) * pre(2).tanh();
            c.push(new);
            h.push(sigmoid(pre(3)) * new.tanh());
        }
    }
    [c, h].concat()
}
