//! Choices other than tiles: production's own kernel beside what it might have
//! been, on the same numbers.

mod adam;
mod additive;
mod cell;
mod crf;
mod transpose;

use adam::{FEW, MANY};

/// Computes something once, into numbers that are zero before the first time and
/// are left alone in between.
pub type Way = Box<dyn FnMut(&mut [f32])>;

/// A way to compute what `exact` gives in double precision.
pub struct Choice {
    /// How many things one computation has, of which the time is told.
    pub amount: usize,
    /// How many numbers it gives.
    pub results: usize,
    pub make: fn() -> Way,
    pub exact: fn() -> Vec<f64>,
}

/// In the order of `bench/kernels/run.mjs`.
pub const CHOICES: [Choice; 20] = [
    cell::choice(cell::in_registers),
    cell::choice(cell::by_passes),
    crf::partition(crf::scaled),
    crf::partition(crf::scaled_tag_by_tag),
    crf::partition(crf::by_logarithms),
    crf::best_path(crf::viterbi_by_vectors),
    crf::best_path(crf::viterbi_tag_by_tag),
    additive::choice(additive::fused),
    additive::choice(additive::stored),
    transpose::choice::<1>(transpose::by_dots::<1>),
    transpose::choice::<1>(transpose::by_transpose::<1>),
    transpose::choice::<4>(transpose::by_dots::<4>),
    transpose::choice::<4>(transpose::by_transpose::<4>),
    adam::choice::<MANY>(adam::in_one_pass::<MANY>, adam::exact::<MANY>),
    adam::choice::<MANY>(adam::in_three_passes::<MANY>, adam::exact::<MANY>),
    adam::choice::<FEW>(adam::in_one_pass::<FEW>, adam::exact::<FEW>),
    adam::choice::<FEW>(adam::root_and_division, adam::roots),
    adam::choice::<FEW>(adam::all_but, adam::products),
    adam::choice::<FEW>(adam::shared, adam::exact::<FEW>),
    adam::choice::<FEW>(adam::by_newton, adam::exact::<FEW>),
];

/// Numbers within -1 and 1, neither round nor equal; `seed` tells lists apart.
fn spread(count: usize, seed: usize) -> Vec<f32> {
    let number = |i: usize| ((i * 37 + seed * 11) % 101) as f32 / 50.0 - 1.0;
    (0..count).map(number).collect()
}

fn exactly(numbers: Vec<f32>) -> Vec<f64> {
    numbers.into_iter().map(f64::from).collect()
}
