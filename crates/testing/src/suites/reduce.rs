//! Sums in a fixed order, and clipping, which rests on them.

use kernels::{clip, reduce};
use simd::{Element, F32, F64, Vector};

use super::slice::LENGTHS;
use crate::{Case, Random, assert_close};

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for len in LENGTHS.into_iter().chain([1000]) {
        cases.push(Case::new(format!("sums of {len} f32"), move || {
            sums::<F32>(len, 1e-6)
        }));
        cases.push(Case::new(format!("sums of {len} f64"), move || {
            sums::<F64>(len, 1e-14)
        }));
    }
    cases.push(Case::new("order of a sum", order));
    cases.push(Case::new("precision of sums in f64", precision));
    cases.push(Case::new("rows", || {
        rows::<F32>(1e-6).and_then(|()| rows::<F64>(1e-14))
    }));
    cases.push(Case::new("clip f32", || clipping::<F32>(1e-6)));
    cases.push(Case::new("clip f64", || clipping::<F64>(1e-14)));
    cases
}

fn sums<V: Vector>(len: usize, unit: f64) -> Result<(), String> {
    let mut random = Random::new(len as u64);
    let (a, b): (Vec<V::Elem>, Vec<V::Elem>) = (random.normals(len), random.normals(len));
    let naive = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        a.iter()
            .zip(&b)
            .map(|(a, b)| f(a.to_f64(), b.to_f64()))
            .sum()
    };
    let bound = unit * len as f64;
    assert_close(&[reduce::sum::<V>(&a)], &[naive(&|a, _| a)], bound, unit)?;
    assert_close(
        &[reduce::dot::<V>(&a, &b)],
        &[naive(&|a, b| a * b)],
        bound,
        unit,
    )?;
    let tight = 1e-15 * len as f64;
    assert_close(
        &[reduce::sum_f64::<V>(&a)],
        &[naive(&|a, _| a)],
        tight,
        1e-15,
    )?;
    assert_close(
        &[reduce::sum_of_squares_f64::<V>(&a)],
        &[naive(&|a, _| a * a)],
        tight,
        1e-14,
    )?;
    // Not zero at zero: padding would show.
    let ones = reduce::sum_terms_f64([&a, &b], |[a, b]: [V; 2]| {
        a.mul(b).mul(V::zero()).add(V::splat(V::Elem::ONE))
    });
    assert_close(&[ones], &[len as f64], 0.0, 0.0)
}

/// Lanes by position modulo four, then (0 + 2) + (1 + 3).
fn order() -> Result<(), String> {
    let x = [1e30, 1.0, -1e30, 2.0, 3.0, 4.0];
    for sum in [reduce::sum::<F64>(&x), reduce::sum_f64::<F64>(&x)] {
        // 1e30 swallows the 3 and cancels; 1 + 4 and 2 survive.
        assert_close(&[sum], &[7.0], 0.0, 0.0)?;
    }
    Ok(())
}

/// A million tenths, of which `f32` would lose the last digits; squares beyond
/// `f32`'s range.
fn precision() -> Result<(), String> {
    let x = vec![0.1f32; 1_000_000];
    assert_close(
        &[reduce::sum_f64::<F32>(&x)],
        &[f64::from(0.1f32) * 1e6],
        0.0,
        1e-12,
    )?;
    assert_close(
        &[reduce::sum_of_squares_f64::<F32>(&[1e30; 3])],
        &[f64::from(1e30f32).powi(2) * 3.0],
        0.0,
        1e-12,
    )
}

fn rows<V: Vector>(tolerance: f64) -> Result<(), String> {
    for (rows, width) in [(0, 3), (1, 1), (3, 5), (4, 8), (7, 9)] {
        let mut random = Random::new(rows as u64);
        let x: Vec<V::Elem> = random.normals(rows * width);
        let mut y: Vec<V::Elem> = random.normals(width);
        let column = |j: usize| (0..rows).map(|i| x[i * width + j].to_f64()).sum::<f64>();
        let expected: Vec<f64> = (0..width).map(|j| y[j].to_f64() + column(j)).collect();
        reduce::add_rows::<V>(&x, &mut y);
        assert_close(&y, &expected, tolerance, tolerance)?;
    }
    Ok(())
}

fn clipping<V: Vector>(tolerance: f64) -> Result<(), String> {
    let of = |x: &[f64]| x.iter().map(|&x| V::Elem::from_f64(x)).collect::<Vec<_>>();
    let mut x = of(&[
        3.0,
        -3.0,
        0.5,
        f64::NAN,
        f64::INFINITY,
        -0.1,
        f64::NEG_INFINITY,
    ]);
    clip::by_value::<V>(&mut x, V::Elem::from_f64(0.5));
    assert_close(
        &x,
        &[0.5, -0.5, 0.5, f64::NAN, 0.5, -0.1, -0.5],
        tolerance,
        0.0,
    )?;
    let mut x = of(&[3.0, 0.0, -4.0, 12.0, 84.0]);
    assert_close(&[clip::squared_norm::<V>(&x)], &[85.0 * 85.0], 0.0, 0.0)?;
    clip::scale::<V>(&mut x, V::Elem::from_f64(0.25));
    assert_close(&x, &[0.75, 0.0, -1.0, 3.0, 21.0], 0.0, 0.0)
}
