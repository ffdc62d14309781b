//! A node of a compiled entry.

use simd::Vector;

use super::Program;
use crate::block::Block;
use crate::param::{ParamId, Params};
use crate::value::ValueType;

/// One node.
pub(crate) struct Node<V: Vector> {
    pub name: String,
    pub block: Box<dyn Block<V>>,
    pub inputs: Vec<usize>,
    pub input_types: Vec<ValueType>,
    /// For each input, the input of the spec that it is, if it is one.
    pub given: Vec<Option<usize>>,
    pub outputs: Vec<usize>,
    pub params: Vec<ParamId>,
    pub needs_gradient: bool,
    /// Whether it gives what a state of a scan begins with.
    pub begins: bool,
    /// What the block derives from its parameters, for prediction and for
    /// training, whose parameters may be dropped: a tape's backward pass needs the
    /// latter although predictions have come between.
    pub derived: [Vec<V::Elem>; 2],
}

impl<V: Vector> Node<V> {
    /// What the block derived from its parameters for this mode.
    pub fn derived(&self, training: bool) -> &[V::Elem] {
        &self.derived[usize::from(training)]
    }
}

impl<V: Vector> Program<V> {
    /// Adds a node whose inputs and parameters are known, and the values that
    /// are its outputs.
    #[inline(never)]
    pub(super) fn push(
        &mut self,
        mut node: Node<V>,
        outputs: &[(&'static str, ValueType)],
        params: &Params<V::Elem>,
    ) {
        let table = params.table();
        let trains = node.params.iter().any(|&id| table[id].trainable)
            || node.inputs.iter().any(|&value| self.is_trained(value));
        let behind = self.behind(&node.inputs);
        node.needs_gradient = trains && !node.block.only_for_reading();
        let first = self.values.len();
        for &(output, kind) in outputs {
            let differentiable = !matches!(kind, ValueType::Ids { .. });
            self.values.push(kind);
            self.needs_gradient
                .push(node.needs_gradient && differentiable);
            self.blocked.push(match &behind {
                _ if !differentiable || !trains => None,
                None if node.needs_gradient => None,
                None => Some(format!("{}.{output}", node.name)),
                behind => behind.clone(),
            });
        }
        node.outputs = (first..self.values.len()).collect();
        self.nodes.push(node);
    }

    /// What stands in the way of gradients behind any of these values.
    pub(super) fn behind(&self, values: &[usize]) -> Option<String> {
        values.iter().find_map(|&value| self.blocked[value].clone())
    }

    /// Whether a loss that depends on a value would train something.
    pub(super) fn is_trained(&self, value: usize) -> bool {
        self.needs_gradient[value] || self.blocked[value].is_some()
    }
}
