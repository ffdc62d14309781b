//! A cosine that is the same on every host.

/// cos πx for 0 ≤ x ≤ 1, within 2^-51: sin π(½ - x) by its Taylor series.
pub fn cos_pi(x: f64) -> f64 {
    let y = std::f64::consts::PI * (0.5 - x);
    let square = y * y;
    y * (1..12).rev().fold(1.0, |sum, k| {
        1.0 - sum * square / f64::from(2 * k * (2 * k + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosines_agree_with_the_standard_librarys() {
        for i in 0..=1000 {
            let x = f64::from(i) / 1000.0;
            assert!(
                (cos_pi(x) - (std::f64::consts::PI * x).cos()).abs() < 5e-16,
                "{x}"
            );
        }
    }
}
