//! ln Σ eˣ over the columns of a matrix.

use simd::{Element, Function, Vector, slice};

/// Relative part of the error bound in `f32`.
pub const RELATIVE_ERROR: f64 = 4.0e-7;

/// Absolute part of the error bound in `f32`, for rows within ±10.
pub const ABSOLUTE_ERROR: f64 = 1.0e-6;

/// ln Σ eˣ of one row, with functions made before a loop over rows. −∞ for a
/// row of −∞ alone or an empty one, ∞ for a row with ∞.
#[inline(always)]
pub fn log_sum_exp_row<V: Vector>(exp: V::Exp, ln: V::Ln, x: &[V::Elem]) -> V::Elem {
    let greatest = slice::max::<V>(x);
    if !greatest.is_finite() {
        // NaN, if there is any, comes out of the sum.
        return x.iter().fold(
            greatest,
            |sum, &x| if x == greatest { sum } else { sum + x },
        );
    }
    let shift = V::splat(greatest);
    // Padding of −∞ adds e^−∞ = 0.
    let lowest = V::Elem::NEG_INFINITY;
    let sum = slice::fold([x], lowest, V::zero(), |sum: V, [x]: [V; 1]| {
        sum.add(exp.apply(x.sub(shift)))
    });
    greatest + ln.apply(V::splat(sum.reduce_add())).extract(0)
}

/// `y[row] = ln Σ exp(x[row])`, with x `[rows, width]` and y `[rows]`.
pub fn log_sum_exp_forward<V: Vector>(width: usize, x: &[V::Elem], y: &mut [V::Elem]) {
    let (exp, ln) = (V::Exp::new(), V::Ln::new());
    for (x, y) in x.chunks_exact(width.max(1)).zip(y) {
        *y = log_sum_exp_row::<V>(exp, ln, x);
    }
}

/// `d_x += d_y[row] * exp(x - y[row])`, with x `[rows, width]`, y `[rows]`.
pub fn log_sum_exp_backward<V: Vector>(
    width: usize,
    x: &[V::Elem],
    y: &[V::Elem],
    d_y: &[V::Elem],
    d_x: &mut [V::Elem],
) {
    let width = width.max(1);
    let exp = V::Exp::new();
    let rows = x.chunks_exact(width).zip(d_x.chunks_exact_mut(width));
    for ((x, d_x), (&y, &d_y)) in rows.zip(y.iter().zip(d_y)) {
        let (y, d_y) = (V::splat(y), V::splat(d_y));
        slice::accumulate([x], d_x, |[x]: [V; 1]| d_y.mul(exp.apply(x.sub(y))));
    }
}
