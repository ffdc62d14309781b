//! A training step: forward, backward, clip, schedule, optimiser.

mod average;

use json::Value;
use kernels::{clip, par};
use simd::{Element, Vector};

use crate::context::Pass;
use crate::error::Error;
use crate::fields::{Bounds, Fields};
use crate::gradient::Gradients;
use crate::model::Model;
use crate::optim::Optimizer;
use crate::run::Run;
use crate::schedule::Schedule;
use crate::state::State;
use average::Average;
pub use average::Averaging;

/// What one step reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct StepReport {
    /// The loss before the step.
    pub loss: f64,
    /// Global norm of all gradients before clipping.
    pub gradient_norm: f64,
    /// The learning rate that the step used.
    pub learning_rate: f64,
    /// Steps taken so far, this one included.
    pub steps: u64,
}

/// An optimiser with its schedule and clipping, and perhaps a mean of the
/// parameters.
///
/// Configuration: `{ "optimizer": {…}, "schedule": {…}, "clip_norm": 5,
/// "clip_value": 1, "average_from": 0 }`; all but the first are optional.
/// `average_from` is the number of steps before the first that counts for the
/// mean; see [`Trainer::average`].
pub struct Trainer<V: Vector> {
    optimizer: Optimizer<V>,
    schedule: Schedule,
    clip_norm: Option<f64>,
    clip_value: Option<f64>,
    seed: u64,
    step: u64,
    /// Factor on the learning rate of the next steps.
    pub rate: f64,
    average: Average<V::Elem>,
    /// Of each piece of the gradients, the sum of its squares.
    squares: Vec<f64>,
}

impl<V: Vector> Trainer<V> {
    /// Reads the configuration and makes the optimiser's slots for `model`.
    /// `seed` decides dropout, together with the step.
    pub fn new(config: &Value, model: &Model<V>, seed: u64) -> Result<Self, Error> {
        let fields = Fields::new(config, "trainer")?;
        let optimizer = Optimizer::read(&fields.object("optimizer")?, &model.params)?;
        let schedule = match fields.object_option("schedule")? {
            Some(schedule) => Schedule::read(&schedule, optimizer.learning_rate())?,
            None => Schedule::constant(optimizer.learning_rate()),
        };
        let clip_norm = fields.f64_option("clip_norm", Bounds::POSITIVE)?;
        let clip_value = fields.f64_option("clip_value", Bounds::POSITIVE)?;
        let average = Average::new(fields.usize_option("average_from")?);
        fields.finish()?;
        Ok(Self {
            optimizer,
            schedule,
            clip_norm,
            clip_value,
            seed,
            step: 0,
            rate: 1.0,
            average,
            squares: Vec::new(),
        })
    }

    /// Steps taken so far.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// One step over a staged batch of an entry whose output `loss` is a
    /// scalar.
    ///
    /// The states of the batch are those of `state`, which has afterwards what
    /// the entry carries on. A loss or gradient that is not finite is an error,
    /// and leaves the parameters and the state as they were.
    pub fn train_step(
        &mut self,
        model: &mut Model<V>,
        run: &mut Run<V>,
        entry: usize,
        words: &[u32],
        state: Option<&mut State<V::Elem>>,
    ) -> Result<StepReport, Error> {
        self.average.expect_latest()?;
        let output = model.program(entry)?.output("loss")?;
        run.load(model, entry, words, true)?;
        let state = run.enter(model, entry, state)?;
        let pass = Pass {
            training: true,
            seed: self.seed,
            step: self.step,
        };
        let report = par::at_work(run.shards(), || {
            model.clear_gradients();
            let mut gradients = std::mem::take(&mut model.gradients);
            let loss = run.train(model, entry, output, pass, &mut gradients);
            model.gradients = gradients;
            let loss = loss?;
            if !loss.is_finite() {
                model.clear_gradients();
                return Err(self.not_finite("loss", loss));
            }
            Ok(StepReport {
                loss,
                ..self.apply(model)?
            })
        })?;
        run.carry(model, entry, state);
        Ok(report)
    }

    /// Clips the model's gradients and takes one optimiser step with them.
    pub fn apply(&mut self, model: &mut Model<V>) -> Result<StepReport, Error> {
        self.average.expect_latest()?;
        let mut gradients = std::mem::take(&mut model.gradients);
        gradients.fit(&model.params);
        let gradient_norm = self.clip(&mut gradients);
        let learning_rate = self.schedule.learning_rate(self.step) * self.rate;
        if gradient_norm.is_finite() {
            self.optimizer
                .step(&mut model.params, &gradients, learning_rate);
            self.step += 1;
            self.average.add(self.step, &model.params);
        }
        model.gradients = gradients;
        if !gradient_norm.is_finite() {
            return Err(self.not_finite("gradient norm", gradient_norm));
        }
        Ok(StepReport {
            loss: 0.0,
            gradient_norm,
            learning_rate,
            steps: self.step,
        })
    }

    fn not_finite(&self, what: &str, given: f64) -> Error {
        Error::not_finite(format!(
            "{what} of step {}: expected a finite number, got {}; a lower learning rate or clip_norm may help",
            self.step,
            if given.is_nan() {
                "NaN"
            } else if given > 0.0 {
                "inf"
            } else {
                "-inf"
            }
        ))
    }

    /// Clips by value, then by global norm; returns the norm before the latter.
    fn clip(&mut self, gradients: &mut Gradients<V::Elem>) -> f64 {
        self.squares.clear();
        self.squares.resize(gradients.pieces().count(), 0.0);
        let clip_value = self.clip_value;
        let pieces = gradients.pieces().zip(&mut self.squares);
        par::for_each(pieces, |(piece, square)| {
            if let Some(limit) = clip_value {
                clip::by_value::<V>(piece, V::Elem::from_f64(limit));
            }
            *square = clip::squared_norm::<V>(piece);
        });
        let norm = self.squares.iter().sum::<f64>().sqrt();
        if let Some(limit) = self.clip_norm
            && norm > limit
        {
            // PyTorch's clip_grad_norm_ divides by norm + 1e-6.
            let factor = V::Elem::from_f64(limit / (norm + 1e-6));
            par::for_each(gradients.pieces(), |piece| clip::scale::<V>(piece, factor));
        }
        norm
    }

    /// Feeds a metric to a schedule that waits for one (reduce on plateau).
    pub fn observe(&mut self, metric: f64) {
        self.schedule.observe(metric);
    }

    /// Bytes held by the optimiser's slots and the mean of the parameters.
    pub fn bytes(&self) -> usize {
        self.optimizer.bytes() + self.average.bytes()
    }
}
