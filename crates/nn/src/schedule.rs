//! Learning rates over time. Steps count from 0; `learning_rate(step)` is the
//! rate that this step uses, as PyTorch's schedulers give it when they are
//! stepped once after every optimiser step.
//!
//! Host independent: only exactly rounded arithmetic is used.

mod cosine;
mod plateau;

use crate::error::Error;
use crate::fields::{Bounds, Fields};
use cosine::cos_pi;
use plateau::Plateau;

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
