//! Problems for a CRF, and everything that the kernels say about one.

use kernels::crf::{Allowed, Gradients, Transitions, forward, marginals, transitions, viterbi};
use simd::{Element, Vector};

use super::enumeration::{Masks, Model};
use crate::packing::Packing;
use crate::random::Random;

/// A batch and a model.
#[derive(Clone)]
pub struct Problem {
    pub tags: usize,
    pub lengths: Vec<usize>,
    pub emissions: Vec<f64>,
    pub start: Vec<f64>,
    pub transitions: Vec<f64>,
    pub end: Vec<f64>,
    pub masks: Option<Masks>,
    pub path: Vec<i32>,
}

impl Problem {
    pub fn new(tags: usize, lengths: &[usize], emission_scale: f64, transition_scale: f64) -> Self {
        let mut random = Random::new(tags as u64 * 1000 + lengths.len() as u64);
        let steps: usize = lengths.iter().sum();
        // Numbers that `f32` holds exactly, so that both widths solve the same
        // problem.
        let mut numbers = |count: usize, scale: f64| -> Vec<f64> {
            (0..count)
                .map(|_| f64::from((random.normal() * scale) as f32))
                .collect()
        };
        Self {
            tags,
            lengths: lengths.to_vec(),
            emissions: numbers(steps * tags, emission_scale),
            start: numbers(tags, transition_scale),
            transitions: numbers(tags * tags, transition_scale),
            end: numbers(tags, transition_scale),
            masks: None,
            path: Random::new(7).ids(steps, tags),
        }
    }

    /// Forbids about a third of everything at random, but never all.
    pub fn constrained(mut self) -> Self {
        let mut random = Random::new(99);
        let mut mask = |count: usize| -> Vec<bool> {
            let mut mask: Vec<bool> = (0..count)
                .map(|_| random.uniform(0.0, 1.0) > 0.35)
                .collect();
            mask[0] = true;
            mask
        };
        self.masks = Some(Masks {
            start: mask(self.tags),
            transitions: mask(self.tags * self.tags),
            end: mask(self.tags),
        });
        self
    }

    /// Forbids every transition, so that rows of two steps and more must break
    /// the rules.
    pub fn impossible(mut self) -> Self {
        self.masks = Some(Masks {
            start: vec![true; self.tags],
            transitions: vec![false; self.tags * self.tags],
            end: vec![true; self.tags],
        });
        self
    }

    pub fn shifted(mut self, by: f64) -> Self {
        self.emissions
            .iter_mut()
            .for_each(|x| *x = f64::from((*x + by) as f32));
        self
    }

    pub fn allowed(&self) -> Option<Allowed<'_>> {
        self.masks.as_ref().map(|masks| Allowed {
            start: &masks.start,
            transitions: &masks.transitions,
            end: &masks.end,
        })
    }

    pub fn model(&self) -> Model {
        Model::new(
            self.tags,
            &self.start,
            &self.transitions,
            &self.end,
            self.masks.as_ref(),
        )
    }

    /// Emissions of one row, gathered.
    pub fn row(&self, steps: &[usize]) -> Vec<f64> {
        steps
            .iter()
            .flat_map(|&step| self.emissions[step * self.tags..][..self.tags].to_vec())
            .collect()
    }
}

pub fn cast<E: Element>(x: &[f64]) -> Vec<E> {
    x.iter().map(|&x| E::from_f64(x)).collect()
}

/// Everything the kernels say about a problem.
pub struct Solution<E> {
    pub log_likelihood: Vec<E>,
    pub log_partition: Vec<E>,
    pub domain: Vec<i32>,
    pub marginals: Vec<E>,
    /// Along the best path.
    pub conditionals: Vec<E>,
    /// Along the given path.
    pub given_conditionals: Vec<E>,
    pub best_path: Vec<i32>,
    pub best_score: Vec<E>,
    pub d_emissions: Vec<E>,
    pub d_start: Vec<E>,
    pub d_transitions: Vec<E>,
    pub d_end: Vec<E>,
}

/// Upstream gradients of the two outputs for each row.
pub fn upstream<E: Element>(rows: usize) -> (Vec<E>, Vec<E>) {
    let mut random = Random::new(5);
    (random.normals(rows), random.normals(rows))
}

pub fn solve<V: Vector>(problem: &Problem) -> Solution<V::Elem> {
    let zeros = |count: usize| vec![V::Elem::ZERO; count];
    let (tags, rows) = (problem.tags, problem.lengths.len());
    let packing = Packing::new(&problem.lengths);
    let packed = packing.packed();
    let steps = packed.steps();
    let emissions: Vec<V::Elem> = cast(&problem.emissions);

    let mut prepared = zeros(transitions::prepared_len::<V>(tags));
    let (start, table, end) = (
        cast(&problem.start),
        cast(&problem.transitions),
        cast(&problem.end),
    );
    transitions::prepare::<V>(tags, &start, &table, &end, problem.allowed(), &mut prepared);
    let transitions = Transitions::new::<V>(tags, &prepared);

    // Memory arrives with whatever was in it.
    let garbage = |count: usize| vec![V::Elem::from_f64(f64::NAN); count];
    let mut lattice = garbage(forward::lattice_len::<V>(tags, steps));
    let (mut domain, mut log_likelihood, mut log_partition) =
        (vec![-7; rows], garbage(rows), garbage(rows));
    let path = &problem.path;
    forward::log_likelihood_forward::<V>(
        packed,
        &emissions,
        &transitions,
        path,
        None,
        &mut lattice,
        &mut domain,
        &mut log_likelihood,
        &mut log_partition,
    );

    let mut d_emissions = zeros(steps * tags);
    let (mut d_start, mut d_transitions, mut d_end) =
        (zeros(tags), zeros(tags * tags), zeros(tags));
    let (d_log_likelihood, d_log_partition) = upstream(rows);
    forward::log_likelihood_backward::<V>(
        packed,
        &transitions,
        problem.allowed(),
        path,
        &lattice,
        &domain,
        &d_log_likelihood,
        &d_log_partition,
        &mut garbage(forward::backward_scratch_len::<V>(tags, steps)),
        Gradients {
            d_emissions: Some(&mut d_emissions),
            d_start: Some(&mut d_start),
            d_transitions: Some(&mut d_transitions),
            d_end: Some(&mut d_end),
        },
    );

    let (mut best_path, mut best_score) = (vec![-7; steps], garbage(rows));
    let mut scratch = garbage(viterbi::scratch_len::<V>(tags, steps));
    viterbi::viterbi::<V>(
        packed,
        &emissions,
        &transitions,
        &mut scratch,
        &mut best_path,
        &mut best_score,
    );

    let mut scratch = garbage(marginals::scratch_len::<V>(tags, steps));
    let mut single = garbage(steps * tags);
    marginals::marginals::<V>(
        packed,
        &transitions,
        &lattice,
        &domain,
        &mut scratch,
        &mut single,
    );
    let [conditionals, given_conditionals] = [&best_path, path].map(|path| {
        let mut conditionals = garbage(steps * tags);
        marginals::conditionals::<V>(
            packed,
            &transitions,
            &domain,
            &scratch,
            &single,
            path,
            &mut conditionals,
        );
        conditionals
    });
    Solution {
        log_likelihood,
        log_partition,
        domain,
        marginals: single,
        conditionals,
        given_conditionals,
        best_path,
        best_score,
        d_emissions,
        d_start,
        d_transitions,
        d_end,
    }
}
