//! Names that nodes, outputs and states refer to values by.

use json::Value;

use super::scan::Body;
use crate::error::Error;
use crate::fields::Fields;

/// Names of values while a graph is read.
pub(super) struct Scope {
    pub names: Vec<(String, usize)>,
    /// The loop whose body the graph is.
    pub body: Option<Body>,
}

impl Scope {
    /// Names a node's value: by the node alone, or with one of its outputs.
    #[inline(never)]
    pub fn add(&mut self, node: &str, output: &str, value: usize) {
        let dot = if output.is_empty() { "" } else { "." };
        self.names.push((format!("{node}{dot}{output}"), value));
    }

    /// The value that the field of this name refers to.
    #[inline(never)]
    pub fn read(&self, fields: &Fields<'_>, name: &str, value: &Value) -> Result<usize, Error> {
        let path = fields.path_of(name);
        let reference = value
            .as_str()
            .ok_or_else(|| Error::spec(format!("{path}: expected the name of a value")))?;
        self.find(reference, &path)
    }

    /// The value of this name, which stands at `path`.
    #[inline(never)]
    pub fn find(&self, name: &str, path: &str) -> Result<usize, Error> {
        self.names
            .iter()
            .find(|(known, _)| known == name)
            .map(|&(_, value)| value)
            .ok_or_else(|| {
                Error::spec(format!(
                    "{path}: \"{name}\" is neither an input nor an output of an earlier node"
                ))
            })
    }
}
