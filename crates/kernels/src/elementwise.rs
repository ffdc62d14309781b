//! Sums and products of slices of one length, element by element. Blocks use
//! them in many places: each stands once, out of line.

use simd::{Vector, slice};

/// `y = a * b`
#[inline(never)]
pub fn mul_forward<V: Vector>(a: &[V::Elem], b: &[V::Elem], y: &mut [V::Elem]) {
    slice::zip(a, b, y, |a: V, b| a.mul(b));
}

/// `d_a += d_y * b`: the gradient of one factor, given the other.
#[inline(never)]
pub fn mul_backward<V: Vector>(b: &[V::Elem], d_y: &[V::Elem], d_a: &mut [V::Elem]) {
    slice::update([d_a], [d_y, b], |[d_a]: [V; 1], [d_y, b]| {
        [d_y.mul_add(b, d_a)]
    });
}

/// `y = factor * x + shift`
#[inline(never)]
pub fn scale_forward<V: Vector>(factor: V::Elem, x: &[V::Elem], shift: V::Elem, y: &mut [V::Elem]) {
    let (factor, shift) = (V::constant(factor), V::constant(shift));
    slice::map(x, y, |x: V| x.mul_add(factor, shift));
}

/// `d_x += factor * d_y`
#[inline(never)]
pub fn scale_backward<V: Vector>(factor: V::Elem, d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    axpy::<V>(factor, d_y, d_x);
}

/// `y += a * x`, as BLAS names it.
#[inline(never)]
pub fn axpy<V: Vector>(a: V::Elem, x: &[V::Elem], y: &mut [V::Elem]) {
    let a = V::constant(a);
    slice::update([y], [x], |[y]: [V; 1], [x]| [x.mul_add(a, y)]);
}
