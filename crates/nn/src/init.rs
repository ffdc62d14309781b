//! How parameters start.
//!
//! In a spec: `"init": "orthogonal"`, or with its parameters `{ "kind":
//! "uniform", "low": -0.1, "high": 0.1 }`. Values are those of PyTorch's
//! `torch.nn.init` and are drawn in its layout (`[output, input, …]`), from the
//! seed, the parameter's name and each number's place alone.

use std::ops::Range;

use json::Value;
use simd::Element;

use crate::error::Error;
use crate::fields::{Bounds, Fields};
use crate::random::Stream;

/// The distribution of a parameter's first values.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Distribution {
    Constant {
        value: f64,
    },
    Uniform {
        low: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        std: f64,
    },
    /// Glorot & Bengio 2010; standard deviation gain · √(2 / (fan_in + fan_out)).
    Xavier {
        gain: f64,
        normal: bool,
    },
    /// He et al. 2015; standard deviation gain / √fan.
    Kaiming {
        gain: f64,
        fan_out: bool,
        normal: bool,
    },
    /// Saxe et al. 2013: orthonormal rows or columns, whichever are fewer.
    Orthogonal {
        gain: f64,
    },
}

/// How one parameter starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Init {
    distribution: Distribution,
    /// Rows that start with one value instead.
    fixed: Option<(Range<usize>, f64)>,
}

impl Init {
    fn of(distribution: Distribution) -> Self {
        Self {
            distribution,
            fixed: None,
        }
    }

    /// Every number the same.
    pub fn constant(value: f64) -> Self {
        Self::of(Distribution::Constant { value })
    }

    /// Uniform between -bound and bound.
    pub fn uniform(bound: f64) -> Self {
        Self::of(Distribution::Uniform {
            low: -bound,
            high: bound,
        })
    }

    /// Normal around 0.
    pub fn normal(std: f64) -> Self {
        Self::of(Distribution::Normal { mean: 0.0, std })
    }

    /// PyTorch's default wherever a unit sums `fan` numbers: U(±1/√fan). For
    /// RNN, LSTM and GRU the fan is hidden_size; for linear layers it is
    /// input_size and for conv1d input_size · kernel_size, bias and weight
    /// alike (what `kaiming_uniform_(a=√5)` comes to).
    pub fn fan(fan: usize) -> Self {
        Self::uniform(1.0 / (fan as f64).sqrt())
    }

    /// PyTorch's default of an embedding: N(0, 1), the padding row zero.
    pub fn embedding(padding_idx: Option<usize>) -> Self {
        let init = Self::normal(1.0);
        match padding_idx {
            Some(row) => init.with_rows(row..row + 1, 0.0),
            None => init,
        }
    }

    /// Rows of the parameter (of its first size) that start with `value`
    /// whatever the distribution: an embedding's padding row, or the forget
    /// gate of an LSTM's bias, rows `hidden_size..2 * hidden_size`, which
    /// starts better at 1 (Gers et al. 2000; Jozefowicz et al. 2015).
    pub fn with_rows(mut self, rows: Range<usize>, value: f64) -> Self {
        self.fixed = Some((rows, value));
        self
    }

    /// This initialiser with another's distribution: fixed rows stay fixed
    /// when a spec overrides how a parameter starts.
    pub fn overridden_by(mut self, other: &Self) -> Self {
        self.distribution = other.distribution;
        self
    }

    /// Reads the initialiser that stands at `path` of a spec: a kind, or an
    /// object of a kind and its parameters.
    pub fn read(value: &Value, path: &str) -> Result<Self, Error> {
        const KINDS: [&str; 10] = [
            "zeros",
            "ones",
            "constant",
            "uniform",
            "normal",
            "xavier_uniform",
            "xavier_normal",
            "kaiming_uniform",
            "kaiming_normal",
            "orthogonal",
        ];
        let named;
        let value = match value {
            Value::String(_) => {
                named = Value::object([("kind", value.clone())]);
                &named
            }
            other => other,
        };
        let fields = Fields::new(value, path)?;
        let kind = fields.choice("kind", "", &KINDS)?;
        let number = |name: &str, default: f64| fields.f64_or(name, default, Bounds::FINITE);
        let normal = kind.ends_with("_normal");
        let distribution = match kind {
            "zeros" => Distribution::Constant { value: 0.0 },
            "ones" => Distribution::Constant { value: 1.0 },
            "constant" => Distribution::Constant {
                value: fields.f64("value")?,
            },
            "uniform" => {
                let (low, high) = (number("low", 0.0)?, number("high", 1.0)?);
                if low > high {
                    let given = |name, default: &str| {
                        fields.get(name).map_or(default.to_string(), Value::to_text)
                    };
                    return Err(Error::spec(format!(
                        "{path}: expected low ≤ high, got low {} and high {}",
                        given("low", "0"),
                        given("high", "1")
                    )));
                }
                Distribution::Uniform { low, high }
            }
            "normal" => Distribution::Normal {
                mean: number("mean", 0.0)?,
                std: fields.f64_or("std", 1.0, Bounds::NOT_NEGATIVE)?,
            },
            "xavier_uniform" | "xavier_normal" => Distribution::Xavier {
                gain: number("gain", 1.0)?,
                normal,
            },
            "orthogonal" => Distribution::Orthogonal {
                gain: number("gain", 1.0)?,
            },
            _ => {
                // PyTorch's gain of a leaky ReLU of slope `a`; 0 is the ReLU's.
                let a = number("a", 0.0)?;
                let fan_out = fields.choice("mode", "fan_in", &["fan_in", "fan_out"])? == "fan_out";
                Distribution::Kaiming {
                    gain: (2.0 / (1.0 + a * a)).sqrt(),
                    fan_out,
                    normal,
                }
            }
        };
        fields.finish()?;
        Ok(Self::of(distribution))
    }

    /// The first values of a parameter, row-major in PyTorch's `shape`.
    pub fn fill<E: Element>(&self, shape: &[usize], seed: u64, name: &str) -> Vec<E> {
        let stream = Stream::new(seed, name);
        let count: usize = shape.iter().product();
        let draw = |number: &dyn Fn(u64) -> f64| {
            (0..count as u64).map(|i| E::from_f64(number(i))).collect()
        };
        let spread = |std: f64, normal: bool| match normal {
            true => Distribution::Normal { mean: 0.0, std },
            // A uniform distribution of this standard deviation.
            false => Distribution::Uniform {
                low: -std * 3f64.sqrt(),
                high: std * 3f64.sqrt(),
            },
        };
        let (fan_in, fan_out) = fans(shape);
        let distribution = match self.distribution {
            Distribution::Xavier { gain, normal } => {
                spread(gain * (2.0 / (fan_in + fan_out)).sqrt(), normal)
            }
            Distribution::Kaiming {
                gain,
                fan_out: out,
                normal,
            } => spread(gain / if out { fan_out } else { fan_in }.sqrt(), normal),
            other => other,
        };
        let mut values: Vec<E> = match distribution {
            Distribution::Uniform { low, high } => {
                draw(&|i| low + (high - low) * stream.uniform(i))
            }
            Distribution::Normal { mean, std } => draw(&|i| mean + std * stream.normal(i)),
            Distribution::Orthogonal { gain } => {
                let q = orthogonal(shape[0], count / shape[0].max(1), &stream);
                draw(&|i| gain * q[i as usize])
            }
            Distribution::Constant { value } => vec![E::from_f64(value); count],
            Distribution::Xavier { .. } | Distribution::Kaiming { .. } => {
                unreachable!("spread gave a plain one")
            }
        };
        if let Some((rows, value)) = &self.fixed {
            let width = count / shape[0].max(1);
            values[rows.start * width..rows.end * width].fill(E::from_f64(*value));
        }
        values
    }
}

/// Numbers that a unit of the output sums, and that a unit of the input feeds.
/// A vector counts as a square of its own size, as in Keras.
fn fans(shape: &[usize]) -> (f64, f64) {
    match *shape {
        [] => (1.0, 1.0),
        [n] => (n as f64, n as f64),
        [output, input, ref kernel @ ..] => {
            let kernel: usize = kernel.iter().product();
            ((input * kernel) as f64, (output * kernel) as f64)
        }
    }
}

/// A random matrix `[rows, columns]` with orthonormal columns, or rows where
/// there are fewer of them, uniform over all such matrices: Gram–Schmidt on
/// normal vectors, each step done twice to stay orthogonal to working accuracy
/// (Giraud et al. 2005). As a QR decomposition it has a positive diagonal, the
/// signs that PyTorch gives its own.
fn orthogonal(rows: usize, columns: usize, stream: &Stream) -> Vec<f64> {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<f64> = (0..(count * length) as u64)
        .map(|i| stream.normal(i))
        .collect();
    for k in 0..count {
        let (done, rest) = vectors.split_at_mut(k * length);
        let vector = &mut rest[..length];
        for _ in 0..2 {
            for other in done.chunks_exact(length) {
                let along: f64 = vector.iter().zip(other).map(|(a, b)| a * b).sum();
                vector
                    .iter_mut()
                    .zip(other)
                    .for_each(|(a, b)| *a -= along * b);
            }
        }
        let norm = vector.iter().map(|a| a * a).sum::<f64>().sqrt();
        vector.iter_mut().for_each(|a| *a /= norm);
    }
    if rows <= columns {
        return vectors;
    }
    let transposed = (0..rows * columns).map(|i| vectors[i % columns * length + i / columns]);
    transposed.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn values(init: Value, shape: &[usize]) -> Vec<f64> {
        Init::read(&testing::plain(&init), "init").unwrap().fill(shape, 1, "weight")
    }

    /// Mean, standard deviation, least and greatest.
    fn summary(values: &[f64]) -> [f64; 4] {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let std = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        [
            mean,
            std,
            values.iter().copied().fold(f64::MAX, f64::min),
            values.iter().copied().fold(f64::MIN, f64::max),
        ]
    }

    /// Shape [200, 30, 5]: fan_in 150, fan_out 1000. A bounded distribution
    /// comes near its bounds, an unbounded one has its standard deviation.
    #[test]
    fn distributions_have_their_bounds_and_deviations() {
        let shape = [200, 30, 5];
        let uniform = [
            (
                json!({ "kind": "uniform", "low": -0.5, "high": 0.25 }),
                -0.5,
                0.25,
            ),
            (json!("uniform"), 0.0, 1.0),
            (
                json!("xavier_uniform"),
                -(6.0f64 / 1150.0).sqrt(),
                (6.0f64 / 1150.0).sqrt(),
            ),
            (
                json!({ "kind": "kaiming_uniform", "a": 5f64.sqrt() }),
                -(1.0f64 / 150.0).sqrt(),
                (1.0f64 / 150.0).sqrt(),
            ),
            (
                json!({ "kind": "kaiming_uniform", "mode": "fan_out" }),
                -(6.0f64 / 1000.0).sqrt(),
                (6.0f64 / 1000.0).sqrt(),
            ),
        ];
        for (init, low, high) in uniform {
            let [_, std, least, greatest] = summary(&values(init.clone(), &shape));
            let width = high - low;
            assert!(
                least >= low && least < low + 1e-3 * width,
                "{init}: {least} {low}"
            );
            assert!(
                greatest <= high && greatest > high - 1e-3 * width,
                "{init}: {greatest} {high}"
            );
            assert!(
                (std - width / 12f64.sqrt()).abs() < 0.02 * width,
                "{init}: {std}"
            );
        }
        let normal = [
            (
                json!({ "kind": "normal", "mean": 2.0, "std": 0.1 }),
                2.0,
                0.1,
            ),
            (
                json!({ "kind": "xavier_normal", "gain": 2.0 }),
                0.0,
                2.0 * (2.0f64 / 1150.0).sqrt(),
            ),
            (json!("kaiming_normal"), 0.0, (2.0f64 / 150.0).sqrt()),
        ];
        for (init, mean, std) in normal {
            let [actual_mean, actual_std, ..] = summary(&values(init.clone(), &shape));
            assert!(
                (actual_mean - mean).abs() < 0.03 * std,
                "{init}: {actual_mean}"
            );
            assert!(
                (actual_std / std - 1.0).abs() < 0.02,
                "{init}: {actual_std} {std}"
            );
        }
        assert_eq!(values(json!("ones"), &[2]), [1.0, 1.0]);
        assert_eq!(
            values(json!({ "kind": "constant", "value": -3 }), &[2]),
            [-3.0, -3.0]
        );
    }

    #[test]
    fn orthogonal_matrices_are_orthonormal_on_their_shorter_side() {
        for (rows, columns) in [(1, 1), (5, 5), (40, 17), (3, 64), (130, 129)] {
            let q = values(
                json!({ "kind": "orthogonal", "gain": 2.0 }),
                &[rows, columns],
            );
            let at = |i: usize, k: usize| {
                if rows <= columns {
                    q[i * columns + k]
                } else {
                    q[k * columns + i]
                }
            };
            for i in 0..rows.min(columns) {
                for j in 0..=i {
                    let dot: f64 = (0..rows.max(columns)).map(|k| at(i, k) * at(j, k)).sum();
                    let expected = if i == j { 4.0 } else { 0.0 };
                    assert!(
                        (dot - expected).abs() < 1e-13,
                        "{rows}x{columns} {i},{j}: {dot}"
                    );
                }
            }
        }
    }

    #[test]
    fn fixed_rows_hold_their_value_and_survive_an_override() {
        let embedding = Init::embedding(Some(1));
        let uniform = Init::read(&testing::plain(&json!("uniform")), "init").unwrap();
        for init in [embedding.clone(), embedding.overridden_by(&uniform)] {
            let table: Vec<f32> = init.fill(&[3, 2], 1, "embedding.weight");
            assert_eq!(
                table.iter().map(|&x| x == 0.0).collect::<Vec<_>>(),
                [false, false, true, true, false, false]
            );
        }
        let bias: Vec<f32> = Init::fan(4)
            .with_rows(4..8, 1.0)
            .fill(&[16], 1, "lstm.bias_ih_l0");
        for (place, &x) in bias.iter().enumerate() {
            assert_eq!(x == 1.0, (4..8).contains(&place));
            assert!(x == 1.0 || x.abs() <= 0.5);
        }
    }

    #[test]
    fn values_depend_on_seed_and_name_and_nothing_else() {
        let fill = |seed, name| -> Vec<f32> { Init::fan(3).fill(&[4], seed, name) };
        assert_eq!(fill(1, "a"), fill(1, "a"));
        assert_ne!(fill(1, "a"), fill(2, "a"));
        assert_ne!(fill(1, "a"), fill(1, "b"));
        let longer: Vec<f32> = Init::fan(3).fill(&[8], 1, "a");
        assert_eq!(longer[..4], fill(1, "a"));
    }

    #[test]
    fn mistakes_are_named() {
        let message = |init: Value| Init::read(&testing::plain(&init), "parameters.w.init").unwrap_err().message;
        assert!(
            message(json!("glorot")).starts_with("parameters.w.init.kind: expected one of zeros,")
        );
        assert_eq!(
            message(json!({ "kind": "uniform", "low": 2, "high": 1 })),
            "parameters.w.init: expected low ≤ high, got low 2 and high 1"
        );
        assert_eq!(
            message(json!({ "kind": "zeros", "value": 1 })),
            "parameters.w.init.value: unknown field"
        );
        assert_eq!(
            message(json!(3)),
            "parameters.w.init: expected an object, got 3"
        );
    }
}
