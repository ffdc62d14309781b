//! States: what is kept of rows from one call to the next.
//!
//! A recurrent layer that is given the state in which the piece before it ended
//! computes what it would have computed in one go. Truncated backpropagation
//! through time (Williams and Peng 1990), streaming, beams and dynamic
//! evaluation are all made of this and of [`State::gather`].

use simd::Element;

use crate::error::Error;
use crate::spec::Signature;

/// Names a row of zeros in [`State::gather`]: -1 in 32 bits.
pub const ZEROS: u32 = u32::MAX;

/// For every row of the batches to come, in the caller's order, the numbers of
/// every input with `"state": true`, side by side. It has no rows until its
/// first use, which gives it those of the batch, as zeros.
#[derive(Clone, Debug, PartialEq)]
pub struct State<E> {
    rows: usize,
    /// Where each input begins within a row, and the width of a row at the end.
    places: Vec<usize>,
    values: Vec<E>,
}

impl<E: Element> State<E> {
    /// A state without rows, for a model of this signature.
    pub fn new(signature: &Signature) -> Self {
        Self {
            rows: 0,
            places: signature.state_places.clone(),
            values: Vec::new(),
        }
    }

    /// Number of rows; 0 before the first use.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Width of a row.
    fn width(&self) -> usize {
        self.places[self.places.len() - 1]
    }

    /// The numbers of one input in one row.
    pub(crate) fn at(&mut self, row: usize, state: usize) -> &mut [E] {
        let start = row * self.width();
        &mut self.values[start..][self.places[state]..self.places[state + 1]]
    }

    /// Takes over what another state of the same model has.
    pub fn restore(&mut self, from: Self) -> Result<(), Error> {
        from.expect_places(&self.places)?;
        *self = from;
        Ok(())
    }

    /// Checks that it is a state of a model that has these places.
    fn expect_places(&self, places: &[usize]) -> Result<(), Error> {
        if self.places == places {
            return Ok(());
        }
        let message = "state: expected one of this model, it is of another";
        Err(Error::state(message))
    }

    /// Checks that it fits a model and a batch of so many rows, and makes room
    /// for these.
    pub(crate) fn expect(&mut self, signature: &Signature, rows: usize) -> Result<(), Error> {
        self.expect_places(&signature.state_places)?;
        self.expect_rows(rows)
    }

    fn expect_rows(&mut self, rows: usize) -> Result<(), Error> {
        match self.rows {
            0 => {
                self.values = room(rows, self.width())?;
                Ok(())
            }
            held if held == rows => Ok(()),
            held => Err(Error::state(format!(
                "state: expected {held} rows, as in the calls before, got {rows}"
            ))),
        }
    }

    /// Has rows from now on, if it had none; there is room for them.
    pub(crate) fn begin(&mut self, rows: usize) {
        self.rows = rows;
        self.values.resize(rows * self.width(), E::ZERO);
    }

    /// Makes each row the one that `rows` names, of those there were;
    /// [`ZEROS`] stands for zeros. There are as many rows afterwards as were
    /// named.
    pub fn gather(&mut self, rows: &[u32]) -> Result<(), Error> {
        let (held, width) = (self.rows, self.width());
        let mut values = room(rows.len(), width)?;
        for (at, &row) in rows.iter().enumerate() {
            if (row as usize) < held {
                values.extend_from_slice(&self.values[row as usize * width..][..width]);
            } else if row == ZEROS {
                values.resize(values.len() + width, E::ZERO);
            } else {
                return Err(Error::state(format!(
                    "rows[{at}]: expected -1, or a row below {held}, got {}",
                    row as i32
                )));
            }
        }
        (self.rows, self.values) = (rows.len(), values);
        Ok(())
    }

    /// The numbers of one of the states, row after row.
    pub fn read(&mut self, state: usize) -> Result<Vec<E>, Error> {
        self.check(state)?;
        let mut values = Vec::new();
        for row in 0..self.rows {
            values.extend_from_slice(self.at(row, state));
        }
        Ok(values)
    }

    /// Sets the numbers of one of the states, row after row; gives the state its
    /// rows if it has none yet.
    pub fn write(&mut self, state: usize, values: &[E]) -> Result<(), Error> {
        self.check(state)?;
        let width = self.places[state + 1] - self.places[state];
        let rows = match self.rows {
            0 => values.len() / width,
            rows => rows,
        };
        if values.len() != rows * width {
            return Err(Error::state(format!(
                "values: expected {width} numbers for each of {rows} rows, got {}",
                values.len()
            )));
        }
        self.expect_rows(rows)?;
        self.begin(rows);
        for (row, values) in values.chunks_exact(width).enumerate() {
            self.at(row, state).copy_from_slice(values);
        }
        Ok(())
    }

    fn check(&self, state: usize) -> Result<(), Error> {
        let count = self.places.len() - 1;
        if state < count {
            return Ok(());
        }
        Err(Error::state(format!(
            "state: expected a number below {count}, got {state}"
        )))
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.values.capacity() * size_of::<E>()
    }
}

/// Room for rows of a width.
fn room<E>(rows: usize, width: usize) -> Result<Vec<E>, Error> {
    let mut values = Vec::new();
    match values.try_reserve_exact(rows.saturating_mul(width)) {
        Ok(()) => Ok(values),
        Err(_) => Err(Error::memory(format!(
            "state: no room for {rows} rows of {width} numbers"
        ))),
    }
}
