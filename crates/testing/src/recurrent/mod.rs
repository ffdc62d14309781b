//! What the suites of recurrent layers share: a reference that goes through one
//! row and one step after the other in f64, and the comparisons with it.

mod problem;

use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::sequence::Direction;
use simd::{Element, F32, F64, Vector};

use crate::Case;
use problem::Problem;

/// One layer in one direction: a reference step, and the kernels under test.
pub trait Layer: Copy + 'static {
    /// The layer, in words.
    fn name(&self) -> String;

    /// Numbers of an input step.
    fn input_size(&self) -> usize;

    /// Numbers of each state; the first one is the output.
    fn state_sizes(&self) -> Vec<usize>;

    /// Names and layouts of the weights and biases.
    fn weights(&self) -> Vec<(&'static str, WeightLayout)>;

    /// One step of one row by the definition. Weights are plain, in the order of
    /// [`Layer::weights`].
    fn step(&self, weights: &[&[f64]], x: &[f64], states: &mut [Vec<f64>]);

    /// The kernels: forward and, if `upstream` is there, backward.
    fn run<V: Vector>(
        &self,
        steps: Packed<'_>,
        direction: Direction,
        x: &[V::Elem],
        states: &mut [Vec<V::Elem>],
        weights: &[Vec<V::Elem>],
        y: Columns<'_, V::Elem>,
        upstream: Option<Upstream<'_, V::Elem>>,
    ) -> Option<Downstream<V::Elem>>;
}

/// A column range of a wider row-major matrix.
pub struct Columns<'a, E> {
    /// From the range's first column on.
    pub data: &'a mut [E],
    /// Numbers of a whole row.
    pub stride: usize,
}

/// Gradients that arrive: of y in the columns of a wider matrix, and of the
/// final states, which become those of the initial ones.
pub struct Upstream<'a, E> {
    /// Of y, from its first column on, with the stride of y.
    pub d_y: &'a [E],
    /// Of the states, rows sorted and padded.
    pub d_states: &'a mut [Vec<E>],
}

/// Gradients that leave.
pub struct Downstream<E> {
    /// Of the input.
    pub d_x: Vec<E>,
    /// Of the weights, packed, in the order of [`Layer::weights`].
    pub d_weights: Vec<Vec<E>>,
}

/// A buffer that a kernel must fill before it reads.
pub fn garbage<E: Element>(len: usize) -> Vec<E> {
    vec![E::from_f64(f64::NAN); len]
}

/// A gradient that a kernel must add to.
const PRESENT: f64 = 0.25;

/// Lengths for full gradient checks: few rows, for there are many differences.
const SMALL: &[&[usize]] = &[&[3], &[4, 1, 3], &[2, 2, 2, 2, 2], &[0, 2]];

/// Lengths for everything else: one row, whole tiles, remainders of one to
/// three rows, more than a stretch of steps, more than a product sums, rows without steps,
/// no rows.
const LARGE: &[&[usize]] = &[
    &[1],
    &[9],
    &[7, 7, 7, 7],
    &[5, 3, 1, 8, 6],
    &[70, 69, 3],
    &[260, 4],
    &[4, 0, 2, 9, 1, 1, 12, 7, 7, 3, 2, 5, 6, 8, 4, 10, 11],
    &[0, 0],
    &[],
];

/// Every check of a kind of layer: `small` ones element by element, `large` ones
/// along directions.
pub fn cases<L: Layer>(small: &[L], large: &[L]) -> Vec<Case> {
    let mut cases = Vec::new();
    let directions = [Direction::Forward, Direction::Reverse];
    let problems = |layers: &[L], lengths: &[&'static [usize]]| {
        let mut problems = Vec::new();
        for &layer in layers {
            for &lengths in lengths {
                for direction in directions {
                    for given_state in [false, true] {
                        problems.push(Problem {
                            layer,
                            lengths,
                            direction,
                            given_state,
                        });
                    }
                }
            }
        }
        problems
    };
    for problem in problems(small, SMALL) {
        cases.push(Case::new(
            format!("gradients, {}", problem.name()),
            move || problem.check_gradients(),
        ));
    }
    for problem in problems(large, LARGE) {
        let name = problem.name();
        cases.push(Case::new(format!("f32, {name}"), move || {
            problem.check_outputs::<F32>(3e-5)
        }));
        cases.push(Case::new(format!("f64, {name}"), move || {
            problem.check_outputs::<F64>(1e-12)
        }));
        cases.push(Case::new(format!("directions, {name}"), move || {
            problem.check_directions()
        }));
    }
    cases
}

/// W·x + b, for references.
pub fn affine(weight: &[f64], bias: &[f64], x: &[f64]) -> Vec<f64> {
    let dot = |row: &[f64]| row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
    weight
        .chunks_exact(x.len())
        .zip(bias)
        .map(|(row, b)| dot(row) + b)
        .collect()
}

/// 1 / (1 + e⁻ˣ), for references.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The input's gradient as it is before a kernel adds to it.
pub fn present<E: Element>(x: &[E]) -> Vec<E> {
    vec![E::from_f64(PRESENT); x.len()]
}

/// The weights' gradients as they are before a kernel adds to them; padding is
/// zero.
pub fn present_weights<E: Element>(layer: &impl Layer) -> Vec<Vec<E>> {
    let of_layout = |(_, layout): (_, WeightLayout)| {
        let mut packed = garbage(layout.len());
        layout.pack(
            &vec![E::from_f64(PRESENT); layout.gates * layout.units * layout.inputs],
            &mut packed,
        );
        packed
    };
    layer.weights().into_iter().map(of_layout).collect()
}
