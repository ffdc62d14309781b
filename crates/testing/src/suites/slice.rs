//! The chunk-and-tail loop: every length, and tails that equal lanes.

use simd::{Element, F32, F64, Function, Vector, slice};

use crate::random::Random;
use crate::{Case, assert_close};

/// Lengths around the vector's: empty, single, chunk ± 1 and beyond.
pub const LENGTHS: [usize; 13] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33];

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for len in LENGTHS {
        cases.push(Case::new(format!("loops over {len} f32"), move || {
            loops::<F32>(len)
        }));
        cases.push(Case::new(format!("loops over {len} f64"), move || {
            loops::<F64>(len)
        }));
        cases.push(Case::new(
            format!("tail of {len} equals lanes"),
            move || tails::<F32>(len),
        ));
    }
    cases
}

fn loops<V: Vector>(len: usize) -> Result<(), String> {
    let mut random = Random::new(len as u64);
    // Whole numbers, so that results are exact in any order.
    let mut draw = || -> Vec<V::Elem> {
        (0..len)
            .map(|_| V::Elem::from_f64(random.below(100) as f64 - 50.0))
            .collect()
    };
    let (a, b, c, old) = (draw(), draw(), draw(), draw());
    let expect = |f: &dyn Fn(usize) -> V::Elem| -> Vec<V::Elem> { (0..len).map(f).collect() };
    let check = |name: &str, y: &[V::Elem], expected: Vec<V::Elem>| {
        assert_close(y, &expected, 0.0, 0.0).map_err(|error| format!("{name}: {error}"))
    };
    let two = V::splat(V::Elem::from_f64(2.0));

    let mut y = old.clone();
    slice::map(&a, &mut y, |a: V| a.mul(two));
    check("map", &y, expect(&|i| a[i] + a[i]))?;
    slice::map_in_place(&mut y, |y: V| y.add(two));
    check(
        "map_in_place",
        &y,
        expect(&|i| a[i] + a[i] + two.extract(0)),
    )?;
    slice::zip(&a, &b, &mut y, |a: V, b| a.sub(b));
    check("zip", &y, expect(&|i| a[i] - b[i]))?;
    slice::zip3(&a, &b, &c, &mut y, |a: V, b, c| a.mul(b).sub(c));
    check("zip3", &y, expect(&|i| a[i] * b[i] - c[i]))?;
    let mut y = old.clone();
    slice::accumulate([&a, &b], &mut y, |[a, b]: [V; 2]| a.mul(b));
    check("accumulate", &y, expect(&|i| old[i] + a[i] * b[i]))?;
    let (mut y, mut z) = (old.clone(), c.clone());
    slice::update([&mut y, &mut z], [&a, &b], |[y, z]: [V; 2], [a, b]| {
        [z.add(a), y.sub(b)]
    });
    check("update, first", &y, expect(&|i| c[i] + a[i]))?;
    check("update, second", &z, expect(&|i| old[i] - b[i]))?;

    let sum = slice::sum([&a, &b], |[a, b]: [V; 2]| a.mul(b));
    check("sum", &[sum], vec![(0..len).map(|i| a[i] * b[i]).sum()])?;
    let greatest = a.iter().fold(V::Elem::NEG_INFINITY, |most, &x| most.max(x));
    check("max", &[slice::max::<V>(&a)], vec![greatest])?;
    let negative: Vec<V::Elem> = a.iter().map(|&x| x - V::Elem::from_f64(60.0)).collect();
    let greatest = negative
        .iter()
        .fold(V::Elem::NEG_INFINITY, |most, &x| most.max(x));
    check(
        "max below zero",
        &[slice::max::<V>(&negative)],
        vec![greatest],
    )
}

/// An element's result is the same bits wherever it stands, and the scalar
/// function gives them too.
fn tails<V: Vector>(len: usize) -> Result<(), String> {
    let x: Vec<V::Elem> = Random::new(9).uniforms(len + V::LANES, -3.0, 3.0);
    let mut y = vec![V::Elem::ZERO; len];
    let tanh = V::Tanh::new();
    for shift in 0..V::LANES {
        let x = &x[shift..shift + len];
        slice::map(x, &mut y, |x: V| tanh.apply(x));
        let expected: Vec<V::Elem> = x.iter().map(|&x| x.tanh()).collect();
        assert_close(&y, &expected, 0.0, 0.0)?;
    }
    Ok(())
}
