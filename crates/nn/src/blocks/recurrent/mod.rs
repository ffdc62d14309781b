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
    Cell, Layer, Weights, bias_sums, input_products, products_scratch, state_product, sum_biases,
    take, take_read,
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
struct Recurrent<V> {
    /// The first layer, and the others, which read outputs.
    cells: [Box<dyn Cell<V>>; 2],
    shared: Shared,
    /// Numbers of each state; the first is the output.
    sizes: [usize; STATES],
    /// Parameters of one layer in one direction.
    weights: usize,
}

/// The configuration that all kinds share.
pub(super) struct Shared {
    axis: AxisId,
    pub input_size: usize,
    pub hidden_size: usize,
    layers: usize,
    directions: usize,
    bias: bool,
    dropout: f64,
    /// Names of the final states as outputs.
    finals: &'static [&'static str],
}

impl Shared {
    /// Reads it for a kind with these states.
    ///
    /// Inputs: steps of an axis, and optionally the initial states in the space
    /// of the axis's rows. Configuration: `hidden_size`, `num_layers` (1),
    /// `bidirectional` (false), `bias` (true), `dropout` between layers (0).
    /// Outputs: `y` and the final states.
    pub fn read<E: Element>(
        build: &Build<'_, E>,
        finals: &'static [&'static str],
    ) -> Result<Self, Error> {
        build.expect_inputs(1, 1 + finals.len())?;
        let (axis, input_size) = build.steps(0)?;
        let layers = build.config.usize_or("num_layers", 1)?;
        if layers == 0 {
            return Err(build.config.wrong("num_layers", "at least 1"));
        }
        Ok(Self {
            axis,
            input_size,
            hidden_size: build.config.size("hidden_size")?,
            layers,
            directions: 1 + usize::from(build.config.bool_or("bidirectional", false)?),
            bias: build.config.bool_or("bias", true)?,
            dropout: build.config.f64_or("dropout", 0.0, Bounds::UNIT)?,
            finals,
        })
    }

    /// Makes the block whose first layer is `cell`.
    pub fn build<V: Vector>(
        self,
        build: &mut Build<'_, V::Elem>,
        cell: Box<dyn Cell<V>>,
    ) -> Result<Built<V>, Error> {
        let sizes = cell.state_sizes();
        let block = Recurrent {
            weights: cell.weights(self.bias).len(),
            cells: [cell.with_input(self.directions * sizes[0]), cell],
            shared: self,
            sizes,
        };
        block.declare(build)?;
        let outputs = block.outputs(build)?;
        Built::many(block, &outputs)
    }
}

impl<V: Vector> Recurrent<V> {
    fn declare(&self, build: &mut Build<'_, V::Elem>) -> Result<(), Error> {
        for (place, cell) in self.cells() {
            let (layer, direction) = (
                place / self.shared.directions,
                place % self.shared.directions,
            );
            let reverse = if direction == 1 { "_reverse" } else { "" };
            for (name, layout) in cell.weights(self.shared.bias) {
                let shape = [layout.gates * layout.units, layout.inputs];
                let dimensions = if name.starts_with("bias") { 1 } else { 2 };
                let full = format!("{name}_l{layer}{reverse}");
                build.packed(&full, &shape[..dimensions], layout, cell.init(name))?;
            }
        }
        Ok(())
    }

    /// Names and types of the outputs; initial states must have these types too.
    fn outputs(&self, build: &Build<'_, V::Elem>) -> Result<Vec<(&'static str, ValueType)>, Error> {
        let y = ValueType::Matrix {
            space: Space::Steps(self.shared.axis),
            width: self.width(),
        };
        let mut outputs = vec![("y", y)];
        let space = build.parent(self.shared.axis);
        for (i, &name) in self.shared.finals.iter().enumerate() {
            let width = self.shared.layers * self.shared.directions * self.sizes[i];
            outputs.push((name, ValueType::Matrix { space, width }));
            if i + 1 < build.inputs.len() {
                build.expect_matrix(i + 1, space, width)?;
            }
        }
        Ok(outputs)
    }

    /// The layer at a depth.
    fn cell(&self, layer: usize) -> &dyn Cell<V> {
        &*self.cells[usize::from(layer == 0)]
    }

    /// Every layer and direction, and its place among all.
    fn cells(&self) -> impl Iterator<Item = (usize, &dyn Cell<V>)> {
        (0..self.shared.layers * self.shared.directions)
            .map(|place| (place, self.cell(place / self.shared.directions)))
    }

    /// Numbers of an output step.
    fn width(&self) -> usize {
        self.shared.directions * self.sizes[0]
    }

    /// Whether there is dropout between layers.
    fn drops(&self, training: bool) -> bool {
        training && self.shared.dropout > 0.0 && self.shared.layers > 1
    }

    /// Outputs of inner layers that are kept: all of them, or in inference one
    /// to read and one to write.
    fn inner(&self, training: bool) -> usize {
        if training {
            self.shared.layers - 1
        } else {
            (self.shared.layers - 1).min(2)
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
        self.sizes.map(|size| steps.rows() * padded(size))
    }

    fn weights<'a>(&self, params: ParamView<'a, V::Elem>, place: usize) -> Weights<'a, V::Elem> {
        Weights {
            params,
            first: place * self.weights,
            bias: self.shared.bias,
        }
    }

    /// The first column of a direction in y, which may have no rows.
    fn column(&self, place: usize, y: &[V::Elem]) -> usize {
        (place % self.shared.directions * self.sizes[0]).min(y.len())
    }

    /// Where one state of one layer and direction lies among the states of all,
    /// in row order, for each sorted position; and its rows here, sorted and
    /// padded.
    fn state_rows<'a>(
        &self,
        axis: &'a Axis,
        which: usize,
        place: usize,
    ) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + use<'a, V> {
        let size = self.sizes[which];
        let width = self.shared.layers * self.shared.directions * size;
        let stride = padded(size);
        axis.order.iter().enumerate().map(move |(sorted, &row)| {
            let (all, own) = (row as usize * width + place * size, sorted * stride);
            (all..all + size, own..own + size)
        })
    }

    /// Fills sorted and padded rows from the states of all, or with zeros.
    fn gather(
        &self,
        axis: &Axis,
        which: usize,
        place: usize,
        all: Option<&[V::Elem]>,
        rows: &mut [V::Elem],
    ) {
        rows.fill(V::Elem::ZERO);
        let Some(all) = all else { return };
        for (from, to) in self.state_rows(axis, which, place) {
            rows[to].copy_from_slice(&all[from]);
        }
    }
}
