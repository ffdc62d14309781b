//! Kernels that lost, beside the ones that won.
//!
//! Every kernel computes one tile of `C = A·B` over packed operands that stay
//! in the first-level cache, or one row of it over panels that do not. The
//! exports take a kernel's number; `bench/kernels/run.mjs` has their names.

mod row;
mod tile;

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

/// How many kernels there are.
#[unsafe(no_mangle)]
pub extern "C" fn kernel_count() -> usize {
    KERNELS.len()
}

/// Floating-point operations of one product.
#[unsafe(no_mangle)]
pub extern "C" fn operations(kernel: usize) -> f64 {
    let Kernel { rows, columns, .. } = KERNELS[kernel];
    (2 * rows * columns * K) as f64
}

/// Computes the product so many times.
#[unsafe(no_mangle)]
pub extern "C" fn run(kernel: usize, times: usize) {
    let kernel = &KERNELS[kernel];
    let [a, b, mut c] = kernel.operands();
    let k = std::hint::black_box(K);
    for _ in 0..times {
        (kernel.run)(k, &a, &b, &mut c);
    }
}

/// The largest error of a product against double precision, over the largest
/// of its numbers.
#[unsafe(no_mangle)]
pub extern "C" fn worst_error(kernel: usize) -> f64 {
    let kernel = &KERNELS[kernel];
    let [a, b, mut c] = kernel.operands();
    (kernel.run)(std::hint::black_box(K), &a, &b, &mut c);
    let (mut worst, mut largest) = (0.0_f64, 0.0_f64);
    for row in 0..kernel.rows {
        for column in 0..kernel.columns {
            let exact: f64 = (0..K)
                .map(|k| {
                    f64::from(a[(kernel.a_at)(row, k)]) * f64::from(b[(kernel.b_at)(k, column)])
                })
                .sum();
            worst = worst.max((f64::from(c[row * kernel.columns + column]) - exact).abs());
            largest = largest.max(exact.abs());
        }
    }
    worst / largest
}
