//! Loops over the steps of an axis, whose body is a graph of blocks.
//!
//! A node of type `scan` becomes a stretch of the program's nodes that runs
//! step by step. Their values are ordinary values over the steps of the axis,
//! packed time-major, so that what a node of the body reads and writes at step
//! `t` is a dense stretch of rows: the rows alive there, which the body's blocks
//! take for the rows of a batch. Nothing is copied in or out, and what concerns
//! all steps at once, as the gradient of a weight, can be done at once.
//!
//! ```json
//! { "name": "zero", "type": "scan_start", "inputs": ["products"], "config": { "width": 64 } },
//! { "name": "cell", "type": "scan", "inputs": ["products", "zero"], "config": {
//!   "inputs": ["x", "h"], "states": ["h"], "next": ["new"],
//!   "nodes": [
//!     { "name": "hidden", "type": "linear", "inputs": ["h"], "config": { "output_size": 64 } },
//!     { "name": "sum", "type": "add", "inputs": ["x", "hidden"] },
//!     { "name": "new", "type": "tanh", "inputs": ["sum"] }
//!   ]
//! } },
//! { "name": "last", "type": "scan_end", "inputs": ["cell.new"] }
//! ```
//!
//! The inputs are values over the steps of one axis, which the configuration
//! names for the body. Those named in `states` come from `scan_start` nodes, which
//! give what each row begins with; at its other steps a state is the value named
//! in `next` of the step before, or after with `reverse`. Every value that
//! the body names is one of the node, over all steps: `cell.new`, `cell.h`.

use std::ops::Range;

use simd::Vector;

use super::{Node, Program, Scope};
use crate::error::Error;
use crate::fields::Fields;
use crate::param::Params;
use crate::spec::Signature;
use crate::value::{AxisId, Space, ValueType};

/// A stretch of nodes that runs step by step.
pub(crate) struct Loop {
    pub nodes: Range<usize>,
    pub axis: AxisId,
    /// From each row's last step to its first.
    pub reverse: bool,
    /// The values over the steps that the nodes read and write.
    pub values: Vec<usize>,
    pub states: Vec<State>,
}

/// The value that `next` has at one step is what `now` has at the step after.
pub(crate) struct State {
    pub now: usize,
    pub next: usize,
}

/// The graph of a body as it is read.
pub(super) struct Body {
    scan: String,
    axis: AxisId,
}

impl Body {
    /// The full name of a node.
    pub fn name_of(&self, node: &str) -> String {
        format!("{}.{node}", self.scan)
    }

    /// Turns a type as the program keeps it into what the nodes see, for whom the
    /// rows of a step are a batch's, or back; tells whether that can be.
    pub fn turn(&self, kind: &mut ValueType, back: bool) -> bool {
        let (from, to) = match back {
            false => (Space::Steps(self.axis), Space::Batch),
            true => (Space::Batch, Space::Steps(self.axis)),
        };
        match kind.space_mut() {
            Some(space) if *space == from => {
                *space = to;
                true
            }
            _ => false,
        }
    }
}

impl<V: Vector> Program<V> {
    /// The loop of which a node is a part.
    pub(crate) fn loop_at(&self, node: usize) -> Option<&Loop> {
        self.loops
            .iter()
            .find(|around| around.nodes.contains(&node))
    }

    /// Reads a scan and the nodes of its body.
    #[inline(never)]
    pub(super) fn add_scan(
        &mut self,
        signature: &Signature,
        name: &str,
        config: &Fields<'_>,
        inputs: &[usize],
        params: &mut Params<V::Elem>,
        scope: &mut Scope,
    ) -> Result<(), Error> {
        let names = config.strings("inputs")?;
        let (states, nexts) = (config.strings("states")?, config.strings("next")?);
        let first = inputs
            .first()
            .and_then(|&x| self.values[x].space_mut().copied());
        let axis = match first {
            Some(Space::Steps(axis))
                if scope.body.is_none()
                    && names.len() == inputs.len()
                    && states.len() == nexts.len() =>
            {
                axis
            }
            _ => {
                return Err(config.error(
                    "inputs",
                    "expected a name for each, the first over steps, a next for each state, and no scan around",
                ));
            }
        };
        let mut inner = Scope {
            names: Vec::new(),
            body: Some(Body {
                scan: name.to_string(),
                axis,
            }),
        };
        let (nodes, first_value) = (self.nodes.len(), self.values.len());
        let mut trains = inputs.iter().any(|&value| self.is_trained(value));
        for (name, &value) in names.iter().zip(inputs) {
            inner.add(name, "", value);
            if states.contains(name) {
                let begins = |node: &Node<V>| node.begins && node.outputs.contains(&value);
                if !self.nodes.iter().any(begins) {
                    return Err(
                        config.error("states", "expected inputs that are a scan_start each")
                    );
                }
                // Whether anything is trained is known when the body has been read.
                self.needs_gradient[value] = true;
                self.blocked[value] = self.behind(inputs);
            }
        }
        for (i, node) in config.list("nodes")?.iter().enumerate() {
            let fields = Fields::new(node, format!("{}.nodes[{i}]", config.path()))?;
            self.add_node(signature, &fields, params, &mut inner)?;
        }

        let new = nodes..self.nodes.len();
        if new.is_empty() {
            // Nothing would run, and states would be zero behind the first step.
            return Err(config.error("nodes", "expected at least one"));
        }
        let table = params.table();
        for node in &self.nodes[new.clone()] {
            trains |= node.params.iter().any(|&id| table[id].trainable);
        }
        if !trains {
            let outputs = first_value..self.values.len();
            for value in inputs.iter().copied().chain(outputs) {
                self.needs_gradient[value] = false;
            }
            for node in &mut self.nodes[new.clone()] {
                node.needs_gradient = false;
            }
        }
        let mut around = Loop {
            nodes: new,
            axis,
            reverse: config.bool_or("reverse", false)?,
            values: inputs.to_vec(),
            states: Vec::new(),
        };
        around.values.extend(first_value..self.values.len());
        for (state, next) in states.iter().zip(&nexts) {
            let now = inner.find(state, &config.path_of("states"))?;
            let next = inner.find(next, &config.path_of("next"))?;
            if self.values[now] != self.values[next] || now >= first_value {
                return Err(config.error("next", "expected values of the states' widths"));
            }
            around.states.push(State { now, next });
        }
        for (inside, value) in &inner.names {
            scope.add(name, inside, *value);
        }
        self.loops.push(around);
        Ok(())
    }
}
