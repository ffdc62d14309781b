//! What a block is: the coarse unit of a program, with a hand-written forward
//! and backward.
//!
//! A block allocates nothing. It says in [`Block::plan`] how much memory a pass
//! over given sizes needs, and receives exactly that. Memory arrives with
//! whatever was in it, so a block writes every number it will read; only
//! gradients of inputs and parameters arrive meaningful, and are accumulated.

use kernels::gemm::WeightLayout;
use simd::Vector;

use crate::axis::Dims;
use crate::batch::Batch;
use crate::context::{Backward, Forward, ParamView};
use crate::error::Error;
use crate::fields::Fields;
use crate::init::Init;
use crate::param::{Declaration, Layout, ParamId, Params};
use crate::spec::AxisSpec;
use crate::value::{AxisId, Space, ValueType};

/// One node's computation.
pub trait Block<V: Vector>: Send + Sync {
    /// How many numbers this block derives from its parameters alone (packed
    /// weights, summed biases). They are made by [`Block::prepare`] once
    /// after each change of the parameters, before any shard runs, and are
    /// read-only in a pass.
    fn derived(&self, _params: ParamView<'_, V::Elem>) -> usize {
        0
    }

    /// Fills the derived numbers.
    fn prepare(&self, _params: ParamView<'_, V::Elem>, _derived: &mut [V::Elem]) {}

    /// Asks for the memory of one pass over one shard: work that lives from
    /// forward to backward, and scratch for backward alone. Outputs are
    /// planned by their types.
    fn plan(&self, _dims: &Dims, _plan: &mut Plan) {}

    /// What the summed loss is divided by, over the whole batch and before it
    /// is sharded. Loss blocks override it.
    fn denominator(&self, _whole: &Whole<'_>) -> f64 {
        1.0
    }

    /// Whether its outputs are for reading alone: no gradient flows back
    /// through them, so that no loss may depend on them.
    fn only_for_reading(&self) -> bool {
        false
    }

    /// Whether, in the body of a scan, the gradients of its parameters follow
    /// from the inputs and the gradients of the outputs of all steps at once:
    /// [`Block::backward`] is then called for each step without the parameters'
    /// gradients, and once over all steps without those of the inputs and
    /// without what forward saved.
    fn sums_steps(&self) -> bool {
        false
    }

    /// Computes outputs and work from inputs and parameters.
    fn forward(&self, cx: Forward<'_, V>);

    /// Adds to the gradients of inputs and parameters.
    fn backward(&self, cx: Backward<'_, V>);
}

/// The memory that a block asks for.
#[derive(Debug, Default)]
pub struct Plan {
    /// Whether a backward pass will follow. Work that only backward reads
    /// need not be asked for otherwise; but carve the same number of pieces,
    /// so ask for zero.
    pub training: bool,
    pub(crate) work: Vec<usize>,
    pub(crate) ids: Vec<usize>,
    pub(crate) scratch: Vec<usize>,
}

impl Plan {
    /// Real numbers that live from forward to backward.
    pub fn work(&mut self, count: usize) {
        self.work.push(count);
    }

    /// Whole numbers that live from forward to backward.
    pub fn work_ids(&mut self, count: usize) {
        self.ids.push(count);
    }

    /// Real numbers for backward alone.
    pub fn scratch(&mut self, count: usize) {
        self.scratch.push(count);
    }

    pub(crate) fn clear(&mut self, training: bool) {
        self.training = training;
        self.work.clear();
        self.ids.clear();
        self.scratch.clear();
    }
}

/// The whole batch as a loss block sees it for its denominator.
pub struct Whole<'a> {
    pub(crate) batch: &'a Batch,
    /// What the batch was read from.
    pub(crate) words: &'a [u32],
    /// For each input of the node, the input of the spec it is, if it is one.
    pub(crate) inputs: &'a [Option<usize>],
    pub(crate) types: &'a [ValueType],
}

impl Whole<'_> {
    /// Number of batch rows.
    pub fn rows(&self) -> usize {
        self.batch.rows
    }

    /// Number of rows of the node's input `i`.
    pub fn count(&self, i: usize) -> usize {
        match self.types[i] {
            ValueType::Matrix { space, .. } | ValueType::Ids { space, .. } => {
                self.batch.count(space)
            }
            ValueType::Scalar => 1,
        }
    }

    /// The ids of the node's input `i`; empty when it is not an input of the
    /// spec (see [`Build::given_ids`], which refuses that).
    #[inline(never)]
    pub fn ids(&self, i: usize) -> impl Iterator<Item = i32> + '_ {
        let of = |input| &self.batch.of_input(self.words, input)[..self.count(i)];
        let words = self.inputs[i].map_or(&[][..], of);
        words.iter().map(|&word| word as i32)
    }
}

/// A block and the types of its outputs, by name. The first is what the
/// node's own name refers to, `node.name` refers to any.
pub struct Built<V: Vector> {
    /// The block.
    pub block: Box<dyn Block<V>>,
    /// Names and types of its outputs.
    pub outputs: Vec<(&'static str, ValueType)>,
}

impl<V: Vector> Built<V> {
    /// A block with one output.
    pub fn one(block: impl Block<V> + 'static, output: ValueType) -> Result<Self, Error> {
        Self::many(block, &[("y", output)])
    }

    /// A block with named outputs.
    pub fn many(
        block: impl Block<V> + 'static,
        outputs: &[(&'static str, ValueType)],
    ) -> Result<Self, Error> {
        Self::of(Box::new(block), outputs)
    }

    // Out of line, as the fields of a configuration are.
    #[inline(never)]
    fn of(block: Box<dyn Block<V>>, outputs: &[(&'static str, ValueType)]) -> Result<Self, Error> {
        Ok(Self {
            block,
            outputs: outputs.to_vec(),
        })
    }
}

/// What a block's constructor is given: configuration, input types, and the
/// table in which it declares its parameters.
pub struct Build<'a, E> {
    /// The node's `config`.
    pub config: Fields<'a>,
    /// Types of the inputs that were given.
    pub inputs: Vec<ValueType>,
    pub(crate) name: &'a str,
    pub(crate) path: String,
    pub(crate) axes: &'a [AxisSpec],
    pub(crate) axis_names: &'a [String],
    pub(crate) from_spec: Vec<bool>,
    /// Which inputs something that is trained stands behind.
    pub(crate) trained: Vec<bool>,
    pub(crate) share: Option<Fields<'a>>,
    pub(crate) params: &'a mut Params<E>,
    pub(crate) declared: Vec<ParamId>,
}

// Out of line, as the fields of a configuration are.
impl<E: simd::Element> Build<'_, E> {
    /// An error about this node.
    #[cold]
    #[inline(never)]
    pub fn error(&self, message: impl std::fmt::Display) -> Error {
        Error::spec(format!("{} (\"{}\"): {message}", self.path, self.name))
    }

    /// Fails unless the node has `least..=most` inputs.
    #[inline(never)]
    pub fn expect_inputs(&self, least: usize, most: usize) -> Result<(), Error> {
        let given = self.inputs.len();
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let expected = match most {
            usize::MAX => format!("at least {least}"),
            most if most == least => least.to_string(),
            most => format!("{least} to {most}"),
        };
        Err(self.error(format!("inputs: expected {expected}, got {given}")))
    }

    #[cold]
    fn wrong_input<T>(&self, i: usize, expected: &str) -> Result<T, Error> {
        let given = match self.inputs.get(i) {
            Some(kind) => kind.describe(self.axis_names),
            None => "nothing".into(),
        };
        Err(self.error(format!("inputs[{i}]: expected {expected}, got {given}")))
    }

    /// Input `i` as a matrix: its space and width.
    #[inline(never)]
    pub fn matrix(&self, i: usize) -> Result<(Space, usize), Error> {
        match self.inputs.get(i) {
            Some(&ValueType::Matrix { space, width }) => Ok((space, width)),
            _ => self.wrong_input(i, "a matrix"),
        }
    }

    /// Input `i` as a matrix over the packed steps of an axis.
    #[inline(never)]
    pub fn steps(&self, i: usize) -> Result<(AxisId, usize), Error> {
        match self.matrix(i)? {
            (Space::Steps(axis), width) => Ok((axis, width)),
            _ => self.wrong_input(i, "a matrix over the steps of an axis"),
        }
    }

    /// Input `i` as a matrix of this space and width.
    #[inline(never)]
    pub fn expect_matrix(&self, i: usize, space: Space, width: usize) -> Result<(), Error> {
        let wanted = ValueType::Matrix { space, width };
        if self.inputs.get(i) == Some(&wanted) {
            return Ok(());
        }
        self.wrong_input(i, &wanted.describe(self.axis_names))
    }

    /// Input `i` as ids: their space and size.
    pub fn ids(&self, i: usize) -> Result<(Space, usize), Error> {
        match self.inputs.get(i) {
            Some(&ValueType::Ids {
                space,
                size,
                ignore: None,
            }) => Ok((space, size)),
            _ => self.wrong_input(i, "ids without an ignored one"),
        }
    }

    /// Input `i` as target ids, whose own space and size it gives, and the id
    /// that means "no target".
    pub fn target_ids(&self, i: usize) -> Result<(Space, usize, Option<i32>), Error> {
        match self.inputs.get(i) {
            Some(&ValueType::Ids {
                space,
                size,
                ignore,
            }) => Ok((space, size, ignore)),
            _ => self.wrong_input(i, "ids"),
        }
    }

    /// Input `i` as target ids that come from the caller: space, size and the
    /// id that means "no target".
    #[inline(never)]
    pub fn given_ids(&self, i: usize) -> Result<(Space, usize, Option<i32>), Error> {
        match self.inputs.get(i) {
            Some(&ValueType::Ids {
                space,
                size,
                ignore,
            }) if self.from_spec[i] => Ok((space, size, ignore)),
            _ => self.wrong_input(i, "ids that are an input of the spec"),
        }
    }

    /// Fails when something that is trained stands behind input `i`, a target
    /// into which no gradient flows.
    #[inline(never)]
    pub fn expect_untrained(&self, i: usize) -> Result<(), Error> {
        if !self.trained[i] {
            return Ok(());
        }
        Err(self.error(format!(
            "inputs[{i}]: expected a target that depends on nothing trained, since no gradient flows into it"
        )))
    }

    /// The parent space of an axis: where its rows live.
    pub fn parent(&self, axis: AxisId) -> Space {
        self.axes[axis].parent
    }

    #[inline(never)]
    fn declare(
        &mut self,
        own: &str,
        shape: &[usize],
        layout: Layout,
        tieable: bool,
        lookup: bool,
        init: Init,
    ) -> Result<usize, Error> {
        let shared = match &self.share {
            Some(share) => share.str_option(own)?,
            None => None,
        };
        let name = shared.map_or_else(|| format!("{}.{own}", self.name), str::to_string);
        if shared.is_some() && self.params.find(&name).is_none() {
            return Err(self.error(format!(
                "share.{own}: no parameter \"{name}\" was declared before this node"
            )));
        }
        let id = self.params.declare(Declaration {
            name,
            shape: shape.to_vec(),
            layout,
            tieable,
            lookup,
            init,
        })?;
        self.declared.push(id);
        Ok(self.declared.len() - 1)
    }

    /// Declares a parameter stored row-major; returns its index in this node.
    pub fn plain(&mut self, name: &str, shape: &[usize], init: Init) -> Result<usize, Error> {
        self.declare(name, shape, Layout::Plain, false, false, init)
    }

    /// Declares a table `[rows, width]` of which rows are looked up, whose
    /// gradient may therefore be sparse.
    pub fn table(&mut self, name: &str, shape: &[usize; 2], init: Init) -> Result<usize, Error> {
        self.declare(name, shape, Layout::Plain, false, true, init)
    }

    /// Declares a parameter stored in packed panels.
    pub fn packed(
        &mut self,
        name: &str,
        shape: &[usize],
        layout: WeightLayout,
        init: Init,
    ) -> Result<usize, Error> {
        self.declare(name, shape, Layout::Packed(layout), false, false, init)
    }

    /// Declares a parameter stored in packed panels, or row-major when another
    /// node shares it that way: the block asks [`ParamView::layout`].
    pub fn tieable(
        &mut self,
        name: &str,
        shape: &[usize],
        layout: WeightLayout,
        init: Init,
    ) -> Result<usize, Error> {
        self.declare(name, shape, Layout::Packed(layout), true, false, init)
    }
}
