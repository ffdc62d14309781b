//! Attention against a plain reference, and its gradients against differences:
//! two axes of unequal lengths, shared rows of keys, queries that are rows.

use kernels::attend::{Pairs, additive, context, dot, softmax};
use simd::{Element, F32, F64, Vector};

use crate::packing::Packing;
use crate::random::Random;
use crate::{Case, Gradient, assert_close, gradient_check};

/// One layer of attention, its projections made.
#[derive(Clone)]
struct Problem {
    /// Row of keys of each query; empty where query `n` looks at row `n`.
    rows: Vec<u32>,
    key_lengths: Vec<usize>,
    /// Width of queries and of what they are compared with.
    size: usize,
    /// Width of the values.
    width: usize,
    /// The factor of dot products; additive without.
    scale: Option<f64>,
    queries: Vec<f64>,
    keys: Vec<f64>,
    values: Vec<f64>,
    score: Vec<f64>,
}

impl Problem {
    fn new(
        rows: &[u32],
        key_lengths: &[usize],
        size: usize,
        width: usize,
        scale: Option<f64>,
    ) -> Self {
        let mut random = Random::new((size * 100 + width) as u64);
        let steps: usize = key_lengths.iter().sum();
        let queries = if rows.is_empty() {
            key_lengths.len()
        } else {
            rows.len()
        };
        Self {
            rows: rows.to_vec(),
            key_lengths: key_lengths.to_vec(),
            size,
            width,
            scale,
            queries: random.normals(queries * size),
            keys: random.normals(steps * size),
            values: random.normals(steps * width),
            score: random.normals(size),
        }
    }

    fn row(&self, query: usize) -> usize {
        self.rows.get(query).map_or(query, |&row| row as usize)
    }

    fn count(&self) -> usize {
        self.queries.len() / self.size
    }
}

/// Contexts and weights.
type Outputs<E> = (Vec<E>, Vec<E>);

/// The definition, one number after the other.
fn reference(problem: &Problem) -> Outputs<f64> {
    let (size, width) = (problem.size, problem.width);
    let steps = Packing::new(&problem.key_lengths).rows();
    let (mut contexts, mut all) = (Vec::new(), Vec::new());
    for n in 0..problem.count() {
        let query = &problem.queries[n * size..][..size];
        let row = &steps[problem.row(n)];
        let scores = row.iter().map(|&step| {
            let key = &problem.keys[step * size..][..size];
            let terms = query.iter().zip(key).zip(&problem.score);
            match problem.scale {
                Some(scale) => scale * terms.map(|((q, k), _)| q * k).sum::<f64>(),
                None => terms.map(|((q, k), s)| s * (q + k).tanh()).sum::<f64>(),
            }
        });
        let exponentials: Vec<f64> = scores.map(f64::exp).collect();
        let total: f64 = exponentials.iter().sum();
        let weights: Vec<f64> = exponentials.iter().map(|e| e / total).collect();
        contexts.extend((0..width).map(|j| -> f64 {
            row.iter()
                .zip(&weights)
                .map(|(&step, w)| w * problem.values[step * width + j])
                .sum()
        }));
        all.extend(weights);
    }
    (contexts, all)
}

fn cast<E: Element>(x: &[f64]) -> Vec<E> {
    x.iter().map(|&x| E::from_f64(x)).collect()
}

/// What the kernels give: outputs, and for upstream gradients of both those of
/// queries, keys, values and score.
fn solve<V: Vector>(
    problem: &Problem,
    upstream: &Outputs<f64>,
) -> (Outputs<V::Elem>, [Vec<V::Elem>; 4]) {
    let (size, width) = (problem.size, problem.width);
    let [queries, keys, values, score] = [
        &problem.queries,
        &problem.keys,
        &problem.values,
        &problem.score,
    ]
    .map(|x| cast::<V::Elem>(x));
    let packing = Packing::new(&problem.key_lengths);
    let rows = (!problem.rows.is_empty()).then_some(&problem.rows[..]);
    let pairs = Pairs {
        rows,
        keys: packing.packed(),
    };
    assert_eq!(pairs.queries(), problem.count());

    let garbage = |count: usize| vec![V::Elem::from_f64(f64::NAN); count];
    let (mut weights, mut contexts) = (garbage(pairs.count()), garbage(pairs.queries() * width));
    let scale = problem.scale.map(V::Elem::from_f64);
    match scale {
        Some(scale) => dot::dot_forward::<V>(pairs, size, scale, &queries, &keys, &mut weights),
        None => additive::additive_forward::<V>(pairs, size, &queries, &keys, &score, &mut weights),
    }
    softmax::softmax_forward::<V>(pairs, &mut weights);
    context::context_forward::<V>(pairs, width, &weights, &values, &mut contexts);

    let (d_contexts, mut d_scores): Outputs<V::Elem> = (cast(&upstream.0), cast(&upstream.1));
    let [mut d_queries, mut d_keys, mut d_values, mut d_score] =
        [&queries, &keys, &values, &score].map(|x| vec![V::Elem::ZERO; x.len()]);
    let d = Some(&mut d_values[..]);
    context::context_backward::<V>(
        pairs,
        width,
        &weights,
        &values,
        &d_contexts,
        &mut d_scores,
        d,
    );
    softmax::softmax_backward::<V>(pairs, &weights, &mut d_scores);
    match scale {
        Some(scale) => {
            let (d_queries, d_keys) = (Some(&mut d_queries[..]), Some(&mut d_keys[..]));
            dot::dot_backward::<V>(
                pairs, size, scale, &queries, &keys, &d_scores, d_queries, d_keys,
            );
        }
        None => additive::additive_backward::<V>(
            pairs,
            size,
            &queries,
            &keys,
            &score,
            &d_scores,
            &mut d_queries,
            &mut d_keys,
            &mut d_score,
        ),
    }
    ((contexts, weights), [d_queries, d_keys, d_values, d_score])
}

fn upstream(problem: &Problem) -> Outputs<f64> {
    let (contexts, weights) = reference(problem);
    let mut random = Random::new(4);
    (
        random.normals(contexts.len()),
        random.normals(weights.len()),
    )
}

fn forward<V: Vector>(problem: &Problem, abs: f64, rel: f64) -> Result<(), String> {
    let (expected, (actual, _)) = (reference(problem), solve::<V>(problem, &upstream(problem)));
    assert_close(&actual.1, &expected.1, abs, rel)
        .map_err(|message| format!("weights: {message}"))?;
    assert_close(&actual.0, &expected.0, abs, rel).map_err(|message| format!("context: {message}"))
}

fn gradients(problem: &Problem) -> Result<(), String> {
    let upstream = upstream(problem);
    let (_, [d_queries, d_keys, d_values, d_score]) = solve::<F64>(problem, &upstream);
    let gradients = [
        Gradient {
            name: "queries",
            at: &problem.queries,
            claimed: &d_queries,
        },
        Gradient {
            name: "keys",
            at: &problem.keys,
            claimed: &d_keys,
        },
        Gradient {
            name: "values",
            at: &problem.values,
            claimed: &d_values,
        },
        Gradient {
            name: "score",
            at: &problem.score,
            claimed: &d_score,
        },
    ];
    gradient_check(&gradients, |x| {
        let mut moved = problem.clone();
        [
            &mut moved.queries,
            &mut moved.keys,
            &mut moved.values,
            &mut moved.score,
        ]
        .into_iter()
        .zip(x)
        .for_each(|(into, x)| into.copy_from_slice(x));
        let (contexts, weights) = reference(&moved);
        let weighed = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        weighed(&contexts, &upstream.0) + weighed(&weights, &upstream.1)
    })
}

/// Gradients in `f32` are those in `f64`.
fn widths_agree(problem: &Problem) -> Result<(), String> {
    let upstream = upstream(problem);
    let ((_, narrow), (_, wide)) = (
        solve::<F32>(problem, &upstream),
        solve::<F64>(problem, &upstream),
    );
    for (what, (narrow, wide)) in ["queries", "keys", "values", "score"]
        .iter()
        .zip(narrow.iter().zip(&wide))
    {
        assert_close(narrow, wide, 1e-5, 1e-4).map_err(|message| format!("d_{what}: {message}"))?;
    }
    Ok(())
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: String, problem: &Problem, run: fn(&Problem) -> Result<(), String>| {
        let problem = problem.clone();
        cases.push(Case::new(name, move || run(&problem)));
    };
    let maps: [(&str, &[u32], &[usize]); 6] = [
        (
            "queries of unequal rows",
            &[1, 3, 0, 1, 3, 3, 2],
            &[4, 6, 1, 5],
        ),
        ("each row a query", &[], &[3, 8, 1, 0, 5]),
        ("beams share rows", &[0, 0, 0, 1, 1, 1], &[2, 9]),
        ("a row without keys", &[2, 0, 1, 2], &[3, 0, 5]),
        ("one query, one key", &[0], &[1]),
        ("no queries", &[], &[]),
    ];
    for (map, rows, lengths) in maps {
        for (size, width) in [(1, 1), (5, 7), (8, 32), (35, 66), (4, 31), (17, 64)] {
            let kinds = [
                ("additive", None),
                ("dot", Some(1.0)),
                ("scaled dot", Some(1.0 / (size as f64).sqrt())),
            ];
            for (kind, scale) in kinds {
                let problem = Problem::new(rows, lengths, size, width, scale);
                let name = format!("{kind} {size}, values {width}, {map}");
                add(format!("{name}: f64"), &problem, |p| {
                    forward::<F64>(p, 1e-12, 1e-12)
                });
                add(format!("{name}: f32"), &problem, |p| {
                    forward::<F32>(p, 2e-6, 2e-5)
                });
                add(format!("{name}: gradients f32"), &problem, widths_agree);
                add(format!("{name}: gradients"), &problem, gradients);
            }
        }
    }
    // Scores near a thousand, where exponentials without a shift are infinite.
    let mut steep = Problem::new(&[0, 1, 0], &[4, 3], 6, 3, Some(1.0));
    steep.queries.iter_mut().for_each(|x| *x *= 300.0);
    add("steep scores f32".into(), &steep, |p| {
        let ((contexts, weights), gradients) = solve::<F32>(p, &upstream(p));
        let all = [&contexts, &weights].into_iter().chain(&gradients);
        let finite = all.flatten().all(|x| x.is_finite());
        let one = (weights[..4].iter().sum::<f32>() - 1.0).abs() < 1e-6;
        if finite && one {
            Ok(())
        } else {
            Err(format!("{weights:?}"))
        }
    });
    cases
}
