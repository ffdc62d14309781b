//! Gradients of whole programs against central differences, in `f64`.
//!
//! Inputs reach a program as `f32`, too coarse for differences. A check
//! therefore feeds each matrix from a table of its own, looked up by running
//! ids: the table's gradient is the input's, and it is a parameter in `f64`.

use nn::context::Pass;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::param::Place;
use nn::run::{Run, Seed};
use serde_json::{Map, Value, json};
use simd::F64;

use crate::{Gradient, Random, gradient_check};

/// What `json!` made, as the value that models read.
pub fn plain(value: &Value) -> json::Value {
    json::parse(&value.to_string()).expect("serde writes JSON")
}

/// A program under check: axes with lengths, inputs, and nodes.
#[derive(Clone, Debug)]
pub struct ProgramCheck {
    rows: usize,
    axes: Map<String, Value>,
    lengths: Vec<(String, Vec<u32>)>,
    inputs: Map<String, Value>,
    data: Vec<u32>,
    nodes: Vec<Value>,
    outputs: Vec<String>,
    parameters: Map<String, Value>,
}

impl ProgramCheck {
    /// A batch of so many rows.
    pub fn new(rows: usize) -> Self {
        Self {
            rows,
            axes: Map::new(),
            lengths: Vec::new(),
            inputs: Map::new(),
            data: Vec::new(),
            nodes: Vec::new(),
            outputs: Vec::new(),
            parameters: Map::new(),
        }
    }

    /// Adds an axis: a length for each row of the batch, or for each step of
    /// the axis `of`.
    pub fn axis(mut self, name: &str, of: Option<&str>, lengths: &[u32]) -> Self {
        self.axes.insert(name.into(), json!({ "of": of }));
        self.lengths.push((name.into(), lengths.to_vec()));
        self
    }

    fn count(&self, axis: Option<&str>) -> usize {
        axis.map_or(self.rows, |axis| {
            let lengths = self.lengths.iter().find(|(name, _)| name == axis);
            lengths.map_or(0, |(_, lengths)| lengths.iter().sum::<u32>() as usize)
        })
    }

    /// Adds a matrix of `width` numbers for each step of `axis`, or each row.
    pub fn matrix(self, name: &str, axis: Option<&str>, width: usize) -> Self {
        let count = self.count(axis);
        let ids: Vec<i32> = (0..count as i32).collect();
        let mut check = self.ids(&format!("{name}_places"), axis, count, &ids);
        check.nodes.push(json!({
            "name": name, "type": "embedding", "inputs": [format!("{name}_places")],
            "config": { "embedding_size": width },
        }));
        check
    }

    /// Adds ids below `size`, row after row.
    pub fn ids(mut self, name: &str, axis: Option<&str>, size: usize, ids: &[i32]) -> Self {
        assert_eq!(ids.len(), self.count(axis), "{name}: an id for each step");
        let input = json!({ "type": "ids", "axis": axis, "size": size });
        self.inputs.insert(name.into(), input);
        self.data.extend(ids.iter().map(|&id| id as u32));
        self
    }

    /// Lets an id stand for "no target" among ids that were added.
    pub fn ignore(mut self, ids: &str, ignore_index: i32) -> Self {
        self.inputs[ids]["ignore_index"] = json!(ignore_index);
        self
    }

    /// Adds a node.
    pub fn node(mut self, name: &str, kind: &str, inputs: &[&str], config: Value) -> Self {
        self.nodes
            .push(json!({ "name": name, "type": kind, "inputs": inputs, "config": config }));
        self
    }

    /// Lets the last node use a parameter of another one.
    pub fn share(mut self, own: &str, other: &str) -> Self {
        if let Some(node) = self.nodes.last_mut() {
            node["share"][own] = json!(other);
        }
        self
    }

    /// Adds a node as a spec has it.
    pub fn node_of(mut self, node: &Value) -> Self {
        self.nodes.push(node.clone());
        self
    }

    /// Says of a parameter what the spec's table may say.
    pub fn parameter(mut self, name: &str, attributes: Value) -> Self {
        self.parameters.insert(name.into(), attributes);
        self
    }

    /// A value whose numbers, weighted at random, are part of the loss.
    pub fn output(mut self, name: &str) -> Self {
        self.outputs.push(name.into());
        self
    }

    fn words(&self) -> Vec<u32> {
        let lengths = self
            .lengths
            .iter()
            .flat_map(|(_, lengths)| lengths.iter().copied());
        std::iter::once(self.rows as u32)
            .chain(lengths)
            .chain(self.data.iter().copied())
            .collect()
    }

    /// The first value of every node, those of loops among them.
    fn values(&self) -> Vec<String> {
        let name_of = |node: &Value| node["name"].as_str().unwrap_or_default().to_string();
        let of_node = |node: &Value| match node["config"]["nodes"].as_array() {
            None => vec![name_of(node)],
            Some(body) => {
                let inside = body.iter().map(name_of);
                inside
                    .map(|inside| format!("{}.{inside}", name_of(node)))
                    .collect()
            }
        };
        self.nodes.iter().flat_map(of_node).collect()
    }

    /// Checks that a prediction, which takes the memory of values back, computes
    /// what it does when every value is an output and has to be kept.
    fn check_prediction(&self, model: &mut Model<F64>, words: &[u32]) -> Result<(), String> {
        let named = |names: &[String]| -> Map<String, Value> {
            let each = names.iter().enumerate();
            each.map(|(i, name)| (format!("{i}"), json!(name)))
                .collect()
        };
        let mut results = Vec::new();
        for outputs in [
            self.outputs.clone(),
            [self.outputs.clone(), self.values()].concat(),
        ] {
            let entry = json!({ "nodes": self.nodes, "outputs": named(&outputs) });
            let entry = model
                .add_entry("predict", &plain(&entry))
                .map_err(|e| e.to_string())?;
            let mut run = Run::default();
            run.forward_staged(model, entry, words, Pass::default(), None)
                .map_err(|error| error.to_string())?;
            let outputs = (0..self.outputs.len()).map(|output| run.output(model, entry, output));
            results.push(
                outputs
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(|e| e.to_string())?,
            );
        }
        match results[0] == results[1] {
            true => Ok(()),
            false => Err("a prediction differs from one that keeps every value".to_string()),
        }
    }

    /// Checks the gradient of every parameter, those behind the matrices among
    /// them, and a prediction. `seed` draws parameters and the weights of the
    /// outputs.
    pub fn run(&self, seed: u64) -> Result<(), String> {
        let outputs: Map<String, Value> = self
            .outputs
            .iter()
            .map(|name| (name.replace('.', "_"), json!(name)))
            .collect();
        let spec = json!({
            "version": 1,
            "axes": self.axes,
            "inputs": self.inputs,
            "parameters": self.parameters,
            "entries": { "check": { "nodes": self.nodes, "outputs": outputs } },
        });
        let mut model =
            Model::<F64>::new(&plain(&spec), seed).map_err(|error| error.to_string())?;
        let mut random = Random::new(seed);
        for id in 0..model.params.table().len() {
            let count = model.params.table()[id].count();
            model
                .params
                .write(id, &random.uniforms::<f64>(count, -0.9, 0.9))
                .map_err(|e| e.to_string())?;
        }

        let words = self.words();
        self.check_prediction(&mut model, &words)?;
        let pass = Pass {
            training: true,
            seed,
            step: 3,
        };
        let mut run = Run::default();
        run.load(&model, 0, &words, true)
            .map_err(|error| error.to_string())?;
        run.forward(&mut model, 0, pass);
        let weights: Vec<Vec<f32>> = (0..self.outputs.len())
            .map(|output| {
                let (count, width) = run.output_shape(&model, 0, output);
                random.uniforms(count * width, -1.0, 1.0)
            })
            .collect();
        let seeds: Vec<_> = weights
            .iter()
            .enumerate()
            .map(|(output, gradient)| Seed {
                output,
                gradient: gradient.into(),
            })
            .collect();
        let mut total = Gradients::default();
        run.backward_from(&mut model, 0, &seeds, &mut total)
            .map_err(|error| error.to_string())?;

        let trained: Vec<usize> = (0..model.params.table().len())
            .filter(|&id| model.params.table()[id].trainable)
            .collect();
        let at: Vec<_> = trained.iter().map(|&id| model.params.read(id)).collect();
        let claimed: Vec<_> = trained
            .iter()
            .map(|&id| plain_gradient(&model, id, &total))
            .collect();
        let names: Vec<_> = trained
            .iter()
            .map(|&id| model.params.table()[id].name.clone())
            .collect();
        let gradients: Vec<_> = (0..trained.len())
            .map(|i| Gradient {
                name: &names[i],
                at: &at[i],
                claimed: &claimed[i],
            })
            .collect();
        gradient_check(&gradients, |values| {
            for (&id, values) in trained.iter().zip(values) {
                model
                    .params
                    .write(id, values)
                    .expect("of the shape that was read");
            }
            run.forward(&mut model, 0, pass);
            let loss = |(output, weights): (usize, &Vec<f32>)| -> f64 {
                let y = run.output(&model, 0, output).expect("a real output");
                y.iter().zip(weights).map(|(&y, &w)| y * f64::from(w)).sum()
            };
            weights.iter().enumerate().map(loss).sum()
        })
    }
}

/// A parameter's gradient in plain form; a sparse one with its zeros.
fn plain_gradient(model: &Model<F64>, id: usize, total: &Gradients<f64>) -> Vec<f64> {
    let parameter = &model.params.table()[id];
    match parameter.place {
        Place::Dense(start) => model
            .params
            .to_plain(id, &total.dense[start..start + parameter.stored()]),
        Place::Sparse(index) => {
            let sparse = &total.sparse[index];
            let mut plain = vec![0.0; parameter.count()];
            for (&row, values) in sparse
                .ids()
                .iter()
                .zip(sparse.rows().chunks(sparse.width()))
            {
                plain[row as usize * sparse.width()..][..sparse.width()].copy_from_slice(values);
            }
            plain
        }
        Place::Frozen => Vec::new(),
    }
}
