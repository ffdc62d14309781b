//! Dropout without stored masks (Srivastava et al. 2014): which units stay is
//! a hash of where they are, so that backward finds them again and no result
//! depends on the order of execution.
//!
//! Each row has a key, a hash of what it is (its original row and time step,
//! or its row alone for a mask that is locked over time, as in Gal and
//! Ghahramani 2016), and a pass has a salt. A unit stays when
//! `hash(key ^ salt, unit)` is at least `p * 2³²`, and is then scaled by
//! 1 / (1 − p).

use simd::Element;

/// The probability and what follows from it.
#[derive(Clone, Copy)]
struct Keep<E> {
    threshold: u32,
    scale: E,
}

impl<E: Element> Keep<E> {
    fn new(p: f64) -> Self {
        assert!(
            (0.0..=1.0).contains(&p),
            "a dropout probability is not within 0 to 1"
        );
        // With p = 1 nothing stays: the one hash above the threshold is scaled
        // by 0 too.
        let scale = if p < 1.0 { 1.0 / (1.0 - p) } else { 0.0 };
        Self {
            threshold: (p * 4_294_967_296.0) as u32,
            scale: E::from_f64(scale),
        }
    }

    /// What unit `unit` of a row is multiplied by.
    #[inline(always)]
    fn factor(self, key: u32, unit: u32) -> E {
        if hash(key, unit) >= self.threshold {
            self.scale
        } else {
            E::ZERO
        }
    }
}

/// A hash of 32 bits: the key and the unit, spread by an odd constant, through
/// the finaliser of MurmurHash3 (A. Appleby 2011, public domain). Integer
/// multiplications of 32 bits and shifts, which SIMD128 has.
#[inline(always)]
fn hash(key: u32, unit: u32) -> u32 {
    let mut h = key ^ unit.wrapping_add(1).wrapping_mul(0x9e37_79b9);
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// `y = x * mask / (1 - p)`, both `[rows, width]`, with a key a row.
///
/// For a mask that is locked over time give every step of a row the same key.
/// Panics when `p` is not within 0 to 1 or the rows are not as many as keys.
pub fn dropout_forward<E: Element>(
    p: f64,
    salt: u32,
    keys: impl ExactSizeIterator<Item = u32>,
    x: &[E],
    y: &mut [E],
) {
    let keep = Keep::new(p);
    for (key, start, width) in rows(keys, x.len()) {
        let (x, y) = (&x[start..][..width], &mut y[start..][..width]);
        for (unit, (x, y)) in x.iter().zip(y).enumerate() {
            *y = *x * keep.factor(key ^ salt, unit as u32);
        }
    }
}

/// `d_x += d_y * mask / (1 - p)`, with the arguments of the forward pass.
pub fn dropout_backward<E: Element>(
    p: f64,
    salt: u32,
    keys: impl ExactSizeIterator<Item = u32>,
    d_y: &[E],
    d_x: &mut [E],
) {
    let keep = Keep::new(p);
    for (key, start, width) in rows(keys, d_y.len()) {
        let (d_y, d_x) = (&d_y[start..][..width], &mut d_x[start..][..width]);
        for (unit, (d_y, d_x)) in d_y.iter().zip(d_x).enumerate() {
            *d_x += *d_y * keep.factor(key ^ salt, unit as u32);
        }
    }
}

/// The key, start and width of each row of a matrix of `len` elements.
fn rows(
    keys: impl ExactSizeIterator<Item = u32>,
    len: usize,
) -> impl Iterator<Item = (u32, usize, usize)> {
    let count = keys.len();
    let width = len.checked_div(count).unwrap_or(0);
    assert_eq!(
        width * count,
        len,
        "dropout: {len} elements in {count} rows"
    );
    keys.enumerate()
        .map(move |(row, key)| (key, row * width, width))
}
