//! The clusters of classes and their weights.

use kernels::attend::projection::{Projection, projection_forward};
use simd::{Element, Vector};

use crate::block::Build;
use crate::blocks::recurrent::take_read;
use crate::context::ParamView;
use crate::error::Error;
use crate::fields::Bounds;
use crate::init::Init;
use crate::value::Space;

/// Logits that are computed at once, about: memory does not grow with the
/// number of rows, and they stay in the cache.
const LOGITS: usize = 1 << 18;

/// Rows of which logits are computed at once, at the least and at the most.
const ROWS: (usize, usize) = (8, 128);

const AT_LEAST_ONE: Bounds = Bounds::new(1.0, f64::MAX, "a number of at least 1");

/// A weight's place among the parameters, and its shape.
pub type Layer = (usize, Projection);

/// What was derived from both weights of a cluster.
pub type Derived<'a, E> = [&'a [E]; 2];

/// Classes that are told apart by one softmax: the head's, which are the
/// frequent ones and a class for each tail; or those of a tail.
pub struct Cluster {
    /// The first class.
    pub low: usize,
    /// One past the last; the head has its tails' classes behind.
    pub high: usize,
    /// What makes the numbers of a row fewer; the head does without.
    pub first: Option<Layer>,
    pub second: Layer,
    /// Rows whose logits are computed at once.
    pub rows: usize,
}

/// The head and the tails.
pub struct Clusters {
    pub space: Space,
    /// Numbers a row of the input.
    pub inputs: usize,
    pub classes: usize,
    pub list: Vec<Cluster>,
    /// Numbers that rows of a cluster take at most: before each of its weights
    /// and behind, and for products with them.
    pub room: [usize; 4],
}

#[inline(never)]
fn layer<E: Element>(
    build: &mut Build<'_, E>,
    name: &str,
    inputs: usize,
    outputs: usize,
) -> Result<Layer, Error> {
    let name = format!("{name}.weight");
    let weight = build.plain(&name, &[outputs, inputs], Init::fan(inputs))?;
    let projection = Projection {
        inputs,
        outputs,
        right: false,
    };
    Ok((weight, projection))
}

impl Clusters {
    /// Reads `output_size`, the number of classes, ordered from the most
    /// frequent on; `cutoffs`, the first class of each tail; and `div_value`
    /// (4), by which the numbers a row become fewer from one tail to the next.
    /// Declares `head.weight` `[cutoffs[0] + tails, input]` and for each tail i
    /// `tail.i.0.weight` `[⌊input / div_value^(i + 1)⌋, input]` and
    /// `tail.i.1.weight` `[classes, …]`.
    pub fn build<E: Element>(build: &mut Build<'_, E>) -> Result<Self, Error> {
        let (space, inputs) = build.matrix(0)?;
        let classes = build.config.size("output_size")?;
        let cutoffs = build.config.numbers_option("cutoffs")?;
        let div_value = build.config.f64_or("div_value", 4.0, AT_LEAST_ONE)?;
        let mut bounds = cutoffs.unwrap_or_default();
        let tails = bounds.len();
        bounds.push(classes as f64);
        let mut list = Vec::new();
        let mut low = 0;
        for (index, &bound) in bounds.iter().enumerate() {
            let high = bound as usize;
            if tails == 0 || high as f64 != bound || high <= low {
                let expected = "rising whole numbers from 1 to below output_size";
                return Err(build.config.wrong("cutoffs", expected));
            }
            let (mut first, mut name) = (None, "head".to_string());
            let (mut hidden, mut outputs) = (inputs, high + tails);
            if index > 0 {
                hidden = (inputs as f64 / div_value.powi(index as i32)) as usize;
                outputs = high - low;
                if hidden == 0 {
                    let expected = "one that leaves each tail a number a row";
                    return Err(build.config.wrong("div_value", expected));
                }
                name = format!("tail.{}", index - 1);
                first = Some(layer(build, &format!("{name}.0"), inputs, hidden)?);
                name += ".1";
            }
            list.push(Cluster {
                low,
                high,
                first,
                second: layer(build, &name, hidden, outputs)?,
                rows: (LOGITS / outputs).clamp(ROWS.0, ROWS.1),
            });
            low = high;
        }
        let numbers = ROWS.1 * inputs;
        let logits = LOGITS.max(ROWS.0 * classes).min(ROWS.1 * classes);
        let mut clusters = Self {
            space,
            inputs,
            classes,
            list,
            room: [numbers, numbers, logits, 0],
        };
        clusters.room[3] = clusters.products();
        Ok(clusters)
    }

    /// Numbers that products take at most.
    fn products(&self) -> usize {
        let mut most = 0;
        for cluster in &self.list {
            for (_, layer) in cluster.first.iter().chain([&cluster.second]) {
                most = most
                    .max(layer.forward_scratch_len(cluster.rows))
                    .max(layer.backward_scratch_len(cluster.rows));
            }
        }
        most
    }

    /// Numbers that are packed of all weights.
    pub fn derived(&self) -> usize {
        self.list
            .iter()
            .map(|c| c.derived()[0] + c.derived()[1])
            .sum()
    }

    /// Packs them.
    pub fn prepare<E: Element>(&self, params: ParamView<'_, E>, mut derived: &mut [E]) {
        for cluster in &self.list {
            for (weight, layer) in cluster.first.iter().chain([&cluster.second]) {
                let (own, rest) = derived.split_at_mut(layer.derived_len());
                layer.derive(params.get(*weight), own);
                derived = rest;
            }
        }
    }
}

impl Cluster {
    /// Numbers that are packed of each weight.
    fn derived(&self) -> [usize; 2] {
        let first = self.first.map_or(0, |(_, first)| first.derived_len());
        [first, self.second.1.derived_len()]
    }

    /// Takes what was derived from this cluster's weights off.
    pub fn take<'a, E>(&self, derived: &mut &'a [E]) -> Derived<'a, E> {
        self.derived().map(|count| take_read(derived, count))
    }

    /// The logits of so many rows of the input: `x` where there is a first
    /// weight, which fills `hidden`; else `hidden` itself.
    #[inline(never)]
    pub fn logits<V: Vector>(
        &self,
        [of_first, of_second]: Derived<'_, V::Elem>,
        rows: usize,
        x: &[V::Elem],
        hidden: &mut [V::Elem],
        logits: &mut [V::Elem],
        scratch: &mut [V::Elem],
    ) {
        if let Some((_, first)) = &self.first {
            projection_forward::<V>(first, rows, x, of_first, None, hidden, scratch);
        }
        let (_, second) = &self.second;
        projection_forward::<V>(second, rows, hidden, of_second, None, logits, scratch);
    }
}
