//! Gradients against central differences, in `f64`.

/// An argument of a function and the gradient that is claimed for it.
pub struct Gradient<'a> {
    /// The argument's name, for the report.
    pub name: &'a str,
    /// Where the gradient is taken.
    pub at: &'a [f64],
    /// The gradient that a backward pass gave.
    pub claimed: &'a [f64],
}

/// What a claimed derivative may be off, absolute and relative to the larger of
/// the two. The difference's own error is near 1e-10 for a smooth function with
/// values and derivatives near 1.
const TOLERANCE: f64 = 1e-7;

/// Relative step: the cube root of machine epsilon balances truncation against
/// cancellation.
const STEP: f64 = 6e-6;

/// Checks every element of every argument's gradient. `loss` is called with the
/// arguments in the order of `gradients`, one element of them moved; it must be
/// smooth there.
pub fn gradient_check(
    gradients: &[Gradient],
    mut loss: impl FnMut(&[&[f64]]) -> f64,
) -> Result<(), String> {
    let mut arguments: Vec<Vec<f64>> = gradients.iter().map(|g| g.at.to_vec()).collect();
    let mut worst: Option<(f64, String)> = None;
    for (which, Gradient { name, at, claimed }) in gradients.iter().enumerate() {
        if at.len() != claimed.len() {
            return Err(format!(
                "{name}: {} elements, gradient of {}",
                at.len(),
                claimed.len()
            ));
        }
        for i in 0..at.len() {
            let step = STEP * at[i].abs().max(1.0);
            let mut at_moved = |x: f64| {
                arguments[which][i] = x;
                let views: Vec<&[f64]> = arguments.iter().map(Vec::as_slice).collect();
                loss(&views)
            };
            let (right, left) = (at[i] + step, at[i] - step);
            // Dividing by what the step became in floating point.
            let difference = (at_moved(right) - at_moved(left)) / (right - left);
            arguments[which][i] = at[i];
            let scale = claimed[i].abs().max(difference.abs()).max(1.0);
            let off = (claimed[i] - difference).abs() / (TOLERANCE * scale);
            let off = if off.is_nan() { f64::INFINITY } else { off };
            if off > worst.as_ref().map_or(1.0, |(most, _)| *most) {
                let message = format!(
                    "d_{name}[{i}] is {}, differences give {difference}",
                    claimed[i]
                );
                worst = Some((off, message));
            }
        }
    }
    worst.map_or(Ok(()), |(_, message)| Err(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// a·a·b₀ + sin b₁
    fn loss(x: &[&[f64]]) -> f64 {
        x[0][0] * x[0][0] * x[1][0] + x[1][1].sin()
    }

    fn check(d_a: f64, d_b: [f64; 2]) -> Result<(), String> {
        let gradients = [
            Gradient {
                name: "a",
                at: &[3.0],
                claimed: &[d_a],
            },
            Gradient {
                name: "b",
                at: &[0.5, 2.0],
                claimed: &d_b,
            },
        ];
        gradient_check(&gradients, loss)
    }

    #[test]
    fn accepts_the_true_gradient() {
        assert_eq!(check(3.0, [9.0, 2f64.cos()]), Ok(()));
    }

    #[test]
    fn names_a_wrong_element() {
        assert!(
            check(3.0, [9.0, 2f64.cos() + 1e-5])
                .unwrap_err()
                .starts_with("d_b[1]")
        );
        assert!(
            check(3.00001, [9.0, 2f64.cos()])
                .unwrap_err()
                .starts_with("d_a[0]")
        );
        assert!(
            check(-3.0, [9.1, 2f64.cos()])
                .unwrap_err()
                .starts_with("d_a[0]")
        );
        assert!(
            check(f64::NAN, [9.1, 2f64.cos()])
                .unwrap_err()
                .starts_with("d_a[0]")
        );
    }

    #[test]
    fn refuses_a_gradient_of_another_length() {
        let gradients = [Gradient {
            name: "a",
            at: &[1.0],
            claimed: &[],
        }];
        assert!(gradient_check(&gradients, |_| 0.0).is_err());
    }
}
