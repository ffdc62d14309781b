//! Optimisers: their configuration, and the numbers they keep for every
//! parameter.
//!
//! A parameter is updated whole, unless it is `sparse`: such a table is updated
//! lazily, as PyTorch's SparseAdam does it: only rows that the batch touched
//! move, others keep their value and their moments; bias correction counts every
//! step; weight decay applies when a row is touched. A step so costs the rows
//! touched, never the vocabulary.

use json::Value;
use kernels::optim::{self, Adagrad, Adam, Pace, RmsProp, Sgd};
use kernels::par;
use simd::{Element, Vector};

use crate::error::Error;
use crate::fields::{Bounds, Fields};
use crate::gradient::{Gradients, PIECE, SparseGradient};
use crate::param::{Parameter, Params, Place};

/// Numbers without a gradient that are updated at once.
const ZEROS: usize = 1 << 10;

/// Numbers that have had no gradient, such as a layout's padding, divide by
/// `eps` alone: it must be above 0 in `f32` too.
const EPS: Bounds = Bounds::new(1e-30, f64::MAX, "a number of at least 1e-30");

/// What an optimiser does with one gradient.
#[derive(Clone, Copy, Debug)]
enum Rule {
    Sgd(Sgd),
    Adam(Adam),
    AdamW(Adam),
    RmsProp(RmsProp),
    Adagrad(Adagrad),
}

impl Rule {
    /// How many numbers are kept for each number of a parameter.
    fn slots(self) -> usize {
        match self {
            Rule::Sgd(Sgd { momentum: 0.0, .. }) => 0,
            Rule::Adam(_) | Rule::AdamW(_) => 2,
            _ => 1,
        }
    }

    /// Moves `param`, a whole parameter or one row of it, by one step. Both
    /// slots have its length, or none where the rule has fewer.
    fn apply<V: Vector>(
        self,
        pace: Pace,
        d: &[V::Elem],
        param: &mut [V::Elem],
        [first, second]: [&mut [V::Elem]; 2],
    ) {
        match self {
            Rule::Sgd(sgd) => {
                optim::sgd::<V>(sgd, pace, d, param, (!first.is_empty()).then_some(first));
            }
            Rule::Adam(adam) => optim::adam::<V>(adam, pace, d, param, first, second),
            Rule::AdamW(adam) => optim::adamw::<V>(adam, pace, d, param, first, second),
            Rule::RmsProp(rmsprop) => optim::rmsprop::<V>(rmsprop, pace, d, param, first),
            Rule::Adagrad(adagrad) => optim::adagrad::<V>(adagrad, pace, d, param, first),
        }
    }
}

/// A parameter or a part of it, and what is kept for it.
struct State<'a, E> {
    pace: Pace,
    values: &'a mut [E],
    slots: [&'a mut [E]; 2],
}

impl<'a, E: Element> State<'a, E> {
    /// Takes the first `count` numbers off.
    fn take(&mut self, count: usize) -> State<'a, E> {
        let cut = |list: &mut &'a mut [E]| {
            let count = count.min(list.len());
            let (piece, rest) = std::mem::take(list).split_at_mut(count);
            *list = rest;
            piece
        };
        State {
            pace: self.pace,
            values: cut(&mut self.values),
            slots: self.slots.each_mut().map(cut),
        }
    }

    /// Pieces of a parameter, or halves of a table that is updated lazily, each with
    /// its gradient.
    fn parts(
        mut self,
        parameter: &Parameter,
        gradients: &'a Gradients<E>,
    ) -> impl Iterator<Item = Part<'a, E>> {
        let (place, lazy) = (parameter.place, parameter.sparse);
        let mut done = 0;
        std::iter::from_fn(move || {
            let left = self.values.len();
            match place {
                _ if left == 0 => None,
                Place::Frozen => None,
                Place::Dense(start) => {
                    let count = PIECE.min(left);
                    let d = &gradients.dense[start + done..][..count];
                    done += count;
                    Some(Part::Dense(self.take(count), d))
                }
                Place::Sparse(index) => {
                    let gradient = &gradients.sparse[index];
                    let width = gradient.width();
                    let first = done / width;
                    // Halves, for each part looks at the ids of all touched rows.
                    let rows = if lazy {
                        (done + left).div_ceil(2 * width)
                    } else {
                        (PIECE / width).max(1)
                    };
                    let count = rows * width;
                    done += count;
                    let part = if lazy { Part::Lazy } else { Part::Table };
                    Some(part(self.take(count.min(left)), gradient, first))
                }
            }
        })
    }
}

/// What is moved by one thread.
enum Part<'a, E> {
    /// With its gradient.
    Dense(State<'a, E>, &'a [E]),
    /// Rows of a table, from one on, with the gradients of some: the others stay.
    Lazy(State<'a, E>, &'a SparseGradient<E>, usize),
    /// Rows of a table, from one on, with the gradients of some: those of the
    /// others are zero.
    Table(State<'a, E>, &'a SparseGradient<E>, usize),
}

impl<E: Element> Part<'_, E> {
    /// Moves it; `zeros` are enough for a row.
    fn update<V: Vector<Elem = E>>(&mut self, rule: Rule, zeros: &[E]) {
        match self {
            Part::Dense(state, d) => {
                let [first, second] = &mut state.slots;
                rule.apply::<V>(state.pace, d, state.values, [first, second]);
            }
            Part::Table(state, gradient, first) => {
                let width = gradient.width();
                let mut row = *first;
                while !state.values.is_empty() {
                    let d = gradient.row(row).unwrap_or_else(|| {
                        let most = zeros.len().min(state.values.len()) / width;
                        let untouched = |&row: &usize| gradient.row(row).is_none();
                        let count = (row..row + most).take_while(untouched).count();
                        &zeros[..count * width]
                    });
                    row += d.len() / width;
                    let State {
                        pace,
                        values,
                        slots,
                    } = state.take(d.len());
                    rule.apply::<V>(pace, d, values, slots);
                }
            }
            Part::Lazy(state, gradient, first) => {
                let width = gradient.width();
                for (&row, d) in gradient
                    .ids()
                    .iter()
                    .zip(gradient.rows().chunks_exact(width))
                {
                    // Rows of other parts are before this one or after it.
                    let Some(place) = (row as usize).checked_sub(*first) else {
                        continue;
                    };
                    let row = place * width..(place + 1) * width;
                    let slots = state
                        .slots
                        .each_mut()
                        .map(|slot| slot.get_mut(row.clone()).unwrap_or_default());
                    if let Some(values) = state.values.get_mut(row) {
                        rule.apply::<V>(state.pace, d, values, slots);
                    }
                }
            }
        }
    }
}

/// An optimiser and its slots.
pub struct Optimizer<V: Vector> {
    rule: Rule,
    learning_rate: f64,
    weight_decay: f64,
    steps: u64,
    /// For each parameter, its slots one after the other, each in the
    /// parameter's own layout; empty where it is frozen.
    slots: Vec<Vec<V::Elem>>,
}

impl<V: Vector> Optimizer<V> {
    /// Reads an optimiser and makes its slots for all trainable parameters.
    /// Kinds and fields, with PyTorch's defaults:
    /// - `sgd`: `learning_rate` [1e-3], `momentum` [0], `nesterov` [false]
    /// - `adam`, `adamw`: `learning_rate` [1e-3], `betas` [0.9, 0.999], `eps`
    ///   [1e-8]; `adamw` decays by itself, not through the gradient
    /// - `rmsprop`: `learning_rate` [1e-2], `alpha` [0.99], `eps` [1e-8]
    /// - `adagrad`: `learning_rate` [1e-2], `eps` [1e-10]
    ///
    /// and `weight_decay` [0; 0.01 for `adamw`], which a parameter with
    /// `"decay": false` does without.
    pub fn read(fields: &Fields<'_>, params: &Params<V::Elem>) -> Result<Self, Error> {
        const KINDS: [&str; 5] = ["sgd", "adam", "adamw", "rmsprop", "adagrad"];
        let kind = fields.choice("kind", "", &KINDS)?;
        let (default_rate, default_eps, default_decay) = match kind {
            "sgd" | "adam" => (1e-3, 1e-8, 0.0),
            "adamw" => (1e-3, 1e-8, 1e-2),
            "rmsprop" => (1e-2, 1e-8, 0.0),
            _ => (1e-2, 1e-10, 0.0),
        };
        let rule = match kind {
            "sgd" => {
                let momentum = fields.f64_or("momentum", 0.0, Bounds::NOT_NEGATIVE)?;
                let nesterov = fields.bool_or("nesterov", false)?;
                if nesterov && momentum == 0.0 {
                    let message = "expected a momentum above 0 beside it";
                    return Err(fields.error("nesterov", message));
                }
                Rule::Sgd(Sgd { momentum, nesterov })
            }
            "adam" | "adamw" => {
                let given = fields.numbers_option("betas")?;
                let (beta1, beta2) = match given.as_deref() {
                    None => (0.9, 0.999),
                    Some(&[beta1, beta2])
                        if [beta1, beta2].iter().all(|beta| (0.0..1.0).contains(beta)) =>
                    {
                        (beta1, beta2)
                    }
                    Some(_) => {
                        let given = fields.get("betas").map_or(String::new(), Value::to_text);
                        let message =
                            format!("expected two numbers from 0 to below 1, got {given}");
                        return Err(fields.error("betas", &message));
                    }
                };
                let eps = fields.f64_or("eps", default_eps, EPS)?;
                let adam = Adam { beta1, beta2, eps };
                if kind == "adamw" {
                    Rule::AdamW(adam)
                } else {
                    Rule::Adam(adam)
                }
            }
            "rmsprop" => Rule::RmsProp(RmsProp {
                alpha: fields.f64_or("alpha", 0.99, Bounds::BELOW_ONE)?,
                eps: fields.f64_or("eps", default_eps, EPS)?,
            }),
            _ => Rule::Adagrad(Adagrad {
                eps: fields.f64_or("eps", default_eps, EPS)?,
            }),
        };
        let mut optimizer = Self {
            rule,
            learning_rate: fields.f64_or("learning_rate", default_rate, Bounds::NOT_NEGATIVE)?,
            weight_decay: fields.f64_or("weight_decay", default_decay, Bounds::NOT_NEGATIVE)?,
            steps: 0,
            slots: Vec::new(),
        };
        fields.finish()?;
        let total = params
            .table()
            .iter()
            .fold(0usize, |total, p| total.saturating_add(p.stored()));
        Vec::<V::Elem>::new()
            .try_reserve_exact(total.saturating_mul(rule.slots()))
            .map_err(|_| {
                Error::memory(format!(
                    "{}: no room for {} numbers for each of {total}",
                    fields.path(),
                    rule.slots()
                ))
            })?;
        optimizer.fit(params);
        Ok(optimizer)
    }

    /// The configured learning rate, on which a schedule builds.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Makes slots for parameters that came after the others.
    fn fit(&mut self, params: &Params<V::Elem>) {
        let count = self.rule.slots();
        for parameter in &params.table()[self.slots.len()..] {
            let len = if parameter.place == Place::Frozen {
                0
            } else {
                count * parameter.stored()
            };
            self.slots.push(vec![V::Elem::ZERO; len]);
        }
    }

    /// Takes one step with the gradients of all parameters.
    pub fn step(
        &mut self,
        params: &mut Params<V::Elem>,
        gradients: &Gradients<V::Elem>,
        learning_rate: f64,
    ) {
        self.fit(params);
        self.steps += 1;
        let (rule, weight_decay, step) = (self.rule, self.weight_decay, self.steps);
        let stored = params.all_stored_mut().zip(&mut self.slots);
        let parts = stored.flat_map(|((parameter, values), slots)| {
            // With fewer slots than two the second, or both, are empty.
            let middle = values.len().min(slots.len());
            let (first, second) = slots.split_at_mut(middle);
            let pace = Pace {
                learning_rate: learning_rate * parameter.lr_scale,
                weight_decay: if parameter.decay { weight_decay } else { 0.0 },
                step,
            };
            let state = State {
                pace,
                values,
                slots: [first, second],
            };
            state.parts(parameter, gradients)
        });
        let widest = gradients.sparse.iter().map(SparseGradient::width).max();
        let zeros = vec![V::Elem::ZERO; ZEROS.max(widest.unwrap_or(0))];
        par::for_each(parts, |mut part| part.update::<V>(rule, &zeros));
    }

    /// Bytes held by the slots.
    pub fn bytes(&self) -> usize {
        self.slots
            .iter()
            .map(|slots| slots.capacity() * size_of::<V::Elem>())
            .sum()
    }
}
