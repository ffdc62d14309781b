//! Cross-entropy with every combination of its settings.

use kernels::loss::cross_entropy::*;
use simd::{Element, F32, F64, Vector};

use crate::{Case, Gradient, Random, assert_close, gradient_check};

const IGNORED: i32 = -100;

/// One combination; the numbers are the same for every vector.
#[derive(Clone)]
struct Sample {
    rows: usize,
    classes: usize,
    smoothing: f64,
    weight: Option<Vec<f64>>,
    logits: Vec<f64>,
    targets: Vec<i32>,
}

impl Sample {
    fn new(rows: usize, classes: usize, smoothing: f64, weighted: bool) -> Self {
        let mut random = Random::new((rows * 10 + classes) as u64);
        let mut targets = random.ids(rows, classes);
        targets
            .iter_mut()
            .skip(1)
            .step_by(3)
            .for_each(|target| *target = IGNORED);
        // Representable in f32, so that both precisions see the same numbers.
        let narrow = |x: Vec<f32>| x.iter().map(|&x| f64::from(x)).collect();
        Self {
            rows,
            classes,
            smoothing,
            weight: weighted.then(|| narrow(random.uniforms(classes, 0.2, 3.0))),
            logits: narrow(random.uniforms(rows * classes, -4.0, 4.0)),
            targets,
        }
    }

    fn weight(&self, class: usize) -> f64 {
        self.weight.as_ref().map_or(1.0, |weight| weight[class])
    }

    /// The sum and what the mean divides it by, from the definition.
    fn naive(&self) -> (f64, f64) {
        let (mut sum, mut denominator) = (0.0, 0.0);
        for (logits, &target) in self.logits.chunks(self.classes).zip(&self.targets) {
            if target == IGNORED {
                continue;
            }
            let total: f64 = logits.iter().map(|x| x.exp()).sum();
            let target = target as usize;
            for (class, x) in logits.iter().enumerate() {
                let own = if class == target { 1.0 } else { 0.0 };
                let share = (1.0 - self.smoothing) * own + self.smoothing / self.classes as f64;
                sum -= self.weight(class) * share * (x.exp() / total).ln();
            }
            denominator += self.weight(target);
        }
        (sum, denominator)
    }

    /// Sum, denominator and gradient from the kernel.
    fn run<V: Vector>(&self, logits: &[f64], scale: f64) -> (f64, f64, Vec<V::Elem>) {
        let of = |x: &[f64]| x.iter().map(|&x| V::Elem::from_f64(x)).collect::<Vec<_>>();
        let (logits, weight) = (of(logits), self.weight.as_deref().map(of));
        let settings = CrossEntropy {
            classes: self.classes,
            ignore_index: Some(IGNORED),
            label_smoothing: self.smoothing,
            weight: weight.as_deref(),
        };
        let mut partition = vec![V::Elem::from_f64(f64::NAN); self.rows];
        let sum = cross_entropy_forward::<V>(settings, &logits, &self.targets, &mut partition);
        let mut d = vec![V::Elem::ZERO; logits.len()];
        let scale = V::Elem::from_f64(scale);
        cross_entropy_backward::<V>(settings, scale, &logits, &self.targets, &partition, &mut d);
        (
            sum,
            cross_entropy_denominator(settings, self.targets.iter().copied()),
            d,
        )
    }
}

/// The suite.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (rows, classes) in [(0, 3), (1, 1), (4, 2), (7, 5), (6, 8), (5, 9), (3, 33)] {
        for smoothing in [0.0, 0.1, 1.0] {
            for weighted in [false, true] {
                let name = format!("[{rows}, {classes}] smoothing {smoothing} weighted {weighted}");
                let sample = Sample::new(rows, classes, smoothing, weighted);
                cases.push(Case::new(name, move || check(&sample)));
            }
        }
    }
    cases.push(Case::new("nothing but ignored targets", all_ignored));
    cases.push(Case::new("gradients accumulate", accumulates));
    cases.push(Case::new("large logits", large));
    cases
}

fn check(sample: &Sample) -> Result<(), String> {
    let (expected, denominator) = sample.naive();
    let (sum, given, d) = sample.run::<F64>(&sample.logits, -0.7);
    assert_close(&[sum, given], &[expected, denominator], 1e-12, 1e-12)?;
    let gradient = Gradient {
        name: "logits",
        at: &sample.logits,
        claimed: &d,
    };
    gradient_check(&[gradient], |x| -0.7 * sample.run::<F64>(x[0], 1.0).0)?;
    let (sum, given, d_single) = sample.run::<F32>(&sample.logits, -0.7);
    assert_close(&[sum, given], &[expected, denominator], 1e-5, 1e-6)?;
    assert_close(&d_single, &d, 2e-6, 2e-6)
}

fn all_ignored() -> Result<(), String> {
    let mut sample = Sample::new(4, 3, 0.1, true);
    sample.targets.fill(IGNORED);
    let (sum, denominator, d) = sample.run::<F32>(&sample.logits, 1.0);
    assert_close(&[sum, denominator], &[0.0, 0.0], 0.0, 0.0)?;
    assert_close(&d, &[0.0; 12], 0.0, 0.0)
}

fn accumulates() -> Result<(), String> {
    let settings: CrossEntropy<f64> = CrossEntropy {
        classes: 2,
        ignore_index: None,
        label_smoothing: 0.0,
        weight: None,
    };
    let mut d = [1.0, 2.0];
    let half = 2f64.ln();
    cross_entropy_backward::<F64>(settings, 1.0, &[0.0, 0.0], &[1], &[half], &mut d);
    assert_close(&d, &[1.5, 1.5], 1e-15, 0.0)
}

fn large() -> Result<(), String> {
    let settings: CrossEntropy<f32> = CrossEntropy {
        classes: 3,
        ignore_index: None,
        label_smoothing: 0.0,
        weight: None,
    };
    let mut partition = [0.0; 2];
    let logits = [1e4, -1e4, 1e4, -3e4, 0.0, -3e4];
    let sum = cross_entropy_forward::<F32>(settings, &logits, &[1, 1], &mut partition);
    assert_close(&[sum], &[2e4 + 2f64.ln()], 0.0, 1e-6)
}
