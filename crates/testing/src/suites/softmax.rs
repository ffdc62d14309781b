//! Softmax, log-softmax and log-sum-exp over rows.

use kernels::math::log_softmax::{self, log_softmax_backward, log_softmax_forward};
use kernels::math::log_sum_exp::{self, log_sum_exp_backward, log_sum_exp_forward};
use kernels::math::softmax::{self, softmax_backward, softmax_forward};
use simd::{Element, F32, F64, Vector};

use crate::{Case, Gradient, Random, assert_close, gradient_check};

const SHAPES: [(usize, usize); 10] = [
    (0, 3),
    (1, 1),
    (3, 1),
    (2, 2),
    (3, 3),
    (5, 4),
    (2, 5),
    (3, 9),
    (2, 31),
    (1, 1000),
];

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (rows, width) in SHAPES {
        cases.push(Case::new(format!("values [{rows}, {width}]"), move || {
            values::<F32>(rows, width, 1.0)?;
            values::<F64>(rows, width, 1e-7)
        }));
        if rows * width < 100 {
            cases.push(Case::new(
                format!("gradients [{rows}, {width}]"),
                move || gradients(rows, width),
            ));
        }
    }
    cases.push(Case::new("infinities f32", infinities::<F32>));
    cases.push(Case::new("infinities f64", infinities::<F64>));
    cases
}

fn run<V: Vector>(
    f: impl Fn(usize, &[V::Elem], &mut [V::Elem]),
    width: usize,
    x: &[V::Elem],
    len: usize,
) -> Vec<V::Elem> {
    let mut y = vec![V::Elem::from_f64(f64::NAN); len];
    f(width, x, &mut y);
    y
}

fn values<V: Vector>(rows: usize, width: usize, factor: f64) -> Result<(), String> {
    let x: Vec<V::Elem> = Random::new(rows as u64).uniforms(rows * width, -10.0, 10.0);
    let (mut probabilities, mut totals) = (Vec::new(), Vec::new());
    for row in x.chunks(width) {
        let sum: f64 = row.iter().map(|x| x.to_f64().exp()).sum();
        totals.push(sum.ln());
        probabilities.extend(row.iter().map(|x| x.to_f64().exp() / sum));
    }
    let logs: Vec<f64> = probabilities.iter().map(|p| p.ln()).collect();
    let y = run::<V>(softmax_forward::<V>, width, &x, x.len());
    assert_close(&y, &probabilities, factor * softmax::ABSOLUTE_ERROR, 0.0)?;
    let y = run::<V>(log_softmax_forward::<V>, width, &x, x.len());
    let (abs, rel) = (log_softmax::ABSOLUTE_ERROR, log_softmax::RELATIVE_ERROR);
    assert_close(&y, &logs, factor * abs, factor * rel)?;
    let y = run::<V>(log_sum_exp_forward::<V>, width, &x, rows);
    let (abs, rel) = (log_sum_exp::ABSOLUTE_ERROR, log_sum_exp::RELATIVE_ERROR);
    assert_close(&y, &totals, factor * abs, factor * rel)
}

fn gradients(rows: usize, width: usize) -> Result<(), String> {
    let mut random = Random::new(5);
    let len = rows * width;
    let x: Vec<f64> = random.normals(len);
    let (d_y, d_total): (Vec<f64>, Vec<f64>) = (random.normals(len), random.normals(rows));
    let weighted = |y: Vec<f64>, d_y: &[f64]| y.iter().zip(d_y).map(|(y, d)| y * d).sum::<f64>();
    let start: Vec<f64> = random.normals(len);
    let check = |name, d_x: Vec<f64>, loss: &dyn Fn(&[f64]) -> f64| {
        // What stood in d_x must still be in it.
        let claimed: Vec<f64> = d_x.iter().zip(&start).map(|(d, start)| d - start).collect();
        let gradient = Gradient {
            name: "x",
            at: &x,
            claimed: &claimed,
        };
        gradient_check(&[gradient], |x| loss(x[0])).map_err(|error| format!("{name}: {error}"))
    };

    let forward = |x: &[f64]| run::<F64>(softmax_forward::<F64>, width, x, len);
    let mut d_x = start.clone();
    softmax_backward::<F64>(width, &forward(&x), &d_y, &mut d_x);
    check("softmax", d_x, &|x| weighted(forward(x), &d_y))?;

    let forward = |x: &[f64]| run::<F64>(log_softmax_forward::<F64>, width, x, len);
    let mut d_x = start.clone();
    log_softmax_backward::<F64>(width, &forward(&x), &d_y, &mut d_x);
    check("log_softmax", d_x, &|x| weighted(forward(x), &d_y))?;

    let forward = |x: &[f64]| run::<F64>(log_sum_exp_forward::<F64>, width, x, rows);
    let mut d_x = start.clone();
    log_sum_exp_backward::<F64>(width, &x, &forward(&x), &d_total, &mut d_x);
    check("log_sum_exp", d_x, &|x| weighted(forward(x), &d_total))
}

/// Large logits overflow nothing; a masked class has probability 0.
fn infinities<V: Vector>() -> Result<(), String> {
    let inf = f64::INFINITY;
    let of = |x: &[f64]| x.iter().map(|&x| V::Elem::from_f64(x)).collect::<Vec<_>>();
    let x = of(&[3e4, 3e4, -3e4, -inf, -3e4, -inf]);
    let y = run::<V>(softmax_forward::<V>, 3, &x, 6);
    assert_close(&y, &[0.5, 0.5, 0.0, 0.0, 1.0, 0.0], 0.0, 0.0)?;
    let y = run::<V>(log_softmax_forward::<V>, 3, &x, 6);
    let half = -std::f64::consts::LN_2;
    assert_close(&y, &[half, half, half - 6e4, -inf, 0.0, -inf], 1e-2, 0.0)?;
    let x = of(&[-inf, -inf, inf, 1.0, f64::NAN, 1.0, -inf, f64::NAN]);
    let y = run::<V>(log_sum_exp_forward::<V>, 2, &x, 4);
    assert_close(&y, &[-inf, inf, f64::NAN, f64::NAN], 0.0, 0.0)
}
