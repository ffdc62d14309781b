//! The way back through an LSTM's recurrent weight at batch 1, `dH = dG·W` at
//! each step of a sentence: by W's transpose, packed once a sentence or at each
//! step, or by dot products with W as the way forward has it.

use kernels::gemm::{NR, WeightLayout, gemv};
use simd::Vector;

use super::{Choice, Way, exactly, spread};
use crate::V;

const STEPS: usize = 24;
const UNITS: usize = 128;
const WEIGHT: WeightLayout = WeightLayout {
    gates: 4,
    units: UNITS,
    inputs: UNITS,
};
const COLUMNS: usize = 4 * UNITS;

/// The result is `[steps, units]`, of which the time of a step is told.
pub const fn choice(make: fn() -> Way) -> Choice {
    Choice {
        amount: STEPS,
        results: STEPS * UNITS,
        make,
        exact,
    }
}

/// W `[4 * units, units]` and dG `[steps, 4 * units]`.
fn given() -> [Vec<f32>; 2] {
    [spread(COLUMNS * UNITS, 1), spread(STEPS * COLUMNS, 2)]
}

fn packed(weight: &[f32]) -> Vec<f32> {
    let mut packed = vec![0.0; WEIGHT.len()];
    WEIGHT.pack(weight, &mut packed);
    packed
}

/// Production's: packed once for all steps.
pub fn packed_once() -> Way {
    by_transpose(false)
}

pub fn packed_each_step() -> Way {
    by_transpose(true)
}

fn by_transpose(each_step: bool) -> Way {
    let [weight, d_gates] = given();
    let weight = packed(&weight);
    let mut transposed = vec![0.0; WEIGHT.transposed_len()];
    // As in the library, where the length of the products is not known.
    let columns = std::hint::black_box(COLUMNS);
    Box::new(move |out| {
        let steps = d_gates
            .chunks_exact(COLUMNS)
            .zip(out.chunks_exact_mut(UNITS));
        for (step, (d_gates, out)) in steps.enumerate() {
            if each_step || step == 0 {
                WEIGHT.transpose_into(&weight, &mut transposed);
            }
            gemv::<V>(
                UNITS,
                columns,
                d_gates,
                &transposed,
                columns * NR,
                out,
                NR,
                false,
            );
        }
    })
}

/// No transpose: vectors of dG's columns, eight units of a gate at a time.
pub fn by_dots() -> Way {
    let [weight, d_gates] = given();
    let weight = packed(&weight);
    // The gates of each eight units side by side, as W's panels are.
    let ordered = |row: &[f32]| -> Vec<f32> {
        let at = |i: usize| i / 8 % 4 * UNITS + i / 32 * 8 + i % 8;
        (0..COLUMNS).map(|i| row[at(i)]).collect()
    };
    let d_gates: Vec<f32> = d_gates.chunks(COLUMNS).flat_map(ordered).collect();
    Box::new(move |out| {
        for (d_gates, out) in d_gates
            .chunks_exact(COLUMNS)
            .zip(out.chunks_exact_mut(UNITS))
        {
            for (four, out) in out.chunks_exact_mut(4).enumerate() {
                dots(d_gates, &weight[4 * four * NR..], out);
            }
        }
    })
}

/// Four inputs' dot products with all panels, which lie a panel's length apart.
#[inline(never)]
fn dots(d_gates: &[f32], weight: &[f32], out: &mut [f32]) {
    let mut sums = [[V::zero(); 2]; 4];
    for (panel, d) in d_gates.chunks_exact(NR).enumerate() {
        let (low, high) = (V::load(&d[..4]), V::load(&d[4..]));
        let panel = &weight[panel * UNITS * NR..][..4 * NR];
        for (row, sums) in panel.chunks_exact(NR).zip(&mut sums) {
            sums[0] = V::load(&row[..4]).mul_add(low, sums[0]);
            sums[1] = V::load(&row[4..]).mul_add(high, sums[1]);
        }
    }
    let [a, b, c, d] = V::transpose(sums.map(|[low, high]| low.add(high)));
    a.add(b).add(c.add(d)).store(out);
}

fn exact() -> Vec<f64> {
    let [weight, d_gates] = given().map(exactly);
    let mut out = Vec::new();
    for d_gates in d_gates.chunks(COLUMNS) {
        for unit in 0..UNITS {
            let products = d_gates.iter().zip(weight.chunks(UNITS));
            out.push(products.map(|(d, row)| d * row[unit]).sum());
        }
    }
    out
}
