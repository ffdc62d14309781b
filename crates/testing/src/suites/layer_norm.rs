//! Layer normalisation.

use kernels::norm::layer::{layer_norm_backward, layer_norm_forward};
use simd::{Element, F32, F64, Vector};

use crate::{Case, Gradient, Random, assert_close, gradient_check};

const EPS: f64 = 1e-5;

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (rows, width) in [
        (0, 3),
        (1, 1),
        (3, 2),
        (2, 3),
        (4, 4),
        (3, 5),
        (2, 9),
        (2, 64),
        (3, 129),
    ] {
        cases.push(Case::new(format!("values [{rows}, {width}]"), move || {
            values::<F32>(rows, width, 5e-6)?;
            values::<F64>(rows, width, 1e-12)
        }));
        if width < 64 {
            cases.push(Case::new(
                format!("gradients [{rows}, {width}]"),
                move || gradients(rows, width),
            ));
        }
    }
    cases.push(Case::new("a mean far from zero", far));
    cases
}

struct Normalized<E> {
    y: Vec<E>,
    mean: Vec<E>,
    rstd: Vec<E>,
}

fn forward<V: Vector>(x: &[V::Elem], weight: &[V::Elem], bias: &[V::Elem]) -> Normalized<V::Elem> {
    let rows = x.len() / weight.len();
    let nan = V::Elem::from_f64(f64::NAN);
    let (mut y, mut mean, mut rstd) = (vec![nan; x.len()], vec![nan; rows], vec![nan; rows]);
    let eps = V::Elem::from_f64(EPS);
    layer_norm_forward::<V>(eps, x, weight, bias, &mut y, &mut mean, &mut rstd);
    Normalized { y, mean, rstd }
}

fn values<V: Vector>(rows: usize, width: usize, tolerance: f64) -> Result<(), String> {
    let mut random = Random::new(width as u64);
    let x: Vec<V::Elem> = random.uniforms(rows * width, -2.0, 5.0);
    let (weight, bias): (Vec<V::Elem>, Vec<V::Elem>) =
        (random.normals(width), random.normals(width));
    let mut expected = Vec::new();
    for row in x.chunks(width) {
        let row: Vec<f64> = row.iter().map(|x| x.to_f64()).collect();
        let mean = row.iter().sum::<f64>() / width as f64;
        let variance = row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / width as f64;
        expected.extend((0..width).map(|j| {
            (row[j] - mean) / (variance + EPS).sqrt() * weight[j].to_f64() + bias[j].to_f64()
        }));
    }
    assert_close(
        &forward::<V>(&x, &weight, &bias).y,
        &expected,
        tolerance,
        tolerance,
    )
}

fn gradients(rows: usize, width: usize) -> Result<(), String> {
    let mut random = Random::new(width as u64);
    let x: Vec<f64> = random.normals(rows * width);
    let (weight, bias): (Vec<f64>, Vec<f64>) = (random.normals(width), random.normals(width));
    let d_y: Vec<f64> = random.normals(x.len());
    let saved = forward::<F64>(&x, &weight, &bias);
    let backward = |wanted: [bool; 3], start: f64| {
        let mut d = [vec![start; x.len()], vec![start; width], vec![start; width]];
        let [d_x, d_weight, d_bias] = &mut d;
        let want = |on: bool, d| if on { Some(d) } else { None };
        layer_norm_backward::<F64>(
            &x,
            &weight,
            &saved.mean,
            &saved.rstd,
            &d_y,
            want(wanted[0], d_x.as_mut_slice()),
            want(wanted[1], d_weight.as_mut_slice()),
            want(wanted[2], d_bias.as_mut_slice()),
        );
        d
    };
    let d = backward([true; 3], 0.0);
    let names = ["x", "weight", "bias"];
    let at = [&x, &weight, &bias];
    let gradients: Vec<Gradient> = (0..3)
        .map(|i| Gradient {
            name: names[i],
            at: at[i],
            claimed: &d[i],
        })
        .collect();
    // With one column a row is its own mean: the gradient is exactly zero, and
    // differences see only rounding, magnified by 1/√eps.
    if width > 1 {
        gradient_check(&gradients, |arguments| {
            let y = forward::<F64>(arguments[0], arguments[1], arguments[2]).y;
            y.iter().zip(&d_y).map(|(y, d_y)| y * d_y).sum()
        })?;
    } else {
        assert_close(&d[0], &vec![0.0; rows], 1e-12, 0.0)?;
    }
    // Each alone, added to what was there.
    for i in 0..3 {
        let mut wanted = [false; 3];
        wanted[i] = true;
        let alone = backward(wanted, 2.0);
        for j in 0..3 {
            let expected: Vec<f64> = d[j]
                .iter()
                .map(|d| 2.0 + if i == j { *d } else { 0.0 })
                .collect();
            assert_close(&alone[j], &expected, 1e-12, 1e-12)?;
        }
    }
    Ok(())
}

/// E[x²] − E[x]² would lose all digits here.
fn far() -> Result<(), String> {
    let x: Vec<f32> = (0..8).map(|i| 10_000.0 + i as f32).collect();
    let y = forward::<F32>(&x, &[1.0; 8], &[0.0; 8]).y;
    let expected: Vec<f64> = (0..8)
        .map(|i| (f64::from(i) - 3.5) / (5.25 + EPS).sqrt())
        .collect();
    assert_close(&y, &expected, 1e-6, 0.0)
}
