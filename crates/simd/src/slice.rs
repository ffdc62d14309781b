//! The loop over vectors, and the loops made of it.
//!
//! Elements that do not fill a vector are loaded with padding, computed as a
//! full vector and stored in part: an element's result never depends on where
//! in a slice it stands.
//!
//! Arrays of vectors are filled by plain loops here: `array::map` and `from_fn`
//! pass their results through memory where they are not inlined, which costs a
//! loop half its speed.

use crate::{Element, Vector};

/// Updates `M` slices in place from themselves and `N` others:
/// `outs[..][i] = f(outs[..][i], ins[..][i])`.
///
/// [`map`], [`zip`] and the rest name its common cases. What `f` does not use
/// is not read. Panics when the lengths differ.
#[inline(always)]
pub fn update<V: Vector, const M: usize, const N: usize>(
    outs: [&mut [V::Elem]; M],
    ins: [&[V::Elem]; N],
    f: impl Fn([V; M], [V; N]) -> [V; M],
) {
    update_indexed(outs, ins, |_, y, x| f(y, x));
}

/// [`update`] whose `f` is also told the index of the vector's first element.
#[inline(always)]
pub fn update_indexed<V: Vector, const M: usize, const N: usize>(
    outs: [&mut [V::Elem]; M],
    ins: [&[V::Elem]; N],
    f: impl Fn(usize, [V; M], [V; N]) -> [V; M],
) {
    let len = match outs.first() {
        Some(out) => out.len(),
        None => return,
    };
    assert!(
        outs.iter().all(|s| s.len() == len) && ins.iter().all(|s| s.len() == len),
        "slices of one loop must have one length"
    );
    let mut i = 0;
    while i < len {
        let (mut x, mut y) = ([V::zero(); N], [V::zero(); M]);
        // SAFETY: i < len, the checked length of every slice.
        unsafe {
            for n in 0..N {
                x[n] = load_some(ins[n].as_ptr().add(i), len - i, V::Elem::ZERO);
            }
            for m in 0..M {
                y[m] = load_some(outs[m].as_ptr().add(i), len - i, V::Elem::ZERO);
            }
            let y = f(i, y, x);
            for m in 0..M {
                store_some(y[m], outs[m].as_mut_ptr().add(i), len - i);
            }
        }
        i += V::LANES;
    }
}

/// A vector of the numbers at `p`, of which there are `left`, then `padding`.
///
/// The branch is the price of having a loop's body once and not a second time
/// for its tail: half the code of everything that is made of these loops.
///
/// # Safety
/// `p` must be valid for reads of `left` elements.
#[inline(always)]
unsafe fn load_some<V: Vector>(p: *const V::Elem, left: usize, padding: V::Elem) -> V {
    #[cold]
    #[inline(never)]
    unsafe fn partial<V: Vector>(p: *const V::Elem, left: usize, padding: V::Elem) -> V {
        // SAFETY: the caller vouches for `left` elements.
        V::load_padded(unsafe { std::slice::from_raw_parts(p, left) }, padding)
    }
    // SAFETY: the caller vouches for `left` elements.
    unsafe {
        if left >= V::LANES {
            V::load_ptr(p)
        } else {
            partial(p, left, padding)
        }
    }
}

/// Writes as many lanes as there are elements `left` at `p`.
///
/// # Safety
/// `p` must be valid for writes of `left` elements.
#[inline(always)]
unsafe fn store_some<V: Vector>(x: V, p: *mut V::Elem, left: usize) {
    #[cold]
    #[inline(never)]
    unsafe fn partial<V: Vector>(x: V, p: *mut V::Elem, left: usize) {
        // SAFETY: the caller vouches for `left` elements.
        x.store_partial(unsafe { std::slice::from_raw_parts_mut(p, left) });
    }
    // SAFETY: the caller vouches for `left` elements.
    unsafe {
        if left >= V::LANES {
            x.store_ptr(p);
        } else {
            partial(x, p, left);
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
    mut f: impl FnMut(A, [V; N]) -> A,
) -> A {
    let len = ins.first().map_or(0, |s| s.len());
    assert!(
        ins.iter().all(|s| s.len() == len),
        "slices of one loop must have one length"
    );
    let mut accumulator = init;
    let mut i = 0;
    while i < len {
        let mut x = [V::zero(); N];
        for n in 0..N {
            // SAFETY: i < len, the checked length of every slice.
            x[n] = unsafe { load_some(ins[n].as_ptr().add(i), len - i, padding) };
        }
        accumulator = f(accumulator, x);
        i += V::LANES;
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
