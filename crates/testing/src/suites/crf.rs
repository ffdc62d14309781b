//! The CRF against enumeration of every path, and its gradients against
//! differences: unequal lengths, constraints, one tag to many, scores of every
//! size.

mod enumerated;
mod enumeration;
mod problem;

use simd::{F32, F64};

use crate::packing::Packing;
use crate::{Case, Gradient, assert_close, gradient_check};
use enumerated::{enumerated, n_best};
use enumeration::Masks;
use problem::{Problem, solve, upstream};

/// Gradients of a random combination of both outputs, scaled down where there
/// are constraints: a path that breaks them has scores of tens of thousands,
/// whose rounding shows in a difference.
fn gradients(problem: &Problem) -> Result<(), String> {
    let solution = solve::<F64>(problem);
    let (d_log_likelihood, d_log_partition) = upstream::<f64>(problem.lengths.len());
    let scale = if problem.masks.is_some() { 0.01 } else { 1.0 };
    let scaled = |x: &[f64]| -> Vec<f64> { x.iter().map(|x| x * scale).collect() };
    let [d_emissions, d_start, d_transitions, d_end] = [
        &solution.d_emissions,
        &solution.d_start,
        &solution.d_transitions,
        &solution.d_end,
    ]
    .map(|x| scaled(x));
    let gradients = [
        Gradient {
            name: "emissions",
            at: &problem.emissions,
            claimed: &d_emissions,
        },
        Gradient {
            name: "start",
            at: &problem.start,
            claimed: &d_start,
        },
        Gradient {
            name: "transitions",
            at: &problem.transitions,
            claimed: &d_transitions,
        },
        Gradient {
            name: "end",
            at: &problem.end,
            claimed: &d_end,
        },
    ];
    gradient_check(&gradients, |x| {
        let mut moved = problem.clone();
        [
            &mut moved.emissions,
            &mut moved.start,
            &mut moved.transitions,
            &mut moved.end,
        ]
        .into_iter()
        .zip(x)
        .for_each(|(into, x)| into.copy_from_slice(x));
        let solution = solve::<F64>(&moved);
        let weighed = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        let likelihood = weighed(&solution.log_likelihood, &d_log_likelihood);
        scale * (likelihood + weighed(&solution.log_partition, &d_log_partition))
    })
}

/// `f32` against `f64`, and both against the textbook recursion, where
/// enumeration is out of reach.
fn widths_agree(problem: &Problem) -> Result<(), String> {
    let (narrow, wide) = (solve::<F32>(problem), solve::<F64>(problem));
    let pairs = [
        ("log partition", &narrow.log_partition, &wide.log_partition),
        (
            "log likelihood",
            &narrow.log_likelihood,
            &wide.log_likelihood,
        ),
        ("best score", &narrow.best_score, &wide.best_score),
        ("marginals", &narrow.marginals, &wide.marginals),
        ("conditionals", &narrow.conditionals, &wide.conditionals),
        ("d_emissions", &narrow.d_emissions, &wide.d_emissions),
        ("d_start", &narrow.d_start, &wide.d_start),
        ("d_transitions", &narrow.d_transitions, &wide.d_transitions),
        ("d_end", &narrow.d_end, &wide.d_end),
    ];
    for (what, narrow, wide) in pairs {
        assert_close(narrow, wide, 1e-5, 1e-4).map_err(|message| format!("{what}: {message}"))?;
    }
    let model = problem.model();
    let rows = Packing::new(&problem.lengths).rows();
    for (row, steps) in rows
        .iter()
        .enumerate()
        .filter(|(_, steps)| !steps.is_empty())
    {
        let emissions = problem.row(steps);
        let (log_partition, best) = (
            model.recursion(&emissions, false),
            model.recursion(&emissions, true),
        );
        assert_close(&[wide.log_partition[row]], &[log_partition], 1e-9, 1e-12)
            .map_err(|message| format!("log partition of row {row}: {message}"))?;
        assert_close(&[wide.best_score[row]], &[best], 1e-9, 1e-12)
            .map_err(|message| format!("best score of row {row}: {message}"))?;
    }
    match narrow.best_path == wide.best_path {
        true => Ok(()),
        false => Err("best paths differ".into()),
    }
}

/// The path that `f32` finds is as good as the best, though the scores on the
/// way add up to tens of thousands.
fn long_path(problem: &Problem) -> Result<(), String> {
    let (model, solution) = (problem.model(), solve::<F32>(problem));
    let path: Vec<usize> = solution.best_path.iter().map(|&tag| tag as usize).collect();
    let (found, best) = (
        model.score(&problem.emissions, &path),
        model.recursion(&problem.emissions, true),
    );
    assert_close(&[found], &[best], 1e-5, 0.0)
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, problem: &Problem, run: fn(&Problem) -> Result<(), String>| {
        let problem = problem.clone();
        cases.push(Case::new(name, move || run(&problem)));
    };
    let sizes: [(usize, &[usize]); 6] = [
        (1, &[4, 1, 6]),
        (2, &[3, 8, 1, 0, 3]),
        (3, &[5, 7, 1, 2]),
        (9, &[1, 4, 3]),
        (17, &[2, 3, 1]),
        (33, &[3, 1, 2]),
    ];
    for (tags, lengths) in sizes {
        let plain = Problem::new(tags, lengths, 2.0, 1.0);
        let kinds = [
            ("", plain.clone()),
            (", constrained", plain.clone().constrained()),
            (
                ", emissions near a million",
                Problem::new(tags, lengths, 1.0, 1.0).shifted(1e6),
            ),
            (
                ", emissions near minus a million",
                Problem::new(tags, lengths, 1.0, 1.0).shifted(-1e6),
            ),
            (
                ", emissions spread over thousands",
                Problem::new(tags, lengths, 900.0, 1.0),
            ),
            (
                ", transitions spread over hundreds",
                Problem::new(tags, lengths, 3.0, 150.0),
            ),
            (
                ", both spread and constrained",
                Problem::new(tags, lengths, 90.0, 60.0).constrained(),
            ),
            (", no way allowed", plain.clone().impossible()),
        ];
        for (kind, problem) in &kinds {
            add(
                format!("enumeration f64, {tags} tags{kind}"),
                problem,
                |p| enumerated::<F64>(p, 1e-9, 1e-12),
            );
            add(format!("n best f64, {tags} tags{kind}"), problem, |p| {
                n_best::<F64>(p, 5, 1e-9, 1e-12)
            });
            add(format!("n best f32, {tags} tags{kind}"), problem, |p| {
                n_best::<F32>(p, 3, 1e-5, 1e-6)
            });
        }
        for (kind, problem) in &kinds[..2] {
            add(
                format!("enumeration f32, {tags} tags{kind}"),
                problem,
                |p| enumerated::<F32>(p, 2e-6, 2e-6),
            );
        }
        for (kind, problem) in &kinds[2..] {
            // Scores of hundreds have digits to lose.
            add(
                format!("enumeration f32, {tags} tags{kind}"),
                problem,
                |p| enumerated::<F32>(p, 2e-3, 2e-6),
            );
        }
        for kind in [0, 1, 5, 7] {
            let (kind, problem) = &kinds[kind];
            add(format!("gradients, {tags} tags{kind}"), problem, gradients);
        }
    }
    for (tags, lengths) in [
        (17, &[200, 133][..]),
        (9, &[1000, 1, 999]),
        (20, &[24; 20]),
        (64, &[70, 3]),
    ] {
        for (kind, scale) in [("", 1.0), (", confident", 8.0)] {
            let problem = Problem::new(tags, lengths, scale, scale.sqrt());
            add(
                format!("f32 as f64, {tags} tags, {} rows{kind}", lengths.len()),
                &problem,
                widths_agree,
            );
            add(
                format!(
                    "f32 as f64, {tags} tags, {} rows{kind}, constrained",
                    lengths.len()
                ),
                &problem.constrained(),
                widths_agree,
            );
        }
    }
    let many = Problem::new(3, &[8], 10.0, 1.0);
    add(
        "n best f32, scores that rounding reorders".into(),
        &many,
        |p| n_best::<F32>(p, 3000, 1e-5, 1e-6),
    );
    let long = Problem::new(9, &[30_000], 0.3, 0.3);
    add("the best path of a long row f32".into(), &long, long_path);
    // Two tags that never change. The second nearly vanishes, and wins.
    let mut separate = Problem::new(2, &[4], 0.0, 0.0);
    separate.masks = Some(Masks {
        start: vec![true; 2],
        transitions: vec![true, false, false, true],
        end: vec![true; 2],
    });
    separate.path = vec![1; 4];
    separate.emissions = vec![0.0, -50.0, 0.0, -50.0, -80.0, 0.0, -80.0, 0.0];
    add(
        "a tag that nearly vanishes and wins".into(),
        &separate,
        |p| enumerated::<F32>(p, 1e-5, 1e-6),
    );
    // The second cannot be reached, and would win by far.
    if let Some(masks) = &mut separate.masks {
        masks.start[1] = false;
    }
    separate.path = vec![0; 4];
    separate.emissions = vec![-80.0, 0.0, -80.0, 0.0, -80.0, 0.0, -80.0, 0.0];
    add("a tag out of reach that would win".into(), &separate, |p| {
        enumerated::<F32>(p, 1e-5, 1e-6)
    });
    add(
        "gradients beside a tag out of reach".into(),
        &separate,
        widths_agree,
    );
    let ordinary = Problem::new(9, &[12, 0, 30, 1], 3.0, 2.0);
    add(
        "ordinary rows stay in the exponential domain".into(),
        &ordinary,
        |p| domains(p, &[0; 4]),
    );
    add(
        "constrained rows too".into(),
        &ordinary.constrained(),
        |p| domains(p, &[0; 4]),
    );
    let mut mixed = Problem::new(5, &[4, 9, 6], 1.0, 1.0);
    mixed.emissions[Packing::new(&[4, 9, 6]).rows()[2][3] * 5] = -400.0;
    // By sorted position: 9, 6, 4.
    add("a row leaves it alone".into(), &mixed, |p| {
        domains(p, &[0, 1, 0])
    });
    add("a batch of both domains".into(), &mixed, widths_agree);
    add("gradients of both domains".into(), &mixed, gradients);
    cases
}

fn domains(problem: &Problem, expected: &[i32]) -> Result<(), String> {
    let domain = solve::<F32>(problem).domain;
    match domain == expected {
        true => Ok(()),
        false => Err(format!("{domain:?}, expected {expected:?}")),
    }
}
