//! Sums and products of slices.

use kernels::elementwise::*;
use simd::{Element, F32, F64, Vector};

use super::slice::LENGTHS;
use crate::{Case, Random, assert_close};

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for len in LENGTHS {
        cases.push(Case::new(format!("{len} f32"), move || {
            check::<F32>(len, 1e-6)
        }));
        cases.push(Case::new(format!("{len} f64"), move || {
            check::<F64>(len, 1e-15)
        }));
    }
    cases
}

fn check<V: Vector>(len: usize, tolerance: f64) -> Result<(), String> {
    let mut random = Random::new(len as u64);
    let mut draw = || random.normals::<V::Elem>(len);
    let (a, b, start) = (draw(), draw(), draw());
    let (factor, shift) = (V::Elem::from_f64(-1.7), V::Elem::from_f64(0.3));
    let expect = |what: &str, y: &[V::Elem], f: &dyn Fn(f64, f64, f64) -> f64| {
        let expected: Vec<f64> = (0..len)
            .map(|i| f(a[i].to_f64(), b[i].to_f64(), start[i].to_f64()))
            .collect();
        assert_close(y, &expected, tolerance, tolerance).map_err(|error| format!("{what}: {error}"))
    };
    let after = |f: &dyn Fn(&mut [V::Elem])| {
        let mut y = start.clone();
        f(&mut y);
        y
    };
    expect(
        "mul",
        &after(&|y| mul_forward::<V>(&a, &b, y)),
        &|a, b, _| a * b,
    )?;
    expect(
        "d_mul",
        &after(&|y| mul_backward::<V>(&a, &b, y)),
        &|a, b, y| y + a * b,
    )?;
    let factor_f64 = factor.to_f64();
    expect(
        "scale",
        &after(&|y| scale_forward::<V>(factor, &a, shift, y)),
        &|a, _, _| factor_f64 * a + shift.to_f64(),
    )?;
    expect(
        "d_scale",
        &after(&|y| scale_backward::<V>(factor, &a, y)),
        &|a, _, y| y + factor_f64 * a,
    )?;
    expect("axpy", &after(&|y| axpy::<V>(factor, &a, y)), &|a, _, y| {
        y + factor_f64 * a
    })
}
