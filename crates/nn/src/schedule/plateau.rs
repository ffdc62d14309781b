//! Rates that fall when a metric stops improving.

use crate::error::Error;
use crate::fields::{Bounds, Fields};

/// Multiplies the rate by `factor` once a metric has not improved on its best
/// for more than `patience` observations.
#[derive(Clone, Debug)]
pub struct Plateau {
    factor: f64,
    patience: u64,
    cooldown: u64,
    threshold: f64,
    relative: bool,
    maximise: bool,
    min_lr: f64,
    /// The present rate.
    pub rate: f64,
    best: Option<f64>,
    bad: u64,
    cooling: u64,
}

impl Plateau {
    /// Reads its fields over the optimiser's `learning_rate`.
    pub fn read(fields: &Fields<'_>, learning_rate: f64) -> Result<Self, Error> {
        Ok(Self {
            factor: fields.f64_or("factor", 0.1, Bounds::UNIT)?,
            patience: fields.usize_or("patience", 10)? as u64,
            cooldown: fields.usize_or("cooldown", 0)? as u64,
            threshold: fields.f64_or("threshold", 1e-4, Bounds::NOT_NEGATIVE)?,
            relative: fields.choice("threshold_mode", "rel", &["rel", "abs"])? == "rel",
            maximise: fields.choice("mode", "min", &["min", "max"])? == "max",
            min_lr: fields.f64_or("min_lr", 0.0, Bounds::NOT_NEGATIVE)?,
            rate: learning_rate,
            best: None,
            bad: 0,
            cooling: 0,
        })
    }

    /// As `torch.optim.lr_scheduler.ReduceLROnPlateau.step`; NaN is no
    /// improvement.
    pub fn observe(&mut self, metric: f64) {
        let margin = |best: f64| {
            if self.relative {
                best * self.threshold
            } else {
                self.threshold
            }
        };
        let better = match self.best {
            None => !metric.is_nan(),
            Some(best) if self.maximise => metric > best + margin(best),
            Some(best) => metric < best - margin(best),
        };
        if better {
            self.best = Some(metric);
            self.bad = 0;
        } else {
            self.bad += 1;
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.bad = 0;
        }
        if self.bad > self.patience {
            let reduced = (self.rate * self.factor).max(self.min_lr);
            // PyTorch's eps: a smaller change is not worth making.
            if self.rate - reduced > 1e-8 {
                self.rate = reduced;
            }
            self.cooling = self.cooldown;
            self.bad = 0;
        }
    }
}
