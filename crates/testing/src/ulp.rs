//! Distance in units in the last place (ULP).

/// How many representable values lie between `a` and `b`, plus one; 0 when they
/// are equal (−0 equals 0) or both NaN; `u32::MAX` when one is NaN.
///
/// Infinity follows the greatest finite value at distance 1.
pub fn ulp_distance(a: f32, b: f32) -> u32 {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => 0,
        (false, false) => ordered(a).abs_diff(ordered(b)),
        _ => u32::MAX,
    }
}

/// The bits as an integer that grows with the value; both zeros are 0.
fn ordered(x: f32) -> i32 {
    let magnitude = (x.to_bits() & 0x7fff_ffff) as i32;
    if x.is_sign_negative() {
        -magnitude
    } else {
        magnitude
    }
}

/// The error of `actual` in units in the last place of `exact` rounded to
/// `f32`: 0.5 is what exact rounding may reach. The unit of a denormal or zero
/// is 2⁻¹⁴⁹. Infinite when one is NaN or infinite and the other, rounded, is
/// not the same.
pub fn ulp_error(actual: f32, exact: f64) -> f64 {
    let rounded = exact as f32;
    if actual == rounded && !actual.is_finite() || actual.is_nan() && exact.is_nan() {
        return 0.0;
    }
    if !actual.is_finite() || !rounded.is_finite() {
        return f64::INFINITY;
    }
    let exponent = (rounded.to_bits() >> 23 & 0xff).max(1) as i32 - 127;
    (f64::from(actual) - exact).abs() / 2f64.powi(exponent - 23)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: f32 = f32::from_bits(1);

    #[test]
    fn distance_at_zero() {
        assert_eq!(ulp_distance(0.0, 0.0), 0);
        assert_eq!(ulp_distance(0.0, -0.0), 0);
        assert_eq!(ulp_distance(0.0, LEAST), 1);
        assert_eq!(ulp_distance(-0.0, LEAST), 1);
        assert_eq!(ulp_distance(0.0, -LEAST), 1);
        assert_eq!(ulp_distance(-LEAST, LEAST), 2);
    }

    #[test]
    fn distance_is_never_small_for_a_large_error() {
        assert_eq!(ulp_distance(0.0, f32::MIN_POSITIVE), 1 << 23);
        assert!(ulp_distance(0.0, 1.0) > 1_000_000_000);
        assert!(ulp_distance(-1.0, 1.0) > 2_000_000_000);
        assert_eq!(ulp_distance(f32::MIN, f32::MAX), 2 * 0x7f7f_ffff);
    }

    #[test]
    fn distance_across_a_power_of_two_and_at_the_extremes() {
        assert_eq!(ulp_distance(1.0, 1.0 + f32::EPSILON), 1);
        assert_eq!(ulp_distance(1.0, 1.0 - f32::EPSILON / 2.0), 1);
        assert_eq!(ulp_distance(f32::MAX, f32::INFINITY), 1);
        assert_eq!(ulp_distance(f32::NEG_INFINITY, f32::MIN), 1);
        let greatest_denormal = f32::from_bits(0x007f_ffff);
        assert_eq!(ulp_distance(greatest_denormal, f32::MIN_POSITIVE), 1);
    }

    #[test]
    fn distance_to_nan() {
        assert_eq!(ulp_distance(f32::NAN, -f32::NAN), 0);
        for x in [0.0, 1.0, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(ulp_distance(f32::NAN, x), u32::MAX);
            assert_eq!(ulp_distance(x, f32::NAN), u32::MAX);
        }
    }

    #[test]
    fn distance_is_symmetric_and_adds_up() {
        let values = [
            -3.5,
            -LEAST,
            -0.0,
            0.0,
            LEAST,
            1e-40,
            0.1,
            1.0,
            7e30,
            f32::INFINITY,
        ];
        for (i, &a) in values.iter().enumerate() {
            for (j, &b) in values.iter().enumerate().skip(i) {
                assert_eq!(ulp_distance(a, b), ulp_distance(b, a));
                for &c in &values[j..] {
                    assert_eq!(
                        ulp_distance(a, c),
                        ulp_distance(a, b) + ulp_distance(b, c),
                        "{a} {b} {c}"
                    );
                }
            }
        }
    }

    #[test]
    fn error_of_a_fraction_of_a_unit() {
        let unit = f64::from(f32::EPSILON);
        assert_eq!(ulp_error(1.0, 1.0), 0.0);
        assert_eq!(ulp_error(1.0, 1.0 + 0.25 * unit), 0.25);
        assert_eq!(ulp_error(1.0 + f32::EPSILON, 1.0), 1.0);
        assert_eq!(ulp_error(-8.0, -8.0 - 8.0 * unit), 1.0);
    }

    #[test]
    fn error_at_zero_and_in_denormals() {
        assert_eq!(ulp_error(0.0, 0.0), 0.0);
        assert_eq!(ulp_error(-0.0, 0.0), 0.0);
        assert_eq!(ulp_error(LEAST, 0.0), 1.0);
        assert_eq!(ulp_error(0.0, f64::from(LEAST) * 3.0), 3.0);
        assert_eq!(ulp_error(1.0, 0.0), 2f64.powi(149));
    }

    #[test]
    fn error_of_what_is_not_finite() {
        assert_eq!(ulp_error(f32::INFINITY, 1e39), 0.0);
        assert_eq!(ulp_error(f32::INFINITY, f64::INFINITY), 0.0);
        assert_eq!(ulp_error(f32::NAN, f64::NAN), 0.0);
        assert_eq!(ulp_error(f32::NAN, 1.0), f64::INFINITY);
        assert_eq!(ulp_error(1.0, f64::NAN), f64::INFINITY);
        assert_eq!(ulp_error(f32::MAX, 1e39), f64::INFINITY);
        assert_eq!(ulp_error(f32::INFINITY, 1e38), f64::INFINITY);
        assert_eq!(ulp_error(f32::NEG_INFINITY, f64::INFINITY), f64::INFINITY);
    }
}
