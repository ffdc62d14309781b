//! A model of one node, made from a spec as any other.

use nn::context::Pass;
use nn::model::Model;
use nn::param::Place;
use nn::run::{Run, Seed};
use serde_json::{Map, Value, json};
use simd::{Element, Vector};

use super::case::GoldenCase;
use crate::program::plain;

/// The name of the node, and of the entry that it makes up.
const NODE: &str = "node";

/// What is known of a node before it is compiled: its type, and the batch that
/// it will see.
pub(super) struct OneNode {
    kind: String,
    config: Value,
    rows: usize,
    axes: Map<String, Value>,
    lengths: Vec<u32>,
    inputs: Map<String, Value>,
    data: Vec<u32>,
    outputs: Map<String, Value>,
    parameters: Value,
    readers: Vec<Value>,
}

impl OneNode {
    /// A node of this type and configuration over a batch of `rows`.
    pub fn new(kind: &str, config: Value, rows: usize) -> Self {
        Self {
            kind: kind.into(),
            config,
            rows,
            axes: Map::new(),
            lengths: Vec::new(),
            inputs: Map::new(),
            data: Vec::new(),
            outputs: Map::new(),
            parameters: json!({}),
            readers: Vec::new(),
        }
    }

    /// Declares an axis and the length of every row on it.
    pub fn axis(&mut self, name: &str, lengths: &[usize]) {
        self.axes.insert(name.into(), json!({}));
        self.lengths.extend(lengths.iter().map(|&n| n as u32));
    }

    /// Adds a matrix input, on an axis or with one row for each of the batch.
    pub fn matrix(&mut self, name: &str, axis: Option<&str>, width: usize, ragged: &[f32]) {
        let input = json!({ "type": "matrix", "axis": axis, "width": width, "gradient": true });
        self.input(name, input, ragged);
    }

    /// Adds a matrix with one row for each of the batch, which has no gradient.
    pub fn target(&mut self, name: &str, width: usize, ragged: &[f32]) {
        self.input(name, json!({ "type": "matrix", "width": width }), ragged);
    }

    fn input(&mut self, name: &str, input: Value, data: &[f32]) {
        self.inputs.insert(name.into(), input);
        self.data.extend(data.iter().map(|x| x.to_bits()));
    }

    /// Adds an input of ids below `size`.
    pub fn ids(
        &mut self,
        name: &str,
        axis: Option<&str>,
        size: usize,
        ignore: Option<i64>,
        ragged: &[i32],
    ) {
        let input = json!({ "type": "ids", "axis": axis, "size": size, "ignore_index": ignore });
        self.inputs.insert(name.into(), input);
        self.data.extend(ragged.iter().map(|&id| id as u32));
    }

    /// Asks for an output of the node under its own name.
    pub fn output(&mut self, name: &str) {
        self.outputs
            .insert(name.into(), format!("{NODE}.{name}").into());
    }

    /// Gives one parameter the attributes of a spec's table.
    pub fn attributes(&mut self, parameter: &str, attributes: Value) {
        self.parameters[format!("{NODE}.{parameter}")] = attributes;
    }

    /// Adds a node of another type over the same inputs and parameters, that
    /// reads what the first one does not give.
    pub fn reader(&mut self, kind: &str, inputs: &[&str], parameters: &[&str], outputs: &[&str]) {
        let share: Map<_, _> = parameters
            .iter()
            .map(|&p| (p.into(), format!("{NODE}.{p}").into()))
            .collect();
        self.readers
            .push(json!({ "name": kind, "type": kind, "inputs": inputs, "share": share }));
        for &output in outputs {
            self.outputs
                .insert(output.into(), format!("{kind}.{output}").into());
        }
    }

    /// Compiles the node and loads the batch.
    pub fn compile<V: Vector>(&self) -> Result<Compiled<V>, String> {
        let inputs: Vec<&String> = self.inputs.keys().collect();
        let mut nodes = vec![
            json!({ "name": NODE, "type": self.kind, "inputs": inputs, "config": self.config }),
        ];
        nodes.extend(self.readers.iter().cloned());
        let spec = json!({
            "version": 1,
            "axes": self.axes,
            "inputs": self.inputs,
            "parameters": self.parameters,
            "entries": { "run": { "nodes": nodes, "outputs": self.outputs } },
        });
        let model = Model::new(&plain(&spec), 1).map_err(|e| e.to_string())?;
        let mut words = vec![self.rows as u32];
        words.extend(&self.lengths);
        words.extend(&self.data);
        Ok(Compiled {
            model,
            run: Run::default(),
            words,
        })
    }
}

/// A model of one node and the batch that it runs over.
pub(super) struct Compiled<V: Vector> {
    pub model: Model<V>,
    run: Run<V>,
    words: Vec<u32>,
}

impl<V: Vector> Compiled<V> {
    /// Sets every parameter of the node from the case's `p.*`, whose names and
    /// shapes must be those of the node, none missing.
    pub fn set_parameters(&mut self, case: &GoldenCase<'_>) -> Result<(), String> {
        let table: Vec<_> = self
            .model
            .params
            .table()
            .iter()
            .map(|p| (p.name.clone(), p.shape.clone()))
            .collect();
        let given = case.names("p.");
        for (id, (name, shape)) in table.iter().enumerate() {
            let name = name.strip_prefix("node.").unwrap_or(name);
            let tensor = format!("p.{name}");
            if !given.iter().any(|given| given == name) {
                return Err(format!(
                    "the node has a parameter {name} {shape:?}, the case has only {given:?}"
                ));
            }
            if case.shape(&tensor)? != *shape {
                return Err(format!(
                    "{tensor}: shape {:?}, the node's is {shape:?}",
                    case.shape(&tensor)?
                ));
            }
            let values: Vec<_> = case
                .reals(&tensor)?
                .iter()
                .map(|&x| V::Elem::from_f64(x.into()))
                .collect();
            self.model
                .params
                .write(id, &values)
                .map_err(|e| e.to_string())?;
        }
        Ok(())
    }

    /// Runs forward over the batch.
    pub fn forward(&mut self) -> Result<(), String> {
        self.run
            .load(&self.model, 0, &self.words, true)
            .map_err(|e| e.to_string())?;
        self.run.forward(
            &mut self.model,
            0,
            Pass {
                training: true,
                ..Pass::default()
            },
        );
        Ok(())
    }

    fn output_index(&self, name: &str) -> Result<usize, String> {
        self.model.programs()[0]
            .output(name)
            .map_err(|e| e.to_string())
    }

    /// An output of numbers, ragged.
    pub fn output(&self, name: &str) -> Result<Vec<V::Elem>, String> {
        self.run
            .output(&self.model, 0, self.output_index(name)?)
            .map_err(|e| e.to_string())
    }

    /// An output of ids, ragged.
    pub fn output_ids(&self, name: &str) -> Result<Vec<i32>, String> {
        self.run
            .output_ids(&self.model, 0, self.output_index(name)?)
            .map_err(|e| e.to_string())
    }

    /// Runs backward from the gradients of outputs, ragged.
    pub fn backward(&mut self, d_outputs: &[(&str, Vec<f32>)]) -> Result<(), String> {
        let seeds: Vec<Seed<'_>> = d_outputs
            .iter()
            .map(|(name, gradient)| {
                Ok(Seed {
                    output: self.output_index(name)?,
                    gradient: gradient.into(),
                })
            })
            .collect::<Result<_, String>>()?;
        self.model.clear_gradients();
        let mut gradients = std::mem::take(&mut self.model.gradients);
        let done = self
            .run
            .backward_from(&mut self.model, 0, &seeds, &mut gradients);
        self.model.gradients = gradients;
        done.map_err(|e| e.to_string())
    }

    /// The gradient of an input, ragged.
    pub fn input_gradient(&self, name: &str) -> Result<Vec<V::Elem>, String> {
        self.run
            .input_gradient(&self.model, 0, name)
            .map_err(|e| e.to_string())
    }

    /// Compares the gradient of every parameter with the case's `g.*`.
    pub fn compare_parameter_gradients(&self, case: &GoldenCase<'_>) -> Result<(), String> {
        for (id, parameter) in self.model.params.table().iter().enumerate() {
            let gradient = match parameter.place {
                Place::Frozen => return Err(format!("{} is not trained", parameter.name)),
                Place::Dense(start) => {
                    let stored = &self.model.gradients.dense[start..start + parameter.stored()];
                    self.model.params.to_plain(id, stored)
                }
                Place::Sparse(index) => {
                    let sparse = &self.model.gradients.sparse[index];
                    let mut dense = vec![V::Elem::ZERO; parameter.count()];
                    for (&row, from) in sparse
                        .ids()
                        .iter()
                        .zip(sparse.rows().chunks_exact(sparse.width()))
                    {
                        dense[row as usize * sparse.width()..][..sparse.width()]
                            .copy_from_slice(from);
                    }
                    dense
                }
            };
            let name = parameter
                .name
                .strip_prefix("node.")
                .unwrap_or(&parameter.name);
            case.compare(&format!("g.{name}"), &gradient)?;
        }
        Ok(())
    }
}
