//! The blocks, one a file, in the same order in each: configuration, shapes,
//! forward, backward.

mod concat;
mod replace_ids;
mod slice;

use simd::Vector;

use crate::block::{Build, Built};
use crate::error::Error;

/// Makes the block of a node type.
pub fn build<V: Vector>(kind: &str, build: &mut Build<'_, V::Elem>) -> Result<Built<V>, Error> {
    match kind {
        "concat" => concat::build(build),
        "replace_ids" => replace_ids::build(build),
        "slice" => slice::build(build),
        other => Err(build.error(format!("type: there is no block \"{other}\""))),
    }
}
