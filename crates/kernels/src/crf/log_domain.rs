//! Rows whose numbers span more than the exponential domain holds, computed
//! with logarithms: an exponential for every transition of every step, and no
//! limit to the range.
//!
//! In these rows `alpha` is a logarithm with a maximum of zero, `potential` is
//! the emission less its maximum, and `weight = potential + beta` with a
//! maximum of beta of zero.

use simd::{Element, Function, Vector, slice};

use super::lattice::load_tail;
use super::marginals::{At, Visit};
use super::transitions::Transitions;
use crate::packed::Packed;

/// `out[j] = log Σ_i exp(x[i] + table[i, j])`; x `[tags]`, table
/// `[tags, stride]`, out `[stride]`.
#[inline(never)]
fn log_product<V: Vector>(x: &[V::Elem], table: &[V::Elem], out: &mut [V::Elem]) {
    let stride = out.len();
    let (exp, ln) = (V::Exp::new(), V::Ln::new());
    for (v, out) in out.chunks_exact_mut(V::LANES).enumerate() {
        let terms = || {
            x.iter()
                .zip(table.chunks_exact(stride))
                .map(move |(&x, row)| V::splat(x).add(V::load(&row[v * V::LANES..])))
        };
        let most = terms().fold(V::splat(V::Elem::NEG_INFINITY), V::max);
        let sum = terms().fold(V::zero(), |sum, term| sum.add(exp.apply(term.sub(most))));
        ln.apply(sum).add(most).store(out);
    }
}

/// `log Σ exp(x + y)` over the first `tags` numbers.
#[inline(never)]
fn log_dot<V: Vector>(x: &[V::Elem], y: &[V::Elem]) -> V::Elem {
    let lowest = V::Elem::NEG_INFINITY;
    let most = slice::fold(
        [x, y],
        lowest,
        V::splat(lowest),
        |most: V, [x, y]: [V; 2]| most.max(x.add(y)),
    )
    .reduce_max();
    let (exp, shift) = (V::Exp::new(), V::splat(most));
    let sum = slice::fold([x, y], lowest, V::zero(), |sum: V, [x, y]: [V; 2]| {
        sum.add(exp.apply(x.add(y).sub(shift)))
    });
    most + sum.reduce_add().ln()
}

/// Fills the lattice of one row; gives its log partition function.
pub(super) fn forward<V: Vector>(
    packed: Packed<'_>,
    emissions: &[V::Elem],
    transitions: &Transitions<'_, V::Elem>,
    lattice: &mut [V::Elem],
    row: usize,
) -> f64 {
    let (tags, stride) = (transitions.tags, transitions.stride);
    let mut log_z = 0.0;
    let mut before = None;
    for step in packed.steps_of(row) {
        let emission = &emissions[step * tags..][..tags];
        let (earlier, now) = lattice.split_at_mut(step * 2 * stride);
        let (alpha, potential) = now[..2 * stride].split_at_mut(stride);
        match before {
            None => alpha.copy_from_slice(transitions.start),
            Some(before) => log_product::<V>(
                &earlier[before * 2 * stride..][..tags],
                transitions.from,
                alpha,
            ),
        }
        let most = slice::max::<V>(emission);
        for (v, (alpha, potential)) in alpha
            .chunks_exact_mut(V::LANES)
            .zip(potential.chunks_exact_mut(V::LANES))
            .enumerate()
        {
            let weight = load_tail::<V>(emission, v, most).sub(V::splat(most));
            weight.store(potential);
            weight.add(V::load(alpha)).store(alpha);
        }
        let largest = slice::max::<V>(&alpha[..tags]);
        slice::map_in_place(alpha, |alpha: V| alpha.sub(V::splat(largest)));
        log_z += most.to_f64() + largest.to_f64();
        before = Some(step);
    }
    let last = before.map_or(0, |last| last * 2 * stride);
    log_z + log_dot::<V>(&lattice[last..][..tags], &transitions.end[..tags]).to_f64()
}

/// Visits the steps of one row from the last to the first, and fills its
/// weights. `rows` has room for three padded rows of tags.
pub(super) fn backward<V: Vector>(
    packed: Packed<'_>,
    transitions: &Transitions<'_, V::Elem>,
    lattice: &[V::Elem],
    weights: &mut [V::Elem],
    rows: &mut [V::Elem],
    row: usize,
    visit: &mut dyn Visit<V::Elem>,
) {
    let (tags, stride) = (transitions.tags, transitions.stride);
    let (beta, rest) = rows.split_at_mut(stride);
    let (gamma, pairs) = rest.split_at_mut(stride);
    let pairs = &mut pairs[..stride];
    let position = packed.position[row] as usize;
    let exp = V::Exp::new();
    let mut after = None;
    for (t, step) in packed.steps_of(row).enumerate().rev() {
        let (alpha, potential) = lattice[step * 2 * stride..][..2 * stride].split_at(stride);
        match after {
            None => beta.copy_from_slice(transitions.end),
            // Inverts the sum of step t + 1.
            Some(after) => {
                log_product::<V>(&weights[after * stride..][..tags], transitions.to, beta)
            }
        }
        let total = log_dot::<V>(&alpha[..tags], &beta[..tags]);
        slice::zip(alpha, beta, gamma, |alpha: V, beta| {
            exp.apply(alpha.add(beta).sub(V::splat(total)))
        });
        visit.step(
            At {
                step,
                position,
                first: t == 0,
                last: after.is_none(),
            },
            &gamma[..tags],
        );
        if let Some(after) = after {
            let weight = &weights[after * stride..][..stride];
            for (from, &alpha) in alpha[..tags].iter().enumerate() {
                let shift = V::splat(alpha - total);
                let scores = &transitions.from[from * stride..][..stride];
                slice::zip(scores, weight, pairs, |score: V, weight| {
                    exp.apply(score.add(weight).add(shift))
                });
                visit.pairs(position, from, &pairs[..tags]);
            }
        }
        let largest = V::splat(slice::max::<V>(&beta[..tags]));
        let weight = &mut weights[step * stride..][..stride];
        slice::zip(potential, beta, weight, |potential: V, beta| {
            potential.add(beta.sub(largest))
        });
        after = Some(step);
    }
}

/// `out[j] = P(y_t = j | y_{t-1} = from)`, from the weights of step `t`.
pub(super) fn conditional<V: Vector>(scores: &[V::Elem], weight: &[V::Elem], out: &mut [V::Elem]) {
    let total = V::splat(log_dot::<V>(scores, weight));
    let exp = V::Exp::new();
    slice::zip(scores, weight, out, |score: V, weight| {
        exp.apply(score.add(weight).sub(total))
    });
}
