//! Pooling over time: one row of numbers for each row of packed steps.
//!
//! Steps `x` `[steps, width]` become `y` `[rows, width]` in row order. A row of
//! length zero gives zeros.

use simd::{Element, Vector, slice};

use crate::elementwise::axpy;
use crate::packed::Packed;

/// Marks a number that comes from no step.
pub const NO_STEP: i32 = -1;

/// The mean over the steps of each row.
pub fn mean_forward<V: Vector>(packed: Packed<'_>, width: usize, x: &[V::Elem], y: &mut [V::Elem]) {
    for (row, y) in y.chunks_exact_mut(width).enumerate() {
        y.fill(V::Elem::ZERO);
        for step in packed.steps_of(row) {
            axpy::<V>(V::Elem::ONE, &x[step * width..][..width], y);
        }
        let share = V::splat(share(packed, row));
        slice::map_in_place(y, |y: V| y.mul(share));
    }
}

/// Gradient of [`mean_forward`].
pub fn mean_backward<V: Vector>(
    packed: Packed<'_>,
    width: usize,
    d_y: &[V::Elem],
    d_x: &mut [V::Elem],
) {
    for (row, d_y) in d_y.chunks_exact(width).enumerate() {
        for step in packed.steps_of(row) {
            axpy::<V>(share(packed, row), d_y, &mut d_x[step * width..][..width]);
        }
    }
}

/// What each step of a row has in its mean.
fn share<E: Element>(packed: Packed<'_>, row: usize) -> E {
    E::ONE / E::from_usize(packed.length(row).max(1))
}

/// The maximum over the steps of each row. `arg_max` `[rows, width]` saves for
/// backward the packed step that it came from, the first of equals; NaN never
/// wins but at a first step.
pub fn max_forward<V: Vector>(
    packed: Packed<'_>,
    width: usize,
    x: &[V::Elem],
    y: &mut [V::Elem],
    arg_max: &mut [i32],
) {
    for (row, (y, arg_max)) in y
        .chunks_exact_mut(width)
        .zip(arg_max.chunks_exact_mut(width))
        .enumerate()
    {
        y.fill(V::Elem::ZERO);
        arg_max.fill(NO_STEP);
        for (t, step) in packed.steps_of(row).enumerate() {
            let x = &x[step * width..][..width];
            if t == 0 {
                y.copy_from_slice(x);
                arg_max.fill(step as i32);
                continue;
            }
            for ((y, arg_max), &x) in y.iter_mut().zip(&mut *arg_max).zip(x) {
                let better = x > *y;
                *y = if better { x } else { *y };
                *arg_max = if better { step as i32 } else { *arg_max };
            }
        }
    }
}

/// Gradient of [`max_forward`].
pub fn max_backward<V: Vector>(
    width: usize,
    arg_max: &[i32],
    d_y: &[V::Elem],
    d_x: &mut [V::Elem],
) {
    for (d_y, arg_max) in d_y.chunks_exact(width).zip(arg_max.chunks_exact(width)) {
        for (j, (&d_y, &step)) in d_y.iter().zip(arg_max).enumerate() {
            if step != NO_STEP {
                d_x[step as usize * width + j] += d_y;
            }
        }
    }
}

/// The last step of each row.
pub fn last_forward<V: Vector>(packed: Packed<'_>, width: usize, x: &[V::Elem], y: &mut [V::Elem]) {
    for (row, y) in y.chunks_exact_mut(width).enumerate() {
        match packed.steps_of(row).next_back() {
            Some(step) => y.copy_from_slice(&x[step * width..][..width]),
            None => y.fill(V::Elem::ZERO),
        }
    }
}

/// Gradient of [`last_forward`].
pub fn last_backward<V: Vector>(
    packed: Packed<'_>,
    width: usize,
    d_y: &[V::Elem],
    d_x: &mut [V::Elem],
) {
    for (row, d_y) in d_y.chunks_exact(width).enumerate() {
        if let Some(step) = packed.steps_of(row).next_back() {
            axpy::<V>(V::Elem::ONE, d_y, &mut d_x[step * width..][..width]);
        }
    }
}
