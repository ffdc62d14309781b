//! Replaces rare ids by another while training, so that the model learns what
//! an unknown word looks like (Lample et al. 2016, §4.1: singletons become
//! unknown half of the time). In prediction every id passes.

use simd::Vector;

use crate::block::{Block, Build, Built};
use crate::context::{Backward, Forward};
use crate::error::Error;
use crate::fields::Bounds;
use crate::hash::mix;
use crate::value::{Space, ValueType};

struct ReplaceIds {
    space: Space,
    from: i32,
    with: i32,
    /// A hash below this replaces: `probability · 2^32`.
    threshold: u64,
}

/// Input: ids. Configuration: ids of `from` and above become `with` with
/// `probability`.
pub fn build<V: Vector>(build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    build.expect_inputs(1, 1)?;
    let (space, size) = build.ids(0)?;
    let (from, with) = (build.config.usize("from")?, build.config.usize("with")?);
    if with >= size {
        return Err(build.error(format!(
            "config.with: expected an id below {size}, got {with}"
        )));
    }
    let probability = build.config.f64_or("probability", 0.5, Bounds::UNIT)?;
    let threshold = (probability * 4_294_967_296.0) as u64;
    let block = ReplaceIds {
        space,
        from: from.min(size) as i32,
        with: with as i32,
        threshold,
    };
    Built::one(
        block,
        ValueType::Ids {
            space,
            size,
            ignore: None,
        },
    )
}

impl<V: Vector> Block<V> for ReplaceIds {
    fn forward(&self, mut cx: Forward<'_, V>) {
        let [y] = cx.carve_ids();
        let x = cx.inputs.ids(0);
        y.copy_from_slice(x);
        if cx.training {
            for (id, &key) in y.iter_mut().zip(cx.dims.keys(self.space)) {
                if *id >= self.from && u64::from(mix(cx.salt, key)) < self.threshold {
                    *id = self.with;
                }
            }
        }
    }

    fn backward(&self, _cx: Backward<'_, V>) {}
}
