//! Pooling over time against a plain reference; rows of unequal and no length.

use kernels::pool::{
    last_backward, last_forward, max_backward, max_forward, mean_backward, mean_forward,
};
use simd::{Element, F32, F64, Vector};

use crate::packing::Packing;
use crate::random::Random;
use crate::{Case, assert_close};

#[derive(Clone, Copy, Debug)]
enum Kind {
    Mean,
    Max,
    Last,
}

/// How much of `x[step, j]` is in `y[row, j]`: y and the gradient follow.
fn share(kind: Kind, steps: &[usize], t: usize, column: &[f64]) -> f64 {
    let first_best = || {
        let best = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        column.iter().position(|&x| x == best)
    };
    let chosen = |chosen: bool| if chosen { 1.0 } else { 0.0 };
    match kind {
        Kind::Mean => 1.0 / steps.len() as f64,
        Kind::Max => chosen(first_best() == Some(t)),
        Kind::Last => chosen(t + 1 == steps.len()),
    }
}

fn check<V: Vector>(
    kind: Kind,
    lengths: &[usize],
    width: usize,
    tolerance: f64,
) -> Result<(), String> {
    let packing = Packing::new(lengths);
    let packed = packing.packed();
    let mut random = Random::new(width as u64);
    // Tenths, so that there are ties; below zero, so that zero is no maximum.
    let x: Vec<V::Elem> = (0..packed.steps() * width)
        .map(|_| V::Elem::from_f64(random.below(8) as f64 / 10.0 - 2.0))
        .collect();
    let d_y: Vec<V::Elem> = random.normals(lengths.len() * width);
    let mut y = vec![V::Elem::from_f64(f64::NAN); lengths.len() * width];
    let before: Vec<V::Elem> = random.normals(x.len());
    let mut d_x = before.clone();
    match kind {
        Kind::Mean => {
            mean_forward::<V>(packed, width, &x, &mut y);
            mean_backward::<V>(packed, width, &d_y, &mut d_x);
        }
        Kind::Max => {
            let mut arg_max = vec![-7; y.len()];
            max_forward::<V>(packed, width, &x, &mut y, &mut arg_max);
            max_backward::<V>(width, &arg_max, &d_y, &mut d_x);
        }
        Kind::Last => {
            last_forward::<V>(packed, width, &x, &mut y);
            last_backward::<V>(packed, width, &d_y, &mut d_x);
        }
    }
    let mut expected_y = vec![0.0; y.len()];
    let mut expected_d_x: Vec<f64> = before.iter().map(|x| x.to_f64()).collect();
    for (row, steps) in packing.rows().iter().enumerate() {
        for j in 0..width {
            let column: Vec<f64> = steps
                .iter()
                .map(|&step| x[step * width + j].to_f64())
                .collect();
            for (t, &step) in steps.iter().enumerate() {
                let share = share(kind, steps, t, &column);
                expected_y[row * width + j] += share * column[t];
                expected_d_x[step * width + j] += share * d_y[row * width + j].to_f64();
            }
        }
    }
    assert_close(&y, &expected_y, tolerance, tolerance)
        .map_err(|message| format!("y: {message}"))?;
    assert_close(&d_x, &expected_d_x, tolerance, tolerance)
        .map_err(|message| format!("d_x: {message}"))
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let batches: [&[usize]; 5] = [&[1], &[3, 7, 1, 7], &[0, 4, 0], &[0], &[20, 2, 2, 19, 5]];
    for kind in [Kind::Mean, Kind::Max, Kind::Last] {
        for lengths in batches {
            for width in [1, 3, 4, 5, 16, 33] {
                let name = format!("{kind:?}, lengths {lengths:?}, width {width}");
                cases.push(Case::new(format!("f32, {name}"), move || {
                    check::<F32>(kind, lengths, width, 1e-6)
                }));
                cases.push(Case::new(format!("f64, {name}"), move || {
                    check::<F64>(kind, lengths, width, 1e-14)
                }));
            }
        }
    }
    cases
}
