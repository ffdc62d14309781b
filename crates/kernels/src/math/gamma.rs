//! ln Γ and its derivative, in `f64`.

/// Largest relative error of both, or absolute error where they are below 1,
/// for arguments from 1e-6 to 1e6.
pub const ERROR: f64 = 3.0e-13;

/// From here Stirling's series is taken; below, the recurrence leads here.
const STIRLING: f64 = 10.0;

/// ln Γ(x) for x > 0; NaN otherwise.
///
/// Stirling's series (Abramowitz and Stegun 6.1.41) after shifting the argument
/// up by Γ(x + 1) = x Γ(x).
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut x, mut product) = (x, 1.0);
    while x < STIRLING {
        product *= x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = (1.0 / 12.0
        - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r * (1.0 / 1188.0)))))
        / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - product.ln()
}

/// ψ(x) = d ln Γ(x) / dx for x > 0; NaN otherwise (Abramowitz and Stegun 6.3.18
/// and 6.3.5).
pub fn digamma(x: f64) -> f64 {
    if x.is_nan() || x <= 0.0 {
        return f64::NAN;
    }
    let (mut x, mut sum) = (x, 0.0);
    while x < STIRLING {
        sum += 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = r
        * (1.0 / 12.0
            - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r * (1.0 / 240.0 - r * (1.0 / 132.0)))));
    x.ln() - 0.5 / x - series - sum
}
