//! Comparison of slices.

use simd::Element;

/// Checks that every element of `actual` lies within `abs + rel * |expected|`
/// of its counterpart. Infinities must be equal, NaN matches NaN only. The
/// error names the element that exceeds its tolerance most, and how many do.
pub fn assert_close<A: Element, B: Element>(
    actual: &[A],
    expected: &[B],
    abs: f64,
    rel: f64,
) -> Result<(), String> {
    if actual.len() != expected.len() {
        return Err(format!(
            "{} elements, expected {}",
            actual.len(),
            expected.len()
        ));
    }
    let mut worst: Option<(f64, usize)> = None;
    let mut off = 0;
    for (i, (a, b)) in actual.iter().zip(expected).enumerate() {
        let excess = excess(a.to_f64(), b.to_f64(), abs, rel);
        if excess > 1.0 {
            off += 1;
            if worst.is_none_or(|(most, _)| excess > most) {
                worst = Some((excess, i));
            }
        }
    }
    let Some((excess, i)) = worst else {
        return Ok(());
    };
    let (a, b) = (actual[i].to_f64(), expected[i].to_f64());
    Err(format!(
        "{off} of {} elements are off; worst is [{i}]: {a:e}, expected {b:e} \
         (difference {:e}, {excess:.3} times the tolerance {abs:e} + {rel:e} relative)",
        actual.len(),
        (a - b).abs(),
    ))
}

/// The difference in tolerances: above 1 is off.
fn excess(a: f64, b: f64, abs: f64, rel: f64) -> f64 {
    if a == b || (a.is_nan() && b.is_nan()) {
        return 0.0;
    }
    let ratio = (a - b).abs() / (abs + rel * b.abs());
    // NaN against a number, and an infinity against anything else.
    if ratio.is_nan() || a.is_infinite() || b.is_infinite() {
        f64::INFINITY
    } else {
        ratio
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_is_within_either_tolerance() {
        assert!(assert_close(&[1.0f32, 100.0], &[1.05f64, 101.0], 0.1, 0.0).is_err());
        assert_eq!(
            assert_close(&[1.0f32, 100.0], &[1.05f64, 101.0], 0.1, 0.01),
            Ok(())
        );
        assert_eq!(assert_close::<f32, f32>(&[], &[], 0.0, 0.0), Ok(()));
        assert_eq!(assert_close(&[0.0f32], &[-0.0f32], 0.0, 0.0), Ok(()));
    }

    #[test]
    fn names_the_worst_element() {
        let message = assert_close(&[1.0, 2.0, 3.0], &[1.1, 2.5, 3.0], 0.01, 0.0).unwrap_err();
        assert!(
            message.contains("2 of 3") && message.contains("[1]"),
            "{message}"
        );
    }

    #[test]
    fn never_lets_nan_or_an_infinity_pass_for_a_number() {
        let (nan, inf) = (f64::NAN, f64::INFINITY);
        for (a, b) in [
            (nan, 0.0),
            (0.0, nan),
            (inf, 1e300),
            (1e300, inf),
            (inf, -inf),
            (nan, inf),
        ] {
            assert!(
                assert_close(&[a], &[b], 1e300, 1.0).is_err(),
                "{a} passed for {b}"
            );
        }
        assert_eq!(
            assert_close(&[nan, inf, -inf], &[nan, inf, -inf], 0.0, 0.0),
            Ok(())
        );
    }

    #[test]
    fn refuses_another_length() {
        assert!(assert_close(&[1.0], &[1.0, 1.0], 1.0, 1.0).is_err());
        assert!(assert_close(&[1.0, 1.0], &[1.0], 1.0, 1.0).is_err());
    }
}
