//! Both passes over all layers and directions.

use kernels::dropout::{dropout_backward, dropout_forward};
use kernels::par;
use kernels::sequence::Direction;
use simd::{Element, Vector};

use super::cell::STATES;
use super::{Layer, Recurrent, take, take_read};
use crate::axis::Dims;
use crate::block::{Block, Plan};
use crate::context::{Backward, Forward, ParamView};
use crate::hash::mix;

impl<V: Vector> Block<V> for Recurrent<V> {
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        self.cells().map(|(_, cell)| cell.derived()).sum()
    }

    fn prepare(&self, params: ParamView<'_, V::Elem>, mut derived: &mut [V::Elem]) {
        let cells = self
            .cells()
            .map(|(place, cell)| (place, cell, take(&mut derived, cell.derived())));
        par::for_each(cells, |(place, cell, derived)| {
            cell.prepare(self.weights(params, place), derived);
        });
    }

    fn plan(&self, dims: &Dims, plan: &mut Plan) {
        let (steps, training) = (dims.axis(self.shared.axis).packed(), plan.training);
        let len = steps.steps() * self.width();
        let between = if self.shared.layers > 1 { len } else { 0 };
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
        let (axis, training) = (cx.dims.axis(self.shared.axis), cx.training);
        let (steps, width) = (axis.packed(), self.width());
        let (y, finals, mut work): (_, [&mut [V::Elem]; STATES], _) = match self.shared.finals.len()
        {
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

        for depth in 0..self.shared.layers {
            let last = depth + 1 == self.shared.layers;
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
            for place in depth * self.shared.directions..(depth + 1) * self.shared.directions {
                for (which, rows) in [&mut *h, &mut *c]
                    .into_iter()
                    .enumerate()
                    .take(self.shared.finals.len())
                {
                    let given = (which + 1 < cx.inputs.len()).then(|| cx.inputs.matrix(which + 1));
                    self.gather(axis, which, place, given, rows);
                }
                let layer = Layer {
                    steps,
                    direction: direction(place % self.shared.directions),
                    training,
                    weights: self.weights(cx.params, place),
                    derived: take_read(&mut derived, cell.derived()),
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
                cell.forward(
                    layer,
                    [&mut *h, &mut *c],
                    &mut target[column..],
                    saved,
                    work,
                );
                for (which, rows) in [&*h, &*c]
                    .into_iter()
                    .enumerate()
                    .take(self.shared.finals.len())
                {
                    for (all, own) in self.state_rows(axis, which, place) {
                        finals[which][all].copy_from_slice(&rows[own]);
                    }
                }
            }
            if drops {
                let keys = |step: usize| axis.step_key[step];
                dropout_forward::<V>(
                    self.shared.dropout,
                    mix(cx.salt, depth as u32),
                    &keys,
                    axis.steps(),
                    undropped,
                    out,
                );
            }
        }
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        // Only a training pass is followed by this one.
        let (axis, training) = (cx.dims.axis(self.shared.axis), true);
        let (steps, width) = (axis.packed(), self.width());
        let mut work = match self.shared.finals.len() {
            1 => cx.saved::<3>()[2],
            _ => cx.saved::<4>()[3],
        };
        let saved = take_read(&mut work, self.saved(steps, training));
        let inner = take_read(&mut work, self.inner(training) * steps.steps() * width);
        let [mut scratch] = cx.scratch();
        let [h_len, c_len] = self.state_lens(steps);
        let (d_h, d_c) = (take(&mut scratch, h_len), take(&mut scratch, c_len));
        let between = if self.shared.layers > 1 {
            steps.steps() * width
        } else {
            0
        };
        let (mut d_own, mut d_before) = (take(&mut scratch, between), take(&mut scratch, between));

        // The last layer's piece is the last one.
        let (mut saved_end, mut derived_end) = (saved.len(), cx.derived.len());
        for depth in (0..self.shared.layers).rev() {
            let last = depth + 1 == self.shared.layers;
            if !last && self.drops(training) {
                let keys = |step: usize| axis.step_key[step];
                d_before.fill(V::Elem::ZERO);
                dropout_backward::<V>(
                    self.shared.dropout,
                    mix(cx.salt, depth as u32),
                    &keys,
                    axis.steps(),
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
            for place in
                (depth * self.shared.directions..(depth + 1) * self.shared.directions).rev()
            {
                for (which, rows) in [&mut *d_h, &mut *d_c]
                    .into_iter()
                    .enumerate()
                    .take(self.shared.finals.len())
                {
                    self.gather(axis, which, place, Some(cx.d_output(which + 1)), rows);
                }
                let derived = derived_end - cell.derived()..derived_end;
                let saved_range = saved_end - cell.saved(steps, training)..saved_end;
                (derived_end, saved_end) = (derived.start, saved_range.start);
                let layer = Layer {
                    steps,
                    direction: direction(place % self.shared.directions),
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
                cell.backward(
                    layer,
                    saved,
                    d_y,
                    [&mut *d_h, &mut *d_c],
                    d_x,
                    &mut cx.d_params,
                    scratch,
                );
                for (which, rows) in [&*d_h, &*d_c]
                    .into_iter()
                    .enumerate()
                    .take(self.shared.finals.len())
                {
                    let Some(d_initial) = cx.d_inputs.get(which + 1) else {
                        continue;
                    };
                    for (all, own) in self.state_rows(axis, which, place) {
                        for (sum, &d) in d_initial[all].iter_mut().zip(&rows[own]) {
                            *sum += d;
                        }
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
