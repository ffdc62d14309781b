//! A CRF by enumeration of every path, in `f64`: the definition itself.

use kernels::crf::transitions::FORBIDDEN;

/// The parameters of a CRF, forbidden ones already replaced by their score.
pub struct Model {
    pub tags: usize,
    pub start: Vec<f64>,
    pub transitions: Vec<f64>,
    pub end: Vec<f64>,
}

/// Owned masks of what is allowed.
#[derive(Clone, Debug)]
pub struct Masks {
    pub start: Vec<bool>,
    pub transitions: Vec<bool>,
    pub end: Vec<bool>,
}

impl Model {
    pub fn new(
        tags: usize,
        start: &[f64],
        transitions: &[f64],
        end: &[f64],
        masks: Option<&Masks>,
    ) -> Self {
        let apply = |scores: &[f64], allowed: Option<&Vec<bool>>| -> Vec<f64> {
            let score = |(at, &score): (usize, &f64)| {
                if allowed.is_none_or(|a| a[at]) {
                    score
                } else {
                    FORBIDDEN
                }
            };
            scores.iter().enumerate().map(score).collect()
        };
        Self {
            tags,
            start: apply(start, masks.map(|m| &m.start)),
            transitions: apply(transitions, masks.map(|m| &m.transitions)),
            end: apply(end, masks.map(|m| &m.end)),
        }
    }

    /// The log partition function, or with `best` the best score, of a row too
    /// long for enumeration: the textbook recursion, with logarithms all the
    /// way.
    pub fn recursion(&self, emissions: &[f64], best: bool) -> f64 {
        let join = |terms: Vec<f64>| {
            let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum = terms.iter().map(|term| (term - most).exp()).sum::<f64>();
            if best { most } else { most + sum.ln() }
        };
        let mut scores = self.start.clone();
        for (t, emission) in emissions.chunks(self.tags).enumerate() {
            if t > 0 {
                let into = |j: usize| {
                    join(
                        (0..self.tags)
                            .map(|i| scores[i] + self.transitions[i * self.tags + j])
                            .collect(),
                    )
                };
                scores = (0..self.tags).map(into).collect();
            }
            scores
                .iter_mut()
                .zip(emission)
                .for_each(|(score, e)| *score += e);
        }
        join(
            scores
                .iter()
                .zip(&self.end)
                .map(|(score, end)| score + end)
                .collect(),
        )
    }

    /// The score of a path through a row of emissions `[length, tags]`.
    pub fn score(&self, emissions: &[f64], path: &[usize]) -> f64 {
        let emitted: f64 = path
            .iter()
            .enumerate()
            .map(|(t, &tag)| emissions[t * self.tags + tag])
            .sum();
        let moved: f64 = path
            .windows(2)
            .map(|pair| self.transitions[pair[0] * self.tags + pair[1]])
            .sum();
        emitted + moved + self.start[path[0]] + self.end[path[path.len() - 1]]
    }
}

/// Every path through one row, best first.
pub struct Paths {
    pub paths: Vec<(f64, Vec<usize>)>,
    pub log_partition: f64,
}

impl Paths {
    pub fn enumerate(model: &Model, emissions: &[f64]) -> Self {
        let length = emissions.len() / model.tags;
        let count = model.tags.pow(length as u32);
        let mut paths: Vec<(f64, Vec<usize>)> = (0..count)
            .map(|number| {
                let path: Vec<usize> = (0..length)
                    .map(|t| number / model.tags.pow(t as u32) % model.tags)
                    .collect();
                (model.score(emissions, &path), path)
            })
            .collect();
        paths.sort_by(|a, b| b.0.total_cmp(&a.0));
        let most = paths[0].0;
        let log_partition = most
            + paths
                .iter()
                .map(|(score, _)| (score - most).exp())
                .sum::<f64>()
                .ln();
        Self {
            paths,
            log_partition,
        }
    }

    /// The probability that a path satisfies `holds`.
    pub fn probability(&self, holds: impl Fn(&[usize]) -> bool) -> f64 {
        let chosen = self.paths.iter().filter(|(_, path)| holds(path));
        chosen
            .map(|(score, _)| (score - self.log_partition).exp())
            .sum()
    }
}
