//! Negative log-likelihood of a normal distribution (Nix and Weigend 1994), as
//! PyTorch's `GaussianNLLLoss`.

use simd::{Element, Function, Vector, slice};

use crate::reduce::sum_terms_f64;

/// With `v = max(var, eps)`: `Σ ½ (ln v + (mean - target)² / v)`, and `½ ln 2π`
/// an element besides when `full`.
pub fn gaussian_nll_forward<V: Vector>(
    full: bool,
    eps: V::Elem,
    mean: &[V::Elem],
    var: &[V::Elem],
    target: &[V::Elem],
) -> f64 {
    let ln = V::Ln::new();
    let (eps, half) = (V::constant(eps), V::constant(V::Elem::from_f64(0.5)));
    let sum = sum_terms_f64([mean, var, target], |[mean, var, target]: [V; 3]| {
        let v = var.max(eps);
        let error = mean.sub(target);
        ln.apply(v).add(error.mul(error).div(v)).mul(half)
    });
    let constant = 0.5 * std::f64::consts::TAU.ln();
    if full {
        sum + constant * mean.len() as f64
    } else {
        sum
    }
}

/// ```text
/// d_mean += scale · (mean - target) / v
/// d_var  += scale · ½ (1 - (mean - target)² / v) / v
/// ```
///
/// The lower limit of v does not stop the gradient (nor does it in PyTorch), so
/// that a variance can leave it. A gradient that nobody needs is `None`; the
/// target's is that of the mean with the two exchanged.
pub fn gaussian_nll_backward<V: Vector>(
    eps: V::Elem,
    scale: V::Elem,
    mean: &[V::Elem],
    var: &[V::Elem],
    target: &[V::Elem],
    d_mean: Option<&mut [V::Elem]>,
    d_var: Option<&mut [V::Elem]>,
) {
    let eps = V::constant(eps);
    let half_scale = V::constant(scale * V::Elem::from_f64(0.5));
    let (scale, one) = (V::constant(scale), V::constant(V::Elem::ONE));
    if let Some(d_mean) = d_mean {
        slice::accumulate(
            [mean, var, target],
            d_mean,
            |[mean, var, target]: [V; 3]| mean.sub(target).div(var.max(eps)).mul(scale),
        );
    }
    if let Some(d_var) = d_var {
        slice::accumulate([mean, var, target], d_var, |[mean, var, target]: [V; 3]| {
            let v = var.max(eps);
            let error = mean.sub(target);
            one.sub(error.mul(error).div(v)).div(v).mul(half_scale)
        });
    }
}
