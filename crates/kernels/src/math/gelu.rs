//! GELU, x · Φ(x) with the exact normal distribution function (Hendrycks and
//! Gimpel 2016), PyTorch's default.

use simd::{Element, Function, Vector, slice};

/// Relative part of the error bound.
pub const RELATIVE_ERROR: f64 = 4.0e-7;

/// Absolute part of the error bound: below −2 or so, 1 + erf cancels.
pub const ABSOLUTE_ERROR: f64 = 1.0e-6;

/// x · ½ (1 + erf(x / √2)); 0 at −∞.
#[derive(Clone, Copy)]
pub struct Gelu<V: Vector> {
    erf: V::Erf,
    root_half: V,
    half: V,
    lowest: V,
}

impl<V: Vector> Gelu<V> {
    /// Φ(x), the normal distribution function.
    #[inline(always)]
    fn distribution(self, x: V) -> V {
        self.erf
            .apply(x.mul(self.root_half))
            .mul_add(self.half, self.half)
    }
}

impl<V: Vector> Function<V> for Gelu<V> {
    #[inline(always)]
    fn new() -> Self {
        let constant = |x| V::constant(V::Elem::from_f64(x));
        Self {
            erf: V::Erf::new(),
            root_half: constant(std::f64::consts::FRAC_1_SQRT_2),
            half: constant(0.5),
            lowest: constant(-1e30),
        }
    }

    #[inline(always)]
    fn apply(self, x: V) -> V {
        // The limit keeps −∞ · 0 from being NaN.
        x.max(self.lowest).mul(self.distribution(x))
    }
}

/// `y = gelu(x)`
pub fn gelu_forward<V: Vector>(x: &[V::Elem], y: &mut [V::Elem]) {
    super::apply::<V, Gelu<V>>(x, y);
}

/// `d_x += d_y * (Φ(x) + x * φ(x))` with `φ(x) = exp(-x²/2) / √2π`
pub fn gelu_backward<V: Vector>(x: &[V::Elem], d_y: &[V::Elem], d_x: &mut [V::Elem]) {
    let gelu = Gelu::<V>::new();
    let exp = V::Exp::new();
    let scale = V::constant(V::Elem::from_f64(1.0 / std::f64::consts::TAU.sqrt()));
    slice::accumulate([x, d_y], d_x, |[x, d_y]: [V; 2]| {
        let density = exp.apply(x.mul(x).mul(gelu.half).neg()).mul(scale);
        d_y.mul(x.mul_add(density, gelu.distribution(x)))
    });
}
