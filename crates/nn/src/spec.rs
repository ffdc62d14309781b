//! The spec: a model as plain data.
//!
//! ```json
//! {
//!   "version": 1,
//!   "axes": { "tokens": {}, "chars": { "of": "tokens" } },
//!   "inputs": {
//!     "words": { "type": "ids", "axis": "tokens", "size": 20000 },
//!     "tags": { "type": "ids", "axis": "tokens", "size": 9 }
//!   },
//!   "parameters": { "embedding.weight": { "sparse": true } },
//!   "entries": {
//!     "train": {
//!       "nodes": [
//!         { "name": "embedding", "type": "embedding", "inputs": ["words"], "config": { "embedding_size": 100 } },
//!         { "name": "lstm", "type": "lstm", "inputs": ["embedding"], "config": { "hidden_size": 100 } },
//!         { "name": "linear", "type": "linear", "inputs": ["lstm"], "config": { "output_size": 9 } },
//!         { "name": "crf", "type": "crf", "inputs": ["linear", "tags"] }
//!       ],
//!       "outputs": { "loss": "crf" }
//!     }
//!   }
//! }
//! ```
//!
//! An input without an `axis` has one row for each batch row. Nodes refer to
//! inputs and to earlier nodes by name, `node.output` naming an output other
//! than the first. A node's name gives its parameters their names; nodes of the
//! same name in two entries share them, and `share` names a parameter of
//! another node.
//!
//! An input `{ "type": "matrix", "width": 100, "state": true }` is no part of a
//! batch: its rows come out of a state that outlives the call, and are zero
//! without one. Beside its outputs an entry may `carry` values on, such as
//! `"carry": { "h": "lstm.h_n" }`: for each state the value that it has
//! afterwards. One that an entry does not carry stays as it was.

use json::Value;

use crate::error::Error;
use crate::fields::Fields;
use crate::value::{MOST_WIDTH, Space, ValueType};

/// The version of the spec that this code reads.
pub const VERSION: usize = 1;

/// One axis.
#[derive(Clone, Debug)]
pub struct AxisSpec {
    /// Its name.
    pub name: String,
    /// Where its rows live: the batch, or the steps of another axis.
    pub parent: Space,
}

/// One input.
#[derive(Clone, Debug)]
pub struct InputSpec {
    /// Its name.
    pub name: String,
    /// What it carries.
    pub kind: ValueType,
    /// Whether the caller wants the gradient of the loss by it.
    pub gradient: bool,
    /// Its number among the states, if it comes out of a [`State`] rather than
    /// with the batch.
    ///
    /// [`State`]: crate::state::State
    pub state: Option<usize>,
}

/// The axes and inputs that all entries draw from.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// The axes; a parent stands before its children.
    pub axes: Vec<AxisSpec>,
    /// Names of the axes, for messages.
    pub axis_names: Vec<String>,
    /// The inputs.
    pub inputs: Vec<InputSpec>,
    /// Where each input that is a state begins within a row of a state, and the
    /// width of such a row at the end.
    pub state_places: Vec<usize>,
}

impl Signature {
    /// Reads `axes` and `inputs` of a spec.
    pub fn read(spec: &Fields<'_>) -> Result<Self, Error> {
        let version = spec.usize("version")?;
        if version != VERSION {
            return Err(Error::spec(format!(
                "{}: expected {VERSION}, got {version}",
                spec.path_of("version")
            )));
        }
        let mut signature = Self {
            state_places: vec![0],
            ..Self::default()
        };
        if let Some(axes) = spec.object_option("axes")? {
            for (name, value) in axes.entries() {
                let fields = Fields::new(value, axes.path_of(name))?;
                let parent = match fields.str_option("of")? {
                    None => Space::Batch,
                    Some(parent) => Space::Steps(signature.axis(parent, &fields.path_of("of"))?),
                };
                fields.finish()?;
                signature.axes.push(AxisSpec {
                    name: name.into(),
                    parent,
                });
                signature.axis_names.push(name.into());
            }
        }
        let inputs = spec.object("inputs")?;
        for (name, value) in inputs.entries() {
            let input = signature.read_input(name, value, inputs.path_of(name))?;
            if let (Some(number), Some(width)) = (input.state, input.kind.width()) {
                signature
                    .state_places
                    .push(signature.state_places[number] + width);
            }
            signature.inputs.push(input);
        }
        Ok(signature)
    }

    fn axis(&self, name: &str, path: &str) -> Result<usize, Error> {
        self.axis_names
            .iter()
            .position(|axis| axis == name)
            .ok_or_else(|| Error::spec(format!("{path}: no axis \"{name}\" was declared before")))
    }

    fn read_input(&self, name: &str, value: &Value, path: String) -> Result<InputSpec, Error> {
        if name.contains('.') {
            return Err(Error::spec(format!("{path}: a name cannot contain a dot")));
        }
        let fields = Fields::new(value, path)?;
        let space = match fields.str_option("axis")? {
            None => Space::Batch,
            Some(axis) => Space::Steps(self.axis(axis, &fields.path_of("axis"))?),
        };
        let kind = match fields.choice("type", "", &["ids", "matrix"])? {
            "ids" => ValueType::Ids {
                space,
                size: fields.size("size")?,
                ignore: fields.i32_option("ignore_index")?,
            },
            _ => ValueType::Matrix {
                space,
                width: fields.size("width")?,
            },
        };
        if let Some(width) = kind.wrong_width() {
            let path = fields.path_of("width");
            return Err(Error::spec(format!(
                "{path}: expected at most {MOST_WIDTH}, got {width}"
            )));
        }
        let gradient = fields.bool_or("gradient", false)?;
        let state = fields.bool_or("state", false)?;
        let plain = matches!((kind, space), (ValueType::Matrix { .. }, Space::Batch));
        if state && (gradient || !plain) {
            let expected = "expected a matrix without an axis and without a gradient";
            return Err(fields.error("state", expected));
        }
        fields.finish()?;
        Ok(InputSpec {
            name: name.into(),
            kind,
            gradient,
            state: state.then_some(self.state_places.len() - 1),
        })
    }
}
