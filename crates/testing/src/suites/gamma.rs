//! ln Γ and ψ against known values and their recurrences.

use kernels::math::gamma::{ERROR, digamma, ln_gamma};

use crate::{Case, assert_close};

/// The suite.
pub fn cases() -> Vec<Case> {
    vec![
        Case::new("factorials", factorials),
        Case::new("known values", known),
        Case::new("recurrences", recurrences),
        Case::new("digamma is the derivative", derivative),
        Case::new("outside the domain", outside),
    ]
}

fn close(actual: f64, expected: f64) -> Result<(), String> {
    assert_close(&[actual], &[expected], ERROR, ERROR)
}

fn factorials() -> Result<(), String> {
    let mut log = 0.0;
    for n in 1..=100 {
        close(ln_gamma(f64::from(n)), log).map_err(|error| format!("Γ({n}): {error}"))?;
        log += f64::from(n).ln();
    }
    Ok(())
}

/// Γ(½) = √π; ψ(1) = −γ, ψ(½) = −γ − 2 ln 2 (Abramowitz and Stegun 6.1.8,
/// 6.3.2, 6.3.3); Γ(¼) = 3.6256099082….
fn known() -> Result<(), String> {
    const EULER: f64 = 0.577_215_664_901_532_9;
    close(ln_gamma(0.5), 0.5 * std::f64::consts::PI.ln())?;
    close(ln_gamma(0.25), 3.625_609_908_221_908_f64.ln())?;
    close(digamma(1.0), -EULER)?;
    close(digamma(0.5), -EULER - 2.0 * std::f64::consts::LN_2)
}

fn recurrences() -> Result<(), String> {
    let mut x = 1e-6;
    while x < 1e6 {
        close(ln_gamma(x + 1.0), ln_gamma(x) + x.ln())
            .map_err(|error| format!("Γ({x}): {error}"))?;
        close(digamma(x), digamma(x + 1.0) - 1.0 / x)
            .map_err(|error| format!("ψ({x}): {error}"))?;
        x *= 1.37;
    }
    Ok(())
}

fn derivative() -> Result<(), String> {
    for x in [0.3, 1.0, 2.5, 9.99, 10.01, 40.0] {
        let step = 1e-5 * x;
        let difference = (ln_gamma(x + step) - ln_gamma(x - step)) / (2.0 * step);
        assert_close(&[digamma(x)], &[difference], 1e-8, 1e-8)?;
    }
    Ok(())
}

fn outside() -> Result<(), String> {
    for x in [0.0, -1.5, f64::NEG_INFINITY, f64::NAN] {
        assert_close(&[ln_gamma(x), digamma(x)], &[f64::NAN; 2], 0.0, 0.0)?;
    }
    Ok(())
}
