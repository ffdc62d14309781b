//! Log partition function and log-likelihood of each row, and their gradients.

use simd::{Element, Function, Vector, slice};

use super::gradients::{Gradients, Sink, add_path};
use super::lattice::{load_tail, outer, product};
use super::log_domain;
use super::marginals::sweep;
use super::transitions::{Allowed, Transitions};
use crate::packed::Packed;

/// The row was computed in the exponential domain.
pub(super) const EXPONENTIAL: i32 = 0;
/// The row was computed in the log domain.
pub(super) const LOG: i32 = 1;

/// Rows whose totals are kept at hand while time runs: enough for their chains
/// of dependent operations to overlap.
const GROUP: usize = 8;

/// Steps whose alphas and weights stay in the fastest cache while their outer
/// products are summed.
const CACHED: usize = 64;

/// The lattice of `steps` packed steps: for each step its alphas and its
/// potentials, `[steps, 2, stride]`. It is what forward saves for backward.
pub fn lattice_len<V: Vector>(tags: usize, steps: usize) -> usize {
    2 * tags.next_multiple_of(V::LANES) * steps
}

/// The product of many scales, as a logarithm and a factor.
#[derive(Clone, Copy)]
struct Product {
    log: f64,
    factor: f64,
}

impl Product {
    const ONE: Self = Self {
        log: 0.0,
        factor: 1.0,
    };

    /// Multiplies; takes a logarithm only when the factor leaves its range.
    #[inline(always)]
    fn multiply(&mut self, scale: f64) {
        self.factor *= scale;
        if !(1e-200..1e200).contains(&self.factor) {
            self.log += self.factor.ln();
            self.factor = 1.0;
        }
    }
}

/// Log partition function of each row.
///
/// - `emissions` `[steps, tags]`
/// - `lattice` `[steps, 2, stride]` ([`lattice_len`]) and `domain` `[rows]` (by
///   sorted position) are saved for backward, marginals and decoding
/// - `log_partition` `[rows]`, in row order; 0 for a row of length zero
pub fn log_partition_forward<V: Vector>(
    packed: Packed<'_>,
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    lattice: &mut [V::Elem],
    domain: &mut [i32],
    log_partition: &mut [V::Elem],
) {
    for_each_log_partition::<V>(
        packed,
        emissions,
        transitions,
        lattice,
        domain,
        &mut |row, log_z| {
            log_partition[row] = V::Elem::from_f64(log_z);
        },
    );
}

/// Log-likelihood `[rows]` of the given tags (`path`, ids `[steps]`) and log
/// partition function `[rows]`, in row order; both 0 for a row of length zero,
/// the former for one without a path ([`has_path`]). What is saved is
/// [`log_partition_forward`]'s.
///
/// # Panics
/// When an id of a path is not below the number of tags.
pub fn log_likelihood_forward<V: Vector>(
    packed: Packed<'_>,
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    path: &[i32],
    ignore_index: Option<i32>,
    lattice: &mut [V::Elem],
    domain: &mut [i32],
    log_likelihood: &mut [V::Elem],
    log_partition: &mut [V::Elem],
) {
    for_each_log_partition::<V>(
        packed,
        emissions,
        transitions,
        lattice,
        domain,
        &mut |row, log_z| {
            log_partition[row] = V::Elem::from_f64(log_z);
            log_likelihood[row] = match has_path(packed, row, path, ignore_index) {
                false => V::Elem::ZERO,
                true => V::Elem::from_f64(
                    path_score(packed, emissions, transitions, row, |step| {
                        path[step] as usize
                    }) - log_z,
                ),
            };
        },
    );
}

/// Whether all tags of a row are given, none of them by the id that stands for
/// "not known".
pub fn has_path(packed: Packed<'_>, row: usize, path: &[i32], ignore_index: Option<i32>) -> bool {
    ignore_index.is_none_or(|ignored| packed.steps_of(row).all(|step| path[step] != ignored))
}

/// The score of one path through a row, summed in `f64`.
pub(super) fn path_score<E: Element>(
    packed: Packed<'_>,
    emissions: &[E],
    transitions: &Transitions<'_, E>,
    row: usize,
    tag: impl Fn(usize) -> usize,
) -> f64 {
    let mut score = 0.0;
    let mut before = None;
    for step in packed.steps_of(row) {
        let tag = tag(step);
        let into = match before {
            None => transitions.start[tag],
            Some(before) => transitions.score(before, tag),
        };
        score += into.to_f64() + emissions[step * transitions.tags..][tag].to_f64();
        before = Some(tag);
    }
    before.map_or(0.0, |last| score + transitions.end[last].to_f64())
}

/// Fills the lattice of each row and calls `visit(row, its log partition
/// function)`. Callers are few and rows are long, so that one copy of this
/// serves them all.
#[inline(never)]
pub(super) fn for_each_log_partition<V: Vector>(
    packed: Packed<'_>,
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    lattice: &mut [V::Elem],
    domain: &mut [i32],
    visit: &mut dyn FnMut(usize, f64),
) {
    let shifts = [
        transitions.start_shift,
        transitions.shift,
        transitions.end_shift,
    ]
    .map(V::Elem::to_f64);
    let filled = packed.alive(0);
    for first in (0..filled).step_by(GROUP) {
        let rows = GROUP.min(filled - first);
        let mut scales = [Product::ONE; GROUP];
        domain[first..first + rows].fill(EXPONENTIAL);
        for t in 0..packed.longest() {
            let alive = packed.alive(t).min(first + rows);
            for position in first..alive {
                if domain[position] == EXPONENTIAL {
                    let before = t.checked_sub(1).map(|t| packed.step(t, position));
                    let step = packed.step(t, position);
                    match advance::<V>(emissions, transitions, lattice, before, step) {
                        None => domain[position] = LOG,
                        Some((scale, shift)) => {
                            let total = &mut scales[position - first];
                            total.multiply(scale);
                            total.log += shift + shifts[usize::from(t > 0)];
                        }
                    }
                }
            }
        }
        for position in first..first + rows {
            let row = packed.row(position);
            if domain[position] == EXPONENTIAL {
                let last = packed.step(packed.length(row) - 1, position);
                let alpha = &lattice[last * 2 * transitions.stride..][..transitions.stride];
                let end = slice::sum([alpha, transitions.exp_end], |[alpha, end]: [V; 2]| {
                    alpha.mul(end)
                })
                .to_f64();
                if end > 0.0 {
                    let total = scales[position - first];
                    visit(row, total.log + shifts[2] + (total.factor * end).ln());
                    continue;
                }
                domain[position] = LOG;
            }
            visit(
                row,
                log_domain::forward::<V>(packed, emissions, transitions, lattice, row),
            );
        }
    }
    domain[filled..].fill(EXPONENTIAL);
    for position in filled..packed.rows() {
        visit(packed.row(position), 0.0);
    }
}

/// One step of one row: fills its alphas and potentials; gives its scale and
/// the emission that was subtracted, or `None` where something that is not
/// zero came too near to it.
#[inline(always)]
fn advance<V: Vector>(
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    lattice: &mut [V::Elem],
    before: Option<usize>,
    step: usize,
) -> Option<(f64, f64)> {
    let (tags, stride) = (transitions.tags, transitions.stride);
    let emission = &emissions[step * tags..][..tags];
    // Earlier steps of a row lie before this one.
    let (earlier, now) = lattice.split_at_mut(step * 2 * stride);
    let (alpha, potential) = now[..2 * stride].split_at_mut(stride);
    match before {
        None => alpha.copy_from_slice(transitions.exp_start),
        Some(before) => product::<V>(
            &earlier[before * 2 * stride..][..tags],
            transitions.exp_from,
            alpha,
        ),
    }

    let most = slice::max::<V>(emission);
    let (shift, zero, big) = (
        V::splat(most),
        V::zero(),
        V::splat(V::Elem::from_f64(-1e30)),
    );
    let exp = V::Exp::new();
    let (mut sum, mut least) = (V::zero(), big);
    for (v, (alpha, potential)) in alpha
        .chunks_exact_mut(V::LANES)
        .zip(potential.chunks_exact_mut(V::LANES))
        .enumerate()
    {
        let weight = exp.apply(load_tail::<V>(emission, v, V::Elem::NEG_INFINITY).sub(shift));
        let reached = V::load(alpha);
        let product = reached.mul(weight);
        sum = sum.add(product);
        // Negated, since the maximum is what a vector can reduce.
        least = least.max(V::select(reached.gt(zero), product.neg(), big));
        weight.store(potential);
        product.store(alpha);
    }
    let scale = sum.reduce_add();
    let least = -least.reduce_max();
    if !(scale > V::Elem::ZERO && least >= transitions.floor * scale && scale.is_finite()) {
        return None;
    }
    let inverse = V::splat(V::Elem::ONE / scale);
    for numbers in now[..2 * stride].chunks_exact_mut(V::LANES) {
        V::load(numbers).mul(inverse).store(numbers);
    }
    Some((scale.to_f64(), most.to_f64()))
}

/// Room that [`log_likelihood_backward`] needs.
pub fn backward_scratch_len<V: Vector>(tags: usize, steps: usize) -> usize {
    tags.next_multiple_of(V::LANES) * (steps + tags + 3)
}

/// Gradients of [`log_likelihood_forward`] from those of its two outputs
/// (`[rows]`, row order), the former 0 for a row without a path. A forbidden
/// start, transition or end gets none.
///
/// The gradient of `log Z` by an emission is a marginal, by a transition the
/// expected number of its uses; that of a path's score is one where it goes.
pub fn log_likelihood_backward<V: Vector>(
    packed: Packed<'_>,
    transitions: &Transitions<'_, V::Elem>,
    allowed: Option<Allowed<'_>>,
    path: &[i32],
    lattice: &[V::Elem],
    domain: &[i32],
    d_log_likelihood: &[V::Elem],
    d_log_partition: &[V::Elem],
    scratch: &mut [V::Elem],
    gradients: Gradients<'_, V::Elem>,
) {
    let (tags, stride) = (transitions.tags, transitions.stride);
    let (weights, rest) = scratch.split_at_mut(packed.steps() * stride);
    let (pairs, rows) = rest.split_at_mut(tags * stride);

    // log likelihood = score(path) - log Z.
    let slope = |position: usize| {
        let row = packed.row(position);
        d_log_partition[row] - d_log_likelihood[row]
    };
    let wants_transitions = gradients.d_transitions.is_some();
    let mut sink = Sink::<V, _> {
        tags,
        allowed,
        slope,
        gradients,
    };
    sweep::<V>(
        packed,
        transitions,
        lattice,
        domain,
        weights,
        rows,
        &mut sink,
    );
    if wants_transitions {
        pairs.fill(V::Elem::ZERO);
        expect_pairs::<V>(packed, transitions, lattice, domain, weights, slope, pairs);
        for from in 0..tags {
            let row = &mut pairs[from * stride..][..tags];
            let exp = &transitions.exp_from[from * stride..][..tags];
            row.iter_mut()
                .zip(exp)
                .for_each(|(pair, &exp)| *pair *= exp);
            sink.add_transitions(from, row, V::Elem::ONE);
        }
    }
    for (row, &slope) in d_log_likelihood[..packed.rows()].iter().enumerate() {
        if slope != V::Elem::ZERO {
            add_path(packed, tags, allowed, row, path, slope, &mut sink.gradients);
        }
    }
}

/// `pairs[i, j] += Σ slope · alpha_{t-1}(i) · weight_t(j)` over all steps of the
/// rows in the exponential domain: expected uses but for the factor `exp(T)`.
/// Leaves the weights multiplied by their row's slope.
fn expect_pairs<V: Vector>(
    packed: Packed<'_>,
    transitions: &Transitions<'_, V::Elem>,
    lattice: &[V::Elem],
    domain: &[i32],
    weights: &mut [V::Elem],
    slope: impl Fn(usize) -> V::Elem,
    pairs: &mut [V::Elem],
) {
    let stride = transitions.stride;
    let mut t = 1;
    while t < packed.longest() {
        // While no row ends, the steps before and the steps now are two
        // unbroken runs, however few rows there are.
        let alive = packed.alive(t);
        let same = match packed.alive(t - 1) == alive {
            true => packed.sizes[t..]
                .iter()
                .take_while(|&&size| size as usize == alive)
                .count(),
            false => 1,
        };
        let (before, now) = (packed.step(t - 1, 0), packed.step(t, 0));
        let steps = alive * same;
        let weights = &mut weights[now * stride..][..steps * stride];
        for (at, weight) in weights.chunks_exact_mut(stride).enumerate() {
            let position = at % alive;
            if domain[position] == EXPONENTIAL {
                let slope = V::splat(slope(position));
                slice::map_in_place(weight, |weight: V| weight.mul(slope));
            } else {
                weight.fill(V::Elem::ZERO);
            }
        }
        for from in (0..steps).step_by(CACHED) {
            let alphas = &lattice[(before + from) * 2 * stride..];
            let weights = &weights[from * stride..];
            outer::<V>(
                CACHED.min(steps - from),
                alphas,
                2 * stride,
                weights,
                pairs,
                stride,
            );
        }
        t += same;
    }
}
