//! Losses: sums against their definitions, gradients against central
//! differences.

use kernels::loss::bce_with_logits::{bce_with_logits_backward, bce_with_logits_forward};
use kernels::loss::gaussian_nll::{gaussian_nll_backward, gaussian_nll_forward};
use kernels::loss::huber::{huber_backward, huber_forward};
use kernels::loss::l1::{l1_backward, l1_forward};
use kernels::loss::mse::{mse_backward, mse_forward};
use kernels::loss::quantile::{quantile_backward, quantile_forward};
use kernels::loss::student_t_nll::{student_t_nll_backward, student_t_nll_forward};
use simd::{Element, F32, F64, Vector};

use super::slice::LENGTHS;
use crate::{Case, Gradient, Random, assert_close, gradient_check};

const DELTA: f64 = 0.7;
const EPS: f64 = 0.1;
const QUANTILES: [f64; 5] = [0.1, 0.3, 0.5, 0.75, 0.9];

/// Adds the gradients of a scaled loss: scale, arguments, their gradients.
type Gradients = fn(f64, &[Vec<f64>], &mut [Vec<f64>]);

/// A loss over slices of one length: its arguments' ranges, its definition for
/// one element, its sum, and its gradients.
struct Loss {
    name: &'static str,
    ranges: &'static [(f64, f64)],
    /// The first so many arguments have gradients.
    differentiable: usize,
    definition: fn(&[f64]) -> f64,
    single: fn(&[Vec<f32>]) -> f64,
    double: fn(&[Vec<f64>]) -> f64,
    gradients: Gradients,
    /// How far `f32` may be off, relative to the sum of the terms.
    tolerance: f64,
}

const LOSSES: [Loss; 7] = [
    Loss {
        name: "mse",
        ranges: &[(-2.0, 2.0), (-2.0, 2.0)],
        differentiable: 1,
        definition: |x| (x[0] - x[1]).powi(2),
        single: |x| mse_forward::<F32>(&x[0], &x[1]),
        double: |x| mse_forward::<F64>(&x[0], &x[1]),
        gradients: |scale, x, d| mse_backward::<F64>(scale, &x[0], &x[1], &mut d[0]),
        tolerance: 1e-6,
    },
    Loss {
        name: "l1",
        ranges: &[(-2.0, 2.0), (-2.0, 2.0)],
        differentiable: 1,
        definition: |x| (x[0] - x[1]).abs(),
        single: |x| l1_forward::<F32>(&x[0], &x[1]),
        double: |x| l1_forward::<F64>(&x[0], &x[1]),
        gradients: |scale, x, d| l1_backward::<F64>(scale, &x[0], &x[1], &mut d[0]),
        tolerance: 1e-6,
    },
    Loss {
        name: "huber",
        ranges: &[(-2.0, 2.0), (-2.0, 2.0)],
        differentiable: 1,
        definition: |x| {
            let e = (x[0] - x[1]).abs();
            if e < DELTA {
                0.5 * e * e
            } else {
                DELTA * (e - 0.5 * DELTA)
            }
        },
        single: |x| huber_forward::<F32>(DELTA as f32, &x[0], &x[1]),
        double: |x| huber_forward::<F64>(DELTA, &x[0], &x[1]),
        gradients: |scale, x, d| huber_backward::<F64>(DELTA, scale, &x[0], &x[1], &mut d[0]),
        tolerance: 1e-6,
    },
    Loss {
        name: "bce_with_logits",
        ranges: &[(-6.0, 6.0), (0.0, 1.0), (0.1, 4.0)],
        differentiable: 1,
        definition: |x| {
            let p = 1.0 / (1.0 + (-x[0]).exp());
            -x[2] * x[1] * p.ln() - (1.0 - x[1]) * (1.0 - p).ln()
        },
        single: |x| bce_with_logits_forward::<F32>(&x[0], &x[1], &x[2]),
        double: |x| bce_with_logits_forward::<F64>(&x[0], &x[1], &x[2]),
        gradients: |scale, x, d| {
            bce_with_logits_backward::<F64>(scale, &x[0], &x[1], &x[2], &mut d[0]);
        },
        tolerance: 1e-6,
    },
    Loss {
        name: "gaussian_nll",
        ranges: &[(-2.0, 2.0), (0.2, 3.0), (-2.0, 2.0)],
        differentiable: 2,
        definition: |x| {
            let density = (-(x[0] - x[2]).powi(2) / (2.0 * x[1])).exp()
                / (std::f64::consts::TAU * x[1]).sqrt();
            -density.ln()
        },
        single: |x| gaussian_nll_forward::<F32>(true, EPS as f32, &x[0], &x[1], &x[2]),
        double: |x| gaussian_nll_forward::<F64>(true, EPS, &x[0], &x[1], &x[2]),
        gradients: |scale, x, d| {
            let [d_mean, d_var, ..] = d else {
                unreachable!()
            };
            let (d_mean, d_var) = (Some(d_mean.as_mut_slice()), Some(d_var.as_mut_slice()));
            gaussian_nll_backward::<F64>(EPS, scale, &x[0], &x[1], &x[2], d_mean, d_var);
        },
        tolerance: 1e-6,
    },
    Loss {
        name: "student_t_nll",
        ranges: &[(0.5, 30.0), (-2.0, 2.0), (0.3, 3.0), (-4.0, 4.0)],
        differentiable: 3,
        definition: student_t,
        single: |x| student_t_nll_forward(&x[0], &x[1], &x[2], &x[3]),
        double: |x| student_t_nll_forward(&x[0], &x[1], &x[2], &x[3]),
        gradients: |scale, x, d| {
            let [d_df, d_loc, d_scale] = d else {
                unreachable!()
            };
            student_t_nll_backward(
                scale,
                &x[0],
                &x[1],
                &x[2],
                &x[3],
                Some(d_df),
                Some(d_loc),
                Some(d_scale),
            );
        },
        tolerance: 1e-6,
    },
    Loss {
        name: "quantile of one",
        ranges: &[(-2.0, 2.0), (-2.0, 2.0)],
        differentiable: 1,
        definition: |x| {
            let e = x[1] - x[0];
            if e > 0.0 { 0.3 * e } else { -0.7 * e }
        },
        single: |x| quantile_forward::<F32>(&[0.3], &x[0], &x[1]),
        double: |x| quantile_forward::<F64>(&[0.3], &x[0], &x[1]),
        gradients: |scale, x, d| quantile_backward::<F64>(scale, &[0.3], &x[0], &x[1], &mut d[0]),
        tolerance: 1e-6,
    },
];

/// −ln of the density, its normalisation by numerical integration over
/// t = tan θ: ∫ (1 + t²/ν)^(−(ν+1)/2) dt.
fn student_t(x: &[f64]) -> f64 {
    let [df, loc, scale, target] = x else {
        unreachable!()
    };
    let kernel = |t: f64| (1.0 + t * t / df).powf(-0.5 * (df + 1.0));
    // With t = √ν tan θ the integrand is √ν cos^(ν−1) θ; Gauss-Legendre over
    // panels that shrink towards the end, where ν < 1 has a singularity.
    let integrand = |angle: f64| df.sqrt() * angle.cos().powf(df - 1.0);
    let (mut area, mut left) = (0.0, 0.0);
    for _ in 0..200 {
        let right = left + 0.5 * (std::f64::consts::FRAC_PI_2 - left);
        area += gauss(left, right, &integrand);
        left = right;
        if std::f64::consts::FRAC_PI_2 - left < 1e-13 {
            break;
        }
    }
    // The rest: cos θ is the distance to the end there.
    let rest = (std::f64::consts::FRAC_PI_2 - left).powf(*df) / df * df.sqrt();
    let z = (target - loc) / scale;
    -(kernel(z) / (2.0 * (area + rest) * scale)).ln()
}

/// Five-point Gauss-Legendre quadrature (Abramowitz and Stegun, table 25.4).
fn gauss(left: f64, right: f64, f: &impl Fn(f64) -> f64) -> f64 {
    const POINTS: [(f64, f64); 3] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_08),
    ];
    const PANELS: usize = 16;
    let half = 0.5 * (right - left) / PANELS as f64;
    let panel = |i: usize| {
        let middle = left + (2 * i + 1) as f64 * half;
        let sides = POINTS[1..]
            .iter()
            .map(|(at, weight)| weight * (f(middle - half * at) + f(middle + half * at)));
        half * (POINTS[0].1 * f(middle) + sides.sum::<f64>())
    };
    (0..PANELS).map(panel).sum()
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for loss in LOSSES {
        let Loss {
            name,
            ranges,
            definition,
            single,
            double,
            tolerance,
            ..
        } = loss;
        cases.push(Case::new(format!("{name} values"), move || {
            for len in LENGTHS {
                let narrow = arguments::<f32>(ranges, len);
                let wide: Vec<Vec<f64>> = narrow
                    .iter()
                    .map(|x| x.iter().map(|&x| f64::from(x)).collect())
                    .collect();
                let terms =
                    (0..len).map(|i| definition(&wide.iter().map(|x| x[i]).collect::<Vec<_>>()));
                let (sum, size) =
                    terms.fold((0.0, 0.0), |(sum, size), x| (sum + x, size + x.abs()));
                assert_close(&[single(&narrow)], &[sum], tolerance * size, 0.0)?;
                assert_close(&[double(&wide)], &[sum], 1e-9 * size, 0.0)?;
            }
            Ok(())
        }));
        cases.push(Case::new(format!("{name} gradients"), move || {
            gradients(&loss)
        }));
    }
    cases.push(Case::new("quantile of several", quantiles));
    cases.push(Case::new("quantile midway", midway));
    cases.push(Case::new("bce keeps small losses", small_losses::<F32>));
    cases.push(Case::new("gaussian_nll below eps", below_eps));
    cases.push(Case::new("gradients that nobody needs", one_alone));
    cases
}

fn arguments<E: Element>(ranges: &[(f64, f64)], len: usize) -> Vec<Vec<E>> {
    let mut random = Random::new(len as u64);
    ranges
        .iter()
        .map(|&(low, high)| random.uniforms(len, low, high))
        .collect()
}

fn gradients(loss: &Loss) -> Result<(), String> {
    const NAMES: [&str; 4] = ["0", "1", "2", "3"];
    let (len, scale, start) = (23, -1.3, 0.5);
    let at = arguments::<f64>(loss.ranges, len);
    let mut d = vec![vec![start; len]; loss.differentiable];
    (loss.gradients)(scale, &at, &mut d);
    d.iter_mut().flatten().for_each(|d| *d -= start);
    let gradients: Vec<Gradient> = (0..loss.differentiable)
        .map(|i| Gradient {
            name: NAMES[i],
            at: &at[i],
            claimed: &d[i],
        })
        .collect();
    gradient_check(&gradients, |moved| {
        let mut at = at.clone();
        for (at, moved) in at.iter_mut().zip(moved) {
            at.copy_from_slice(moved);
        }
        scale * (loss.double)(&at)
    })
}

/// Columns are quantiles, rows share a target.
fn quantiles() -> Result<(), String> {
    let (rows, count) = (7, QUANTILES.len());
    let mut random = Random::new(11);
    let (input, target): (Vec<f64>, Vec<f64>) =
        (random.normals(rows * count), random.normals(rows));
    let mut expected = 0.0;
    for (i, row) in input.chunks(count).enumerate() {
        for (x, q) in row.iter().zip(QUANTILES) {
            let e = target[i] - x;
            expected += if e > 0.0 { q * e } else { (q - 1.0) * e };
        }
    }
    let loss = |input: &[f64]| quantile_forward::<F64>(&QUANTILES, input, &target);
    assert_close(&[loss(&input)], &[expected], 0.0, 1e-14)?;
    let mut d = vec![0.0; input.len()];
    quantile_backward::<F64>(2.0, &QUANTILES, &input, &target, &mut d);
    let gradient = Gradient {
        name: "input",
        at: &input,
        claimed: &d,
    };
    gradient_check(&[gradient], |x| 2.0 * loss(x[0]))
}

fn midway() -> Result<(), String> {
    let mut d = [0.0; 3];
    quantile_backward::<F64>(1.0, &[0.1, 0.5, 0.9], &[2.0, 2.0, 2.0], &[2.0], &mut d);
    assert_close(&d, &[0.4, 0.0, -0.4], 1e-15, 0.0)?;
    let mut d = [0.0; 2];
    l1_backward::<F64>(1.0, &[2.0, -3.0], &[2.0, -3.0], &mut d);
    assert_close(&d, &[0.0, 0.0], 0.0, 0.0)
}

/// Confident and right: the loss is e^−x, not 0. Confident and wrong: x.
fn small_losses<V: Vector>() -> Result<(), String> {
    let of = |x: f64| [V::Elem::from_f64(x)];
    for (x, target) in [(30.0, 1.0), (-30.0, 0.0)] {
        let loss = bce_with_logits_forward::<V>(&of(x), &of(target), &of(1.0));
        assert_close(&[loss], &[(-30f64).exp()], 0.0, 1e-6)?;
    }
    for (x, target) in [(1e4, 0.0), (-1e4, 1.0)] {
        let loss = bce_with_logits_forward::<V>(&of(x), &of(target), &of(1.0));
        assert_close(&[loss], &[1e4], 0.0, 1e-6)?;
    }
    Ok(())
}

/// Below eps the variance counts as eps, and still has a gradient.
fn below_eps() -> Result<(), String> {
    let loss = gaussian_nll_forward::<F64>(false, EPS, &[1.0], &[0.01], &[2.0]);
    assert_close(&[loss], &[0.5 * (EPS.ln() + 1.0 / EPS)], 0.0, 1e-14)?;
    let mut d = [0.0];
    gaussian_nll_backward::<F64>(EPS, 1.0, &[1.0], &[0.01], &[2.0], None, Some(&mut d));
    assert_close(&d, &[0.5 * (1.0 / EPS - 1.0 / (EPS * EPS))], 0.0, 1e-14)
}

fn one_alone() -> Result<(), String> {
    let x = arguments::<f64>(LOSSES[5].ranges, 5);
    let mut all = vec![vec![0.0; 5]; 3];
    (LOSSES[5].gradients)(1.0, &x, &mut all);
    for wanted in 0..3 {
        let mut alone = vec![0.0; 5];
        let mut d = [None, None, None];
        d[wanted] = Some(alone.as_mut_slice());
        let [d_df, d_loc, d_scale] = d;
        student_t_nll_backward(1.0, &x[0], &x[1], &x[2], &x[3], d_df, d_loc, d_scale);
        assert_close(&alone, &all[wanted], 0.0, 0.0)?;
    }
    Ok(())
}
