//! One layer over one batch: the reference, the kernels, and what must agree.

use kernels::sequence::Direction;
use simd::{Element, F32, F64, Vector};

use super::{Columns, Downstream, Layer, PRESENT, Upstream, garbage};
use crate::packing::Packing;
use crate::{Gradient, Random, assert_close, gradient_check};

/// Columns around y that belong to someone else.
const BESIDE: [usize; 2] = [2, 1];

/// A layer with inputs of a given size and lengths.
#[derive(Clone, Copy)]
pub(super) struct Problem<L: Layer> {
    pub layer: L,
    pub lengths: &'static [usize],
    pub direction: Direction,
    pub given_state: bool,
}

/// Names of all arguments, and their values in f64.
struct Arguments {
    names: Vec<String>,
    values: Vec<Vec<f64>>,
}

/// y and the final states, and the gradients of all arguments.
struct Results<E> {
    outputs: Vec<Vec<E>>,
    gradients: Vec<Vec<E>>,
}

fn cast<E: Element>(x: &[f64]) -> Vec<E> {
    x.iter().map(|&x| E::from_f64(x)).collect()
}

impl<L: Layer> Problem<L> {
    pub fn name(&self) -> String {
        let state = if self.given_state {
            ", given state"
        } else {
            ""
        };
        format!(
            "{}, {:?}, lengths {:?}{state}",
            self.layer.name(),
            self.direction,
            self.lengths
        )
    }

    fn steps(&self) -> usize {
        self.lengths.iter().sum()
    }

    fn arguments(&self) -> Arguments {
        let mut random = Random::new(self.name().bytes().map(u64::from).sum());
        let mut names = vec!["x".to_string()];
        let mut values = vec![random.uniforms(self.steps() * self.layer.input_size(), -1.0, 1.0)];
        for (which, size) in self.layer.state_sizes().into_iter().enumerate() {
            names.push(format!("state {which}"));
            let limit = if self.given_state { 1.0 } else { 0.0 };
            values.push(random.uniforms(self.lengths.len() * size, -limit, limit));
        }
        for (name, layout) in self.layer.weights() {
            names.push(name.to_string());
            let limit = 1.5 / (layout.inputs.max(4) as f64).sqrt();
            values.push(random.uniforms(
                layout.gates * layout.units * layout.inputs,
                -limit,
                limit,
            ));
        }
        Arguments { names, values }
    }

    /// Sizes of y and the final states.
    fn output_lens(&self) -> Vec<usize> {
        let sizes = self.layer.state_sizes();
        let states = sizes.iter().map(|size| self.lengths.len() * size);
        std::iter::once(self.steps() * sizes[0])
            .chain(states)
            .collect()
    }

    /// Random numbers in the shape of the outputs.
    fn upstream(&self) -> Vec<Vec<f64>> {
        let mut random = Random::new(77);
        self.output_lens()
            .iter()
            .map(|&len| random.uniforms(len, -1.0, 1.0))
            .collect()
    }

    /// y and the final states by the definition.
    fn reference(&self, arguments: &[&[f64]]) -> Vec<Vec<f64>> {
        let (input, sizes) = (self.layer.input_size(), self.layer.state_sizes());
        let (x, rest) = (arguments[0], &arguments[1..]);
        let (initial, weights) = rest.split_at(sizes.len());
        let mut outputs: Vec<Vec<f64>> = self
            .output_lens()
            .iter()
            .map(|&len| vec![0.0; len])
            .collect();
        for (row, mut steps) in Packing::new(self.lengths).rows().into_iter().enumerate() {
            if self.direction == Direction::Reverse {
                steps.reverse();
            }
            let of_row =
                |(initial, &size): (&&[f64], &usize)| initial[row * size..][..size].to_vec();
            let mut states: Vec<Vec<f64>> = initial.iter().zip(&sizes).map(of_row).collect();
            for step in steps {
                self.layer
                    .step(weights, &x[step * input..][..input], &mut states);
                outputs[0][step * sizes[0]..][..sizes[0]].copy_from_slice(&states[0]);
            }
            for (state, out) in states.iter().zip(&mut outputs[1..]) {
                out[row * state.len()..][..state.len()].copy_from_slice(state);
            }
        }
        outputs
    }

    /// ⟨upstream, outputs⟩ by the definition.
    fn loss(&self, arguments: &[&[f64]], upstream: &[Vec<f64>]) -> f64 {
        let outputs = self.reference(arguments);
        outputs
            .concat()
            .iter()
            .zip(upstream.concat())
            .map(|(a, b)| a * b)
            .sum()
    }

    /// The kernels' outputs and gradients, in the shapes of the reference.
    fn kernels<V: Vector>(
        &self,
        arguments: &[Vec<f64>],
        upstream: Option<&[Vec<f64>]>,
    ) -> Result<Results<V::Elem>, String> {
        let packing = Packing::new(self.lengths);
        let packed = packing.packed();
        let (sizes, weights) = (self.layer.state_sizes(), self.layer.weights());
        let sorted = |which: usize, rows: &[f64]| {
            let (size, stride) = (sizes[which], sizes[which].next_multiple_of(8));
            let mut out = vec![V::Elem::ZERO; self.lengths.len() * stride];
            for (at, out) in out.chunks_exact_mut(stride).enumerate() {
                out[..size]
                    .copy_from_slice(&cast::<V::Elem>(&rows[packed.row(at) * size..][..size]));
            }
            out
        };
        let unsorted = |which: usize, rows: &[V::Elem]| {
            let (size, stride) = (sizes[which], sizes[which].next_multiple_of(8));
            let mut out = vec![V::Elem::ZERO; self.lengths.len() * size];
            for (at, row) in rows.chunks_exact(stride).enumerate() {
                out[packed.row(at) * size..][..size].copy_from_slice(&row[..size]);
            }
            let padding = rows.chunks_exact(stride).flat_map(|row| &row[size..]);
            match padding.into_iter().all(|&x| x == V::Elem::ZERO) {
                true => Ok(out),
                false => Err("the padding of a state is not zero".to_string()),
            }
        };

        let x: Vec<V::Elem> = cast(&arguments[0]);
        let initial = arguments[1..].iter().enumerate().take(sizes.len());
        let mut states: Vec<_> = initial.map(|(which, rows)| sorted(which, rows)).collect();
        let plain = &arguments[1 + sizes.len()..];
        let stored: Vec<Vec<V::Elem>> = weights
            .iter()
            .zip(plain)
            .map(|((_, layout), plain)| {
                let mut packed = garbage(layout.len());
                layout.pack(&cast::<V::Elem>(plain), &mut packed);
                packed
            })
            .collect();

        let (left, stride) = (BESIDE[0], BESIDE[0] + sizes[0] + BESIDE[1]);
        let mut y: Vec<V::Elem> = vec![V::Elem::from_f64(PRESENT); self.steps() * stride];
        let mut d_y = y.clone();
        let mut d_states = Vec::new();
        if let Some(upstream) = upstream {
            for (row, d) in d_y
                .chunks_exact_mut(stride)
                .zip(upstream[0].chunks_exact(sizes[0]))
            {
                row[left..][..sizes[0]].copy_from_slice(&cast::<V::Elem>(d));
            }
            d_states.extend((0..sizes.len()).map(|which| sorted(which, &upstream[1 + which])));
        }
        let from = left.min(y.len());
        let given = upstream.map(|_| Upstream {
            d_y: &d_y[from..],
            d_states: &mut d_states,
        });
        let columns = Columns {
            data: &mut y[from..],
            stride,
        };
        let downstream = self.layer.run::<V>(
            packed,
            self.direction,
            &x,
            &mut states,
            &stored,
            columns,
            given,
        );

        let mut outputs = vec![Vec::new()];
        for row in y.chunks_exact(stride) {
            let (before, rest) = row.split_at(left);
            let (own, after) = rest.split_at(sizes[0]);
            outputs[0].extend_from_slice(own);
            if before.iter().chain(after).any(|x| x.to_f64() != PRESENT) {
                return Err("columns beside y were written".into());
            }
        }
        for (which, state) in states.iter().enumerate() {
            outputs.push(unsorted(which, state)?);
        }
        let mut gradients = Vec::new();
        if let Some(Downstream { d_x, d_weights }) = downstream {
            let present = V::Elem::from_f64(PRESENT);
            gradients.push(d_x.iter().map(|&d| d - present).collect());
            for (which, d) in d_states.iter().enumerate() {
                gradients.push(unsorted(which, d)?);
            }
            for ((name, layout), d) in weights.iter().zip(&d_weights) {
                let mut plain = garbage(layout.gates * layout.units * layout.inputs);
                layout.unpack(d, &mut plain);
                let total = |x: &[V::Elem]| x.iter().map(|x| x.to_f64().abs()).sum::<f64>();
                assert_close(&[total(d)], &[total(&plain)], 1e-3, 1e-6)
                    .map_err(|e| format!("padding of d_{name}: {e}"))?;
                plain.iter_mut().for_each(|d| *d -= present);
                gradients.push(plain);
            }
        }
        Ok(Results { outputs, gradients })
    }

    /// Outputs against the reference, in inference and in training.
    pub fn check_outputs<V: Vector>(&self, tolerance: f64) -> Result<(), String> {
        let Arguments { values, .. } = self.arguments();
        let views: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
        let expected = self.reference(&views);
        let upstream = self.upstream();
        for (what, upstream) in [("inference", None), ("training", Some(upstream.as_slice()))] {
            let results = self.kernels::<V>(&values, upstream)?;
            for (which, (out, expected)) in results.outputs.iter().zip(&expected).enumerate() {
                assert_close(out, expected, tolerance, tolerance)
                    .map_err(|e| format!("{what}, {}: {e}", ["y", "h", "c"][which]))?;
            }
        }
        Ok(())
    }

    /// Every element's gradient against differences of the reference.
    pub fn check_gradients(&self) -> Result<(), String> {
        let Arguments { names, values } = self.arguments();
        let upstream = self.upstream();
        let results = self.kernels::<F64>(&values, Some(&upstream))?;
        let gradients: Vec<Gradient<'_>> = (0..values.len())
            .map(|i| Gradient {
                name: &names[i],
                at: &values[i],
                claimed: &results.gradients[i],
            })
            .collect();
        gradient_check(&gradients, |arguments| self.loss(arguments, &upstream))
    }

    /// The derivative along a random direction of each argument against the
    /// reference, and the gradients in f32 against those in f64.
    pub fn check_directions(&self) -> Result<(), String> {
        let Arguments { names, values } = self.arguments();
        let upstream = self.upstream();
        let results = self.kernels::<F64>(&values, Some(&upstream))?;
        let mut random = Random::new(5);
        for (which, name) in names.iter().enumerate() {
            let direction: Vec<f64> = random.uniforms(values[which].len(), -1.0, 1.0);
            let along = |&[at]: &[&[f64]; 1]| {
                let mut moved = values.clone();
                moved[which]
                    .iter_mut()
                    .zip(&direction)
                    .for_each(|(x, d)| *x += at[0] * d);
                let views: Vec<&[f64]> = moved.iter().map(Vec::as_slice).collect();
                self.loss(&views, &upstream)
            };
            let claimed = results.gradients[which]
                .iter()
                .zip(&direction)
                .map(|(g, d)| g * d)
                .sum();
            let gradient = Gradient {
                name,
                at: &[0.0],
                claimed: &[claimed],
            };
            gradient_check(&[gradient], |arguments| along(&[arguments[0]]))?;
        }
        let single = self.kernels::<F32>(&values, Some(&upstream))?;
        for (which, name) in names.iter().enumerate() {
            assert_close(
                &single.gradients[which],
                &results.gradients[which],
                3e-4,
                1e-3,
            )
            .map_err(|e| format!("f32 d_{name}: {e}"))?;
        }
        Ok(())
    }
}
