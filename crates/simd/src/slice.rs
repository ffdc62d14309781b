//! The chunk-and-tail loop, and the loops made of it.
//!
//! Elements that do not fill a vector are loaded with padding, computed as a
//! full vector and stored in part: an element's result never depends on where
//! in a slice it stands.

use std::array::from_fn;

use crate::{Element, Vector};

/// Updates `M` slices in place from themselves and `N` others:
/// `outs[..][i] = f(outs[..][i], ins[..][i])`.
///
/// This is the loop; [`map`], [`zip`] and the rest name its common cases. What
/// `f` does not use is not read. Panics when the lengths differ.
#[inline(always)]
pub fn update<V: Vector, const M: usize, const N: usize>(
    outs: [&mut [V::Elem]; M],
    ins: [&[V::Elem]; N],
    f: impl Fn([V; M], [V; N]) -> [V; M],
) {
    let len = match (outs.first(), ins.first()) {
        (Some(out), _) => out.len(),
        (None, _) => return,
    };
    assert!(
        outs.iter().all(|s| s.len() == len) && ins.iter().all(|s| s.len() == len),
        "slices of one loop must have one length"
    );
    let outs = outs.map(|s| s.as_mut_ptr());
    let body = len - len % V::LANES;
    let mut i = 0;
    while i < body {
        // SAFETY: i + LANES <= len, the checked length of every slice; `outs`
        // came from exclusive references, so no two of them overlap.
        unsafe {
            let x = from_fn(|n| V::load_ptr(ins[n].as_ptr().add(i)));
            let y = f(outs.map(|out| V::load_ptr(out.add(i))), x);
            for (out, y) in outs.iter().zip(y) {
                y.store_ptr(out.add(i));
            }
        }
        i += V::LANES;
    }
    if body < len {
        // SAFETY: body..len lies within each slice, and the exclusive
        // references that `outs` came from are still borrowed.
        let mut tails =
            outs.map(|out| unsafe { std::slice::from_raw_parts_mut(out.add(body), len - body) });
        let x = from_fn(|n| V::load_partial(&ins[n][body..]));
        let y = f(from_fn(|m| V::load_partial(tails[m])), x);
        for (tail, y) in tails.iter_mut().zip(y) {
            y.store_partial(tail);
        }
    }
}

/// `y[i] = f(x[i])`
#[inline(always)]
pub fn map<V: Vector>(x: &[V::Elem], y: &mut [V::Elem], f: impl Fn(V) -> V) {
    update([y], [x], |_, [x]| [f(x)]);
}

/// `y[i] = f(y[i])`
#[inline(always)]
pub fn map_in_place<V: Vector>(y: &mut [V::Elem], f: impl Fn(V) -> V) {
    update([y], [], |[y], []| [f(y)]);
}

/// `y[i] = f(a[i], b[i])`
#[inline(always)]
pub fn zip<V: Vector>(a: &[V::Elem], b: &[V::Elem], y: &mut [V::Elem], f: impl Fn(V, V) -> V) {
    update([y], [a, b], |_, [a, b]| [f(a, b)]);
}

/// `y[i] = f(a[i], b[i], c[i])`
#[inline(always)]
pub fn zip3<V: Vector>(
    a: &[V::Elem],
    b: &[V::Elem],
    c: &[V::Elem],
    y: &mut [V::Elem],
    f: impl Fn(V, V, V) -> V,
) {
    update([y], [a, b, c], |_, [a, b, c]| [f(a, b, c)]);
}

/// `y[i] += f(ins[..][i])`, as gradients accumulate.
#[inline(always)]
pub fn accumulate<V: Vector, const N: usize>(
    ins: [&[V::Elem]; N],
    y: &mut [V::Elem],
    f: impl Fn([V; N]) -> V,
) {
    update([y], ins, |[y]: [V; 1], x| [y.add(f(x))]);
}

/// Folds `N` slices, a vector at a time, from the front to the back: the lanes
/// stay apart and are the caller's to reduce. What is missing in the last
/// vector counts as `padding`. Panics when the lengths differ.
#[inline(always)]
pub fn fold<V: Vector, A, const N: usize>(
    ins: [&[V::Elem]; N],
    padding: V::Elem,
    init: A,
    f: impl Fn(A, [V; N]) -> A,
) -> A {
    let len = ins.first().map_or(0, |s| s.len());
    assert!(
        ins.iter().all(|s| s.len() == len),
        "slices of one loop must have one length"
    );
    let body = len - len % V::LANES;
    let mut accumulator = init;
    let mut i = 0;
    while i < body {
        // SAFETY: i + LANES <= len, the checked length of every slice.
        let x = from_fn(|n| unsafe { V::load_ptr(ins[n].as_ptr().add(i)) });
        accumulator = f(accumulator, x);
        i += V::LANES;
    }
    if body < len {
        accumulator = f(
            accumulator,
            from_fn(|n| V::load_padded(&ins[n][body..], padding)),
        );
    }
    accumulator
}

/// The sum of `f(ins[..][i])` in a fixed order. `f` of zeros must be zero.
#[inline(always)]
pub fn sum<V: Vector, const N: usize>(ins: [&[V::Elem]; N], f: impl Fn([V; N]) -> V) -> V::Elem {
    fold(ins, V::Elem::ZERO, V::zero(), |sum: V, x| sum.add(f(x))).reduce_add()
}

/// The greatest element; −∞ of none. NaN does not count.
#[inline(always)]
pub fn max<V: Vector>(x: &[V::Elem]) -> V::Elem {
    let lowest = V::Elem::NEG_INFINITY;
    fold([x], lowest, V::splat(lowest), |max: V, [x]| max.max(x)).reduce_max()
}
