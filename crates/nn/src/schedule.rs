//! Learning rates over time. Steps count from 0; `learning_rate(step)` is the
//! rate that this step uses, as PyTorch's schedulers give it when they are
//! stepped once after every optimiser step.
//!
//! Host independent: only exactly rounded arithmetic is used.

use crate::error::Error;
use crate::fields::{Bounds, Fields};

/// One piece of a one-cycle schedule: from one rate to another.
#[derive(Clone, Copy, Debug)]
struct Phase {
    /// The step on which `to` is reached; a half step is possible.
    end: f64,
    from: f64,
    to: f64,
}

/// What follows a linear warm-up.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Decay {
    Constant,
    Linear,
    Cosine,
}

#[derive(Clone, Debug)]
enum Kind {
    Constant,
    /// Every `step_size` steps the rate is multiplied by `gamma`.
    Step {
        step_size: u64,
        gamma: f64,
    },
    /// Half a cosine down to `eta_min` at `t_max`, then up again, and so on
    /// (Loshchilov & Hutter 2017, without restarts).
    Cosine {
        t_max: u64,
        eta_min: f64,
    },
    /// Up, then down below the start (Smith & Topin 2018).
    OneCycle {
        phases: Vec<Phase>,
        linear: bool,
    },
    /// From `start_factor` of the rate to all of it over `warmup_steps`, then
    /// constant, or down to 0 at `total_steps`.
    LinearWarmup {
        warmup_steps: u64,
        start_factor: f64,
        decay: Decay,
        total_steps: u64,
    },
    ReduceOnPlateau(Plateau),
}

/// Multiplies the rate by `factor` once a metric has not improved on its best
/// for more than `patience` observations.
#[derive(Clone, Debug)]
struct Plateau {
    factor: f64,
    patience: u64,
    cooldown: u64,
    threshold: f64,
    relative: bool,
    maximise: bool,
    min_lr: f64,
    rate: f64,
    best: Option<f64>,
    bad: u64,
    cooling: u64,
}

/// A learning rate schedule.
#[derive(Clone, Debug)]
pub struct Schedule {
    base: f64,
    kind: Kind,
}

impl Schedule {
    /// The same rate at every step.
    pub fn constant(learning_rate: f64) -> Self {
        Self {
            base: learning_rate,
            kind: Kind::Constant,
        }
    }

    /// Reads a schedule over the optimiser's `learning_rate`. Kinds and fields
    /// (defaults in brackets are PyTorch's):
    /// - `constant`
    /// - `step`: `step_size`, `gamma` [0.1]
    /// - `cosine`: `t_max`, `eta_min` [0]
    /// - `one_cycle`: `total_steps`, `max_lr` [the learning rate], `pct_start`
    ///   [0.3], `div_factor` [25], `final_div_factor` [1e4], `anneal_strategy`
    ///   [`cos`, or `linear`], `three_phase` [false]; `cycle_momentum` must be
    ///   false
    /// - `linear_warmup`: `warmup_steps`, `start_factor` [0], `decay`
    ///   [`constant`, or `linear`, `cosine` down to 0 at `total_steps`]
    /// - `reduce_on_plateau`: `mode` [`min`, or `max`], `factor` [0.1],
    ///   `patience` [10], `threshold` [1e-4], `threshold_mode` [`rel`, or
    ///   `abs`], `cooldown` [0], `min_lr` [0]
    pub fn read(fields: &Fields<'_>, learning_rate: f64) -> Result<Self, Error> {
        const KINDS: [&str; 6] = [
            "constant",
            "step",
            "cosine",
            "one_cycle",
            "linear_warmup",
            "reduce_on_plateau",
        ];
        let kind = match fields.choice("kind", "", &KINDS)? {
            "constant" => Kind::Constant,
            "step" => Kind::Step {
                step_size: fields.size("step_size")? as u64,
                gamma: fields.f64_or("gamma", 0.1, Bounds::FINITE)?,
            },
            "cosine" => Kind::Cosine {
                t_max: fields.size("t_max")? as u64,
                eta_min: fields.f64_or("eta_min", 0.0, Bounds::FINITE)?,
            },
            "one_cycle" => one_cycle(fields, learning_rate)?,
            "linear_warmup" => linear_warmup(fields)?,
            _ => Kind::ReduceOnPlateau(Plateau::read(fields, learning_rate)?),
        };
        fields.finish()?;
        Ok(Self {
            base: learning_rate,
            kind,
        })
    }

    /// The rate that `step`, counted from 0, uses.
    pub fn learning_rate(&self, step: u64) -> f64 {
        let base = self.base;
        match &self.kind {
            Kind::Constant => base,
            Kind::Step { step_size, gamma } => {
                base * gamma.powi(i32::try_from(step / step_size).unwrap_or(i32::MAX))
            }
            Kind::Cosine { t_max, eta_min } => {
                let along = (step % (2 * t_max)) as f64 / *t_max as f64;
                eta_min
                    + (base - eta_min)
                        * (1.0 + cos_pi(if along > 1.0 { 2.0 - along } else { along }))
                        / 2.0
            }
            Kind::OneCycle { phases, linear } => {
                let step = step as f64;
                let mut start = 0.0;
                for phase in phases {
                    if step <= phase.end {
                        let along = if phase.end > start {
                            (step - start) / (phase.end - start)
                        } else {
                            1.0
                        };
                        return match linear {
                            true => phase.from + (phase.to - phase.from) * along,
                            false => {
                                phase.to + (phase.from - phase.to) / 2.0 * (1.0 + cos_pi(along))
                            }
                        };
                    }
                    start = phase.end;
                }
                phases.last().map_or(base, |phase| phase.to)
            }
            &Kind::LinearWarmup {
                warmup_steps,
                start_factor,
                ..
            } if step < warmup_steps => {
                base * (start_factor + (1.0 - start_factor) * (step as f64 / warmup_steps as f64))
            }
            &Kind::LinearWarmup {
                decay: Decay::Constant,
                ..
            } => base,
            &Kind::LinearWarmup {
                warmup_steps,
                decay,
                total_steps,
                ..
            } => {
                let along = (step - warmup_steps) as f64 / (total_steps - warmup_steps) as f64;
                match decay {
                    _ if along >= 1.0 => 0.0,
                    Decay::Cosine => base * (1.0 + cos_pi(along)) / 2.0,
                    _ => base * (1.0 - along),
                }
            }
            Kind::ReduceOnPlateau(plateau) => plateau.rate,
        }
    }

    /// Feeds the metric that `reduce_on_plateau` waits for; others ignore it.
    pub fn observe(&mut self, metric: f64) {
        if let Kind::ReduceOnPlateau(plateau) = &mut self.kind {
            plateau.observe(metric);
        }
    }
}

fn one_cycle(fields: &Fields<'_>, learning_rate: f64) -> Result<Kind, Error> {
    let total = fields.size("total_steps")? as f64;
    let max = fields.f64_or("max_lr", learning_rate, Bounds::FINITE)?;
    let up = fields.f64_or("pct_start", 0.3, Bounds::UNIT)? * total - 1.0;
    let start = max / fields.f64_or("div_factor", 25.0, Bounds::POSITIVE)?;
    let end = start / fields.f64_or("final_div_factor", 1e4, Bounds::POSITIVE)?;
    let linear = fields.choice("anneal_strategy", "cos", &["cos", "linear"])? == "linear";
    if fields.bool_or("cycle_momentum", false)? {
        return Err(Error::spec(format!(
            "{}: expected false, momentum is not cycled",
            fields.path_of("cycle_momentum")
        )));
    }
    let mut phases = vec![Phase {
        end: up,
        from: start,
        to: max,
    }];
    if fields.bool_or("three_phase", false)? {
        phases.push(Phase {
            end: 2.0 * up,
            from: max,
            to: start,
        });
        phases.push(Phase {
            end: total - 1.0,
            from: start,
            to: end,
        });
    } else {
        phases.push(Phase {
            end: total - 1.0,
            from: max,
            to: end,
        });
    }
    Ok(Kind::OneCycle { phases, linear })
}

fn linear_warmup(fields: &Fields<'_>) -> Result<Kind, Error> {
    let warmup_steps = fields.usize("warmup_steps")? as u64;
    let decay = match fields.choice("decay", "constant", &["constant", "linear", "cosine"])? {
        "constant" => Decay::Constant,
        "linear" => Decay::Linear,
        _ => Decay::Cosine,
    };
    let total_steps = match decay {
        Decay::Constant => warmup_steps,
        _ => fields.usize("total_steps")? as u64,
    };
    if decay != Decay::Constant && total_steps <= warmup_steps {
        return Err(Error::spec(format!(
            "{}: expected more than the {warmup_steps} of warmup_steps, got {total_steps}",
            fields.path_of("total_steps")
        )));
    }
    let start_factor = fields.f64_or("start_factor", 0.0, Bounds::UNIT)?;
    Ok(Kind::LinearWarmup {
        warmup_steps,
        start_factor,
        decay,
        total_steps,
    })
}

impl Plateau {
    fn read(fields: &Fields<'_>, learning_rate: f64) -> Result<Self, Error> {
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
    fn observe(&mut self, metric: f64) {
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

/// cos πx for 0 ≤ x ≤ 1, within 2^-51: sin π(½ - x) by its Taylor series.
fn cos_pi(x: f64) -> f64 {
    let y = std::f64::consts::PI * (0.5 - x);
    let square = y * y;
    y * (1..12).rev().fold(1.0, |sum, k| {
        1.0 - sum * square / f64::from(2 * k * (2 * k + 1))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(schedule: Value, rate: f64) -> Result<Schedule, Error> {
        Schedule::read(&Fields::new(&testing::plain(&schedule), "trainer.schedule")?, rate)
    }

    #[track_caller]
    fn follows(schedule: Value, base: f64, expected: &[f64]) {
        let schedule = read(schedule, base).unwrap();
        for (step, &expected) in expected.iter().enumerate() {
            let actual = schedule.learning_rate(step as u64);
            assert!(
                (actual - expected).abs() <= 1e-12 * base,
                "step {step}: {actual} {expected}"
            );
        }
    }

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

    #[test]
    fn steps_multiply_and_cosines_return() {
        follows(json!({ "kind": "constant" }), 2.0, &[2.0, 2.0]);
        follows(
            json!({ "kind": "step", "step_size": 2 }),
            1.0,
            &[1.0, 1.0, 0.1, 0.1, 0.01, 0.01, 0.001],
        );
        let half = 0.5f64.sqrt();
        let cosine = [1.0, 0.5 + 0.5 * half, 0.5, 0.5 - 0.5 * half, 0.0].map(|x| 1.0 + 2.0 * x);
        let and_back = [0, 1, 2, 3, 4, 3, 2, 1, 0, 1].map(|k| cosine[k]);
        follows(
            json!({ "kind": "cosine", "t_max": 4, "eta_min": 1 }),
            3.0,
            &and_back,
        );
    }

    /// Ten steps, pct_start 0.3: the peak is at step 2, the end at step 9. The
    /// three-phase form has its peak at step 3 and is back at step 6.
    #[test]
    fn one_cycle_goes_up_and_down() {
        let lr = |schedule: Value, step| read(schedule, 1.0).unwrap().learning_rate(step);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        let two = json!({ "kind": "one_cycle", "total_steps": 10 });
        close(lr(two.clone(), 0), 0.04);
        close(lr(two.clone(), 1), 0.52);
        close(lr(two.clone(), 2), 1.0);
        close(lr(two.clone(), 9), 4e-6);
        close(lr(two.clone(), 50), 4e-6);
        close(
            lr(two, 4),
            4e-6 + (1.0 - 4e-6) / 2.0 * (1.0 + (std::f64::consts::PI * 2.0 / 7.0).cos()),
        );
        let three = json!({ "kind": "one_cycle", "total_steps": 10, "max_lr": 2, "pct_start": 0.4,
            "three_phase": true, "anneal_strategy": "linear", "div_factor": 10, "final_div_factor": 100 });
        for (step, expected) in [(0, 0.2), (1, 0.8), (3, 2.0), (5, 0.8), (6, 0.2), (9, 0.002)] {
            close(lr(three.clone(), step), expected);
        }
        // A cycle so short that the way up has no length.
        close(
            lr(json!({ "kind": "one_cycle", "total_steps": 1 }), 0),
            4e-6,
        );
        close(
            lr(
                json!({ "kind": "one_cycle", "total_steps": 2, "pct_start": 0.5 }),
                0,
            ),
            1.0,
        );
    }

    #[test]
    fn warm_up_is_linear_and_may_decay() {
        let warm = json!({ "kind": "linear_warmup", "warmup_steps": 4 });
        follows(warm, 2.0, &[0.0, 0.5, 1.0, 1.5, 2.0, 2.0]);
        let linear = json!({ "kind": "linear_warmup", "warmup_steps": 2, "start_factor": 0.5,
            "decay": "linear", "total_steps": 6 });
        follows(linear, 2.0, &[1.0, 1.5, 2.0, 1.5, 1.0, 0.5, 0.0, 0.0]);
        let cosine = json!({ "kind": "linear_warmup", "warmup_steps": 0, "decay": "cosine", "total_steps": 2 });
        follows(cosine, 2.0, &[2.0, 1.0, 0.0, 0.0]);
    }

    /// The rate before each observation of a metric.
    fn plateau(schedule: Value, metrics: &[f64]) -> Vec<f64> {
        let mut schedule = read(schedule, 1.0).unwrap();
        metrics
            .iter()
            .map(|&metric| {
                let rate = schedule.learning_rate(0);
                schedule.observe(metric);
                rate
            })
            .collect()
    }

    #[test]
    fn a_plateau_reduces_once_patience_is_exceeded() {
        let min =
            json!({ "kind": "reduce_on_plateau", "factor": 0.5, "patience": 1, "min_lr": 0.2 });
        // Two observations without improvement exceed a patience of one; 0.99995
        // is no improvement on 1 by the threshold; NaN never is.
        let metrics = [
            1.0,
            0.99995,
            2.0,
            0.9,
            0.95,
            f64::NAN,
            0.9,
            0.9,
            0.9,
            0.9,
            0.9,
        ];
        assert_eq!(
            plateau(min, &metrics),
            [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2]
        );
        let max = json!({ "kind": "reduce_on_plateau", "mode": "max", "factor": 0.5, "patience": 0,
            "cooldown": 2, "threshold": 0.1, "threshold_mode": "abs" });
        let metrics = [0.5, 0.55, 0.55, 0.55, 0.55, 0.7, 0.7];
        assert_eq!(
            plateau(max, &metrics),
            [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]
        );
    }

    #[test]
    fn mistakes_are_named() {
        let message = |schedule| read(schedule, 1.0).unwrap_err().message;
        assert!(
            message(json!({ "kind": "poly" }))
                .contains("trainer.schedule.kind: expected one of constant, step")
        );
        assert_eq!(
            message(json!({ "kind": "step", "step_size": 0 })),
            "trainer.schedule.step_size: expected at least 1, got 0"
        );
        assert_eq!(
            message(json!({ "kind": "one_cycle", "total_steps": 5, "cycle_momentum": true })),
            "trainer.schedule.cycle_momentum: expected false, momentum is not cycled"
        );
        assert_eq!(
            message(
                json!({ "kind": "linear_warmup", "warmup_steps": 5, "decay": "linear", "total_steps": 5 })
            ),
            "trainer.schedule.total_steps: expected more than the 5 of warmup_steps, got 5"
        );
        assert_eq!(
            message(json!({ "kind": "constant", "gamma": 1 })),
            "trainer.schedule.gamma: unknown field"
        );
    }
}
