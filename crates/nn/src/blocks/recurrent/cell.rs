//! One layer in one direction of any kind.

use kernels::gemm::WeightLayout;
use kernels::packed::Packed;
use kernels::reduce::add_rows;
use kernels::sequence::{Direction, input_gradient, weight_gradient, weight_gradient_scratch};
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
    fn derived(&self) -> usize;

    /// Fills the derived numbers.
    fn prepare(&self, weights: Weights<'_, V::Elem>, derived: &mut [V::Elem]);

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

/// From the gradients of the pre-activations' input part to those of the input,
/// of `weight_ih` (parameter 0) and of its bias (2).
pub fn input_products<V: Vector>(
    layer: Layer<'_, V::Elem>,
    d_gates: &[V::Elem],
    weight_ih: WeightLayout,
    d_x: Option<&mut [V::Elem]>,
    d_params: &mut ParamGradients<'_, V::Elem>,
    scratch: &mut [V::Elem],
) {
    if let Some(d_x) = d_x {
        input_gradient::<V>(d_gates, layer.weights.get(0), weight_ih, d_x);
    }
    if let Some(d_weight) = d_params.get(layer.weights.index(0)) {
        let (x, stride) = (layer.x, weight_ih.inputs);
        weight_gradient::<V>(d_gates, None, x, stride, weight_ih, d_weight, scratch);
    }
    bias_sums::<V>(layer, d_gates, 2, d_params);
}

/// From the gradients of the pre-activations' state part, of all gates or of one,
/// to that of a weight `i` which multiplies `rows`, `stride` numbers apart.
pub fn state_product<V: Vector>(
    layer: Layer<'_, V::Elem>,
    d_gates: &[V::Elem],
    gate: Option<usize>,
    rows: &[V::Elem],
    stride: usize,
    i: usize,
    weight: WeightLayout,
    d_params: &mut ParamGradients<'_, V::Elem>,
    scratch: &mut [V::Elem],
) {
    if let Some(d_weight) = d_params.get(layer.weights.index(i)) {
        weight_gradient::<V>(d_gates, gate, rows, stride, weight, d_weight, scratch);
    }
}

/// From the gradients of the pre-activations' parts to that of bias `i`, if
/// there are biases.
pub fn bias_sums<V: Vector>(
    layer: Layer<'_, V::Elem>,
    d_gates: &[V::Elem],
    i: usize,
    d_params: &mut ParamGradients<'_, V::Elem>,
) {
    if layer.weights.bias
        && let Some(d_bias) = d_params.get(layer.weights.index(i))
    {
        add_rows::<V>(d_gates, d_bias);
    }
}

/// Numbers that the weights' gradients need.
pub fn products_scratch<const N: usize>(
    steps: Packed<'_>,
    weight_ih: WeightLayout,
    others: [WeightLayout; N],
) -> usize {
    let scratch = |weight| weight_gradient_scratch(steps.steps(), weight);
    others
        .into_iter()
        .map(scratch)
        .fold(scratch(weight_ih), usize::max)
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
