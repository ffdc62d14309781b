//! How parameters start.
//!
//! In a spec: `"init": "orthogonal"`, or with its parameters `{ "kind":
//! "uniform", "low": -0.1, "high": 0.1 }`. Values are those of PyTorch's
//! `torch.nn.init` and are drawn in its layout (`[output, input, …]`), from the
//! seed, the parameter's name and each number's place alone.

mod orthogonal;

use std::ops::Range;

use json::Value;
use simd::Element;

use crate::error::Error;
use crate::fields::{Bounds, Fields};
use crate::random::Stream;
use orthogonal::orthogonal;

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
            Value::String(kind) => {
                named = Value::object([("kind", kind.as_str().into())]);
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
