//! The loop over vectors, and the loops made of it.
//!
//! Elements that do not fill a vector are copied into one, with padding, and go
//! through the same loop in a second round: an element's result never depends
//! on where in a slice it stands, and the code of a loop's body is there once.
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
    mut outs: [&mut [V::Elem]; M],
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
    let tail = len % V::LANES;
    let mut x_tails = [[V::Elem::ZERO; MOST_LANES]; N];
    let mut y_tails = [[V::Elem::ZERO; MOST_LANES]; M];
    let mut x_at = ins.each_ref().map(|s| s.as_ptr());
    let mut y_at = outs.each_mut().map(|s| s.as_mut_ptr());
    let (mut first, mut vectors) = (0, len / V::LANES);
    loop {
        for v in 0..vectors {
            let at = v * V::LANES;
            let (mut x, mut y) = ([V::zero(); N], [V::zero(); M]);
            // SAFETY: in the first round at + LANES <= len, the checked length
            // of every slice; in the second these are the tails. `outs` are
            // exclusive references, so no two of them overlap.
            unsafe {
                for n in 0..N {
                    x[n] = V::load_ptr(x_at[n].add(at));
                }
                for m in 0..M {
                    y[m] = V::load_ptr(y_at[m].add(at));
                }
                let y = f(first + at, y, x);
                for m in 0..M {
                    y[m].store_ptr(y_at[m].add(at));
                }
            }
        }
        first += vectors * V::LANES;
        if first >= len {
            break;
        }
        for n in 0..N {
            copy(&ins[n][first..], &mut x_tails[n]);
            x_at[n] = x_tails[n].as_ptr();
        }
        for m in 0..M {
            copy(&outs[m][first..], &mut y_tails[m]);
            y_at[m] = y_tails[m].as_mut_ptr();
        }
        vectors = 1;
    }
    if tail > 0 {
        for m in 0..M {
            copy(&y_tails[m][..tail], &mut outs[m][len - tail..]);
        }
    }
}

/// Lanes of the widest vector.
const MOST_LANES: usize = 4;

/// Copies what `from` has to the start of `to`. A call, so that the loops that
/// end with it stay small.
#[cold]
#[inline(never)]
fn copy<E: Copy>(from: &[E], to: &mut [E]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to = from;
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
    let mut tails = [[padding; MOST_LANES]; N];
    let mut from = ins.each_ref().map(|s| s.as_ptr());
    let (mut first, mut vectors) = (0, len / V::LANES);
    loop {
        for v in 0..vectors {
            let mut x = [V::zero(); N];
            for n in 0..N {
                // SAFETY: in the first round this vector ends within the
                // checked length of every slice; in the second it is a tail.
                x[n] = unsafe { V::load_ptr(from[n].add(v * V::LANES)) };
            }
            accumulator = f(accumulator, x);
        }
        first += vectors * V::LANES;
        if first >= len {
            return accumulator;
        }
        for n in 0..N {
            copy(&ins[n][first..], &mut tails[n]);
            from[n] = tails[n].as_ptr();
        }
        vectors = 1;
    }
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
