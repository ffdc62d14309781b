//! Softmax over the columns of a matrix.

use simd::{Element, Function, Vector, slice};

/// Largest error in `f32`, absolute: a sum of thousands of exponentials and a
/// quotient, all at most 1.
pub const ABSOLUTE_ERROR: f64 = 1.0e-6;

/// Each row of `y` is the softmax of that row of `x`, both `[rows, width]`.
///
/// The row's greatest element is taken off first, so that nothing overflows. A
/// row of −∞ alone, or with NaN, gives NaN.
pub fn softmax_forward<V: Vector>(width: usize, x: &[V::Elem], y: &mut [V::Elem]) {
    let exp = V::Exp::new();
    for (x, y) in x
        .chunks_exact(width.max(1))
        .zip(y.chunks_exact_mut(width.max(1)))
    {
        let greatest = V::splat(slice::max::<V>(x));
        slice::map(x, y, |x: V| exp.apply(x.sub(greatest)));
        let scale = V::splat(V::Elem::ONE / slice::sum([y], |[y]: [V; 1]| y));
        slice::map_in_place(y, |y: V| y.mul(scale));
    }
}

/// `d_x += y * (d_y - Σ d_y * y)`, row by row, all `[rows, width]`.
pub fn softmax_backward<V: Vector>(
    width: usize,
    y: &[V::Elem],
    d_y: &[V::Elem],
    d_x: &mut [V::Elem],
) {
    let width = width.max(1);
    let rows = y.chunks_exact(width).zip(d_y.chunks_exact(width));
    for ((y, d_y), d_x) in rows.zip(d_x.chunks_exact_mut(width)) {
        let dot = V::splat(slice::sum([y, d_y], |[y, d_y]: [V; 2]| y.mul(d_y)));
        slice::accumulate([y, d_y], d_x, |[y, d_y]: [V; 2]| y.mul(d_y.sub(dot)));
    }
}
