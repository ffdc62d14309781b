//! Rows by id and the gradient of the table: repeated ids, padding, a dense
//! gradient and one of the touched rows alone.

use kernels::lookup::{DenseRows, GradientRows, lookup_backward, lookup_forward};
use simd::{Element, F32, F64, Vector};

use crate::random::Random;
use crate::{Case, assert_close};

/// Rows in the order of their first touch.
#[derive(Default)]
struct TouchedRows<E> {
    width: usize,
    ids: Vec<usize>,
    rows: Vec<E>,
}

impl<E: Element> GradientRows<E> for TouchedRows<E> {
    fn row_mut(&mut self, id: usize) -> &mut [E] {
        let place = self
            .ids
            .iter()
            .position(|&touched| touched == id)
            .unwrap_or_else(|| {
                self.ids.push(id);
                self.rows.resize(self.rows.len() + self.width, E::ZERO);
                self.ids.len() - 1
            });
        &mut self.rows[place * self.width..][..self.width]
    }
}

fn check<V: Vector>(
    rows: usize,
    width: usize,
    count: usize,
    padding_id: Option<i32>,
) -> Result<(), String> {
    let mut random = Random::new((rows * width + count) as u64);
    let ids = random.ids(count, rows);
    let table: Vec<V::Elem> = random.normals(rows * width);
    let mut y = vec![V::Elem::from_f64(f64::NAN); count * width];
    lookup_forward::<V>(&ids, width, &table, &mut y);
    for (n, &id) in ids.iter().enumerate() {
        let expected = &table[id as usize * width..][..width];
        assert_close(&y[n * width..][..width], expected, 0.0, 0.0)
            .map_err(|m| format!("y[{n}]: {m}"))?;
    }

    let d_y: Vec<V::Elem> = random.normals(count * width);
    let before: Vec<V::Elem> = random.normals(rows * width);
    let mut expected: Vec<f64> = before.iter().map(|x| x.to_f64()).collect();
    for (n, &id) in ids
        .iter()
        .enumerate()
        .filter(|(_, id)| Some(**id) != padding_id)
    {
        for j in 0..width {
            expected[id as usize * width + j] += 2.0 * d_y[n * width + j].to_f64();
        }
    }
    let factor = |id| match Some(id) == padding_id {
        true => V::Elem::ZERO,
        false => V::Elem::from_f64(2.0),
    };
    let mut dense = before.clone();
    lookup_backward::<V>(
        &ids,
        width,
        &factor,
        &d_y,
        &mut DenseRows {
            width,
            rows: &mut dense,
        },
    );
    assert_close(&dense, &expected, 1e-5, 1e-6).map_err(|message| format!("dense: {message}"))?;

    let mut touched = TouchedRows {
        width,
        ids: Vec::new(),
        rows: Vec::new(),
    };
    lookup_backward::<V>(&ids, width, &factor, &d_y, &mut touched);
    let mut order: Vec<usize> = Vec::new();
    for &id in ids.iter().filter(|id| Some(**id) != padding_id) {
        if !order.contains(&(id as usize)) {
            order.push(id as usize);
        }
    }
    if touched.ids != order {
        return Err(format!("touched {:?}, expected {order:?}", touched.ids));
    }
    let mut sum = before;
    for (row, &id) in touched.rows.chunks(width).zip(&touched.ids) {
        sum[id * width..][..width]
            .iter_mut()
            .zip(row)
            .for_each(|(sum, &x)| *sum += x);
    }
    assert_close(&sum, &expected, 1e-5, 1e-6).map_err(|message| format!("touched: {message}"))
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (rows, count) in [(1, 1), (1, 5), (7, 0), (7, 40), (100, 33)] {
        for width in [1, 3, 4, 8, 33] {
            for padding_id in [None, Some(0)] {
                let name = format!("{count} ids of {rows}, width {width}, padding {padding_id:?}");
                cases.push(Case::new(format!("f32, {name}"), move || {
                    check::<F32>(rows, width, count, padding_id)
                }));
                cases.push(Case::new(format!("f64, {name}"), move || {
                    check::<F64>(rows, width, count, padding_id)
                }));
            }
        }
    }
    cases
}
