//! Activations over slices: values against `f64`, gradients against central
//! differences.

use kernels::math::exp::{exp_backward, exp_forward};
use kernels::math::gelu::{gelu_backward, gelu_forward};
use kernels::math::log::{log_backward, log_forward};
use kernels::math::relu::{relu_backward, relu_forward};
use kernels::math::sigmoid::{sigmoid_backward, sigmoid_forward};
use kernels::math::silu::{silu_backward, silu_forward};
use kernels::math::softplus::{softplus_backward, softplus_forward};
use kernels::math::tanh::{tanh_backward, tanh_forward};
use simd::{Element, F32, F64, Vector};

use super::slice::LENGTHS;
use crate::{Case, Gradient, Random, assert_close, gradient_check};

type Forward<E> = fn(&[E], &mut [E]);
type Backward<E> = fn(&[E], &[E], &mut [E]);

/// A function, and whether its backward pass reads y (else x).
struct Activation {
    name: &'static str,
    single: (Forward<f32>, Backward<f32>),
    double: (Forward<f64>, Backward<f64>),
    reads_output: bool,
    truth: fn(f64) -> f64,
    /// Where it is checked.
    within: (f64, f64),
}

macro_rules! activation {
    ($name:ident, $forward:ident, $backward:ident, $reads_output:expr, $truth:expr) => {
        activation!(
            $name,
            $forward,
            $backward,
            $reads_output,
            $truth,
            (-6.0, 6.0)
        )
    };
    ($name:ident, $forward:ident, $backward:ident, $reads_output:expr, $truth:expr, $within:expr) => {
        Activation {
            name: stringify!($name),
            single: ($forward::<F32>, $backward::<F32>),
            double: ($forward::<F64>, $backward::<F64>),
            reads_output: $reads_output,
            truth: $truth,
            within: $within,
        }
    };
}

fn activations() -> [Activation; 8] {
    [
        activation!(exp, exp_forward, exp_backward, true, f64::exp),
        activation!(tanh, tanh_forward, tanh_backward, true, f64::tanh),
        activation!(sigmoid, sigmoid_forward, sigmoid_backward, true, |x| 1.0
            / (1.0 + (-x).exp())),
        activation!(relu, relu_forward, relu_backward, true, |x| x.max(0.0)),
        activation!(softplus, softplus_forward, softplus_backward, false, |x| x
            .exp()
            .ln_1p()),
        activation!(log, log_forward, log_backward, false, f64::ln, (0.1, 6.0)),
        activation!(silu, silu_forward, silu_backward, false, |x| x
            / (1.0 + (-x).exp())),
        activation!(gelu, gelu_forward, gelu_backward, false, |x| {
            0.5 * x * (1.0 + Element::erf(x / 2f64.sqrt()))
        }),
    ]
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for activation in activations() {
        let Activation {
            name,
            single,
            double,
            reads_output,
            truth,
            within,
        } = activation;
        cases.push(Case::new(format!("{name} values"), move || {
            for len in LENGTHS {
                values::<F32>(single.0, truth, within, len, 1e-6)?;
                values::<F64>(double.0, truth, within, len, 1e-13)?;
            }
            Ok(())
        }));
        cases.push(Case::new(format!("{name} keeps NaN"), move || {
            let mut y = [0.0; 5];
            single.0(&[1.0, f32::NAN, 1.0, 1.0, f32::NAN], &mut y);
            match y.map(f32::is_nan) {
                [false, true, false, false, true] => Ok(()),
                _ => Err(format!("{y:?}")),
            }
        }));
        cases.push(Case::new(format!("{name} gradient"), move || {
            gradient(double, reads_output, within)
        }));
        cases.push(Case::new(format!("{name} gradient in f32"), move || {
            agreement(single, double, reads_output, within)
        }));
    }
    cases
}

fn values<V: Vector>(
    forward: Forward<V::Elem>,
    truth: fn(f64) -> f64,
    (low, high): (f64, f64),
    len: usize,
    tolerance: f64,
) -> Result<(), String> {
    let x: Vec<V::Elem> = Random::new(len as u64).uniforms(len, low, high);
    let mut y = vec![V::Elem::from_f64(f64::NAN); len];
    forward(&x, &mut y);
    let expected: Vec<f64> = x.iter().map(|x| truth(x.to_f64())).collect();
    assert_close(&y, &expected, tolerance, tolerance)
}

/// The gradient of Σ d_y · f(x), added to what was there.
fn claimed<E: Element>(
    (forward, backward): (Forward<E>, Backward<E>),
    reads_output: bool,
    x: &[E],
    d_y: &[E],
    d_x: &mut [E],
) {
    let mut y = vec![E::ZERO; x.len()];
    forward(x, &mut y);
    backward(if reads_output { &y } else { x }, d_y, d_x);
}

fn gradient(
    pair: (Forward<f64>, Backward<f64>),
    reads_output: bool,
    (low, high): (f64, f64),
) -> Result<(), String> {
    let mut random = Random::new(7);
    let len = 37;
    // Off zero by far more than the step: relu turns there.
    let x: Vec<f64> = random
        .uniforms::<f64>(len, low, high)
        .iter()
        .map(|x| x + 0.01 * x.signum())
        .collect();
    let d_y: Vec<f64> = random.normals(len);
    let mut d_x = vec![0.0; len];
    claimed(pair, reads_output, &x, &d_y, &mut d_x);
    gradient_check(
        &[Gradient {
            name: "x",
            at: &x,
            claimed: &d_x,
        }],
        |x| {
            let mut y = vec![0.0; len];
            (pair.0)(x[0], &mut y);
            y.iter().zip(&d_y).map(|(y, d_y)| y * d_y).sum()
        },
    )
}

/// The `f32` gradient is the `f64` one, and is added.
fn agreement(
    single: (Forward<f32>, Backward<f32>),
    double: (Forward<f64>, Backward<f64>),
    reads_output: bool,
    (low, high): (f64, f64),
) -> Result<(), String> {
    let mut random = Random::new(8);
    for len in LENGTHS {
        let x: Vec<f32> = random.uniforms(len, low, high);
        let d_y: Vec<f32> = random.normals(len);
        let mut d_x: Vec<f32> = random.normals(len);
        let wide = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
        let mut expected = wide(&d_x);
        claimed(double, reads_output, &wide(&x), &wide(&d_y), &mut expected);
        claimed(single, reads_output, &x, &d_y, &mut d_x);
        assert_close(&d_x, &expected, 3e-6, 1e-6)?;
    }
    Ok(())
}
