//! A model: signature, parameters, and a program for each entry.

use json::Value;
use simd::Vector;

use crate::error::Error;
use crate::fields::Fields;
use crate::gradient::Gradients;
use crate::param::{ParamId, Params};
use crate::program::Program;
use crate::spec::Signature;
use crate::value::{Space, ValueType};

/// A model compiled from a spec.
pub struct Model<V: Vector> {
    /// Axes and inputs.
    pub signature: Signature,
    /// Parameters.
    pub params: Params<V::Elem>,
    /// Gradients of all parameters, summed over the batch.
    pub gradients: Gradients<V::Elem>,
    pub(crate) programs: Vec<Program<V>>,
    seed: u64,
}

impl<V: Vector> Model<V> {
    /// Compiles a spec; `seed` decides how parameters start.
    pub fn new(spec: &Value, seed: u64) -> Result<Self, Error> {
        let mut model = Self::compile(spec, seed)?;
        model.start()?;
        Ok(model)
    }

    /// Gives the parameters that are yet without values those that they start
    /// with.
    pub fn start(&mut self) -> Result<(), Error> {
        let seed = self.seed;
        self.params
            .allocate(|p| Ok(p.init.fill(&p.shape, seed, &p.name)))
    }

    /// Compiles a spec whose parameters are yet without storage and values:
    /// the caller looks at their shapes and then gives
    /// [`Params::allocate`] the values they start with.
    pub fn compile(spec: &Value, seed: u64) -> Result<Self, Error> {
        let fields = Fields::new(spec, "spec")?;
        let signature = Signature::read(&fields)?;
        let mut params = Params::default();
        if let Some(table) = fields.object_option("parameters")? {
            params.read_attributes(&table)?;
        }
        let entries = fields.object("entries")?;
        fields.finish()?;
        let mut programs = Vec::new();
        for (name, entry) in entries.entries() {
            programs.push(Program::compile(name, &signature, entry, &mut params)?);
        }
        params.check_attributes()?;
        Ok(Self {
            signature,
            params,
            gradients: Gradients::default(),
            programs,
            seed,
        })
    }

    /// Compiles one more entry over the same parameters; returns its index.
    /// An entry of that name is replaced.
    pub fn add_entry(&mut self, name: &str, entry: &Value) -> Result<usize, Error> {
        let count = self.params.table().len();
        let program = Program::compile(name, &self.signature, entry, &mut self.params)
            .and_then(|program| self.start().map(|()| program))
            .inspect_err(|_| self.params.forget(count))?;
        match self.entry(name) {
            Ok(index) => {
                self.programs[index] = program;
                Ok(index)
            }
            Err(_) => {
                self.programs.push(program);
                Ok(self.programs.len() - 1)
            }
        }
    }

    /// The index of a named entry.
    pub fn entry(&self, name: &str) -> Result<usize, Error> {
        self.programs
            .iter()
            .position(|program| program.name == name)
            .ok_or_else(|| Error::state(format!("entry: the model has no entry \"{name}\"")))
    }

    /// One compiled entry.
    pub fn program(&self, entry: usize) -> Result<&Program<V>, Error> {
        let count = self.programs.len();
        let outside = || {
            Error::state(format!(
                "entry: expected a number below {count}, got {entry}"
            ))
        };
        self.programs.get(entry).ok_or_else(outside)
    }

    /// The compiled entries.
    pub fn programs(&self) -> &[Program<V>] {
        &self.programs
    }

    /// The seed that the parameters started from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Parameters and entries as JSON, for the caller's side of the boundary:
    /// `{ parameters: [{ name, shape, trainable, sparse }], entries: [{ name,
    /// axes: [name], inputs: [{ name, type, axis, width }], outputs: [{ name,
    /// type, axis, width }] }] }`. `axis` is absent for batch rows; a value over
    /// pairs has `queries` and `keys`.
    pub fn describe(&self) -> Value {
        let parameters = self.params.table().iter().map(|parameter| {
            Value::object([
                ("name", parameter.name.as_str().into()),
                ("shape", parameter.shape[..].into()),
                ("trainable", parameter.trainable.into()),
                ("sparse", parameter.sparse.into()),
            ])
        });
        let entries = self.programs.iter().map(|program| {
            let names = self.signature.axis_names.iter().zip(&program.uses_axis);
            let axes = names.filter(|(_, used)| **used);
            let inputs = program.inputs.iter().map(|&input| {
                let input = &self.signature.inputs[input];
                self.describe_value(&input.name, input.kind)
            });
            let outputs = program.outputs.iter();
            let outputs =
                outputs.map(|(name, value)| self.describe_value(name, program.values[*value]));
            Value::object([
                ("name", program.name.as_str().into()),
                ("axes", Value::strings(axes.map(|(name, _)| name.as_str()))),
                ("inputs", Value::Array(inputs.collect())),
                ("outputs", Value::Array(outputs.collect())),
            ])
        });
        Value::object([
            ("parameters", Value::Array(parameters.collect())),
            ("entries", Value::Array(entries.collect())),
        ])
    }

    fn describe_value(&self, name: &str, kind: ValueType) -> Value {
        let axis = |axis: usize| Value::from(self.signature.axis_names[axis].as_str());
        let (form, space, width) = match kind {
            ValueType::Matrix { space, width } => ("matrix", space, width),
            ValueType::Ids { space, .. } => ("ids", space, 1),
            ValueType::Scalar => ("scalar", Space::Batch, 1),
        };
        let mut members = vec![
            ("name".to_string(), name.into()),
            ("type".to_string(), form.into()),
            ("width".to_string(), width.into()),
        ];
        match space {
            Space::Batch => {}
            Space::Steps(steps) => members.push(("axis".to_string(), axis(steps))),
            Space::Pairs { queries, keys } => {
                let queries = queries.map_or(Value::Null, axis);
                members.push(("queries".to_string(), queries));
                members.push(("keys".to_string(), axis(keys)));
            }
        }
        Value::Object(members)
    }

    /// A parameter, or its gradient, in plain form. The gradient of one that is
    /// not trained is zero.
    pub fn read(&mut self, id: ParamId, gradient: bool) -> Result<Vec<V::Elem>, Error> {
        self.params.check_id(id)?;
        if !gradient {
            return Ok(self.params.read(id));
        }
        self.gradients.fit(&self.params);
        Ok(self.gradients.read(&self.params, id))
    }

    /// Sets a parameter, or its gradient, from its plain form.
    pub fn write(&mut self, id: ParamId, gradient: bool, plain: &[V::Elem]) -> Result<(), Error> {
        self.params.check_id(id)?;
        if !gradient {
            return self.params.write(id, plain);
        }
        self.gradients.fit(&self.params);
        self.gradients.write(&self.params, id, plain)
    }

    /// Sets all gradients to zero.
    pub fn clear_gradients(&mut self) {
        self.gradients.fit(&self.params);
        self.gradients.clear();
    }

    /// Bytes held by parameters, gradients and what is derived from them.
    pub fn bytes(&self) -> usize {
        self.params.bytes()
            + self.gradients.bytes()
            + self.programs.iter().map(Program::bytes).sum::<usize>()
    }
}
