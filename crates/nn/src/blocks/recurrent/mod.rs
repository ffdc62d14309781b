//! What RNN, LSTM and GRU share: layers, directions, states, dropout between
//! layers. One layer in one direction is a [`Cell`].
//!
//! Names follow PyTorch: `weight_ih_l0`, `bias_hh_l1_reverse` … States of all
//! layers and directions lie side by side, `[l0, l0_reverse, l1, …]`, in the
//! order of the axis's rows.

mod cell;

use std::ops::Range;

pub(super) use cell::{
    Cell, Layer, Weights, input_products, products_scratch, state_product, sum_biases, take,
    take_read, transpose_all, transposes,
};

use kernels::cell::padded;
use kernels::dropout::{dropout_backward, dropout_forward};
use kernels::packed::Packed;
use kernels::sequence::Direction;
use simd::{Element, Vector};

use crate::axis::{Axis, Dims};
use crate::block::{Block, Build, Built, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::hash::mix;
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
    let dropout = build.config.f64_within("dropout", 0.0, 0.0, 1.0)?;
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

impl<V: Vector, C: Cell> Block<V> for Recurrent<C> {
    fn derived(&self, _params: ParamView<'_, V::Elem>, training: bool) -> usize {
        self.cells().map(|(_, cell)| cell.derived(training)).sum()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, mut derived: &mut [V::Elem], training: bool) {
        for (place, cell) in self.cells() {
            let piece = take(&mut derived, cell.derived(training));
            cell.prepare(self.weights(params, place), piece, training);
        }
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let (steps, training) = (dims.axis(self.axis).packed(), plan.training);
        let len = steps.steps() * self.width();
        let between = if self.layers > 1 { len } else { 0 };
        let states: usize = self.state_lens(steps).iter().sum();
        let undropped = if self.drops(training) { len } else { 0 };
        let scratch = self
            .cells()
            .map(|(_, cell)| cell.forward_scratch(steps))
            .max()
            .unwrap_or(0);
        plan.work(
            self.saved(steps, training) + self.inner(training) * len + undropped + states + scratch,
        );
        let scratch = self
            .cells()
            .map(|(_, cell)| cell.backward_scratch(steps))
            .max()
            .unwrap_or(0);
        plan.scratch(states + 2 * between + scratch);
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let (axis, training) = (cx.dims.axis(self.axis), cx.training);
        let (steps, width) = (axis.packed(), self.width());
        let (y, finals, mut work): (_, [&mut [V::Elem]; STATES], _) = match C::FINAL.len() {
            1 => {
                let [y, h, work] = cx.carve();
                (y, [h, &mut []], work)
            }
            _ => {
                let [y, h, c, work] = cx.carve();
                (y, [h, c], work)
            }
        };
        let mut saved = take(&mut work, self.saved(steps, training));
        let inner = take(&mut work, self.inner(training) * steps.steps() * width);
        let undropped = take(
            &mut work,
            if self.drops(training) {
                steps.steps() * width
            } else {
                0
            },
        );
        let [h_len, c_len] = self.state_lens(steps);
        let (h, c) = (take(&mut work, h_len), take(&mut work, c_len));
        let mut derived = cx.derived;

        for depth in 0..self.layers {
            let last = depth + 1 == self.layers;
            let before = self.inner_range(steps, training, depth.wrapping_sub(1));
            let own = self.inner_range(steps, training, depth);
            let (x, out): (&[V::Elem], &mut [V::Elem]) = match (depth, last) {
                (0, true) => (cx.inputs.matrix(0), &mut *y),
                (0, false) => (cx.inputs.matrix(0), &mut inner[own]),
                (_, true) => (&inner[before], &mut *y),
                (_, false) => {
                    let [x, out] = inner
                        .get_disjoint_mut([before, own])
                        .expect("layers take turns");
                    (x, out)
                }
            };
            let drops = !last && self.drops(training);
            let target = if drops { &mut *undropped } else { &mut *out };
            let cell = self.cell(depth);
            for place in depth * self.directions..(depth + 1) * self.directions {
                for (which, rows) in [&mut *h, &mut *c]
                    .into_iter()
                    .enumerate()
                    .take(C::FINAL.len())
                {
                    let given = (which + 1 < cx.inputs.len()).then(|| cx.inputs.matrix(which + 1));
                    self.gather(axis, which, place, given, rows);
                }
                let layer = Layer {
                    steps,
                    direction: direction(place % self.directions),
                    training,
                    weights: self.weights(cx.params, place),
                    derived: take_read(&mut derived, cell.derived(training)),
                    x,
                    y_stride: width,
                };
                let column = self.column(place, target);
                let kept = cell.saved(steps, training);
                let saved = if training {
                    take(&mut saved, kept)
                } else {
                    &mut saved[..kept]
                };
                cell.forward::<V>(
                    layer,
                    [&mut *h, &mut *c],
                    &mut target[column..],
                    saved,
                    work,
                );
                for (which, rows) in [&*h, &*c].into_iter().enumerate().take(C::FINAL.len()) {
                    let stride = padded(self.first.state_sizes()[which]);
                    for (row, range) in rows
                        .chunks_exact(stride)
                        .zip(self.state_rows(axis, which, place))
                    {
                        let size = range.len();
                        finals[which][range].copy_from_slice(&row[..size]);
                    }
                }
            }
            if drops {
                let keys = axis.step_key.iter().copied();
                dropout_forward(
                    self.dropout,
                    mix(cx.salt, depth as u32),
                    keys,
                    undropped,
                    out,
                );
            }
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        // Only a training pass is followed by this one.
        let (axis, training) = (cx.dims.axis(self.axis), true);
        let (steps, width) = (axis.packed(), self.width());
        let mut work = match C::FINAL.len() {
            1 => cx.saved::<3>()[2],
            _ => cx.saved::<4>()[3],
        };
        let saved = take_read(&mut work, self.saved(steps, training));
        let inner = take_read(&mut work, self.inner(training) * steps.steps() * width);
        let [mut scratch] = cx.scratch();
        let [h_len, c_len] = self.state_lens(steps);
        let (d_h, d_c) = (take(&mut scratch, h_len), take(&mut scratch, c_len));
        let between = if self.layers > 1 {
            steps.steps() * width
        } else {
            0
        };
        let (mut d_own, mut d_before) = (take(&mut scratch, between), take(&mut scratch, between));

        // The last layer's piece is the last one.
        let (mut saved_end, mut derived_end) = (saved.len(), cx.derived.len());
        for depth in (0..self.layers).rev() {
            let last = depth + 1 == self.layers;
            if !last && self.drops(training) {
                let keys = axis.step_key.iter().copied();
                d_before.fill(V::Elem::ZERO);
                dropout_backward(
                    self.dropout,
                    mix(cx.salt, depth as u32),
                    keys,
                    d_own,
                    d_before,
                );
                std::mem::swap(&mut d_own, &mut d_before);
            }
            if depth > 0 {
                d_before.fill(V::Elem::ZERO);
            }
            let d_y = if last { cx.d_output(0) } else { &*d_own };
            let x = match depth {
                0 => cx.inputs.matrix(0),
                _ => &inner[self.inner_range(steps, training, depth - 1)],
            };
            let cell = self.cell(depth);
            for place in (depth * self.directions..(depth + 1) * self.directions).rev() {
                for (which, rows) in [&mut *d_h, &mut *d_c]
                    .into_iter()
                    .enumerate()
                    .take(C::FINAL.len())
                {
                    self.gather(axis, which, place, Some(cx.d_output(which + 1)), rows);
                }
                let derived = derived_end - cell.derived(training)..derived_end;
                let saved_range = saved_end - cell.saved(steps, training)..saved_end;
                (derived_end, saved_end) = (derived.start, saved_range.start);
                let layer = Layer {
                    steps,
                    direction: direction(place % self.directions),
                    training,
                    weights: self.weights(cx.params, place),
                    derived: &cx.derived[derived],
                    x,
                    y_stride: width,
                };
                let d_x = if depth == 0 {
                    cx.d_inputs.get(0)
                } else {
                    Some(&mut *d_before)
                };
                let d_y = &d_y[self.column(place, d_y)..];
                let saved = &saved[saved_range];
                cell.backward::<V>(
                    layer,
                    saved,
                    d_y,
                    [&mut *d_h, &mut *d_c],
                    d_x,
                    &mut cx.d_params,
                    scratch,
                );
                for (which, rows) in [&*d_h, &*d_c].into_iter().enumerate().take(C::FINAL.len()) {
                    let Some(d_initial) = cx.d_inputs.get(which + 1) else {
                        continue;
                    };
                    let stride = padded(self.first.state_sizes()[which]);
                    for (row, range) in rows
                        .chunks_exact(stride)
                        .zip(self.state_rows(axis, which, place))
                    {
                        d_initial[range]
                            .iter_mut()
                            .zip(row)
                            .for_each(|(sum, &d)| *sum += d);
                    }
                }
            }
            std::mem::swap(&mut d_own, &mut d_before);
        }
    }
}

fn direction(which: usize) -> Direction {
    if which == 0 {
        Direction::Forward
    } else {
        Direction::Reverse
    }
}
