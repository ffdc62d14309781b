//! Fewer elements than a vector has lanes. Spelt out, because a copy of variable
//! length becomes a call.

/// The elements of `s`, then `padding`. Panics when `s` is longer than four.
#[inline(always)]
pub fn gather<E: Copy>(s: &[E], padding: E) -> [E; 4] {
    match *s {
        [] => [padding; 4],
        [a] => [a, padding, padding, padding],
        [a, b] => [a, b, padding, padding],
        [a, b, c] => [a, b, c, padding],
        [a, b, c, d] => [a, b, c, d],
        _ => panic!("{} elements for a vector of 4", s.len()),
    }
}

/// Writes as many lanes as `s` takes. Panics when `s` is longer than four.
#[inline(always)]
pub fn scatter<E: Copy>([a, b, c, d]: [E; 4], s: &mut [E]) {
    match s {
        [] => {}
        [w] => *w = a,
        [w, x] => (*w, *x) = (a, b),
        [w, x, y] => (*w, *x, *y) = (a, b, c),
        [w, x, y, z] => (*w, *x, *y, *z) = (a, b, c, d),
        _ => panic!("{} elements for a vector of 4", s.len()),
    }
}
