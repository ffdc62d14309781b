//! Kernels that lost, beside the ones that won.
//!
//! Every kernel computes one tile of `C = A·B` over packed operands that stay
//! in the first-level cache, or one row of it over panels that do not. Behind
//! them come [`choice`]s of other kinds. The exports take a kernel's number;
//! `bench/kernels/run.mjs` has their names.

mod choice;
mod row;
mod tile;

use choice::CHOICES;
use simd::F32 as V;

/// Length of the products, which no kernel may know beforehand: production's does
/// not, and LLVM writes other loops where a length is constant.
const K: usize = 256;

/// One kernel: `rows` × `columns` of C, from `a`, `b` into `c`, all packed for
/// this kernel.
struct Kernel {
    rows: usize,
    columns: usize,
    /// Where A(row, k) lies.
    a_at: fn(usize, usize) -> usize,
    /// Where B(k, column) lies.
    b_at: fn(usize, usize) -> usize,
    run: fn(usize, &[f32], &[f32], &mut [f32]),
}

/// Packed A of `R` rows: for each `k` the rows side by side.
const fn tile<const R: usize, const P: usize, const WAY: u8>() -> Kernel {
    Kernel {
        rows: R,
        columns: 8 * P,
        a_at: |row, k| k * R + row,
        b_at: |k, column| (column / 8 * K + k) * 8 + column % 8,
        run: tile::multiply::<R, P, WAY>,
    }
}

/// Columns of a row: the width of an LSTM of 128 units.
const WIDE: usize = 512;

const fn panels<const P: usize, const FENCE: bool>() -> Kernel {
    Kernel {
        rows: 1,
        columns: WIDE,
        a_at: |_, k| k,
        b_at: |k, column| (column / 8 * K + k) * 8 + column % 8,
        run: row::by_panels::<P, FENCE>,
    }
}

const KERNELS: [Kernel; 14] = [
    tile::<2, 3, { tile::FENCED }>(),
    tile::<2, 3, { tile::SPLAT }>(),
    tile::<4, 1, { tile::SHUFFLE }>(),
    tile::<4, 1, { tile::SPLAT }>(),
    tile::<4, 1, { tile::UNROLLED }>(),
    tile::<5, 1, { tile::SPLAT }>(),
    tile::<6, 1, { tile::SPLAT }>(),
    tile::<8, 1, { tile::SHUFFLE }>(),
    tile::<4, 2, { tile::SHUFFLE }>(),
    panels::<4, true>(),
    panels::<4, false>(),
    panels::<2, false>(),
    panels::<1, false>(),
    Kernel {
        rows: 1,
        columns: WIDE,
        a_at: |_, k| k,
        b_at: |k, column| column * K + k,
        run: row::by_dots,
    },
];

/// Numbers that are neither round nor equal.
fn numbers(count: usize) -> Vec<f32> {
    (0..count)
        .map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0)
        .collect()
}

impl Kernel {
    fn operands(&self) -> [Vec<f32>; 3] {
        [self.rows * K, self.columns * K, self.rows * self.columns].map(numbers)
    }
}

/// The error of `given` where it is largest, over the largest number of `exact`.
fn error(exact: impl IntoIterator<Item = f64>, given: &[f32]) -> f64 {
    let (mut worst, mut largest) = (0.0_f64, 0.0_f64);
    for (exact, &given) in exact.into_iter().zip(given) {
        worst = worst.max((f64::from(given) - exact).abs());
        largest = largest.max(exact.abs());
    }
    worst / largest
}

/// How many kernels and choices there are.
#[unsafe(no_mangle)]
pub extern "C" fn kernel_count() -> usize {
    KERNELS.len() + CHOICES.len()
}

/// Floating-point operations of one product, or the things of one computation.
#[unsafe(no_mangle)]
pub extern "C" fn operations(kernel: usize) -> f64 {
    let amount = match KERNELS.get(kernel) {
        Some(Kernel { rows, columns, .. }) => 2 * rows * columns * K,
        None => CHOICES[kernel - KERNELS.len()].amount,
    };
    amount as f64
}

/// Computes so many times.
#[unsafe(no_mangle)]
pub extern "C" fn run(kernel: usize, times: usize) {
    let Some(kernel) = KERNELS.get(kernel) else {
        let choice = &CHOICES[kernel - KERNELS.len()];
        let mut out = vec![0.0; choice.results];
        let mut compute = (choice.make)();
        return (0..times).for_each(|_| compute(&mut out));
    };
    let [a, b, mut c] = kernel.operands();
    let k = std::hint::black_box(K);
    for _ in 0..times {
        (kernel.run)(k, &a, &b, &mut c);
    }
}

/// The largest error of a result against double precision, over the largest
/// of its numbers.
#[unsafe(no_mangle)]
pub extern "C" fn worst_error(kernel: usize) -> f64 {
    let Some(kernel) = KERNELS.get(kernel) else {
        let choice = &CHOICES[kernel - KERNELS.len()];
        let mut out = vec![0.0; choice.results];
        (choice.make)()(&mut out);
        return error((choice.exact)(), &out);
    };
    let [a, b, mut c] = kernel.operands();
    (kernel.run)(std::hint::black_box(K), &a, &b, &mut c);
    let exact = (0..kernel.rows * kernel.columns).map(|at| {
        let (row, column) = (at / kernel.columns, at % kernel.columns);
        (0..K)
            .map(|k| f64::from(a[(kernel.a_at)(row, k)]) * f64::from(b[(kernel.b_at)(k, column)]))
            .sum()
    });
    error(exact, &c)
}
