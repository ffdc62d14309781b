//! What an edge of a program carries.

/// The index of an axis in the spec.
pub type AxisId = usize;

/// What the rows of a value are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// The rows of the batch.
    Batch,
    /// The packed steps of an axis; the rows of a nested axis live here too.
    Steps(AxisId),
    /// For every query step, the key steps of the same batch row, in order.
    Pairs {
        /// The queries' axis; `None` when each batch row is one query.
        queries: Option<AxisId>,
        /// The keys' axis.
        keys: AxisId,
    },
}

/// The type of a value: every value is a matrix `[count(space), width]`, a
/// vector of ids `[count(space)]`, or a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Real numbers, row-major `[count(space), width]`.
    Matrix {
        /// What the rows are.
        space: Space,
        /// Numbers a row.
        width: usize,
    },
    /// Whole numbers `[count(space)]`, each in `0..size`.
    Ids {
        /// What the rows are.
        space: Space,
        /// One more than the largest id.
        size: usize,
        /// An id that may stand for "no target".
        ignore: Option<i32>,
    },
    /// One number, summed over the shards.
    Scalar,
}

/// More numbers a row are a mistake; a thousand such rows side by side do not
/// wrap around where sizes have 32 bits.
pub const MOST_WIDTH: usize = 1 << 20;

impl ValueType {
    /// The width, where it is not one that a value may have.
    pub(crate) fn wrong_width(&self) -> Option<usize> {
        self.width()
            .filter(|width| !(1..=MOST_WIDTH).contains(width))
    }

    /// Numbers a row of a matrix.
    pub(crate) fn width(&self) -> Option<usize> {
        match *self {
            ValueType::Matrix { width, .. } => Some(width),
            _ => None,
        }
    }

    /// What its rows are; a scalar has none.
    pub(crate) fn space_mut(&mut self) -> Option<&mut Space> {
        match self {
            ValueType::Matrix { space, .. } | ValueType::Ids { space, .. } => Some(space),
            ValueType::Scalar => None,
        }
    }

    /// A short form for messages: `matrix [steps of tokens, 100]`.
    pub fn describe(&self, axes: &[String]) -> String {
        let place = |space: &Space| match space {
            Space::Batch => "batch rows".to_string(),
            Space::Steps(axis) => format!("steps of {}", axes[*axis]),
            Space::Pairs {
                queries: Some(q),
                keys,
            } => format!("{} × {} pairs", axes[*q], axes[*keys]),
            Space::Pairs {
                queries: None,
                keys,
            } => format!("batch rows × {} pairs", axes[*keys]),
        };
        match self {
            ValueType::Matrix { space, width } => format!("matrix [{}, {width}]", place(space)),
            ValueType::Ids { space, size, .. } => format!("ids below {size} [{}]", place(space)),
            ValueType::Scalar => "scalar".into(),
        }
    }
}
