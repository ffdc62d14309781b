//! The way back through an LSTM's recurrent weight, `dH = dG·W` at each step of
//! a sentence: with W as the way forward has it, or by its transpose, which has
//! to be packed after each change of W.

use kernels::gemm::{
    CLayout, NR, Rows, WeightLayout, gemm_transposed, packed_b_len, prefer_plain, rows_scratch,
};
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

/// The result is `[steps, ROWS, units]`, of which the time of a step is told.
pub const fn choice<const ROWS: usize>(make: fn() -> Way) -> Choice {
    Choice {
        amount: STEPS,
        results: STEPS * ROWS * UNITS,
        make,
        exact: exact::<ROWS>,
    }
}

/// W `[4 * units, units]`, and dG `[steps, ROWS, units/8, 4, 8]`.
fn given<const ROWS: usize>() -> [Vec<f32>; 2] {
    [
        spread(COLUMNS * UNITS, 1),
        spread(STEPS * ROWS * COLUMNS, 2),
    ]
}

fn packed(weight: &[f32]) -> Vec<f32> {
    let mut packed = vec![0.0; WEIGHT.len()];
    WEIGHT.pack(weight, &mut packed);
    packed
}

/// Production's: panels of W, read along their rows.
pub fn by_dots<const ROWS: usize>() -> Way {
    let [weight, d_gates] = given::<ROWS>();
    let weight = packed(&weight);
    // As in the library on these Nodes.
    prefer_plain(true);
    Box::new(move |out| {
        for (d_gates, out) in d_gates
            .chunks_exact(ROWS * COLUMNS)
            .zip(out.chunks_exact_mut(ROWS * UNITS))
        {
            // As in the library, where sizes are not known.
            let layout = std::hint::black_box(WEIGHT);
            gemm_transposed::<V>(ROWS, d_gates, &weight, layout, None, out, UNITS, false);
        }
    })
}

/// The transpose, packed once for all steps.
pub fn by_transpose<const ROWS: usize>() -> Way {
    let [weight, d_gates] = given::<ROWS>();
    let weight = packed(&weight);
    let mut transposed = vec![0.0; packed_b_len(COLUMNS, UNITS)];
    let mut scratch = vec![0.0; rows_scratch(ROWS, COLUMNS)];
    let columns = std::hint::black_box(COLUMNS);
    prefer_plain(true);
    Box::new(move |out| {
        transpose(&weight, &mut transposed);
        for (d_gates, out) in d_gates
            .chunks_exact(ROWS * COLUMNS)
            .zip(out.chunks_exact_mut(ROWS * UNITS))
        {
            Rows::new(ROWS, columns, d_gates, columns, &mut scratch).times::<V>(
                UNITS,
                &transposed,
                columns * NR,
                out,
                CLayout::rows(UNITS),
                false,
            );
        }
    })
}

/// Each eight rows of a panel become a stretch of another panel.
#[inline(never)]
fn transpose(packed: &[f32], transposed: &mut [f32]) {
    for (panel, rows) in packed.chunks_exact(UNITS * NR).enumerate() {
        let groups = transposed.chunks_exact_mut(COLUMNS * NR);
        for (square, group) in rows.chunks_exact(NR * NR).zip(groups) {
            let out = &mut group[panel * NR * NR..][..NR * NR];
            for (row, column) in [(0, 0), (0, 4), (4, 0), (4, 4)] {
                let four = std::array::from_fn(|i| V::load(&square[(row + i) * NR + column..]));
                for (i, vector) in V::transpose(four).into_iter().enumerate() {
                    vector.store(&mut out[(column + i) * NR + row..]);
                }
            }
        }
    }
}

fn exact<const ROWS: usize>() -> Vec<f64> {
    let [weight, d_gates] = given::<ROWS>().map(exactly);
    // Panels hold eight units of one gate, gate after gate.
    let row = |column: usize| column / NR % 4 * UNITS + column / (4 * NR) * NR + column % NR;
    let mut out = Vec::new();
    for d_gates in d_gates.chunks(COLUMNS) {
        for unit in 0..UNITS {
            let products = d_gates.iter().enumerate();
            out.push(
                products
                    .map(|(i, d)| d * weight[row(i) * UNITS + unit])
                    .sum(),
            );
        }
    }
    out
}
