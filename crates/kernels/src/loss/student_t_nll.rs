//! Negative log-likelihood of Student's t-distribution with location and scale,
//! as `torch.distributions.StudentT`.
//!
//! Computed in `f64` element by element: the terms in the degrees of freedom
//! cancel.

use simd::Element;

use crate::math::gamma::{digamma, ln_gamma};

/// An element's distribution and target: degrees of freedom ν, scale σ and
/// z = (target - loc) / σ.
#[derive(Clone, Copy)]
struct Point {
    df: f64,
    scale: f64,
    z: f64,
}

fn points<'a, E: Element>(
    df: &'a [E],
    loc: &'a [E],
    scale: &'a [E],
    target: &'a [E],
) -> impl Iterator<Item = Point> + 'a {
    let len = target.len();
    assert!(
        df.len() == len && loc.len() == len && scale.len() == len,
        "student_t_nll: slices must have one length"
    );
    df.iter()
        .zip(loc)
        .zip(scale.iter().zip(target))
        .map(|((df, loc), (scale, target))| {
            let scale = scale.to_f64();
            Point {
                df: df.to_f64(),
                scale,
                z: (target.to_f64() - loc.to_f64()) / scale,
            }
        })
}

/// The sum of
///
/// ```text
/// ln Γ(ν/2) - ln Γ((ν + 1)/2) + ½ ln πν + ln σ + ½ (ν + 1) ln(1 + z²/ν)
/// ```
pub fn student_t_nll_forward<E: Element>(df: &[E], loc: &[E], scale: &[E], target: &[E]) -> f64 {
    points(df, loc, scale, target)
        .map(|Point { df, scale, z }| {
            ln_gamma(0.5 * df) - ln_gamma(0.5 * (df + 1.0))
                + 0.5 * (std::f64::consts::PI * df).ln()
                + scale.ln()
                + 0.5 * (df + 1.0) * (z * z / df).ln_1p()
        })
        .sum()
}

/// ```text
/// d_df    += s · ½ (ψ(ν/2) - ψ((ν + 1)/2) + 1/ν + ln(1 + z²/ν) - r z²/ν)
/// d_loc   -= s · r z / σ
/// d_scale += s · (1 - r z²) / σ          with r = (ν + 1) / (ν + z²)
/// ```
///
/// where s is `d_loss`, the scale of the loss. A gradient that nobody needs is
/// `None`.
pub fn student_t_nll_backward<E: Element>(
    d_loss: E,
    df: &[E],
    loc: &[E],
    scale: &[E],
    target: &[E],
    mut d_df: Option<&mut [E]>,
    mut d_loc: Option<&mut [E]>,
    mut d_scale: Option<&mut [E]>,
) {
    let add = |d: &mut Option<&mut [E]>, i: usize, x: f64| {
        if let Some(d) = d {
            d[i] += E::from_f64(d_loss.to_f64() * x);
        }
    };
    for (i, Point { df, scale, z }) in points(df, loc, scale, target).enumerate() {
        let square = z * z;
        let ratio = (df + 1.0) / (df + square);
        add(&mut d_loc, i, -ratio * z / scale);
        add(&mut d_scale, i, (1.0 - ratio * square) / scale);
        if d_df.is_some() {
            let gammas = digamma(0.5 * df) - digamma(0.5 * (df + 1.0));
            let rest = 1.0 / df + (square / df).ln_1p() - ratio * square / df;
            add(&mut d_df, i, 0.5 * (gammas + rest));
        }
    }
}
