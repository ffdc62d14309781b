//! The logarithm of softmax over the columns of a matrix.

use simd::{Function, Vector, slice};

use super::log_sum_exp::log_sum_exp_row;

/// Relative part of the error bound in `f32`.
pub const RELATIVE_ERROR: f64 = 4.0e-7;

/// Absolute part of the error bound in `f32`, for rows within ±10.
pub const ABSOLUTE_ERROR: f64 = 2.0e-6;

/// Each row of `y` is that row of `x` less its [`super::log_sum_exp`], both
/// `[rows, width]`.
pub fn log_softmax_forward<V: Vector>(width: usize, x: &[V::Elem], y: &mut [V::Elem]) {
    let (exp, ln) = (V::Exp::new(), V::Ln::new());
    for (x, y) in x
        .chunks_exact(width.max(1))
        .zip(y.chunks_exact_mut(width.max(1)))
    {
        let total = V::splat(log_sum_exp_row::<V>(exp, ln, x));
        slice::map(x, y, |x: V| x.sub(total));
    }
}

/// `d_x += d_y - exp(y) * Σ d_y`, row by row, all `[rows, width]`.
pub fn log_softmax_backward<V: Vector>(
    width: usize,
    y: &[V::Elem],
    d_y: &[V::Elem],
    d_x: &mut [V::Elem],
) {
    let width = width.max(1);
    let exp = V::Exp::new();
    let rows = y.chunks_exact(width).zip(d_y.chunks_exact(width));
    for ((y, d_y), d_x) in rows.zip(d_x.chunks_exact_mut(width)) {
        let total = V::splat(slice::sum([d_y], |[d_y]: [V; 1]| d_y));
        slice::accumulate([y, d_y], d_x, |[y, d_y]: [V; 2]| {
            d_y.sub(exp.apply(y).mul(total))
        });
    }
}
