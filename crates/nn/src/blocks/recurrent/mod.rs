//! What RNN, LSTM and GRU share: layers, directions, states, dropout between
//! layers. One layer in one direction is a [`Cell`].
//!
//! Names follow PyTorch: `weight_ih_l0`, `bias_hh_l1_reverse` … States of all
//! layers and directions lie side by side, `[l0, l0_reverse, l1, …]`, in the
//! order of the axis's rows.

mod cell;
mod passes;

use std::ops::Range;

pub(super) use cell::{
    Cell, Layer, Weights, input_products, products_scratch, state_product, sum_biases, take,
    take_read, transpose_all, transposes,
};

use kernels::cell::padded;
use kernels::packed::Packed;
use simd::{Element, Vector};

use crate::axis::Axis;
use crate::block::{Build, Built};
use crate::context::ParamView;
use crate::error::Error;
use crate::fields::Bounds;
use crate::value::{AxisId, Space, ValueType};
use cell::STATES;

/// The block: layers of one kind.
struct Recurrent<C> {
    axis: AxisId,
    /// The first layer; the others read its outputs.
    first: C,
    layers: usize,
    directions: usize,
    bias: bool,
    dropout: f64,
    /// Parameters of one layer in one direction.
    weights: usize,
}

/// Reads the configuration that all kinds share and makes the block of a kind
/// whose first layer is `cell(input_size, hidden_size)`.
///
/// Inputs: steps of an axis, and optionally the initial states in the space of
/// the axis's rows. Configuration: `hidden_size`, `num_layers` (1),
/// `bidirectional` (false), `bias` (true), `dropout` between layers (0).
/// Outputs: `y` and the final states.
pub(super) fn build<V: Vector, C: Cell>(
    build: &mut Build<'_, V::Elem>,
    cell: impl FnOnce(&Build<'_, V::Elem>, usize, usize) -> Result<C, Error>,
) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1 + C::FINAL.len())?;
    let (axis, input_size) = build.steps(0)?;
    let hidden_size = build.config.size("hidden_size")?;
    let layers = match build.config.usize_or("num_layers", 1)? {
        0 => return Err(build.error("config.num_layers: expected at least 1, got 0")),
        layers => layers,
    };
    let directions = if build.config.bool_or("bidirectional", false)? {
        2
    } else {
        1
    };
    let bias = build.config.bool_or("bias", true)?;
    let dropout = build.config.f64_or("dropout", 0.0, Bounds::UNIT)?;
    let first = cell(build, input_size, hidden_size)?;
    let weights = first.weights(bias).len();
    let block = Recurrent {
        axis,
        first,
        layers,
        directions,
        bias,
        dropout,
        weights,
    };

    for layer in 0..layers {
        for direction in 0..directions {
            let cell = block.cell(layer);
            for (name, layout) in cell.weights(bias) {
                let rows = layout.gates * layout.units;
                let shape: &[usize] = if name.starts_with("bias") {
                    &[rows]
                } else {
                    &[rows, layout.inputs]
                };
                let reverse = if direction == 1 { "_reverse" } else { "" };
                build.packed(
                    &format!("{name}_l{layer}{reverse}"),
                    shape,
                    layout,
                    cell.init(name),
                )?;
            }
        }
    }

    let mut outputs = vec![(
        "y",
        ValueType::Matrix {
            space: Space::Steps(axis),
            width: block.width(),
        },
    )];
    let space = build.parent(axis);
    for (i, (&name, size)) in C::FINAL.iter().zip(first.state_sizes()).enumerate() {
        let width = layers * directions * size;
        outputs.push((name, ValueType::Matrix { space, width }));
        if i + 1 < build.inputs.len() {
            build.expect_matrix(i + 1, space, width)?;
        }
    }
    Built::many(block, outputs)
}

impl<C: Cell> Recurrent<C> {
    /// The layer at a depth.
    fn cell(&self, layer: usize) -> C {
        if layer == 0 {
            self.first
        } else {
            self.first.with_input(self.width())
        }
    }

    /// Every layer and direction, and its place among all.
    fn cells(&self) -> impl Iterator<Item = (usize, C)> + '_ {
        (0..self.layers * self.directions).map(|place| (place, self.cell(place / self.directions)))
    }

    /// Numbers of an output step.
    fn width(&self) -> usize {
        self.directions * self.first.state_sizes()[0]
    }

    /// Whether there is dropout between layers.
    fn drops(&self, training: bool) -> bool {
        training && self.dropout > 0.0 && self.layers > 1
    }

    /// Outputs of inner layers that are kept: all of them, or in inference one
    /// to read and one to write.
    fn inner(&self, training: bool) -> usize {
        if training {
            self.layers - 1
        } else {
            (self.layers - 1).min(2)
        }
    }

    /// The part of the inner outputs that belongs to a layer.
    fn inner_range(&self, steps: Packed<'_>, training: bool, layer: usize) -> Range<usize> {
        let len = steps.steps() * self.width();
        let at = layer % self.inner(training).max(1) * len;
        at..at + len
    }

    /// Numbers that the cells keep, all together; in inference they share.
    fn saved(&self, steps: Packed<'_>, training: bool) -> usize {
        let each = self.cells().map(|(_, cell)| cell.saved(steps, training));
        if training {
            each.sum()
        } else {
            each.max().unwrap_or(0)
        }
    }

    /// Numbers of each state of all rows, padded.
    fn state_lens(&self, steps: Packed<'_>) -> [usize; STATES] {
        self.first
            .state_sizes()
            .map(|size| steps.rows() * padded(size))
    }

    fn weights<'a, E>(&self, params: ParamView<'a, E>, place: usize) -> Weights<'a, E> {
        Weights {
            params,
            first: place * self.weights,
            bias: self.bias,
        }
    }

    /// The first column of a direction in y, which may have no rows.
    fn column<E>(&self, place: usize, y: &[E]) -> usize {
        (place % self.directions * self.first.state_sizes()[0]).min(y.len())
    }

    /// The rows of one state of one layer and direction: where each lies among
    /// the states of all, in row order, for each sorted position.
    fn state_rows<'a>(
        &self,
        axis: &'a Axis,
        which: usize,
        place: usize,
    ) -> impl Iterator<Item = Range<usize>> + 'a {
        let size = self.first.state_sizes()[which];
        let width = self.layers * self.directions * size;
        axis.order.iter().map(move |&row| {
            let at = row as usize * width + place * size;
            at..at + size
        })
    }

    /// Fills sorted and padded rows from the states of all, or with zeros.
    fn gather<E: Element>(
        &self,
        axis: &Axis,
        which: usize,
        place: usize,
        all: Option<&[E]>,
        rows: &mut [E],
    ) {
        rows.fill(E::ZERO);
        let Some(all) = all else { return };
        let stride = padded(self.first.state_sizes()[which]);
        for (out, range) in rows
            .chunks_exact_mut(stride)
            .zip(self.state_rows(axis, which, place))
        {
            out[..range.len()].copy_from_slice(&all[range]);
        }
    }
}
