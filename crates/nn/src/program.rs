//! A compiled entry: blocks in topological order, and the values between them.

mod derived;
mod node;
mod scan;
mod scope;

use json::Value;
use simd::Vector;

use crate::batch::Batch;
use crate::block::{Build, Built, Whole};
use crate::blocks;
use crate::error::Error;
use crate::fields::Fields;
use crate::param::{ParamId, Params, Place, State};
use crate::spec::Signature;
use crate::value::{MOST_WIDTH, Space, ValueType};
pub(crate) use node::Node;
pub(crate) use scan::Loop;
use scope::Scope;

/// More inputs of one node are a mistake.
const MOST_INPUTS: usize = 1000;

/// A compiled entry of a spec.
pub struct Program<V: Vector> {
    /// The entry's name.
    pub name: String,
    /// Inputs of the spec that the entry uses, in the spec's order: they are
    /// the first values.
    pub inputs: Vec<usize>,
    /// The named outputs and the values that they are.
    pub outputs: Vec<(String, usize)>,
    /// The states that have another value afterwards, by their numbers, and the
    /// values that these are.
    pub(crate) carry: Vec<(usize, usize)>,
    pub(crate) values: Vec<ValueType>,
    pub(crate) needs_gradient: Vec<bool>,
    /// The last node that reads each value, or that runs while it is needed.
    pub(crate) last_read: Vec<usize>,
    /// For each value through which a gradient would have to flow that does
    /// not, the output for reading that stands in the way.
    pub(crate) blocked: Vec<Option<String>>,
    pub(crate) nodes: Vec<Node<V>>,
    /// Stretches of the nodes that run step by step.
    pub(crate) loops: Vec<Loop>,
    pub(crate) uses_axis: Vec<bool>,
    pub(crate) uses_input: Vec<bool>,
    /// The state of the parameters that each `derived` was made for.
    prepared: [Option<State>; 2],
}

impl<V: Vector> Program<V> {
    /// Compiles one entry, declaring the parameters of its nodes.
    pub fn compile(
        name: &str,
        signature: &Signature,
        entry: &Value,
        params: &mut Params<V::Elem>,
    ) -> Result<Self, Error> {
        let entry = Fields::new(entry, format!("entries.{name}"))?;
        let list = entry.list("nodes")?;
        let mut program = Self {
            name: name.to_string(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            carry: Vec::new(),
            values: Vec::new(),
            needs_gradient: Vec::new(),
            last_read: Vec::new(),
            blocked: Vec::new(),
            nodes: Vec::new(),
            loops: Vec::new(),
            uses_axis: vec![false; signature.axes.len()],
            uses_input: vec![false; signature.inputs.len()],
            prepared: [None; 2],
        };
        let nodes = list
            .iter()
            .enumerate()
            .map(|(i, node)| Fields::new(node, format!("entries.{name}.nodes[{i}]")))
            .collect::<Result<Vec<_>, _>>()?;
        let outputs = entry.object("outputs")?;
        let carry = entry
            .object_option("carry")?
            .unwrap_or_else(|| Fields::empty(""));
        let named = [&outputs, &carry];
        program.take_inputs(signature, &nodes, named)?;
        let mut scope = Scope {
            names: program
                .inputs
                .iter()
                .enumerate()
                .map(|(v, &i)| (signature.inputs[i].name.clone(), v))
                .collect(),
            body: None,
        };
        for node in &nodes {
            program.add_node(signature, node, params, &mut scope)?;
        }
        for (output, value) in outputs.entries() {
            let value = scope.read(&outputs, output, value)?;
            program.outputs.push((output.to_string(), value));
        }
        for (state, value) in carry.entries() {
            let value = scope.read(&carry, state, value)?;
            let number = program.carried(signature, &carry, state, value)?;
            program.carry.push((number, value));
        }
        if program.outputs.is_empty() {
            return Err(Error::spec(format!(
                "{}: expected at least one output",
                outputs.path()
            )));
        }
        entry.finish()?;
        program.find_last_reads();
        Ok(program)
    }

    /// Notes how long each value is needed: outputs, and what is carried on,
    /// until the end, and what a loop reads or writes until the loop is done.
    fn find_last_reads(&mut self) {
        let mut last = vec![0; self.values.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            node.inputs.iter().for_each(|&value| last[value] = index);
        }
        for around in &self.loops {
            for &value in &around.values {
                last[value] = last[value].max(around.nodes.end - 1);
            }
        }
        let outputs = self.outputs.iter().map(|(_, value)| value);
        for &value in outputs.chain(self.carry.iter().map(|(_, value)| value)) {
            last[value] = usize::MAX;
        }
        self.last_read = last;
    }

    /// Checks that a state becomes a value of its own width; returns its number.
    #[inline(never)]
    fn carried(
        &self,
        signature: &Signature,
        carry: &Fields<'_>,
        name: &str,
        value: usize,
    ) -> Result<usize, Error> {
        let input = signature.inputs.iter().find(|input| input.name == name);
        match input.and_then(|input| Some((input.state?, input.kind))) {
            None => Err(carry.error(name, "no input with \"state\": true has this name")),
            Some((number, kind)) if kind == self.values[value] => Ok(number),
            Some((_, kind)) => {
                let given = self.values[value].describe(&signature.axis_names);
                let expected = kind.describe(&signature.axis_names);
                Err(carry.error(name, &format!("expected {expected}, got {given}")))
            }
        }
    }

    /// Makes values of the inputs that any node, output or state refers to.
    fn take_inputs(
        &mut self,
        signature: &Signature,
        nodes: &[Fields<'_>],
        named: [&Fields<'_>; 2],
    ) -> Result<(), Error> {
        let values = named.into_iter().flat_map(|named| named.entries());
        let mut wanted: Vec<&str> = values.filter_map(|(_, value)| value.as_str()).collect();
        for node in nodes {
            wanted.extend(node.strings("inputs")?);
        }
        for (id, input) in signature.inputs.iter().enumerate() {
            if !wanted.contains(&input.name.as_str()) {
                continue;
            }
            self.inputs.push(id);
            self.uses_input[id] = true;
            self.values.push(input.kind);
            self.needs_gradient
                .push(input.gradient && matches!(input.kind, ValueType::Matrix { .. }));
            self.blocked.push(None);
            if let ValueType::Matrix { space, .. } | ValueType::Ids { space, .. } = input.kind {
                self.use_axes_of(signature, space);
            }
        }
        Ok(())
    }

    fn use_axes_of(&mut self, signature: &Signature, space: Space) {
        let mut next = space;
        while let Space::Steps(axis) = next {
            self.uses_axis[axis] = true;
            next = signature.axes[axis].parent;
        }
    }

    fn add_node(
        &mut self,
        signature: &Signature,
        fields: &Fields<'_>,
        params: &mut Params<V::Elem>,
        scope: &mut Scope,
    ) -> Result<(), Error> {
        let name = fields.str("name")?;
        let taken = |(known, _): &(String, usize)| known == name;
        if name.is_empty() || name.contains('.') || scope.names.iter().any(taken) {
            return Err(Error::spec(format!(
                "{}: expected a name that is not empty, has no dot and is not taken, got \"{name}\"",
                fields.path_of("name")
            )));
        }
        let kind = fields.str("type")?;
        let path = fields.path_of("inputs");
        let inputs = fields
            .strings("inputs")?
            .into_iter()
            .map(|input| scope.find(input, &path))
            .collect::<Result<Vec<_>, _>>()?;
        let config = fields
            .object_option("config")?
            .unwrap_or_else(|| Fields::empty(fields.path_of("config")));
        if kind == "scan" {
            self.add_scan(signature, name, &config, &inputs, params, scope)?;
            config.finish()?;
            return fields.finish();
        }
        let own = scope.body.as_ref().map(|body| body.name_of(name));
        let name = own.as_deref().unwrap_or(name);
        let given: Vec<_> = inputs
            .iter()
            .map(|&value| self.inputs.get(value).copied())
            .collect();
        let mut input_types: Vec<_> = inputs.iter().map(|&value| self.values[value]).collect();
        let mut fits = true;
        if let Some(body) = &scope.body {
            fits = input_types.iter_mut().all(|kind| body.turn(kind, false));
        }
        let mut build = Build {
            config,
            inputs: input_types.clone(),
            name,
            path: fields.path().to_string(),
            axes: &signature.axes,
            axis_names: &signature.axis_names,
            from_spec: given.iter().map(Option::is_some).collect(),
            trained: inputs.iter().map(|&v| self.is_trained(v)).collect(),
            share: fields.object_option("share")?,
            params,
            declared: Vec::new(),
        };
        if build.inputs.len() > MOST_INPUTS {
            return Err(build.error(format!(
                "inputs: expected at most {MOST_INPUTS}, got {}",
                build.inputs.len()
            )));
        }
        let Built { block, mut outputs } = blocks::build::<V>(kind, &mut build)?;
        if let Some((output, width)) = outputs
            .iter()
            .find_map(|(output, kind)| kind.wrong_width().map(|w| (output, w)))
        {
            return Err(build.error(format!(
                "output {output}: expected a width from 1 to {MOST_WIDTH}, got {width}"
            )));
        }
        build.config.finish()?;
        if let Some(share) = &build.share {
            share.finish()?;
        }
        fields.finish()?;
        if let Some(reading) = self.behind(&inputs)
            && outputs.iter().any(|(_, kind)| *kind == ValueType::Scalar)
        {
            return Err(build.error(format!(
                "inputs: this loss depends on \"{reading}\", which is for reading: no gradient flows back through it"
            )));
        }
        if let Some(body) = &scope.body {
            fits &= outputs.iter_mut().all(|(_, kind)| body.turn(kind, true));
        }
        if !fits {
            return Err(
                build.error("type: in a scan expected values of each step of its axis alone")
            );
        }
        let declared = std::mem::take(&mut build.declared);
        let first = self.values.len();
        let node = Node {
            name: name.to_string(),
            block,
            inputs,
            input_types,
            given,
            outputs: Vec::new(),
            params: declared,
            needs_gradient: false,
            begins: kind == "scan_start",
            derived: Default::default(),
        };
        let short = fields.str("name")?;
        scope.add(short, "", first);
        for (place, (output, _)) in outputs.iter().enumerate() {
            scope.add(short, output, first + place);
        }
        self.push(node, &outputs, params);
        Ok(())
    }

    /// What each node's loss is divided by, for a batch that was read from
    /// `words`.
    pub(crate) fn denominators(&self, batch: &Batch, words: &[u32], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.nodes.iter().map(|node| {
            node.block.denominator(&Whole {
                batch,
                words,
                inputs: &node.given,
                types: &node.input_types,
            })
        }));
    }

    /// Whether any parameter of this entry has a sparse or dense gradient.
    pub fn trains(&self, params: &Params<V::Elem>) -> bool {
        let trained = |id: &ParamId| params.table()[*id].place != Place::Frozen;
        self.nodes
            .iter()
            .any(|node| node.params.iter().any(trained))
    }

    /// The type of an output.
    pub fn output_type(&self, output: usize) -> ValueType {
        self.values[self.outputs[output].1]
    }

    /// The name of an output, and the value that it is.
    pub fn output_at(&self, output: usize) -> Result<(&str, usize), Error> {
        match self.outputs.get(output) {
            Some((name, value)) => Ok((name, *value)),
            None => Err(Error::state(format!(
                "output of entry \"{}\": expected a number below {}, got {output}",
                self.name,
                self.outputs.len()
            ))),
        }
    }

    /// The place of a named output.
    pub fn output(&self, name: &str) -> Result<usize, Error> {
        self.outputs
            .iter()
            .position(|(known, _)| known == name)
            .ok_or_else(|| {
                Error::state(format!(
                    "entry \"{}\": expected an output \"{name}\", it has none",
                    self.name
                ))
            })
    }
}
