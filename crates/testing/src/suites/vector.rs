//! What a vector promises: every lane, partial loads, the edges of min, max and
//! the comparisons.

use simd::{Element, F32, F64, Vector, Words};

use crate::{Case, Random, assert_close};

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = of::<F32>("f32");
    cases.extend(of::<F64>("f64"));
    cases.push(Case::new("memory for vectors".to_string(), blocks));
    cases
}

fn of<V: Vector>(name: &str) -> Vec<Case> {
    vec![
        Case::new(format!("arithmetic {name}"), arithmetic::<V>),
        Case::new(format!("NaN, zeros and infinities {name}"), edges::<V>),
        Case::new(format!("loads and stores {name}"), memory::<V>),
        Case::new(format!("reductions {name}"), reductions::<V>),
        Case::new(format!("transposes {name}"), transposes::<V>),
        Case::new(format!("kept by words {name}"), kept::<V>),
    ]
}

fn lanes<V: Vector>(x: V) -> Vec<V::Elem> {
    (0..V::LANES).map(|lane| x.extract(lane)).collect()
}

fn check<V: Vector>(
    what: &str,
    actual: V,
    expected: impl Fn(usize) -> V::Elem,
) -> Result<(), String> {
    let expected: Vec<V::Elem> = (0..V::LANES).map(expected).collect();
    assert_close(&lanes(actual), &expected, 0.0, 0.0).map_err(|error| format!("{what}: {error}"))
}

fn truth<V: Vector>(what: &str, mask: V::Mask, expected: [bool; 4]) -> Result<(), String> {
    let (yes, no) = (V::splat(V::Elem::ONE), V::zero());
    let ones = expected.map(|yes| if yes { V::Elem::ONE } else { V::Elem::ZERO });
    check(what, V::select(mask, yes, no), |lane| ones[lane])
}

fn transposes<V: Vector>() -> Result<(), String> {
    let numbers: Vec<V::Elem> = Random::new(5).normals(16);
    let columns = V::transpose([0, 4, 8, 12].map(|at| V::load(&numbers[at..])));
    for (i, column) in columns.into_iter().enumerate() {
        check("column", column, |j| numbers[j * 4 + i])?;
    }
    Ok(())
}

fn kept<V: Vector>() -> Result<(), String> {
    let x: Vec<V::Elem> = Random::new(6).normals(V::LANES);
    // Unsigned, up to both ends.
    for (first, limit) in [
        (0, 2),
        (5, 0),
        (u32::MAX - 3, u32::MAX),
        (0x7fff_fffe, 0x8000_0000),
    ] {
        let words = Words::from(first).at_least(Words::splat(limit));
        check("keep", V::load(&x).keep(words), |lane| {
            if first + lane as u32 >= limit {
                x[lane]
            } else {
                V::Elem::ZERO
            }
        })?;
    }
    Ok(())
}

fn arithmetic<V: Vector>() -> Result<(), String> {
    let mut random = Random::new(1);
    for _ in 0..100 {
        let a: Vec<V::Elem> = random.normals(V::LANES);
        let b: Vec<V::Elem> = random.normals(V::LANES);
        let (x, y) = (V::load(&a), V::load(&b));
        check("add", x.add(y), |i| a[i] + b[i])?;
        check("sub", x.sub(y), |i| a[i] - b[i])?;
        check("mul", x.mul(y), |i| a[i] * b[i])?;
        check("div", x.div(y), |i| a[i] / b[i])?;
        check("neg", x.neg(), |i| -a[i])?;
        check("abs", x.abs(), |i| a[i].abs())?;
        check("sqrt", x.abs().sqrt(), |i| a[i].abs().sqrt())?;
        check("min", x.min(y), |i| a[i].min(b[i]))?;
        check("max", x.max(y), |i| a[i].max(b[i]))?;
        check("select", V::select(x.lt(y), x, y), |i| a[i].min(b[i]))?;
        check("mul_add", x.mul_add(y, x), |i| a[i].mul_add(b[i], a[i]))?;
        let product: Vec<f64> = (0..V::LANES)
            .map(|i| a[i].to_f64() * b[i].to_f64() + a[i].to_f64())
            .collect();
        let unit = if size_of::<V::Elem>() == 4 {
            1e-6
        } else {
            1e-15
        };
        assert_close(&lanes(x.mul_add(y, x)), &product, unit, unit)?;
        check("splat_lane 0", x.splat_lane::<0>(), |_| a[0])?;
        check("splat_lane 1", x.splat_lane::<1>(), |_| a[1])?;
        check("splat_lane 2", x.splat_lane::<2>(), |_| a[2])?;
        check("splat_lane 3", x.splat_lane::<3>(), |_| a[3])?;
        check("constant", V::constant(a[0]), |_| a[0])?;
    }
    Ok(())
}

fn edges<V: Vector>() -> Result<(), String> {
    let of = |x: [f64; 4]| V::load(&x.map(V::Elem::from_f64));
    let (nan, inf) = (f64::NAN, f64::INFINITY);
    let value = |x: f64| V::Elem::from_f64(x);
    let (x, y) = (of([nan, 1.0, -inf, 0.0]), of([1.0, nan, inf, -0.0]));
    check("min keeps NaN of the first", x.min(y), |i| {
        value([nan, 1.0, -inf, 0.0][i])
    })?;
    check("max keeps NaN of the first", x.max(y), |i| {
        value([nan, 1.0, inf, 0.0][i])
    })?;
    truth::<V>("lt", x.lt(y), [false, false, true, false])?;
    truth::<V>("le", x.le(y), [false, false, true, true])?;
    truth::<V>("gt", x.gt(y), [false, false, false, false])?;
    truth::<V>("ge", x.ge(y), [false, false, false, true])?;
    truth::<V>("eq", x.eq(y), [false, false, false, true])?;
    let signs = of([0.0, -0.0, 1.0, -inf]).neg();
    let reciprocals = V::splat(V::Elem::ONE).div(signs);
    check("neg flips the sign of zero", reciprocals, |i| {
        value([-inf, inf, -1.0, 0.0][i])
    })?;
    check("sqrt below zero", of([-1.0, 0.0, 4.0, inf]).sqrt(), |i| {
        value([nan, 0.0, 2.0, inf][i])
    })
}

fn memory<V: Vector>() -> Result<(), String> {
    let values: Vec<V::Elem> = (1..=6).map(V::Elem::from_usize).collect();
    check("load", V::load(&values[1..]), |i| values[i + 1])?;
    for len in 0..=V::LANES {
        let or = |padding: V::Elem| {
            let values = &values;
            move |i: usize| if i < len { values[i] } else { padding }
        };
        check(
            "load_partial",
            V::load_partial(&values[..len]),
            or(V::Elem::ZERO),
        )?;
        let seven = V::Elem::from_usize(7);
        check(
            "load_padded",
            V::load_padded(&values[..len], seven),
            or(seven),
        )?;
        let mut out = vec![seven; V::LANES + 2];
        V::load(&values).store_partial(&mut out[1..1 + len]);
        let kept = |i: usize| {
            if (1..1 + len).contains(&i) {
                values[i - 1]
            } else {
                seven
            }
        };
        let expected: Vec<V::Elem> = (0..out.len()).map(kept).collect();
        assert_close(&out, &expected, 0.0, 0.0).map_err(|e| format!("store_partial: {e}"))?;
    }
    let mut out = vec![V::Elem::ZERO; V::LANES + 1];
    V::load(&values).store(&mut out);
    assert_close(&out[..V::LANES], &values[..V::LANES], 0.0, 0.0)?;
    assert_close(&out[V::LANES..], &[0.0], 0.0, 0.0)
}

/// A block, however many came before, begins where a vector may.
fn blocks() -> Result<(), String> {
    let blocks: Vec<Vec<f32>> = (4..100).map(|len| vec![0.0; len]).collect();
    let aligned = |block: &&Vec<f32>| block.as_ptr().addr().is_multiple_of(16);
    match blocks.iter().find(|block| !aligned(block)) {
        None => Ok(()),
        Some(block) => Err(format!("{} numbers begin within a vector", block.len())),
    }
}

fn reductions<V: Vector>() -> Result<(), String> {
    // 1e30 - 1e30 + small: only the stated order keeps both small numbers.
    let of = |x: [f64; 4]| V::load(&x.map(V::Elem::from_f64));
    let sum = of([1e30, 3.0, -1e30, 4.0]).reduce_add().to_f64();
    if sum != 7.0 {
        return Err(format!("reduce_add adds in another order: {sum}"));
    }
    for lane in 0..V::LANES {
        let mut x = [-5.0; 4];
        x[lane] = -2.0;
        let most = of(x).reduce_max().to_f64();
        if most != -2.0 {
            return Err(format!("reduce_max misses lane {lane}: {most}"));
        }
    }
    Ok(())
}
