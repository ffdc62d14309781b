//! Dropout without stored masks (Srivastava et al. 2014): which units stay is
//! a hash of where they are, so that backward finds them again and no result
//! depends on the order of execution.
//!
//! Each row has a key, a hash of what it is (its original row and time step,
//! or its row alone for a mask that is locked over time, as in Gal and
//! Ghahramani 2016), and a pass has a salt. A unit stays when
//! `hash(key ^ salt, unit)` is at least `p * 2³²`, and is then scaled by
//! 1 / (1 − p).

use simd::{Element, Vector, Words, slice};

/// The probability and what follows from it.
#[derive(Clone, Copy)]
struct Keep<V> {
    threshold: Words,
    scale: V,
}

/// The least hash of what stays, and what that is multiplied by.
fn keep(p: f64) -> (u32, f64) {
    assert!(
        (0.0..=1.0).contains(&p),
        "a dropout probability is not within 0 to 1"
    );
    // With p = 1 nothing stays: the one hash above the threshold is scaled
    // by 0 too.
    let scale = if p < 1.0 { 1.0 / (1.0 - p) } else { 0.0 };
    ((p * 4_294_967_296.0) as u32, scale)
}

/// What something that stays or goes as a whole is multiplied by, such as a
/// word in all its occurrences (Gal and Ghahramani 2016): 1 / (1 − p) where
/// `hash` is at least `p * 2³²`, else 0. Panics when `p` is not within 0 to 1.
pub fn dropout_factor(p: f64, hash: u32) -> f64 {
    let (threshold, scale) = keep(p);
    if hash >= threshold { scale } else { 0.0 }
}

impl<V: Vector> Keep<V> {
    fn new(p: f64) -> Self {
        let (threshold, scale) = keep(p);
        Self {
            threshold: Words::splat(threshold),
            scale: V::constant(V::Elem::from_f64(scale)),
        }
    }

    /// What the units of a row from `first` on are multiplied by.
    #[inline(always)]
    fn factors(self, key: u32, first: usize) -> V {
        self.scale
            .keep(hash(key, first as u32).at_least(self.threshold))
    }
}

/// Hashes of 32 bits of four units: the key and the unit, spread by an odd
/// constant, through the finaliser of MurmurHash3 (A. Appleby 2011, public
/// domain).
#[inline(always)]
fn hash(key: u32, first: u32) -> Words {
    let spread = Words::from(first.wrapping_add(1)).wrapping_mul(Words::splat(0x9e37_79b9));
    let h = Words::splat(key).xor(spread);
    let h = h.xor(h.shift_right::<16>());
    let h = h.wrapping_mul(Words::splat(0x85eb_ca6b));
    let h = h.xor(h.shift_right::<13>());
    let h = h.wrapping_mul(Words::splat(0xc2b2_ae35));
    h.xor(h.shift_right::<16>())
}

/// `y = x * mask / (1 - p)`, both `[rows, width]`, with a key for each row.
///
/// For a mask that is locked over time give every step of a row the same key.
/// Panics when `p` is not within 0 to 1 or the numbers are not so many rows.
pub fn dropout_forward<V: Vector>(
    p: f64,
    salt: u32,
    keys: &dyn Fn(usize) -> u32,
    rows: usize,
    x: &[V::Elem],
    y: &mut [V::Elem],
) {
    let keep = Keep::<V>::new(p);
    for (row, start, width) in places(rows, x.len()) {
        let key = keys(row) ^ salt;
        let (x, y) = (&x[start..][..width], &mut y[start..][..width]);
        slice::update_indexed([y], [x], |first, _, [x]: [V; 1]| {
            [x.mul(keep.factors(key, first))]
        });
    }
}

/// `d_x += d_y * mask / (1 - p)`, with the arguments of the forward pass.
pub fn dropout_backward<V: Vector>(
    p: f64,
    salt: u32,
    keys: &dyn Fn(usize) -> u32,
    rows: usize,
    d_y: &[V::Elem],
    d_x: &mut [V::Elem],
) {
    let keep = Keep::<V>::new(p);
    for (row, start, width) in places(rows, d_y.len()) {
        let key = keys(row) ^ salt;
        let (d_y, d_x) = (&d_y[start..][..width], &mut d_x[start..][..width]);
        slice::update_indexed([d_x], [d_y], |first, [d_x]: [V; 1], [d_y]| {
            [d_x.add(d_y.mul(keep.factors(key, first)))]
        });
    }
}

/// Each row of a matrix of `len` elements, its start and its width.
fn places(rows: usize, len: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let width = len.checked_div(rows).unwrap_or(0);
    assert_eq!(width * rows, len, "dropout: {len} elements in {rows} rows");
    (0..rows).map(move |row| (row, row * width, width))
}
