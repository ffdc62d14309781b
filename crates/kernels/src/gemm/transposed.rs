//! Products with a weight on the way back: its panels as the way forward has
//! them, read along their rows.
//!
//! A column of C is a row of a panel, so that its sums run along the lanes and
//! neither operand is packed or transposed. Two rows of A share each vector of W,
//! in tiles of six columns where an engine runs code well that leaves no register
//! over, else of four; one row, whose loads decide, has twelve columns or eight.

use simd::{Element, Vector};

use super::{NR, ROW_BLOCK, WIDE_TILES, WeightLayout, plain};

/// Columns of W whose panels meet a block of rows before the next ones do: few
/// enough for what a tile reads of both to stay in the first-level cache.
const COLUMN_BLOCK: usize = 1024;

/// `C[m, inputs] (+)= A·W` over all gates of W or one of them. Rows of A are as
/// long as W has columns in these, and rows of C `c_stride` apart. What A has for
/// units past W's last counts as nothing, but must be finite.
///
/// # Panics
/// When a slice is too short for its shape.
pub fn gemm_transposed<V: Vector>(
    m: usize,
    a: &[V::Elem],
    weight: &[V::Elem],
    layout: WeightLayout,
    gate: Option<usize>,
    c: &mut [V::Elem],
    c_stride: usize,
    accumulate: bool,
) {
    let inputs = layout.inputs;
    if m == 0 || layout.is_empty() {
        return;
    }
    let (first, next) = layout.panels(gate);
    let (a_stride, panel) = (layout.columns() / next, inputs * NR);
    assert!(a.len() >= m * a_stride, "A is shorter than its shape");
    assert!(weight.len() >= layout.len(), "W is shorter than its shape");
    assert!(
        c.len() >= (m - 1) * c_stride + inputs,
        "C is shorter than its shape"
    );
    let wide = WIDE_TILES && plain();
    let (a, w, c) = (a.as_ptr(), weight.as_ptr(), c.as_mut_ptr());
    for row in (0..m).step_by(ROW_BLOCK) {
        let rows = ROW_BLOCK.min(m - row);
        for column in (0..a_stride).step_by(COLUMN_BLOCK) {
            let place = Place {
                columns: COLUMN_BLOCK.min(a_stride - column),
                a_stride,
                panel: next * panel,
                c_stride,
                accumulate: accumulate || column > 0,
                never: std::hint::black_box(usize::MAX),
            };
            // SAFETY: the lengths of all three slices were checked against the shape.
            unsafe {
                let a = a.add(row * a_stride + column);
                let w = w.add((first + column / NR * next) * panel);
                let c = c.add(row * c_stride);
                let last = rows - rows % 2;
                let (a_last, c_last) = (a.add(last * a_stride), c.add(last * c_stride));
                if wide {
                    tiles::<V, 2, 6>(rows / 2, inputs, a, w, c, place);
                    tiles::<V, 1, 12>(rows % 2, inputs, a_last, w, c_last, place);
                } else {
                    tiles::<V, 2, 4>(rows / 2, inputs, a, w, c, place);
                    tiles::<V, 1, 8>(rows % 2, inputs, a_last, w, c_last, place);
                }
            }
        }
    }
}

/// [`gemm_transposed`] with a weight of one gate and rows of A that are not
/// padded: of `units` numbers. `scratch` holds [`transposed_rows_scratch`] numbers.
///
/// # Panics
/// When a slice is too short for its shape.
pub fn gemm_transposed_rows<V: Vector>(
    m: usize,
    a: &[V::Elem],
    weight: &[V::Elem],
    layout: WeightLayout,
    c: &mut [V::Elem],
    accumulate: bool,
    scratch: &mut [V::Elem],
) {
    let WeightLayout { units, inputs, .. } = layout;
    let padded = layout.padded_units();
    if units == padded {
        return gemm_transposed::<V>(m, a, weight, layout, None, c, inputs, accumulate);
    }
    for start in (0..m).step_by(ROW_BLOCK) {
        let rows = ROW_BLOCK.min(m - start);
        let a = a[start * units..][..rows * units].chunks_exact(units);
        for (a, out) in a.zip(scratch.chunks_exact_mut(padded)) {
            out[..units].copy_from_slice(a);
            out[units..].fill(V::Elem::ZERO);
        }
        let c = &mut c[start * inputs..];
        gemm_transposed::<V>(rows, scratch, weight, layout, None, c, inputs, accumulate);
    }
}

/// Numbers that [`gemm_transposed_rows`] needs for up to `m` rows.
pub fn transposed_rows_scratch(m: usize, layout: WeightLayout) -> usize {
    m.min(ROW_BLOCK) * layout.padded_units()
}

/// Sizes and strides of the three operands, and what happens to C.
#[derive(Clone, Copy)]
struct Place {
    /// Numbers of A that a row of C is made of.
    columns: usize,
    /// Distance of two rows of A.
    a_stride: usize,
    /// Distance of two panels of W.
    panel: usize,
    /// Distance of two rows of C.
    c_stride: usize,
    accumulate: bool,
    /// A count that no loop has, which the compiler must not know.
    never: usize,
}

/// `count` tiles of `R` rows over all columns of C, at most `P` at a time.
///
/// # Safety
/// `a` must be readable for `count * R` rows, `w` for all panels, and `c` writable
/// for `inputs` columns of those rows.
unsafe fn tiles<V: Vector, const R: usize, const P: usize>(
    count: usize,
    inputs: usize,
    a: *const V::Elem,
    w: *const V::Elem,
    c: *mut V::Elem,
    place: Place,
) {
    let mut first = 0;
    while count > 0 && first < inputs {
        // SAFETY: first < inputs, the rows of a panel and the columns of C.
        unsafe {
            let (w, c) = (w.add(first * NR), c.add(first));
            first += match inputs - first {
                // Two eights: in four, one row's sums would wait for themselves.
                16 if P == 12 => block::<V, R, 8>(count, a, w, c, place),
                left if left >= P => block::<V, R, P>(count, a, w, c, place),
                8.. if P == 12 => block::<V, R, 8>(count, a, w, c, place),
                4.. => block::<V, R, 4>(count, a, w, c, place),
                2.. => block::<V, R, 2>(count, a, w, c, place),
                _ => block::<V, R, 1>(count, a, w, c, place),
            };
        }
    }
}

/// `count` tiles of `R` rows over `P` columns, which it returns. A call for each
/// few, since V8 optimises a function on its calls, never inside a running loop.
///
/// # Safety
/// As [`tiles`], for `P` columns.
#[inline(never)]
unsafe fn block<V: Vector, const R: usize, const P: usize>(
    count: usize,
    a: *const V::Elem,
    w: *const V::Elem,
    c: *mut V::Elem,
    place: Place,
) -> usize {
    for tile in 0..count {
        // SAFETY: the caller vouches for R rows of P columns of every tile.
        unsafe {
            let sums = tile_sums::<V, R, P>(a.add(tile * R * place.a_stride), w, place);
            put(sums, c.add(tile * R * place.c_stride), place);
        }
    }
    P
}

/// Sums of one tile, lane by lane: half a panel a turn, or both of it.
///
/// Accumulators fit V8's fifteen registers if vectors are loaded one by one. A
/// branch that is never taken, but would return the sums, sees to that; where it
/// stands was found by measurement.
///
/// # Safety
/// As [`tiles`], for one tile of `P` columns.
#[inline(always)]
unsafe fn tile_sums<V: Vector, const R: usize, const P: usize>(
    mut a: *const V::Elem,
    mut w: *const V::Elem,
    place: Place,
) -> [[V; P]; R] {
    let mut sums = [[V::zero(); P]; R];
    let (halves, fence) = match (R, P) {
        (2, 6) => (1, Some((0, 1))),
        (1, 12) => (2, Some((1, 0))),
        (1, 8) => (1, Some((0, 3))),
        _ => (1, None),
    };
    let mut step = V::LANES;
    for left in (0..place.columns / (halves * V::LANES)).rev() {
        for half in 0..halves {
            // SAFETY: the caller vouches for every half of every panel.
            unsafe {
                let (a, w) = (a.add(half * V::LANES), w.add(half * V::LANES));
                let rows: [V; R] = std::array::from_fn(|r| V::load_ptr(a.add(r * place.a_stride)));
                for p in 0..P {
                    if fence == Some((half, p)) && left == place.never {
                        return sums;
                    }
                    let x = V::load_ptr(w.add(p * NR));
                    for r in 0..R {
                        sums[r][p] = rows[r].mul_add(x, sums[r][p]);
                    }
                }
            }
        }
        a = a.wrapping_add(halves * V::LANES);
        if halves == 2 {
            w = w.wrapping_add(place.panel);
        } else {
            // To the panel's other half, then to the next panel.
            w = w.wrapping_add(step);
            step = place.panel - step;
        }
    }
    sums
}

/// Writes or adds the sums over lanes: four columns of a row at a time, then
/// what is left of both rows.
///
/// # Safety
/// `P` columns of `R` rows must be readable and writable at `c`.
#[inline(always)]
unsafe fn put<V: Vector, const R: usize, const P: usize>(
    sums: [[V; P]; R],
    c: *mut V::Elem,
    place: Place,
) {
    let over_lanes = |four: [V; 4]| {
        let [a, b, c, d] = V::transpose(four);
        a.add(b).add(c.add(d))
    };
    let (whole, left) = (P - P % V::LANES, P % V::LANES);
    for r in 0..R {
        for p in (0..whole).step_by(V::LANES) {
            let sums = over_lanes(std::array::from_fn(|i| sums[r][p + i]));
            // SAFETY: the caller vouches for these columns.
            unsafe {
                let c = c.add(r * place.c_stride + p);
                let before = if place.accumulate {
                    V::load_ptr(c)
                } else {
                    V::zero()
                };
                before.add(sums).store_ptr(c);
            }
        }
    }
    if left == 0 {
        return;
    }
    let rest = over_lanes(std::array::from_fn(|i| match i / left {
        r if r < R => sums[r][whole + i % left],
        _ => V::zero(),
    }));
    for i in 0..R * left {
        // SAFETY: as above.
        let c = unsafe { &mut *c.add(i / left * place.c_stride + whole + i % left) };
        let before = if place.accumulate { *c } else { V::Elem::ZERO };
        *c = before + rest.extract(i);
    }
}
