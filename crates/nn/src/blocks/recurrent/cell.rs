//! One layer in one direction of any kind.

use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::sequence::{
    Direction, GateGradients, bias_gradient, input_gradient, input_gradient_scratch,
    weight_gradient, weight_gradient_scratch,
};
use simd::{Element, Vector};

use crate::context::{ParamGradients, ParamView};
use crate::init::Init;

/// States that a kind has at most: h, and c.
pub const STATES: usize = 2;

/// One layer in one direction: its sizes, its weights, its kernels. What
/// surrounds it calls it by reference, so that the artifact has that once.
pub trait Cell<V: Vector>: Send + Sync {
    /// The same layer for inputs of another size.
    fn with_input(&self, input_size: usize) -> Box<dyn Cell<V>>;

    /// Numbers of each state; the first is the output, 0 means there is none.
    fn state_sizes(&self) -> [usize; STATES];

    /// Names and layouts of the parameters; biases are the third and fourth.
    fn weights(&self, bias: bool) -> Vec<(&'static str, WeightLayout)>;

    /// How a parameter starts.
    fn init(&self, name: &str) -> Init;

    /// Numbers derived from the parameters.
    fn derived(&self, training: bool) -> usize;

    /// Fills the derived numbers.
    fn prepare(&self, weights: Weights<'_, V::Elem>, derived: &mut [V::Elem], training: bool);

    /// Numbers kept for backward, or worked on in inference.
    fn saved(&self, steps: Packed<'_>, training: bool) -> usize;

    /// Numbers of scratch in a forward pass.
    fn forward_scratch(&self, steps: Packed<'_>) -> usize;

    /// Numbers of scratch in a backward pass.
    fn backward_scratch(&self, steps: Packed<'_>) -> usize;

    /// All steps forward. States hold the initial values and then the final
    /// ones.
    fn forward(
        &self,
        layer: Layer<'_, V::Elem>,
        states: [&mut [V::Elem]; STATES],
        y: &mut [V::Elem],
        saved: &mut [V::Elem],
        scratch: &mut [V::Elem],
    );

    /// All steps backward. `d_states` holds the gradients of the final states
    /// and then those of the initial ones.
    fn backward(
        &self,
        layer: Layer<'_, V::Elem>,
        saved: &[V::Elem],
        d_y: &[V::Elem],
        d_states: [&mut [V::Elem]; STATES],
        d_x: Option<&mut [V::Elem]>,
        d_params: &mut ParamGradients<'_, V::Elem>,
        scratch: &mut [V::Elem],
    );
}

/// The parameters of one layer in one direction.
#[derive(Clone, Copy)]
pub struct Weights<'a, E> {
    /// The node's parameters.
    pub params: ParamView<'a, E>,
    /// The first of this layer and direction.
    pub first: usize,
    /// Whether there are biases.
    pub bias: bool,
}

impl<'a, E: Element> Weights<'a, E> {
    /// Parameter `i` in the order of [`Cell::weights`].
    pub fn get(&self, i: usize) -> &'a [E] {
        self.params.get(self.index(i))
    }

    /// Its index in the node.
    pub fn index(&self, i: usize) -> usize {
        self.first + i
    }
}

/// What one layer in one direction works with in both passes.
#[derive(Clone, Copy)]
pub struct Layer<'a, E> {
    pub steps: Packed<'a>,
    pub direction: Direction,
    pub training: bool,
    pub weights: Weights<'a, E>,
    pub derived: &'a [E],
    pub x: &'a [E],
    /// Numbers of a whole row of y, of which this direction has a column range.
    pub y_stride: usize,
}

/// Takes the first `count` numbers off a slice.
pub fn take<'a, E>(memory: &mut &'a mut [E], count: usize) -> &'a mut [E] {
    let (piece, rest) = std::mem::take(memory).split_at_mut(count);
    *memory = rest;
    piece
}

/// As [`take`], of a slice that is only read.
pub fn take_read<'a, E>(memory: &mut &'a [E], count: usize) -> &'a [E] {
    let (piece, rest) = memory.split_at(count);
    *memory = rest;
    piece
}

/// The gates of a weight and the blocks of gradients that belong to them.
type Gates<'a> = &'a [(usize, usize)];

/// From the gradients of the pre-activations to those of the input, of
/// `weight_ih` (parameter 0) and of both biases.
pub fn input_products<V: Vector>(
    layer: Layer<'_, V::Elem>,
    d_gates: GateGradients<'_, V::Elem>,
    input_gates: Gates<'_>,
    state_gates: Gates<'_>,
    weight_ih: WeightLayout,
    transposed_ih: &[V::Elem],
    d_x: Option<&mut [V::Elem]>,
    d_params: &mut ParamGradients<'_, V::Elem>,
    scratch: &mut [V::Elem],
) {
    if let Some(d_x) = d_x {
        input_gradient::<V>(d_gates, weight_ih, transposed_ih, d_x, scratch);
    }
    if let Some(d_weight) = d_params.get(layer.weights.index(0)) {
        let x_stride = weight_ih.inputs;
        weight_gradient::<V>(
            d_gates,
            input_gates,
            layer.x,
            x_stride,
            weight_ih,
            d_weight,
            scratch,
        );
    }
    if layer.weights.bias {
        for (i, gates) in [(2, input_gates), (3, state_gates)] {
            if let Some(d_bias) = d_params.get(layer.weights.index(i)) {
                bias_gradient::<V>(d_gates, gates, weight_ih.gates, d_bias);
            }
        }
    }
}

/// From the gradients of the pre-activations to that of a weight `i` which
/// multiplies `rows`, `stride` numbers apart.
pub fn state_product<V: Vector>(
    layer: Layer<'_, V::Elem>,
    d_gates: GateGradients<'_, V::Elem>,
    gates: Gates<'_>,
    rows: &[V::Elem],
    stride: usize,
    i: usize,
    weight: WeightLayout,
    d_params: &mut ParamGradients<'_, V::Elem>,
    scratch: &mut [V::Elem],
) {
    if let Some(d_weight) = d_params.get(layer.weights.index(i)) {
        weight_gradient::<V>(d_gates, gates, rows, stride, weight, d_weight, scratch);
    }
}

/// Numbers that the products need.
pub fn products_scratch<const N: usize>(
    steps: Packed<'_>,
    weight_ih: WeightLayout,
    others: [WeightLayout; N],
) -> usize {
    let input = input_gradient_scratch(steps.steps(), weight_ih);
    let others = others
        .into_iter()
        .map(|weight| weight_gradient_scratch(steps.steps(), weight))
        .max();
    input
        .max(weight_gradient_scratch(steps.steps(), weight_ih))
        .max(others.unwrap_or(0))
}

/// The sum of both biases; zeros without.
pub fn sum_biases<E: Element>(weights: Weights<'_, E>, sum: &mut [E]) {
    if !weights.bias {
        return sum.fill(E::ZERO);
    }
    for (sum, (&a, &b)) in sum
        .iter_mut()
        .zip(weights.get(2).iter().zip(weights.get(3)))
    {
        *sum = a + b;
    }
}

/// Numbers that [`transpose_all`] makes of these weights.
pub fn transposes<const N: usize>(weights: [WeightLayout; N]) -> usize {
    weights.iter().map(WeightLayout::transposed_len).sum()
}

/// The transposes of the weights whose parameters and layouts are given, one
/// after the other.
pub fn transpose_all<E: Element, const N: usize>(
    weights: [(&[E], WeightLayout); N],
    mut out: &mut [E],
) {
    for (weight, layout) in weights {
        layout.transpose_into(weight, take(&mut out, layout.transposed_len()));
    }
}
