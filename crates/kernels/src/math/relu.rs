//! The rectifier, max(x, 0).

use simd::{Vector, slice};

/// `y = max(x, 0)`, exact; NaN stays.
pub fn relu_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    slice::map(x, y, |x: V| x.max(V::zero()));
}

/// `d_x += d_y` where `y > 0`: the gradient at 0 is 0, as PyTorch's.
pub fn relu_backward<V: Vector>(y: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    slice::accumulate([y, d_y], d_x, |[y, d_y]: [V; 2]| {
        V::select(y.gt(V::zero()), d_y, V::zero())
    });
}
