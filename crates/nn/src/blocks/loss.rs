//! Losses between two matrices, summed over all numbers and divided, unless
//! `reduction` is "sum", by how many targets there are in the whole batch. The
//! target is taken as given: it must not depend on anything that is trained.

use kernels::loss::{bce_with_logits, gaussian_nll, huber, l1, mse, quantile, student_t_nll};
use simd::{Element, Vector};

use crate::block::{Block, Build, Built, Whole};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::fields::Bounds;
use crate::value::ValueType;

/// The least variance that `gaussian_nll` divides by.
const EPS: Bounds = Bounds::new(f64::MIN_POSITIVE, 1.0, "a number above 0, at most 1");

/// Which loss, with its configuration.
enum Kind<E> {
    BceWithLogits { pos_weight: Vec<E> },
    GaussianNll { full: bool, eps: f64 },
    Huber { delta: f64 },
    L1,
    Mse,
    Quantile { quantiles: Vec<E> },
    StudentTNll,
}

struct Loss<E> {
    kind: Kind<E>,
    /// Predictions before the target.
    predictions: usize,
    mean: bool,
    /// Width of the first prediction, which `quantile` divides by.
    width: usize,
}

/// Reads `reduction`: "mean" or "sum".
pub fn reads_mean<E: Element>(build: &Build<'_, E>) -> Result<bool, Error> {
    Ok(build.config.choice("reduction", "mean", &["mean", "sum"])? == "mean")
}

/// Inputs: the predictions and then the target, matrices of one shape: one
/// prediction, but `mean, var` for `gaussian_nll` (configuration `full`, false,
/// and `eps`, 1e-6) and `df, loc, scale` for `student_t_nll`. `huber` has
/// `delta` (1), `bce_with_logits` `pos_weight` (1 for each column), by which the
/// loss of targets that are met counts. For `quantile`, with the configuration `quantiles`, the target
/// is `[n, w]` and the prediction `[n, w · quantiles]`, quantiles innermost.
pub fn build<V: Vector>(kind: &str, build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    let (kind, predictions) = match kind {
        "bce_with_logits" => {
            let pos_weight = pos_weight(build)?;
            (Kind::BceWithLogits { pos_weight }, 1)
        }
        "gaussian_nll" => {
            let full = build.config.bool_or("full", false)?;
            (
                Kind::GaussianNll {
                    full,
                    eps: build.config.f64_or("eps", 1e-6, EPS)?,
                },
                2,
            )
        }
        "huber" => (
            Kind::Huber {
                delta: build.config.f64_or("delta", 1.0, Bounds::POSITIVE)?,
            },
            1,
        ),
        "l1" => (Kind::L1, 1),
        "mse" => (Kind::Mse, 1),
        "quantile" => (
            Kind::Quantile {
                quantiles: quantiles(build)?,
            },
            1,
        ),
        _ => (Kind::StudentTNll, 3),
    };
    build.expect_inputs(predictions + 1, predictions + 1)?;
    let (space, width) = build.matrix(0)?;
    for i in 1..predictions {
        build.expect_matrix(i, space, width)?;
    }
    build.expect_matrix(predictions, space, target_width(&kind, width, build)?)?;
    build.expect_untrained(predictions)?;
    let mean = reads_mean(build)?;
    Built::many(
        Loss {
            kind,
            predictions,
            mean,
            width,
        },
        &[("loss", ValueType::Scalar)],
    )
}

/// One for each column of the prediction.
fn pos_weight<E: Element>(build: &Build<'_, E>) -> Result<Vec<E>, Error> {
    let (_, width) = build.matrix(0)?;
    match build.config.numbers_option("pos_weight")? {
        None => Ok(vec![E::ONE; width]),
        Some(given) if given.len() == width && given.iter().all(|w| *w >= 0.0) => {
            Ok(given.into_iter().map(E::from_f64).collect())
        }
        _ => Err(build.error(format!(
            "config.pos_weight: expected {width} numbers of at least 0"
        ))),
    }
}

fn quantiles<E: Element>(build: &Build<'_, E>) -> Result<Vec<E>, Error> {
    let given = build
        .config
        .numbers_option("quantiles")?
        .unwrap_or_default();
    if given.is_empty() || given.iter().any(|q| !(*q > 0.0 && *q < 1.0)) {
        return Err(build.error("config.quantiles: expected numbers between 0 and 1"));
    }
    Ok(given.into_iter().map(E::from_f64).collect())
}

fn target_width<E: Element>(
    kind: &Kind<E>,
    width: usize,
    build: &Build<'_, E>,
) -> Result<usize, Error> {
    match kind {
        Kind::Quantile { quantiles } if !width.is_multiple_of(quantiles.len()) => {
            Err(build.error(format!(
                "inputs[0]: expected a width that {} quantiles divide, got {width}",
                quantiles.len()
            )))
        }
        Kind::Quantile { quantiles } => Ok(width / quantiles.len()),
        _ => Ok(width),
    }
}

impl<V: Vector> Block<V> for Loss<V::Elem> {
    fn denominator(&self, whole: &Whole<'_>) -> f64 {
        if self.mean {
            (whole.count(0) * self.width) as f64
        } else {
            1.0
        }
    }

    fn forward(&self, mut cx: Forward<'_, V>) {
        let [loss] = cx.carve();
        let (x, target) = (cx.inputs.matrix(0), cx.inputs.matrix(self.predictions));
        let sum = match &self.kind {
            Kind::BceWithLogits { pos_weight } => {
                bce_with_logits::bce_with_logits_forward::<V>(x, target, pos_weight)
            }
            Kind::GaussianNll { full, eps } => {
                let eps = V::Elem::from_f64(*eps);
                gaussian_nll::gaussian_nll_forward::<V>(*full, eps, x, cx.inputs.matrix(1), target)
            }
            Kind::Huber { delta } => {
                huber::huber_forward::<V>(V::Elem::from_f64(*delta), x, target)
            }
            Kind::L1 => l1::l1_forward::<V>(x, target),
            Kind::Mse => mse::mse_forward::<V>(x, target),
            Kind::Quantile { quantiles } => quantile::quantile_forward::<V>(quantiles, x, target),
            Kind::StudentTNll => student_t_nll::student_t_nll_forward(
                x,
                cx.inputs.matrix(1),
                cx.inputs.matrix(2),
                target,
            ),
        };
        loss[0] = V::Elem::from_f64(sum / cx.denominator);
    }

    fn backward(&self, mut cx: Backward<'_, V>) {
        let scale = V::Elem::from_f64(cx.d_output(0)[0].to_f64() / cx.denominator);
        let (x, target) = (cx.inputs.matrix(0), cx.inputs.matrix(self.predictions));
        match &self.kind {
            Kind::GaussianNll { eps, .. } => {
                let (eps, var) = (V::Elem::from_f64(*eps), cx.inputs.matrix(1));
                let d_mean = cx.d_inputs.get(0);
                gaussian_nll::gaussian_nll_backward::<V>(eps, scale, x, var, target, d_mean, None);
                let d_var = cx.d_inputs.get(1);
                gaussian_nll::gaussian_nll_backward::<V>(eps, scale, x, var, target, None, d_var);
            }
            Kind::StudentTNll => {
                let (loc, spread) = (cx.inputs.matrix(1), cx.inputs.matrix(2));
                let inputs = &mut cx.d_inputs;
                let backward = student_t_nll::student_t_nll_backward;
                backward(scale, x, loc, spread, target, inputs.get(0), None, None);
                backward(scale, x, loc, spread, target, None, inputs.get(1), None);
                backward(scale, x, loc, spread, target, None, None, inputs.get(2));
            }
            kind => {
                let Some(d_x) = cx.d_inputs.get(0) else {
                    return;
                };
                match kind {
                    Kind::Huber { delta } => {
                        huber::huber_backward::<V>(
                            V::Elem::from_f64(*delta),
                            scale,
                            x,
                            target,
                            d_x,
                        );
                    }
                    Kind::L1 => l1::l1_backward::<V>(scale, x, target, d_x),
                    Kind::Mse => mse::mse_backward::<V>(scale, x, target, d_x),
                    Kind::Quantile { quantiles } => {
                        quantile::quantile_backward::<V>(scale, quantiles, x, target, d_x);
                    }
                    Kind::BceWithLogits { pos_weight } => {
                        bce_with_logits::bce_with_logits_backward::<V>(
                            scale, x, target, pos_weight, d_x,
                        );
                    }
                    _ => unreachable!(),
                }
            }
        }
    }
}
