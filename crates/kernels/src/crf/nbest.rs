//! The n best paths of each row, exactly: list Viterbi, in which every tag
//! keeps its n best partial paths (Seshadri and Sundberg 1994, the parallel
//! form).

use simd::{Element, Vector, slice};

use super::forward::{for_each_log_partition, path_score};
use super::transitions::Transitions;
use crate::packed::Packed;

/// Marks a path that does not exist: a row has at most `tags ^ length`.
pub const NO_TAG: i32 = -1;

/// Room that [`n_best`] needs: real numbers, and whole ones for rows of at most
/// `longest` steps.
pub fn scratch_len(tags: usize, n: usize, longest: usize) -> (usize, usize) {
    (2 * tags * n, longest * tags * n + tags)
}

/// The `n` best paths of each row, best first: ids `paths` `[steps, n]`; in row
/// order `scores` `[rows, n]` and, exactly, `log_probabilities` `[rows, n]`.
/// Where a row has fewer paths, [`NO_TAG`] and −∞ fill up.
///
/// A path through forbidden transitions is a path too, with their score; its
/// probability is zero unless every path is forbidden. `lattice` and `domain`
/// are filled as by [`log_partition_forward`](super::forward::log_partition_forward),
/// `scratch` and `id_scratch` have [`scratch_len`] numbers.
pub fn n_best<V: Vector>(
    packed: Packed<'_>,
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    n: usize,
    lattice: &mut [V::Elem],
    domain: &mut [i32],
    scratch: &mut [V::Elem],
    id_scratch: &mut [i32],
    paths: &mut [i32],
    scores: &mut [V::Elem],
    log_probabilities: &mut [V::Elem],
) {
    for_each_log_partition::<V>(
        packed,
        emissions,
        transitions,
        lattice,
        domain,
        &mut |row, log_z| {
            let scores = &mut scores[row * n..][..n];
            search::<V>(
                packed,
                emissions,
                transitions,
                row,
                n,
                scratch,
                id_scratch,
                paths,
                scores,
            );
            for k in 0..n {
                if scores[k] > V::Elem::NEG_INFINITY {
                    let tag = |step: usize| paths[step * n + k] as usize;
                    let score = path_score(packed, emissions, transitions, row, tag);
                    scores[k] = V::Elem::from_f64(score);
                    log_probabilities[row * n + k] = V::Elem::from_f64(score - log_z);
                } else {
                    log_probabilities[row * n + k] = V::Elem::NEG_INFINITY;
                }
            }
            sort(
                packed,
                row,
                n,
                paths,
                scores,
                &mut log_probabilities[row * n..][..n],
            );
        },
    );
}

/// Finds the paths of one row, with their scores up to rounding and a constant.
fn search<V: Vector>(
    packed: Packed<'_>,
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    row: usize,
    n: usize,
    scratch: &mut [V::Elem],
    id_scratch: &mut [i32],
    paths: &mut [i32],
    scores: &mut [V::Elem],
) {
    let tags = transitions.tags;
    let (mut before, mut now) = scratch[..2 * tags * n].split_at_mut(tags * n);
    let (heads, origins) = id_scratch.split_at_mut(tags);
    if packed.length(row) == 0 {
        scores.fill(V::Elem::NEG_INFINITY);
        return;
    }
    for (t, step) in packed.steps_of(row).enumerate() {
        let emission = &emissions[step * tags..][..tags];
        let shift = slice::max::<V>(emission);
        let mut most = V::Elem::NEG_INFINITY;
        for tag in 0..tags {
            let list = &mut now[tag * n..][..n];
            if t == 0 {
                list.fill(V::Elem::NEG_INFINITY);
                list[0] = transitions.start[tag];
            } else {
                let into = &transitions.to[tag * transitions.stride..][..tags];
                let origins = &mut origins[(t * tags + tag) * n..][..n];
                merge(before, n, into, heads, list, origins);
            }
            for score in &mut *list {
                *score += emission[tag] - shift;
            }
            most = most.max(list[0]);
        }
        now.iter_mut().for_each(|score| *score -= most);
        std::mem::swap(&mut before, &mut now);
    }
    // The lists at the end of the row compete for the n places.
    merge(
        before,
        n,
        &transitions.end[..tags],
        heads,
        scores,
        &mut origins[..n],
    );
    for k in 0..n {
        follow(packed, row, n, k, origins, tags, paths);
    }
}

/// Merges the sorted lists `lists` `[tags, n]`, list `i` raised by `raise[i]`,
/// into the `n` best numbers and where each came from (`i * n + place`); −∞ and
/// [`NO_TAG`] where there are no more.
fn merge<E: Element>(
    lists: &[E],
    n: usize,
    raise: &[E],
    heads: &mut [i32],
    best: &mut [E],
    origins: &mut [i32],
) {
    heads.fill(0);
    for (best, origin) in best.iter_mut().zip(origins) {
        (*best, *origin) = (E::NEG_INFINITY, NO_TAG);
        let mut winner = 0;
        for (i, (&head, &raise)) in heads.iter().zip(raise).enumerate() {
            let head = head as usize;
            if head < n && lists[i * n + head] + raise > *best {
                *best = lists[i * n + head] + raise;
                winner = i;
            }
        }
        if *best > E::NEG_INFINITY {
            *origin = winner as i32 * n as i32 + heads[winner];
            heads[winner] += 1;
        }
    }
}

/// Writes path `k` of a row. `origins` holds where the final lists came from in
/// its first `n` numbers (time 0 has no origins), and for each later step, tag
/// and place where that came from.
fn follow(
    packed: Packed<'_>,
    row: usize,
    n: usize,
    k: usize,
    origins: &[i32],
    tags: usize,
    paths: &mut [i32],
) {
    let mut place = origins[k];
    for (t, step) in packed.steps_of(row).enumerate().rev() {
        paths[step * n + k] = if place == NO_TAG {
            NO_TAG
        } else {
            place / n as i32
        };
        if place != NO_TAG && t > 0 {
            place = origins[t * tags * n + place as usize];
        }
    }
}

/// Puts paths whose exact scores differ from the order of the rounded ones into
/// place; such paths are neighbours, so insertion is quick.
fn sort<E: Element>(
    packed: Packed<'_>,
    row: usize,
    n: usize,
    paths: &mut [i32],
    scores: &mut [E],
    log_probabilities: &mut [E],
) {
    for k in 1..n {
        let mut at = k;
        while at > 0 && scores[at] > scores[at - 1] {
            scores.swap(at, at - 1);
            log_probabilities.swap(at, at - 1);
            for step in packed.steps_of(row) {
                paths.swap(step * n + at, step * n + at - 1);
            }
            at -= 1;
        }
    }
}
