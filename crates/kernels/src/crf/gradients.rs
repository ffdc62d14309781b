//! Where marginals, expected transitions and paths become gradients.

use simd::{Element, Vector, slice};

use super::marginals::{At, Visit};
use super::transitions::Allowed;
use crate::packed::Packed;

/// Where the gradients of a CRF go, each added to; `None` where not wanted.
pub struct Gradients<'a, E> {
    /// `[steps, tags]`
    pub d_emissions: Option<&'a mut [E]>,
    /// `[tags]`
    pub d_start: Option<&'a mut [E]>,
    /// `[tags, tags]`
    pub d_transitions: Option<&'a mut [E]>,
    /// `[tags]`
    pub d_end: Option<&'a mut [E]>,
}

/// Adds marginals, pairs and paths to the gradients.
pub(super) struct Sink<'a, V: Vector, S> {
    pub tags: usize,
    pub allowed: Option<Allowed<'a>>,
    /// Gradient of `log Z` of the row at a sorted position.
    pub slope: S,
    pub gradients: Gradients<'a, V::Elem>,
}

/// `into[tag] += slope · x[tag]` where allowed.
fn add_allowed<E: Element>(into: Option<&mut [E]>, x: &[E], slope: E, allowed: Option<&[bool]>) {
    for (tag, (into, &x)) in into.into_iter().flatten().zip(x).enumerate() {
        if allowed.is_none_or(|allowed| allowed[tag]) {
            *into += slope * x;
        }
    }
}

impl<V: Vector, S: Fn(usize) -> V::Elem> Visit<V::Elem> for Sink<'_, V, S> {
    fn step(&mut self, at: At, marginals: &[V::Elem]) {
        let (tags, allowed, slope) = (self.tags, self.allowed, (self.slope)(at.position));
        let gradients = &mut self.gradients;
        let marginals = &marginals[..tags];
        if let Some(d_emissions) = &mut gradients.d_emissions {
            let slope = V::splat(slope);
            let d_emissions = &mut d_emissions[at.step * tags..][..tags];
            slice::accumulate([marginals], d_emissions, |[p]: [V; 1]| p.mul(slope));
        }
        if at.first {
            add_allowed(
                gradients.d_start.as_deref_mut(),
                marginals,
                slope,
                allowed.map(|a| a.start),
            );
        }
        if at.last {
            add_allowed(
                gradients.d_end.as_deref_mut(),
                marginals,
                slope,
                allowed.map(|a| a.end),
            );
        }
    }

    fn pairs(&mut self, position: usize, from: usize, probabilities: &[V::Elem]) {
        let slope = (self.slope)(position);
        self.add_transitions(from, probabilities, slope);
    }
}

impl<V: Vector, S> Sink<'_, V, S> {
    /// Adds `slope · x[j]` for every allowed transition from `from` to `j`.
    pub fn add_transitions(&mut self, from: usize, x: &[V::Elem], slope: V::Elem) {
        let row = from * self.tags..(from + 1) * self.tags;
        let into = self
            .gradients
            .d_transitions
            .as_deref_mut()
            .map(|d| &mut d[row.clone()]);
        add_allowed(into, x, slope, self.allowed.map(|a| &a.transitions[row]));
    }
}

/// Adds the gradient of the score of one row's path: `slope` times one where it
/// goes, forbidden ways left out.
pub(super) fn add_path<E: Element>(
    packed: Packed<'_>,
    tags: usize,
    allowed: Option<Allowed<'_>>,
    row: usize,
    path: &[i32],
    slope: E,
    gradients: &mut Gradients<'_, E>,
) {
    let add = |into: &mut Option<&mut [E]>, at: usize, allowed: Option<&[bool]>| {
        if let Some(into) = into
            .as_deref_mut()
            .filter(|_| allowed.is_none_or(|allowed| allowed[at]))
        {
            into[at] += slope;
        }
    };
    let mut before = None;
    for step in packed.steps_of(row) {
        let tag = path[step] as usize;
        add(&mut gradients.d_emissions, step * tags + tag, None);
        match before {
            None => add(&mut gradients.d_start, tag, allowed.map(|a| a.start)),
            Some(before) => {
                add(
                    &mut gradients.d_transitions,
                    before * tags + tag,
                    allowed.map(|a| a.transitions),
                );
            }
        }
        before = Some(tag);
    }
    if let Some(last) = before {
        add(&mut gradients.d_end, last, allowed.map(|a| a.end));
    }
}
