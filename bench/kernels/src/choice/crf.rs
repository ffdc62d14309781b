//! A CRF's log partition function and best path: over all tags at once, or tag
//! by tag; by probabilities that are scaled at each step, or by logarithms.

use kernels::crf::forward::{lattice_len, log_partition_forward};
use kernels::crf::transitions::{Transitions, prepare, prepared_len};
use kernels::crf::viterbi::{scratch_len, viterbi};
use kernels::packed::Packed;
use simd::{Function, Vector, slice};

use super::{Choice, Way, exactly, spread};
use crate::V;

/// Those of a tagger with four types of entities.
const TAGS: usize = 9;
const STRIDE: usize = TAGS.next_multiple_of(4);
const ROWS: usize = 8;
const TIME: usize = 24;
const STEPS: usize = ROWS * TIME;

/// The result is the log partition function of each row.
pub const fn partition(make: fn() -> Way) -> Choice {
    let exact = || {
        exact(|scores| {
            let most = scores.iter().copied().fold(f64::MIN, f64::max);
            most + scores
                .iter()
                .map(|score| (score - most).exp())
                .sum::<f64>()
                .ln()
        })
    };
    Choice {
        amount: STEPS,
        results: ROWS,
        make,
        exact,
    }
}

/// The result is the score of each row's best path.
pub const fn best_path(make: fn() -> Way) -> Choice {
    let exact = || exact(|scores| scores.iter().copied().fold(f64::MIN, f64::max));
    Choice {
        amount: STEPS,
        results: ROWS,
        make,
        exact,
    }
}

/// Emissions `[time, rows, tags]`, transitions `[tags, tags]`, start, end.
fn given() -> [Vec<f32>; 4] {
    [
        spread(STEPS * TAGS, 1).iter().map(|x| 4.0 * x).collect(),
        spread(TAGS * TAGS, 2),
        spread(TAGS, 3),
        spread(TAGS, 4),
    ]
}

/// Each row's sum over its paths, `join` being the sum of the ways into a tag.
fn exact(join: fn(&[f64]) -> f64) -> Vec<f64> {
    let [emissions, transitions, start, end] = given().map(exactly);
    let emission = |t: usize, row: usize, tag: usize| emissions[(t * ROWS + row) * TAGS + tag];
    (0..ROWS)
        .map(|row| {
            let mut scores: Vec<f64> = (0..TAGS).map(|j| start[j] + emission(0, row, j)).collect();
            for t in 1..TIME {
                let into = |j: usize| {
                    let ways: Vec<f64> = (0..TAGS)
                        .map(|i| scores[i] + transitions[i * TAGS + j])
                        .collect();
                    join(&ways) + emission(t, row, j)
                };
                scores = (0..TAGS).map(into).collect();
            }
            let ends: Vec<f64> = scores
                .iter()
                .zip(&end)
                .map(|(score, end)| score + end)
                .collect();
            join(&ends)
        })
        .collect()
}

/// Rows of one length.
struct Rows {
    lengths: Vec<u32>,
    order: Vec<u32>,
    sizes: Vec<u32>,
    offsets: Vec<u32>,
}

impl Rows {
    fn new() -> Self {
        Self {
            lengths: vec![TIME as u32; ROWS],
            order: (0..ROWS as u32).collect(),
            sizes: vec![ROWS as u32; TIME],
            offsets: (0..=TIME).map(|t| (t * ROWS) as u32).collect(),
        }
    }

    fn packed(&self) -> Packed<'_> {
        Packed {
            lengths: &self.lengths,
            order: &self.order,
            position: &self.order,
            sizes: &self.sizes,
            offsets: &self.offsets,
        }
    }
}

fn prepared() -> Vec<f32> {
    let [_, transitions, start, end] = given();
    let mut prepared = vec![0.0; prepared_len::<V>(TAGS)];
    prepare::<V>(TAGS, &start, &transitions, &end, None, &mut prepared);
    prepared
}

/// Production's: probabilities, scaled at each step, in vectors of tags.
pub fn scaled() -> Way {
    let ([emissions, ..], rows, prepared) = (given(), Rows::new(), prepared());
    let mut lattice = vec![0.0; lattice_len::<V>(TAGS, STEPS)];
    let mut domain = vec![0; ROWS];
    Box::new(move |out| {
        let transitions = Transitions::new::<V>(TAGS, &prepared);
        log_partition_forward::<V>(
            rows.packed(),
            &emissions,
            &transitions,
            &mut lattice,
            &mut domain,
            out,
        );
    })
}

/// As [`scaled`], without vectors.
pub fn scaled_tag_by_tag() -> Way {
    let [emissions, transitions, start, end] = given();
    let exp = |scores: &[f32]| -> Vec<f32> { scores.iter().map(|score| score.exp()).collect() };
    let (transitions, start, end) = (exp(&transitions), exp(&start), exp(&end));
    Box::new(move |out| {
        for (row, out) in out.iter_mut().enumerate() {
            let mut alpha = [0.0; TAGS];
            let mut log_z = 0.0;
            for t in 0..TIME {
                let emission = &emissions[(t * ROWS + row) * TAGS..][..TAGS];
                let before = (t > 0).then_some(alpha);
                log_z += scaled_step(before, emission, &transitions, &start, &mut alpha);
            }
            let total: f32 = alpha.iter().zip(&end).map(|(alpha, end)| alpha * end).sum();
            *out = (log_z + f64::from(total).ln()) as f32;
        }
    })
}

#[inline(never)]
fn scaled_step(
    before: Option<[f32; TAGS]>,
    emission: &[f32],
    transitions: &[f32],
    start: &[f32],
    alpha: &mut [f32; TAGS],
) -> f64 {
    let most = emission.iter().copied().fold(f32::MIN, f32::max);
    for (j, alpha) in alpha.iter_mut().enumerate() {
        let reached = match &before {
            None => start[j],
            Some(before) => (0..TAGS)
                .map(|i| before[i] * transitions[i * TAGS + j])
                .sum(),
        };
        *alpha = reached * (emission[j] - most).exp();
    }
    let scale: f32 = alpha.iter().sum();
    alpha.iter_mut().for_each(|alpha| *alpha /= scale);
    f64::from(scale).ln() + f64::from(most)
}

/// Logarithms of sums of exponentials, in vectors of tags.
pub fn by_logarithms() -> Way {
    let ([emissions, ..], prepared) = (given(), prepared());
    Box::new(move |out| {
        let transitions = Transitions::new::<V>(TAGS, &prepared);
        for (row, out) in out.iter_mut().enumerate() {
            let mut alpha = [0.0; STRIDE];
            alpha.copy_from_slice(transitions.start);
            for t in 0..TIME {
                let mut emission = [0.0; STRIDE];
                emission[..TAGS].copy_from_slice(&emissions[(t * ROWS + row) * TAGS..][..TAGS]);
                if t > 0 {
                    alpha = joined(&alpha, transitions.from);
                }
                slice::accumulate([&emission], &mut alpha, |[x]: [V; 1]| x);
            }
            slice::accumulate([transitions.end], &mut alpha, |[x]: [V; 1]| x);
            let (exp, most) = (<V as Vector>::Exp::new(), slice::max::<V>(&alpha[..TAGS]));
            let shift = V::splat(most);
            let sum = slice::sum([&alpha], |[x]: [V; 1]| exp.apply(x.sub(shift)));
            *out = most + sum.ln();
        }
    })
}

/// `out[j] = log Σ_i exp(alpha[i] + table[i, j])`
#[inline(never)]
fn joined(alpha: &[f32; STRIDE], table: &[f32]) -> [f32; STRIDE] {
    const VECTORS: usize = STRIDE / 4;
    let exp = <V as Vector>::Exp::new();
    let (mut most, mut sums) = ([V::splat(f32::MIN); VECTORS], [V::zero(); VECTORS]);
    let way =
        |i: usize, v: usize| V::load(&table[i * STRIDE + 4 * v..][..4]).add(V::splat(alpha[i]));
    for i in 0..TAGS {
        for (v, most) in most.iter_mut().enumerate() {
            *most = most.max(way(i, v));
        }
    }
    for i in 0..TAGS {
        for (v, sum) in sums.iter_mut().enumerate() {
            *sum = sum.add(exp.apply(way(i, v).sub(most[v])));
        }
    }
    let mut out = [0.0; STRIDE];
    for (v, out) in out.chunks_exact_mut(4).enumerate() {
        most[v].add(sums[v].ln()).store(out);
    }
    out
}

/// Production's: the best way into every tag at once, and no back pointers.
pub fn viterbi_by_vectors() -> Way {
    let ([emissions, ..], rows, prepared) = (given(), Rows::new(), prepared());
    let mut scratch = vec![0.0; scratch_len::<V>(TAGS, STEPS)];
    let mut path = vec![0; STEPS];
    Box::new(move |out| {
        let transitions = Transitions::new::<V>(TAGS, &prepared);
        viterbi::<V>(
            rows.packed(),
            &emissions,
            &transitions,
            &mut scratch,
            &mut path,
            out,
        );
    })
}

/// Tag by tag, with back pointers.
pub fn viterbi_tag_by_tag() -> Way {
    let [emissions, transitions, start, end] = given();
    let (mut back, mut path) = (vec![0_u8; STEPS * TAGS], vec![0_u8; STEPS]);
    Box::new(move |out| {
        for (row, out) in out.iter_mut().enumerate() {
            let mut scores = [0.0; TAGS];
            for t in 0..TIME {
                let at = (t * ROWS + row) * TAGS;
                let (emission, back) = (&emissions[at..][..TAGS], &mut back[at..][..TAGS]);
                let before = (t > 0).then_some(scores);
                best_step(before, emission, &transitions, &start, &mut scores, back);
            }
            let last =
                (0..TAGS).max_by(|&i, &j| (scores[i] + end[i]).total_cmp(&(scores[j] + end[j])));
            let mut tag = last.unwrap_or_default();
            *out = scores[tag] + end[tag];
            for t in (0..TIME).rev() {
                path[t * ROWS + row] = tag as u8;
                tag = usize::from(back[(t * ROWS + row) * TAGS + tag]);
            }
        }
    })
}

#[inline(never)]
fn best_step(
    before: Option<[f32; TAGS]>,
    emission: &[f32],
    transitions: &[f32],
    start: &[f32],
    scores: &mut [f32; TAGS],
    back: &mut [u8],
) {
    for j in 0..TAGS {
        let mut best = (start[j], 0);
        if let Some(before) = &before {
            best.0 = f32::MIN;
            for (i, before) in before.iter().enumerate() {
                let score = before + transitions[i * TAGS + j];
                if score > best.0 {
                    best = (score, i);
                }
            }
        }
        (scores[j], back[j]) = (best.0 + emission[j], best.1 as u8);
    }
}
