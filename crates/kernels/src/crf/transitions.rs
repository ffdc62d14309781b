//! The parameters of a linear-chain CRF as the other kernels read them: masked,
//! padded to whole vectors, in both orientations, and exponentiated once.

use simd::{Element, Vector};

/// What a forbidden start, transition or end counts as in every computation.
pub const FORBIDDEN: f64 = -1e4;

/// The score of a tag that pads the last vector: never the best of any maximum.
const PADDING: f64 = -1e30;

/// The smallest normal `f32` and a margin for sums of products. Below it a
/// product may have lost digits. `f64` keeps the same limit, so that its tests
/// take the same ways.
const SMALLEST: f64 = 1.2e-38 * 1e4;

/// Which starts, transitions and ends are allowed.
#[derive(Clone, Copy, Debug)]
pub struct Allowed<'a> {
    /// `[tags]`
    pub start: &'a [bool],
    /// `[tags, tags]`, from row to column.
    pub transitions: &'a [bool],
    /// `[tags]`
    pub end: &'a [bool],
}

/// Prepared parameters. `stride` is `tags` rounded up to whole vectors; the
/// numbers beyond `tags` never win a maximum and add nothing to a sum.
#[derive(Clone, Copy, Debug)]
pub struct Transitions<'a, E> {
    /// Number of tags.
    pub tags: usize,
    /// Length of a padded row.
    pub stride: usize,
    /// Start scores `[stride]`.
    pub start: &'a [E],
    /// End scores `[stride]`.
    pub end: &'a [E],
    /// Row `i` holds the scores from tag `i`: `[tags, stride]`.
    pub from: &'a [E],
    /// Row `j` holds the scores to tag `j`: `[tags, stride]`.
    pub to: &'a [E],
    /// `exp(start - start_shift)`, zero where forbidden.
    pub exp_start: &'a [E],
    /// `exp(end - end_shift)`, zero where forbidden.
    pub exp_end: &'a [E],
    /// `exp(from - shift)`, zero where forbidden.
    pub exp_from: &'a [E],
    /// `exp(to - shift)`, zero where forbidden.
    pub exp_to: &'a [E],
    /// The largest allowed start score.
    pub start_shift: E,
    /// The largest allowed transition.
    pub shift: E,
    /// The largest allowed end score.
    pub end_shift: E,
    /// As long as no non-zero alpha is smaller than this (the alphas of a step
    /// summing to one), no product with an exponentiated transition underflows.
    pub floor: E,
}

/// Room for the prepared parameters of `tags` tags.
pub fn prepared_len<V: Vector>(tags: usize) -> usize {
    let stride = tags.next_multiple_of(V::LANES);
    4 * stride * (tags + 1) + 4
}

/// Prepares start `[tags]`, transitions `[tags, tags]` and end scores `[tags]`.
///
/// # Panics
/// When a slice is shorter than `tags` asks for.
pub fn prepare<V: Vector>(
    tags: usize,
    start: &[V::Elem],
    transitions: &[V::Elem],
    end: &[V::Elem],
    allowed: Option<Allowed<'_>>,
    prepared: &mut [V::Elem],
) {
    let stride = tags.next_multiple_of(V::LANES);
    let (facts, rest) = prepared[..prepared_len::<V>(tags)].split_at_mut(4);
    let (ends, tables) = rest.split_at_mut(4 * stride);
    let smallest = [
        mask::<V>(
            stride,
            &start[..tags],
            allowed.map(|a| a.start),
            ends,
            0,
            &mut facts[0],
        ),
        mask::<V>(
            stride,
            &end[..tags],
            allowed.map(|a| a.end),
            ends,
            stride,
            &mut facts[2],
        ),
        {
            let (plain, exponentiated) = tables.split_at_mut(2 * tags * stride);
            let (from, to) = plain.split_at_mut(tags * stride);
            let (exp_from, exp_to) = exponentiated.split_at_mut(tags * stride);
            table::<V>(
                tags,
                transitions,
                allowed.map(|a| a.transitions),
                [from, to, exp_from, exp_to],
                &mut facts[1],
            )
        },
    ];
    let smallest = smallest.into_iter().fold(f64::INFINITY, f64::min);
    facts[3] = V::Elem::from_f64(SMALLEST / smallest);
}

/// The largest allowed score, or zero where none is.
fn largest<E: Element>(scores: &[E], allowed: Option<&[bool]>) -> E {
    let mut best = E::NEG_INFINITY;
    for (at, &score) in scores.iter().enumerate() {
        if allowed.is_none_or(|allowed| allowed[at]) && score > best {
            best = score;
        }
    }
    if best.is_finite() { best } else { E::ZERO }
}

/// Writes one list of scores at `ends[at..]` and its exponentials two strides
/// further on; returns the smallest non-zero exponential.
fn mask<V: Vector>(
    stride: usize,
    scores: &[V::Elem],
    allowed: Option<&[bool]>,
    ends: &mut [V::Elem],
    at: usize,
    shift: &mut V::Elem,
) -> f64 {
    *shift = largest(scores, allowed);
    let mut smallest = 1.0f64;
    for tag in 0..stride {
        let (score, exponential) = match scores.get(tag) {
            None => (V::Elem::from_f64(PADDING), V::Elem::ZERO),
            Some(_) if allowed.is_some_and(|allowed| !allowed[tag]) => {
                (V::Elem::from_f64(FORBIDDEN), V::Elem::ZERO)
            }
            Some(&score) => {
                let exponential = (score - *shift).exp();
                smallest = smallest.min(exponential.to_f64());
                (score, exponential)
            }
        };
        ends[at + tag] = score;
        ends[at + 2 * stride + tag] = exponential;
    }
    smallest
}

/// Writes `[from, to, exp_from, exp_to]`; returns the smallest non-zero
/// exponential.
fn table<V: Vector>(
    tags: usize,
    transitions: &[V::Elem],
    allowed: Option<&[bool]>,
    [from, to, exp_from, exp_to]: [&mut [V::Elem]; 4],
    shift: &mut V::Elem,
) -> f64 {
    let stride = tags.next_multiple_of(V::LANES);
    *shift = largest(&transitions[..tags * tags], allowed);
    from.fill(V::Elem::from_f64(PADDING));
    to.fill(V::Elem::from_f64(PADDING));
    exp_from.fill(V::Elem::ZERO);
    exp_to.fill(V::Elem::ZERO);
    let mut smallest = 1.0f64;
    for i in 0..tags {
        for j in 0..tags {
            let (score, exponential) = if allowed.is_some_and(|allowed| !allowed[i * tags + j]) {
                (V::Elem::from_f64(FORBIDDEN), V::Elem::ZERO)
            } else {
                let score = transitions[i * tags + j];
                let exponential = (score - *shift).exp();
                smallest = smallest.min(exponential.to_f64());
                (score, exponential)
            };
            from[i * stride + j] = score;
            to[j * stride + i] = score;
            exp_from[i * stride + j] = exponential;
            exp_to[j * stride + i] = exponential;
        }
    }
    smallest
}

impl<'a, E: Element> Transitions<'a, E> {
    /// Reads what [`prepare`] wrote.
    pub fn new<V: Vector<Elem = E>>(tags: usize, prepared: &'a [E]) -> Self {
        let stride = tags.next_multiple_of(V::LANES);
        let (facts, rest) = prepared[..prepared_len::<V>(tags)].split_at(4);
        let (ends, tables) = rest.split_at(4 * stride);
        let end = |at: usize| &ends[at * stride..][..stride];
        let table = |at: usize| &tables[at * tags * stride..][..tags * stride];
        Self {
            tags,
            stride,
            start: end(0),
            end: end(1),
            exp_start: end(2),
            exp_end: end(3),
            from: table(0),
            to: table(1),
            exp_from: table(2),
            exp_to: table(3),
            start_shift: facts[0],
            shift: facts[1],
            end_shift: facts[2],
            floor: facts[3],
        }
    }

    /// The score from tag `i` to tag `j`.
    pub fn score(&self, i: usize, j: usize) -> E {
        self.from[i * self.stride + j]
    }
}
