//! Unary functions over `f32` against `f64`: a fixed stride of all bit
//! patterns, and every place where something may turn.
//!
//! The example `exhaustive` runs the same comparison over every bit pattern.

use std::ops::RangeInclusive;

use kernels::math::{
    Gate, Gelu, Sigmoid, Silu, Softplus, exp, gate, gelu, sigmoid, silu, softplus, tanh,
};
use simd::functions::{erf, ln};
use simd::{Element, F32, Function, Vector, slice};

use crate::Case;

/// A function, its truth and its bound.
#[derive(Clone, Copy)]
pub struct Unary {
    /// The function's name.
    pub name: &'static str,
    /// The function under test, over slices.
    pub apply: fn(&[f32], &mut [f32]),
    /// The truth.
    pub exact: fn(f64) -> f64,
    /// Relative part of the bound.
    pub relative: f64,
    /// Absolute part of the bound.
    pub absolute: f64,
    /// Every result lies in this range, exactly.
    pub range: (f32, f32),
}

fn run<F: Function<F32>>(x: &[f32], y: &mut [f32]) {
    let f = F::new();
    slice::map(x, y, |x| f.apply(x));
}

type Tanh = <F32 as Vector>::Tanh;
type Exp = <F32 as Vector>::Exp;
type Ln = <F32 as Vector>::Ln;
type Erf = <F32 as Vector>::Erf;

fn exact_sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn exact_softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn exact_silu(x: f64) -> f64 {
    if x == f64::NEG_INFINITY {
        0.0
    } else {
        x * exact_sigmoid(x)
    }
}

/// x · ½ erfc(−x / √2); the complement keeps its small values through the
/// continued fraction of Abramowitz and Stegun 7.1.14.
fn exact_gelu(x: f64) -> f64 {
    let z = -x * std::f64::consts::FRAC_1_SQRT_2;
    if z >= 40.0 {
        return 0.0;
    }
    let complement = if z >= 3.0 {
        let fraction = (1..200).rev().fold(z, |f, k| z + 0.5 * f64::from(k) / f);
        (-z * z).exp() / (std::f64::consts::PI.sqrt() * fraction)
    } else {
        1.0 - Element::erf(z)
    };
    x * 0.5 * complement
}

const ANY: (f32, f32) = (f32::NEG_INFINITY, f32::INFINITY);
const POSITIVE: (f32, f32) = (0.0, f32::INFINITY);

/// The functions.
pub const FUNCTIONS: [Unary; 9] = [
    Unary {
        name: "exp",
        apply: run::<Exp>,
        exact: f64::exp,
        relative: exp::RELATIVE_ERROR,
        absolute: exp::ABSOLUTE_ERROR,
        range: POSITIVE,
    },
    Unary {
        name: "tanh",
        apply: run::<Tanh>,
        exact: f64::tanh,
        relative: tanh::RELATIVE_ERROR,
        absolute: tanh::ABSOLUTE_ERROR,
        range: (-1.0, 1.0),
    },
    Unary {
        name: "ln",
        apply: run::<Ln>,
        exact: f64::ln,
        relative: ln::RELATIVE_ERROR,
        absolute: 0.0,
        range: ANY,
    },
    Unary {
        name: "erf",
        apply: run::<Erf>,
        exact: <f64 as Element>::erf,
        relative: erf::RELATIVE_ERROR,
        absolute: erf::ABSOLUTE_ERROR,
        range: (-1.0, 1.0),
    },
    Unary {
        name: "sigmoid",
        apply: run::<Sigmoid<F32>>,
        exact: exact_sigmoid,
        relative: sigmoid::RELATIVE_ERROR,
        absolute: sigmoid::ABSOLUTE_ERROR,
        range: (0.0, 1.0),
    },
    Unary {
        name: "gate",
        apply: run::<Gate<F32>>,
        exact: exact_sigmoid,
        relative: gate::RELATIVE_ERROR,
        absolute: gate::ABSOLUTE_ERROR,
        range: (0.0, 1.0),
    },
    Unary {
        name: "softplus",
        apply: run::<Softplus<F32>>,
        exact: exact_softplus,
        relative: softplus::RELATIVE_ERROR,
        absolute: softplus::ABSOLUTE_ERROR,
        range: POSITIVE,
    },
    Unary {
        name: "silu",
        apply: run::<Silu<F32>>,
        exact: exact_silu,
        relative: silu::RELATIVE_ERROR,
        absolute: silu::ABSOLUTE_ERROR,
        range: (-0.2785, f32::INFINITY),
    },
    Unary {
        name: "gelu",
        apply: run::<Gelu<F32>>,
        exact: exact_gelu,
        relative: gelu::RELATIVE_ERROR,
        absolute: gelu::ABSOLUTE_ERROR,
        range: (-0.17, f32::INFINITY),
    },
];

/// What a sweep found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Worst {
    /// The greatest error, as a multiple of the bound.
    pub excess: f64,
    /// Where it is.
    pub at: f32,
    /// The result there.
    pub result: f32,
    /// The greatest relative error where the truth is a thousand times the
    /// absolute part of the bound, or more.
    pub relative: f64,
    /// The greatest absolute error where the truth is below 2.
    pub absolute: f64,
}

impl Worst {
    /// The worse of two.
    pub fn join(self, other: Self) -> Self {
        let worse = if other.excess > self.excess {
            other
        } else {
            self
        };
        Self {
            relative: self.relative.max(other.relative),
            absolute: self.absolute.max(other.absolute),
            ..worse
        }
    }
}

impl Unary {
    fn note(&self, x: f32, y: f32, worst: &mut Worst) {
        let exact = (self.exact)(f64::from(x));
        let error = (f64::from(y) - exact).abs();
        let same = f64::from(y) == exact
            || y.is_infinite() && y == exact as f32
            || y.is_nan() && exact.is_nan();
        let excess = match same {
            true => 0.0,
            // A finite truth that f32 rounds to infinity may stay finite.
            false if exact.is_finite() && (exact as f32).is_infinite() => {
                (f64::from(f32::MAX) - f64::from(y).abs()) / (self.relative * exact.abs())
            }
            false => error / (self.relative * exact.abs() + self.absolute),
        };
        let outside = !y.is_nan() && (y < self.range.0 || y > self.range.1);
        let excess = if excess.is_nan() || outside {
            f64::INFINITY
        } else {
            excess
        };
        // Where the absolute part of the bound counts for nothing.
        let ample = exact.abs() >= 1e3 * self.absolute.max(f64::from(f32::MIN_POSITIVE));
        if !same && ample && exact.is_finite() {
            worst.relative = worst.relative.max(error / exact.abs());
        }
        if exact.abs() < 2.0 {
            worst.absolute = worst.absolute.max(error);
        }
        if excess > worst.excess {
            (worst.excess, worst.at, worst.result) = (excess, x, y);
        }
    }

    /// Compares at every `stride`-th of these bit patterns.
    pub fn sweep(&self, bits: RangeInclusive<u32>, stride: usize) -> Worst {
        let mut worst = Worst::default();
        let mut bits = bits.step_by(stride).map(f32::from_bits).peekable();
        let (mut x, mut y) = (Vec::with_capacity(4096), vec![0.0; 4096]);
        while bits.peek().is_some() {
            x.clear();
            x.extend(bits.by_ref().take(4096));
            let y = &mut y[..x.len()];
            (self.apply)(&x, y);
            for (&x, &y) in x.iter().zip(&*y) {
                self.note(x, y, &mut worst);
            }
        }
        worst
    }

    /// Compares around every power of two, the ends of the number line and
    /// what the implementations turn at.
    fn turns(&self) -> Worst {
        let mut worst = Worst::default();
        let turning = [
            88.72284, 88.8, -87.2, -86.98, -87.33, -103.97, 7.852267, 3.861565, 5.461078, 15.704534,
        ];
        let halves = (-180..=180).map(|n| (n as f32 + 0.5) * std::f32::consts::LN_2);
        let roots = (0..=255).map(|e: u32| f32::from_bits(0x3504f3 | e << 23));
        let powers = (0..=255).map(|e: u32| f32::from_bits(e << 23));
        for center in turning.into_iter().chain(halves).chain(roots).chain(powers) {
            let first = center.abs().to_bits().saturating_sub(32);
            for sign in [0, 1 << 31] {
                let last = (first + 64).min(0x7fff_ffff);
                worst = worst.join(self.sweep(first | sign..=last | sign, 1));
            }
        }
        worst
    }

    fn judge(&self, worst: Worst) -> Result<(), String> {
        let Worst {
            excess, at, result, ..
        } = worst;
        if excess <= 1.0 {
            return Ok(());
        }
        Err(format!(
            "at {at:e} ({:#010x}): {result:e}, the truth is {:e}: {excess:.3} times the bound, or out of range",
            at.to_bits(),
            (self.exact)(f64::from(at)),
        ))
    }
}

/// A prime, so that the patterns visited share no low bits: about a million.
const STRIDE: usize = 4099;

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for f in FUNCTIONS {
        cases.push(Case::new(format!("{} at a stride", f.name), move || {
            f.judge(f.sweep(0..=u32::MAX, STRIDE))
        }));
        cases.push(Case::new(format!("{} where it turns", f.name), move || {
            f.judge(f.turns())
        }));
    }
    cases.push(Case::new("erf in f64 at published values", erf_f64));
    cases
}

/// Abramowitz and Stegun, table 7.1, with more digits.
fn erf_f64() -> Result<(), String> {
    let published = [
        (0.1, 0.112_462_916_018_284_89),
        (0.5, 0.520_499_877_813_046_5),
        (1.0, 0.842_700_792_949_714_9),
        (2.0, 0.995_322_265_018_952_7),
        (3.0, 0.999_977_909_503_001_4),
        (5.0, 0.999_999_999_998_462_5),
    ];
    for (x, y) in published {
        for sign in [1.0, -1.0] {
            let error = (Element::erf(sign * x) - sign * y).abs() / y;
            if error > erf::RELATIVE_ERROR_F64 {
                return Err(format!("erf({x}) is off by {error:e}"));
            }
        }
    }
    Ok(())
}
