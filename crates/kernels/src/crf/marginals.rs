//! Probabilities of single tags, and of tags given the one before.

use simd::{Element, Vector, slice};

use super::forward::{EXPONENTIAL, LOG};
use super::lattice::product;
use super::log_domain;
use super::transitions::Transitions;
use crate::packed::Packed;

/// Where a backward sweep stands.
#[derive(Clone, Copy)]
pub(super) struct At {
    /// The packed step.
    pub step: usize,
    /// The sorted position of its row.
    pub position: usize,
    /// Whether it is the first step of its row.
    pub first: bool,
    /// Whether it is the last step of its row.
    pub last: bool,
}

/// What is done with the probabilities as a backward sweep finds them.
pub(super) trait Visit<E> {
    /// `marginals` `[tags]` of one step.
    fn step(&mut self, at: At, marginals: &[E]);

    /// Probabilities `[tags]` of going from tag `from` to each tag at one
    /// step, of rows in the log domain.
    fn pairs(&mut self, _position: usize, _from: usize, _probabilities: &[E]) {}
}

/// Visits every step, the last time step first, and fills `weights`
/// `[steps, stride]` (in a row's own domain). `rows` has room for three padded
/// rows of tags.
#[inline(never)]
pub(super) fn sweep<V: Vector>(
    packed: Packed<'_>,
    transitions: &Transitions<'_, V::Elem>,
    lattice: &[V::Elem],
    domain: &[i32],
    weights: &mut [V::Elem],
    rows: &mut [V::Elem],
    visit: &mut dyn Visit<V::Elem>,
) {
    let (tags, stride) = (transitions.tags, transitions.stride);
    for t in (0..packed.longest()).rev() {
        let goes_on = packed.alive(t + 1);
        for position in (0..packed.alive(t)).filter(|&position| domain[position] == EXPONENTIAL) {
            let step = packed.step(t, position);
            let (alpha, potential) = lattice[step * 2 * stride..][..2 * stride].split_at(stride);
            let (beta, gamma) = rows[..2 * stride].split_at_mut(stride);
            let last = position >= goes_on;
            if last {
                let end = transitions.exp_end;
                let total = slice::sum([alpha, end], |[alpha, end]: [V; 2]| alpha.mul(end));
                let inverse = V::splat(V::Elem::ONE / total);
                slice::map(end, beta, |end: V| end.mul(inverse));
            } else {
                // Inverts the sum of step t + 1.
                let after = packed.step(t + 1, position);
                product::<V>(&weights[after * stride..][..tags], transitions.exp_to, beta);
            }
            let weight = &mut weights[step * stride..][..stride];
            let zero = V::zero();
            // A tag that cannot be reached may have any beta; it must not count.
            slice::update(
                [gamma, weight],
                [alpha, potential, beta],
                |_, [alpha, potential, beta]: [V; 3]| {
                    [
                        alpha.mul(beta),
                        V::select(alpha.gt(zero), potential.mul(beta), zero),
                    ]
                },
            );
            visit.step(
                At {
                    step,
                    position,
                    first: t == 0,
                    last,
                },
                &gamma[..tags],
            );
        }
    }
    for position in (0..packed.alive(0)).filter(|&position| domain[position] == LOG) {
        let row = packed.row(position);
        log_domain::backward::<V>(packed, transitions, lattice, weights, rows, row, visit);
    }
}

/// Room that [`marginals`] needs.
pub fn scratch_len<V: Vector>(tags: usize, steps: usize) -> usize {
    tags.next_multiple_of(V::LANES) * (steps + 3)
}

/// Writes marginals.
struct Writer<'a, E> {
    marginals: &'a mut [E],
}

impl<E: Element> Visit<E> for Writer<'_, E> {
    fn step(&mut self, at: At, marginals: &[E]) {
        self.marginals[at.step * marginals.len()..][..marginals.len()].copy_from_slice(marginals);
    }
}

/// The probability of every tag at every step, `marginals` `[steps, tags]`,
/// from what [`super::forward::log_partition_forward`] saved.
///
/// Leaves in `scratch` ([`scratch_len`]) what [`conditionals`] reads.
pub fn marginals<V: Vector>(
    packed: Packed<'_>,
    transitions: &Transitions<'_, V::Elem>,
    lattice: &[V::Elem],
    domain: &[i32],
    scratch: &mut [V::Elem],
    marginals: &mut [V::Elem],
) {
    let (weights, rows) = scratch.split_at_mut(packed.steps() * transitions.stride);
    sweep::<V>(
        packed,
        transitions,
        lattice,
        domain,
        weights,
        rows,
        &mut Writer { marginals },
    );
}

/// Along a path (ids `[steps]`), the distribution of each tag given the path's
/// tag before it: `conditionals[step of t, j] = P(y_t = j | y_{t-1} = path_{t-1})`,
/// `[steps, tags]`; at a first step the marginals.
///
/// The exact probability of any stretch of the path is composed of them, since
/// a chain forgets all but its last tag: `P(y_s … y_{e-1} = path)` is
/// `marginals[s][path_s] · Π conditionals[t][path_t]` for `s < t < e`; and that
/// it does not go on with tag `j` is another factor `1 - conditionals[e][j]`.
///
/// `marginals` and `scratch` are as [`marginals()`] left them. After a tag that
/// nothing can follow, every conditional is zero.
pub fn conditionals<V: Vector>(
    packed: Packed<'_>,
    transitions: &Transitions<'_, V::Elem>,
    domain: &[i32],
    scratch: &[V::Elem],
    marginals: &[V::Elem],
    path: &[i32],
    conditionals: &mut [V::Elem],
) {
    let (tags, stride) = (transitions.tags, transitions.stride);
    for (t, &alive) in packed.sizes.iter().enumerate() {
        for position in 0..alive as usize {
            let step = packed.step(t, position);
            let out = &mut conditionals[step * tags..][..tags];
            let Some(before) = t.checked_sub(1) else {
                out.copy_from_slice(&marginals[step * tags..][..tags]);
                continue;
            };
            let from = path[packed.step(before, position)] as usize * stride;
            let weight = &scratch[step * stride..][..tags];
            if domain[position] == LOG {
                log_domain::conditional::<V>(&transitions.from[from..][..tags], weight, out);
                continue;
            }
            let factors = &transitions.exp_from[from..][..tags];
            let total = slice::sum([factors, weight], |[factor, weight]: [V; 2]| {
                factor.mul(weight)
            });
            let inverse = if total > V::Elem::ZERO {
                V::Elem::ONE / total
            } else {
                V::Elem::ZERO
            };
            let inverse = V::splat(inverse);
            slice::zip(factors, weight, out, |factor: V, weight| {
                factor.mul(weight).mul(inverse)
            });
        }
    }
}
