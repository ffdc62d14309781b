//! The best path of each row (Viterbi 1967).

use simd::{Element, Vector, slice};

use super::forward::path_score;
use super::gradients::{Gradients, add_path};
use super::lattice::{load_tail, max_plus};
use super::transitions::{Allowed, Transitions};
use crate::packed::Packed;

/// Room that [`viterbi`] needs.
pub fn scratch_len<V: Vector>(tags: usize, steps: usize) -> usize {
    tags.next_multiple_of(V::LANES) * steps
}

/// The best path of each row (ids `[steps]`) and its score `[rows]` in row
/// order, summed in `f64`; 0 for a row of length zero. Of equal scores the
/// lowest tag wins, from the end backwards.
///
/// No back pointers are kept: the way back asks again which tag gave each
/// maximum, for the tags on the path alone.
pub fn viterbi<V: Vector>(
    packed: Packed<'_>,
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    scratch: &mut [V::Elem],
    path: &mut [i32],
    best_score: &mut [V::Elem],
) {
    let (tags, stride) = (transitions.tags, transitions.stride);
    for t in 0..packed.longest() {
        for position in 0..packed.alive(t) {
            let step = packed.step(t, position);
            let emission = &emissions[step * tags..][..tags];
            let (earlier, now) = scratch.split_at_mut(step * stride);
            let best = &mut now[..stride];
            match t.checked_sub(1) {
                None => best.copy_from_slice(transitions.start),
                Some(before) => {
                    let before = packed.step(before, position) * stride;
                    max_plus::<V>(&earlier[before..][..tags], transitions.from, best);
                }
            }
            // Scores stay near zero, where `f32` is exact to many digits.
            let shift = V::splat(slice::max::<V>(emission));
            let lowest = V::Elem::NEG_INFINITY;
            let mut most = V::splat(lowest);
            for (v, best) in best.chunks_exact_mut(V::LANES).enumerate() {
                let score = V::load(best).add(load_tail::<V>(emission, v, lowest).sub(shift));
                most = most.max(score);
                score.store(best);
            }
            let most = V::splat(most.reduce_max());
            slice::map_in_place(best, |best: V| best.sub(most));
        }
    }
    for (row, best_score) in best_score[..packed.rows()].iter_mut().enumerate() {
        let mut after = None;
        for step in packed.steps_of(row).rev() {
            let into = match after {
                None => transitions.end,
                Some(tag) => &transitions.to[tag * stride..][..stride],
            };
            let tag = best_sum::<V>(&scratch[step * stride..][..tags], &into[..tags]);
            path[step] = tag as i32;
            after = Some(tag);
        }
        let score = path_score(packed, emissions, transitions, row, |step| {
            path[step] as usize
        });
        *best_score = V::Elem::from_f64(score);
    }
}

/// Gradients of the best scores from theirs (`d_best_score` `[rows]`): each goes
/// along its path, where it is a gradient wherever the best path is alone.
pub fn best_score_backward<E: Element>(
    packed: Packed<'_>,
    tags: usize,
    allowed: Option<Allowed<'_>>,
    path: &[i32],
    d_best_score: &[E],
    mut gradients: Gradients<'_, E>,
) {
    for (row, &slope) in d_best_score[..packed.rows()].iter().enumerate() {
        add_path(packed, tags, allowed, row, path, slope, &mut gradients);
    }
}

/// The lowest index at which `x + y` is largest; 0 when no sum is a number.
fn best_sum<V: Vector>(x: &[V::Elem], y: &[V::Elem]) -> usize {
    let lowest = V::Elem::NEG_INFINITY;
    let most = slice::fold(
        [x, y],
        lowest,
        V::splat(lowest),
        |most: V, [x, y]: [V; 2]| most.max(x.add(y)),
    )
    .reduce_max();
    x.iter()
        .zip(y)
        .position(|(&x, &y)| x + y == most)
        .unwrap_or(0)
}
