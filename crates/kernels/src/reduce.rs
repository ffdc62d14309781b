//! Sums in a fixed order: the same slice gives the same bits everywhere.
//!
//! Element `i` goes to accumulator `i mod LANES`, the accumulators are added as
//! [`Vector::reduce_add`] adds lanes.

use simd::{Element, Vector, slice};

/// Accumulators of the sums in `f64`, as many as a vector has lanes.
const LANES: usize = 4;

/// The sum of `x`, in the vector's own precision.
pub fn sum<V: Vector>(x: &[V::Elem]) -> V::Elem {
    slice::sum([x], |[x]: [V; 1]| x)
}

/// The sum of `a[i] * b[i]`, in the vector's own precision.
pub fn dot<V: Vector>(a: &[V::Elem], b: &[V::Elem]) -> V::Elem {
    slice::fold(
        [a, b],
        V::Elem::ZERO,
        V::zero(),
        |sum: V, [a, b]: [V; 2]| a.mul_add(b, sum),
    )
    .reduce_add()
}

/// The sum of `x`, accumulated in `f64`.
pub fn sum_f64<V: Vector>(x: &[V::Elem]) -> f64 {
    sum_terms_f64([x], |[x]: [V; 1]| x)
}

/// The sum of `f(ins[..][i])`, accumulated in `f64`; `f` need not be zero at
/// zero. Panics when the lengths differ.
#[inline(always)]
pub fn sum_terms_f64<V: Vector, const N: usize>(
    ins: [&[V::Elem]; N],
    f: impl Fn([V; N]) -> V,
) -> f64 {
    let mut left = ins.first().map_or(0, |s| s.len());
    let mut sums = [0.0; LANES];
    slice::fold(ins, V::Elem::ZERO, (), |(), x| {
        let term = f(x);
        // What pads the last vector is left out.
        for (lane, sum) in sums.iter_mut().enumerate() {
            if lane < left {
                *sum += term.extract(lane).to_f64();
            }
        }
        left = left.saturating_sub(LANES);
    });
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

/// The sum of the squares of `x`, squared and accumulated in `f64`, so that it
/// overflows for nothing that `f32` holds.
pub fn sum_of_squares_f64<V: Vector>(x: &[V::Elem]) -> f64 {
    // Two parts side by side: each sum waits for the one before.
    let part = x.len() / (2 * LANES) * LANES;
    let (parts, rest) = x.split_at(2 * part);
    let (first, second) = parts.split_at(part);
    let none = [V::no_sums(); 2];
    let [first, second] = slice::fold(
        [first, second],
        V::Elem::ZERO,
        none,
        |[a, b], [x, y]: [V; 2]| [x.add_squares(a), y.add_squares(b)],
    );
    let first = slice::fold([rest], V::Elem::ZERO, first, |sums, [x]: [V; 1]| {
        x.add_squares(sums)
    });
    V::reduce_sums(first) + V::reduce_sums(second)
}

/// Adds the rows of `x` `[rows, width]` to `y` `[width]`, the first row first,
/// as the gradient of a bias does.
pub fn add_rows<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    for row in x.chunks_exact(y.len().max(1)) {
        slice::accumulate([row], y, |[row]: [V; 1]| row);
    }
}
