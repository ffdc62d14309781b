//! Matrix products against ndarray's, in f64.

use kernels::gemm::{
    CLayout, NR, WeightLayout, gemm, gemm_strided, gemm_transposed, gemm_transposed_rows, gemv,
    pack_a, pack_a_transposed, pack_b, pack_b_transposed, packed_a_len, packed_b_len, prefer_plain,
    transposed_rows_scratch,
};
use ndarray::Array2;
use simd::{Element, F32, F64, Vector};

use crate::{Case, Random, assert_close};

/// What lies around C and must stay as it is.
const OUTSIDE: f64 = -77.0;

/// Sizes that hit every remainder of rows, panels and panel groups.
const SHAPES: &[(usize, usize, usize)] = &[
    (1, 1, 1),
    (1, 8, 7),
    (1, 40, 33),
    (1, 67, 16),
    (1, 20, 5),
    (1, 48, 6),
    (1, 61, 4),
    (1, 104, 3),
    (2, 7, 5),
    (2, 24, 9),
    (3, 16, 31),
    (3, 17, 8),
    (4, 9, 3),
    (5, 31, 17),
    (6, 33, 2),
    (7, 15, 65),
    (8, 8, 8),
    (17, 63, 12),
    (66, 10, 5),
    (131, 9, 20),
    (2, 75, 4),
    (67, 58, 6),
    (132, 24, 3),
    (4, 8, 0),
    (0, 8, 4),
    (4, 0, 4),
];

fn transposed<E: Element>(rows: usize, columns: usize, x: &[E]) -> Vec<E> {
    let mut out = vec![E::ZERO; x.len()];
    for r in 0..rows {
        for c in 0..columns {
            out[c * rows + r] = x[r * columns + c];
        }
    }
    out
}

/// A·B in `f64`, by a product that is not ours.
fn reference<E: Element>(m: usize, n: usize, k: usize, a: &[E], b: &[E]) -> Vec<f64> {
    let matrix = |rows: usize, columns: usize, x: &[E]| {
        let wide = x.iter().map(|x| x.to_f64()).collect();
        Array2::from_shape_vec((rows, columns), wide).expect("as many numbers as the shape has")
    };
    matrix(m, k, a)
        .dot(&matrix(k, n, b))
        .into_raw_vec_and_offset()
        .0
}

/// Rows of `width` numbers, `ld` apart, in an otherwise useless buffer.
fn spaced<E: Element>(rows: usize, width: usize, ld: usize, x: &[E]) -> Vec<E> {
    let mut out = vec![E::from_f64(OUTSIDE); rows * ld];
    for r in 0..rows {
        out[r * ld..][..width].copy_from_slice(&x[r * width..][..width]);
    }
    out
}

/// What a packed operand holds beside its numbers is zero.
fn zero_padding<E: Element>(packed: &[E], plain: &[E]) -> Result<(), String> {
    let total = |x: &[E]| x.iter().map(|x| x.to_f64().abs()).sum::<f64>();
    assert_close(&[total(packed)], &[total(plain)], 1e-9, 1e-9)
        .map_err(|e| format!("padding is not zero: {e}"))
}

/// Packs both operands in one of two ways, multiplies, and compares every
/// element of C and everything around them.
fn product<V: Vector>(
    (m, n, k): (usize, usize, usize),
    from_transposes: bool,
    panels: bool,
    accumulate: bool,
    tolerance: f64,
) -> Result<(), String> {
    let mut random = Random::new((m * 10_000 + n * 100 + k) as u64);
    let a: Vec<V::Elem> = random.uniforms(m * k, -1.0, 1.0);
    let b: Vec<V::Elem> = random.uniforms(k * n, -1.0, 1.0);
    let filler = V::Elem::from_f64(f64::NAN);
    let mut packed_a = vec![filler; packed_a_len(m, k)];
    let mut packed_b = vec![filler; packed_b_len(k, n)];
    if from_transposes {
        let a = spaced(k, m, m + 3, &transposed(m, k, &a));
        pack_a_transposed(m, k, &a, m + 3, &mut packed_a);
        let b = spaced(n, k, k + 1, &transposed(k, n, &b));
        pack_b_transposed(k, n, &b, k + 1, &mut packed_b);
    } else {
        pack_a(m, k, &spaced(m, k, k + 2, &a), k + 2, &mut packed_a);
        pack_b(k, n, &spaced(k, n, n + 5, &b), n + 5, &mut packed_b);
    }

    zero_padding(&packed_a, &a).map_err(|e| format!("A: {e}"))?;
    zero_padding(&packed_b, &b).map_err(|e| format!("B: {e}"))?;

    let layout = if panels {
        CLayout::panels(m + 1)
    } else {
        CLayout::rows(n + 2)
    };
    let place = |r: usize, c: usize| c / NR * layout.panel_stride + r * layout.row_stride + c % NR;
    let before: Vec<V::Elem> = random.uniforms((m + 1) * (n + 2 + NR), -1.0, 1.0);
    let mut c = before.clone();
    gemm::<V>(m, n, k, &packed_a, &packed_b, &mut c, layout, accumulate);
    let mut plainly = before.clone();
    prefer_plain(true);
    gemm::<V>(
        m,
        n,
        k,
        &packed_a,
        &packed_b,
        &mut plainly,
        layout,
        accumulate,
    );
    prefer_plain(false);
    assert_close(&plainly, &c, 0.0, 0.0).map_err(|e| format!("plain tiles: {e}"))?;

    let mut expected: Vec<f64> = before.iter().map(|x| x.to_f64()).collect();
    for (i, sum) in reference(m, n, k, &a, &b).into_iter().enumerate() {
        let at = place(i / n, i % n);
        expected[at] = sum + if accumulate { before[at].to_f64() } else { 0.0 };
    }
    assert_close(&c, &expected, tolerance, tolerance)?;

    if m == 1 {
        for plain in [false, true] {
            c.copy_from_slice(&before);
            let stride = layout.panel_stride;
            prefer_plain(plain);
            gemv::<V>(n, k, &a, &packed_b, k * NR, &mut c, stride, accumulate);
            prefer_plain(false);
            assert_close(&c, &plainly, 0.0, 0.0).map_err(|e| format!("gemv: {e}"))?;
        }
    }
    Ok(())
}

/// Two gates' panels among three, and the last part of K.
fn strided<V: Vector>(tolerance: f64) -> Result<(), String> {
    let (m, units, k, gates) = (6, 16, 21, 3);
    let mut random = Random::new(8);
    let layout = WeightLayout {
        gates,
        units,
        inputs: k,
    };
    let w: Vec<V::Elem> = random.uniforms(gates * units * k, -1.0, 1.0);
    let mut packed = vec![V::Elem::ZERO; layout.len()];
    layout.pack(&w, &mut packed);
    let x: Vec<V::Elem> = random.uniforms(m * k, -1.0, 1.0);
    let (skipped, left) = (5, k - 5);
    let mut a = vec![V::Elem::ZERO; packed_a_len(m, left)];
    pack_a(m, left, &x[skipped..], k, &mut a);

    let mut c = vec![V::Elem::ZERO; m * gates * units];
    for gate in [0, 2] {
        let b = &packed[(gate * k + skipped) * NR..];
        let place = CLayout {
            row_stride: gates * units,
            panel_stride: gates * NR,
        };
        let c = &mut c[gate * NR..];
        gemm_strided::<V>(m, units, left, &a, b, gates * k * NR, c, place, false);
    }
    let mut expected = vec![0.0; m * gates * units];
    for row in 0..m {
        for gate in [0, 2] {
            for unit in 0..units {
                let sum = (skipped..k)
                    .map(|i| x[row * k + i].to_f64() * w[(gate * units + unit) * k + i].to_f64())
                    .sum();
                expected[(row * units / NR + unit / NR) * gates * NR + gate * NR + unit % NR] = sum;
            }
        }
    }
    assert_close(&c, &expected, tolerance, tolerance)
}

/// Plain to packed, back, and through both products: x·Wᵀ and dG·W.
fn weight<V: Vector>(layout: WeightLayout, tolerance: f64) -> Result<(), String> {
    let WeightLayout {
        gates,
        units,
        inputs,
    } = layout;
    let mut random = Random::new((gates * 10_000 + units * 100 + inputs) as u64);
    let w: Vec<V::Elem> = random.uniforms(gates * units * inputs, -1.0, 1.0);
    let filler = V::Elem::from_f64(f64::NAN);
    let mut packed = vec![filler; layout.len()];
    layout.pack(&w, &mut packed);
    let mut back = vec![filler; w.len()];
    layout.unpack(&packed, &mut back);
    assert_close(&back, &w, 0.0, 0.0).map_err(|e| format!("unpacked: {e}"))?;
    zero_padding(&packed, &w)?;

    let (rows, columns) = (5, layout.columns());
    let column = |gate: usize, unit: usize| (unit / NR * gates + gate) * NR + unit % NR;
    let x: Vec<V::Elem> = random.uniforms(rows * inputs, -1.0, 1.0);
    let mut a = vec![filler; packed_a_len(rows, inputs)];
    pack_a(rows, inputs, &x, inputs, &mut a);
    let mut g = vec![filler; rows * columns];
    let place = CLayout::rows(columns);
    gemm::<V>(rows, columns, inputs, &a, &packed, &mut g, place, false);
    let mut expected = vec![0.0; rows * columns];
    let plain = reference(
        rows,
        gates * units,
        inputs,
        &x,
        &transposed(gates * units, inputs, &w),
    );
    for (i, sum) in plain.into_iter().enumerate() {
        let (row, at) = (i / (gates * units), i % (gates * units));
        expected[row * columns + column(at / units, at % units)] = sum;
    }
    assert_close(&g, &expected, tolerance, tolerance).map_err(|e| format!("x·Wᵀ: {e}"))?;

    back_through::<V>(layout, &w, &packed, tolerance)?;

    // Its gradient comes out in the packed layout, from dG in the order of x·Wᵀ.
    let d: Vec<V::Elem> = random.uniforms(rows * gates * units, -1.0, 1.0);
    let d_padded = in_panels(layout, &d, &mut random);
    let mut b = vec![filler; packed_b_len(rows, columns)];
    pack_b(rows, columns, &d_padded, columns, &mut b);
    let mut a = vec![filler; packed_a_len(inputs, rows)];
    pack_a_transposed(inputs, rows, &x, inputs, &mut a);
    let mut d_w = vec![V::Elem::ZERO; layout.len()];
    let place = layout.gradient_layout();
    gemm::<V>(inputs, columns, rows, &a, &b, &mut d_w, place, true);
    let expected = reference(
        gates * units,
        inputs,
        rows,
        &transposed(rows, gates * units, &d),
        &x,
    );
    layout.unpack(&d_w, &mut back);
    assert_close(&back, &expected, tolerance, tolerance).map_err(|e| format!("xᵀ·dG: {e}"))
}

/// Rows of `[gates * units]` as x·Wᵀ gives them, and anything where W is padded.
fn in_panels<E: Element>(layout: WeightLayout, plain: &[E], random: &mut Random) -> Vec<E> {
    let WeightLayout { gates, units, .. } = layout;
    let rows = plain.len() / (gates * units);
    let mut out: Vec<E> = random.uniforms(rows * layout.columns(), -1.0, 1.0);
    for (i, &x) in plain.iter().enumerate() {
        let (row, at) = (i / (gates * units), i % (gates * units));
        let (gate, unit) = (at / units, at % units);
        out[row * layout.columns() + (unit / NR * gates + gate) * NR + unit % NR] = x;
    }
    out
}

/// dG·W over all gates and over each, of one row and of several, written over
/// and added to, into rows that lie apart.
fn back_through<V: Vector>(
    layout: WeightLayout,
    w: &[V::Elem],
    packed: &[V::Elem],
    tolerance: f64,
) -> Result<(), String> {
    let WeightLayout {
        gates,
        units,
        inputs,
    } = layout;
    let mut random = Random::new(11);
    let (filler, stride) = (V::Elem::from_f64(0.5), inputs + 3);
    for m in [0, 1, 2, 5, 131] {
        let d: Vec<V::Elem> = random.uniforms(m * gates * units, -1.0, 1.0);
        let d_padded = in_panels(layout, &d, &mut random);
        for gate in (0..gates).map(Some).chain([None]) {
            let name = format!("dG·W, {m} rows, gate {gate:?}");
            let is_taken = |of: usize| gate.is_none_or(|gate| of == gate);
            let taken = d.iter().enumerate().map(|(i, &x)| {
                let of = i % (gates * units) / units;
                if is_taken(of) { x } else { V::Elem::ZERO }
            });
            let taken: Vec<V::Elem> = taken.collect();
            let expected = reference(m, inputs, gates * units, &taken, w);
            let panels = d_padded.chunks(NR).enumerate();
            let operand: Vec<V::Elem> = panels
                .filter(|(panel, _)| is_taken(panel % gates))
                .flat_map(|(_, panel)| panel.to_vec())
                .collect();
            let product = |m: usize, operand: &[V::Elem], accumulate: bool| {
                let mut d_x = vec![filler; m * stride];
                gemm_transposed::<V>(
                    m, operand, packed, layout, gate, &mut d_x, stride, accumulate,
                );
                d_x
            };
            for accumulate in [false, true] {
                let d_x = product(m, &operand, accumulate);
                for (row, expected) in d_x.chunks(stride).zip(expected.chunks(inputs)) {
                    let before = if accumulate { 0.5 } else { 0.0 };
                    let expected: Vec<f64> = expected.iter().map(|sum| sum + before).collect();
                    assert_close(&row[..inputs], &expected, tolerance, tolerance)
                        .map_err(|e| format!("{name}, accumulating {accumulate}: {e}"))?;
                    if row[inputs..].iter().any(|&x| x != filler) {
                        return Err(format!("{name}: wrote behind a row"));
                    }
                }
                prefer_plain(true);
                let plainly = product(m, &operand, accumulate);
                prefer_plain(false);
                assert_close(&plainly, &d_x, 0.0, 0.0)
                    .map_err(|e| format!("{name}, wide tiles: {e}"))?;
                let columns = operand.len() / m.max(1);
                for (row, together) in operand.chunks(columns.max(1)).zip(d_x.chunks(stride)) {
                    assert_close(&product(1, row, accumulate), together, 0.0, 0.0)
                        .map_err(|e| format!("{name}, a row alone: {e}"))?;
                }
            }
        }
        if gates == 1 {
            let mut scratch = vec![filler; transposed_rows_scratch(m, layout)];
            let mut d_x = vec![filler; m * inputs];
            gemm_transposed_rows::<V>(m, &d, packed, layout, &mut d_x, false, &mut scratch);
            let expected = reference(m, inputs, units, &d, w);
            assert_close(&d_x, &expected, tolerance, tolerance)
                .map_err(|e| format!("dG·W of rows that are not padded, {m}: {e}"))?;
        }
    }
    Ok(())
}

fn for_vector<V: Vector>(name: &'static str, tolerance: f64, cases: &mut Vec<Case>) {
    for &shape in SHAPES {
        for bits in 0..8 {
            let [transposes, panels, accumulate] = [bits & 1, bits & 2, bits & 4].map(|b| b != 0);
            let (m, n, k) = shape;
            cases.push(Case::new(
                format!(
                    "{name} {m}×{n}×{k}{}{}{}",
                    if transposes { " from transposes" } else { "" },
                    if panels { " into panels" } else { " into rows" },
                    if accumulate { " accumulating" } else { "" }
                ),
                move || product::<V>(shape, transposes, panels, accumulate, tolerance),
            ));
        }
    }
    cases.push(Case::new(format!("{name} strided panels"), move || {
        strided::<V>(tolerance)
    }));
    for (gates, units, inputs) in [
        (1, 1, 1),
        (1, 9, 5),
        (3, 8, 8),
        (3, 20, 17),
        (4, 7, 9),
        (4, 33, 16),
        (1, 70, 100),
        (2, 12, 31),
        (1, 1101, 5),
        (3, 400, 17),
    ] {
        let layout = WeightLayout {
            gates,
            units,
            inputs,
        };
        cases.push(Case::new(
            format!("{name} weight of {gates} gates, {units} units, {inputs} inputs"),
            move || weight::<V>(layout, tolerance),
        ));
    }
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for_vector::<F32>("f32", 2e-5, &mut cases);
    for_vector::<F64>("f64", 1e-13, &mut cases);
    cases
}
