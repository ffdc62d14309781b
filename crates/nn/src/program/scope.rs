//! Names that nodes, outputs and states refer to values by.

use json::Value;

use crate::error::Error;
use crate::fields::Fields;

/// Names of values while a graph is read.
pub(super) struct Scope(pub(super) Vec<(String, usize)>);

impl Scope {
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
    pub fn find(&self, name: &str, path: &str) -> Result<usize, Error> {
        self.0
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
