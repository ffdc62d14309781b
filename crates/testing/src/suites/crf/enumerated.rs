//! The kernels' answers against enumeration.

use std::collections::HashSet;

use kernels::crf::{Transitions, forward, nbest, transitions};
use simd::{Element, Vector};

use super::enumeration::Paths;
use super::problem::{Problem, cast, solve};
use crate::assert_close;
use crate::packing::Packing;
use crate::random::Random;

/// Compares with enumeration. `abs` and `rel` bound scores, `abs` alone
/// probabilities.
pub fn enumerated<V: Vector>(problem: &Problem, abs: f64, rel: f64) -> Result<(), String> {
    let (tags, model, solution) = (problem.tags, problem.model(), solve::<V>(problem));
    let mut random = Random::new(3);
    for (row, steps) in Packing::new(&problem.lengths).rows().iter().enumerate() {
        let about = |what: &str| {
            let what = what.to_string();
            move |message: String| format!("row {row}, {what}: {message}")
        };
        let close = |what: &str, actual: V::Elem, expected: f64| {
            assert_close(&[actual], &[expected], abs, rel).map_err(about(what))
        };
        if steps.is_empty() {
            close("log partition", solution.log_partition[row], 0.0)?;
            close("log likelihood", solution.log_likelihood[row], 0.0)?;
            close("best score", solution.best_score[row], 0.0)?;
            continue;
        }
        let emissions = problem.row(steps);
        let all = Paths::enumerate(&model, &emissions);
        let gold: Vec<usize> = steps
            .iter()
            .map(|&step| problem.path[step] as usize)
            .collect();
        close(
            "log partition",
            solution.log_partition[row],
            all.log_partition,
        )?;
        let likelihood = model.score(&emissions, &gold) - all.log_partition;
        close("log likelihood", solution.log_likelihood[row], likelihood)?;

        let best: Vec<usize> = steps
            .iter()
            .map(|&step| solution.best_path[step] as usize)
            .collect();
        close("best score", solution.best_score[row], all.paths[0].0)?;
        close(
            "score of best path",
            solution.best_score[row],
            model.score(&emissions, &best),
        )?;

        for (t, &step) in steps.iter().enumerate() {
            let single: Vec<f64> = (0..tags)
                .map(|tag| all.probability(|path| path[t] == tag))
                .collect();
            let actual = &solution.marginals[step * tags..][..tags];
            assert_close(actual, &single, abs, 0.0).map_err(about(&format!("marginals at {t}")))?;
            for (along, conditionals) in [
                (&best, &solution.conditionals),
                (&gold, &solution.given_conditionals),
            ] {
                let actual = &conditionals[step * tags..][..tags];
                let given = t
                    .checked_sub(1)
                    .map(|u| (u, all.probability(|path| path[u] == along[u])));
                let conditional: Vec<f64> = match given {
                    None => single.clone(),
                    // Too unlikely to divide by: zeros or probabilities.
                    Some((_, given)) if given < 1e-30 => {
                        match actual.iter().all(|p| (0.0..1.00001).contains(&p.to_f64())) {
                            true => continue,
                            false => {
                                return Err(about("conditionals")(format!("{actual:?} at {t}")));
                            }
                        }
                    }
                    Some((u, given)) => {
                        let both =
                            |tag| all.probability(|path| path[u] == along[u] && path[t] == tag);
                        (0..tags).map(|tag| both(tag) / given).collect()
                    }
                };
                assert_close(actual, &conditional, abs, 0.0)
                    .map_err(about(&format!("conditionals at {t}")))?;
            }
        }

        // A span of the best path, and that another tag than `next` follows.
        let first = random.below(steps.len());
        let after = first + 1 + random.below(steps.len() - first);
        let next = random.below(tags);
        let at =
            |numbers: &[V::Elem], t: usize, tag: usize| numbers[steps[t] * tags + tag].to_f64();
        let mut span = at(&solution.marginals, first, best[first]);
        for (t, &tag) in best.iter().enumerate().take(after).skip(first + 1) {
            span *= at(&solution.conditionals, t, tag);
        }
        if after < steps.len() {
            span *= 1.0 - at(&solution.conditionals, after, next);
        }
        let expected = all.probability(|path| {
            path[first..after] == best[first..after]
                && path.get(after).is_none_or(|&tag| tag != next)
        });
        close("probability of a span", V::Elem::from_f64(span), expected)?;
    }
    Ok(())
}

/// The n best paths against enumeration.
pub fn n_best<V: Vector>(problem: &Problem, n: usize, abs: f64, rel: f64) -> Result<(), String> {
    let packing = Packing::new(&problem.lengths);
    let (packed, tags, rows) = (packing.packed(), problem.tags, problem.lengths.len());
    let mut prepared = vec![V::Elem::ZERO; transitions::prepared_len::<V>(tags)];
    let (start, table, end) = (
        cast(&problem.start),
        cast(&problem.transitions),
        cast(&problem.end),
    );
    transitions::prepare::<V>(tags, &start, &table, &end, problem.allowed(), &mut prepared);
    let (reals, ids) = nbest::scratch_len(tags, n, packed.longest());
    let (mut paths, mut scores) = (vec![-7; packed.steps() * n], vec![V::Elem::ZERO; rows * n]);
    let mut log_probabilities = scores.clone();
    nbest::n_best::<V>(
        packed,
        &cast::<V::Elem>(&problem.emissions),
        &Transitions::new::<V>(tags, &prepared),
        n,
        &mut vec![V::Elem::from_f64(f64::NAN); forward::lattice_len::<V>(tags, packed.steps())],
        &mut vec![-7; rows],
        &mut vec![V::Elem::from_f64(f64::NAN); reals],
        &mut vec![-7; ids],
        &mut paths,
        &mut scores,
        &mut log_probabilities,
    );
    let model = problem.model();
    for (row, steps) in packing
        .rows()
        .iter()
        .enumerate()
        .filter(|(_, steps)| !steps.is_empty())
    {
        let emissions = problem.row(steps);
        let all = Paths::enumerate(&model, &emissions);
        let mut seen = HashSet::new();
        for k in 0..n {
            let (score, path) = (
                scores[row * n + k],
                steps.iter().map(|step| paths[step * n + k]),
            );
            let about = |message: String| format!("row {row}, path {k}: {message}");
            let Some((expected, _)) = all.paths.get(k) else {
                if score != V::Elem::NEG_INFINITY
                    || log_probabilities[row * n + k] != V::Elem::NEG_INFINITY
                    || path.clone().any(|tag| tag != nbest::NO_TAG)
                {
                    return Err(about(format!("{score:?} where there is no path")));
                }
                continue;
            };
            assert_close(&[score], &[*expected], abs, rel).map_err(about)?;
            // The log domain rounds at the size of its scores, 1e4 a step.
            let log_probability = expected - all.log_partition;
            assert_close(
                &[log_probabilities[row * n + k]],
                &[log_probability],
                300.0 * abs,
                rel,
            )
            .map_err(about)?;
            let path: Vec<usize> = path.map(|tag| tag as usize).collect();
            assert_close(&[score], &[model.score(&emissions, &path)], abs, rel).map_err(about)?;
            if k > 0 && score > scores[row * n + k - 1] {
                return Err(about(format!("{score:?} is better than the one before")));
            }
            if !seen.insert(path.clone()) {
                return Err(about(format!("{path:?} a second time")));
            }
        }
    }
    Ok(())
}
