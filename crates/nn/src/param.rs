//! The parameter table of a model and the storage behind it.

mod dropped;
mod table;

use std::ops::Range;

use json::Value;
use kernels::gemm::WeightLayout;

use crate::error::Error;
use crate::init::Init;
pub(crate) use dropped::State;
pub use table::Params;

/// The index of a parameter in the table.
pub type ParamId = usize;

/// How a parameter's numbers lie in storage. What the caller reads and writes
/// is always the plain form: row-major in PyTorch's shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Row-major, as the shape says.
    Plain,
    /// Packed panels, ready for the GEMM kernel; see [`WeightLayout`].
    Packed(WeightLayout),
}

/// Where a parameter's gradient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: the parameter is not trained.
    Frozen,
    /// Into the dense gradient vector, at this offset.
    Dense(usize),
    /// Into this sparse gradient.
    Sparse(usize),
}

/// One row of the table.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// `node.name`, such as `lstm.weight_ih_l0_reverse`.
    pub name: String,
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// How it is stored.
    pub layout: Layout,
    /// Whether several blocks may ask for different layouts (a tied weight is
    /// then stored plain).
    tieable: bool,
    /// How it starts.
    pub init: Init,
    /// Whether an optimiser leaves rows alone that a batch does not touch.
    pub sparse: bool,
    /// Whether it is trained at all.
    pub trainable: bool,
    /// Factor on the learning rate.
    pub lr_scale: f64,
    /// Whether weight decay applies.
    pub decay: bool,
    /// Share of its numbers that a training pass drops.
    pub drop: f64,
    /// Where its gradient goes.
    pub place: Place,
    /// Where it starts in storage; `None` until allocated.
    offset: Option<usize>,
    /// Where its copies that training sees start, if it drops any number.
    dropped: Option<usize>,
    /// Whether a block other than a lookup uses it.
    dense_use: bool,
}

impl Parameter {
    /// Number of numbers in plain form.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// Number of numbers in storage, padding included.
    pub fn stored(&self) -> usize {
        match self.layout {
            Layout::Plain => self.count(),
            Layout::Packed(layout) => layout.len(),
        }
    }

    /// Where the copy that training sees lies.
    fn dropped_range(&self) -> Option<Range<usize>> {
        self.dropped.map(|start| start..start + self.stored())
    }

    /// The shape, for a message.
    pub fn shape_text(&self) -> String {
        Value::from(&self.shape[..]).to_text()
    }

    /// Fails unless there are as many numbers as the plain form has.
    pub(crate) fn check_count(&self, given: usize) -> Result<(), Error> {
        if given == self.count() {
            return Ok(());
        }
        Err(Error::parameter(format!(
            "parameter \"{}\": expected {} numbers for shape {}, got {given}",
            self.name,
            self.count(),
            self.shape_text()
        )))
    }
}

/// How a block will use a parameter that it declares.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The full name.
    pub name: String,
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// The layout that the block wants.
    pub layout: Layout,
    /// The block also works on the plain layout.
    pub tieable: bool,
    /// The block only looks rows up, so that its gradient may be sparse.
    pub lookup: bool,
    /// The block's own initialiser, unless the table says otherwise.
    pub init: Init,
}

impl Declaration {
    fn shape_text(&self) -> String {
        Value::from(&self.shape[..]).to_text()
    }

    #[cold]
    #[inline(never)]
    fn refused(&self, message: &str) -> Error {
        Error::spec(format!("parameter \"{}\": {message}", self.name))
    }
}
