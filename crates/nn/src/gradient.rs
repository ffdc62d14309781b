//! Gradients of parameters: dense ones in one vector, sparse ones by row.

use kernels::par;
use simd::{Element, slice};

use crate::error::Error;
use crate::param::{ParamId, Params, Place};
use crate::run::MOST_SHARDS;

/// The gradient of a table of which a batch touches few rows.
///
/// Rows are kept in the order of their first touch; a row that is touched
/// again is summed into its place.
#[derive(Clone, Debug)]
pub struct SparseGradient<E> {
    width: usize,
    /// One more than the place of each row of the table, 0 where untouched.
    slots: Vec<u32>,
    ids: Vec<u32>,
    rows: Vec<E>,
}

impl<E: Element> SparseGradient<E> {
    /// No rows of a `[rows, width]` table.
    pub fn new(rows: usize, width: usize) -> Self {
        Self {
            width,
            slots: vec![0; rows],
            ids: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// The touched rows, in the order of their first touch.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The gradients of the touched rows `[ids, width]`.
    pub fn rows(&self) -> &[E] {
        &self.rows
    }

    /// The gradients of the touched rows, to be scaled in place.
    pub fn rows_mut(&mut self) -> &mut [E] {
        &mut self.rows
    }

    /// Numbers a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The gradient of one row, if it is touched.
    pub fn row(&self, id: usize) -> Option<&[E]> {
        let place = (self.slots[id] as usize).checked_sub(1)?;
        Some(&self.rows[place * self.width..][..self.width])
    }

    /// The gradient of one row, made zero on its first touch.
    pub fn row_mut(&mut self, id: usize) -> &mut [E] {
        let slot = match self.slots[id] {
            0 => {
                self.ids.push(id as u32);
                self.rows.resize(self.rows.len() + self.width, E::ZERO);
                self.slots[id] = self.ids.len() as u32;
                self.ids.len() - 1
            }
            slot => slot as usize - 1,
        };
        &mut self.rows[slot * self.width..][..self.width]
    }

    /// Forgets every row.
    pub fn clear(&mut self) {
        for &id in &self.ids {
            self.slots[id as usize] = 0;
        }
        self.ids.clear();
        self.rows.clear();
    }

    /// Adds another gradient of the same table, in its order.
    pub fn add(&mut self, other: &Self) {
        for (place, &id) in other.ids.iter().enumerate() {
            let from = &other.rows[place * self.width..][..self.width];
            slice::accumulate([from], self.row_mut(id as usize), |[x]: [E::Vector; 1]| x);
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.slots.capacity() + self.ids.capacity()) * 4 + self.rows.capacity() * size_of::<E>()
    }
}

/// The gradients of every trainable parameter.
#[derive(Clone, Debug, Default)]
pub struct Gradients<E> {
    /// Dense gradients, at [`crate::param::Place::Dense`]'s offsets and in the
    /// parameters' storage layout.
    pub dense: Vec<E>,
    /// Sparse gradients, at [`crate::param::Place::Sparse`]'s index.
    pub sparse: Vec<SparseGradient<E>>,
    /// Room for what earlier passes gave to parameters with `drop`.
    pub(crate) aside: Vec<E>,
}

impl<E: Element> Gradients<E> {
    /// Makes room for every trainable parameter, with zero gradients.
    pub fn fit(&mut self, params: &Params<E>) {
        if self.dense.len() != params.dense_gradient_len() {
            self.dense = vec![E::ZERO; params.dense_gradient_len()];
        }
        let tables = params.sparse_tables();
        let fits = self.sparse.len() == tables.len()
            && self
                .sparse
                .iter()
                .zip(tables)
                .all(|(g, t)| (g.slots.len(), g.width) == *t);
        if !fits {
            self.sparse = tables
                .iter()
                .map(|&(rows, width)| SparseGradient::new(rows, width))
                .collect();
        }
    }

    /// Sets every gradient to zero.
    pub fn clear(&mut self) {
        self.dense.fill(E::ZERO);
        self.sparse.iter_mut().for_each(SparseGradient::clear);
    }

    /// The gradient of one parameter in plain form; zeros where it has none.
    pub fn read(&self, params: &Params<E>, id: ParamId) -> Vec<E> {
        let parameter = &params.table()[id];
        match parameter.place {
            Place::Frozen => vec![E::ZERO; parameter.count()],
            Place::Dense(start) => {
                params.to_plain(id, &self.dense[start..start + parameter.stored()])
            }
            Place::Sparse(index) => {
                let gradient = &self.sparse[index];
                let mut plain = vec![E::ZERO; parameter.count()];
                for (&row, d) in gradient
                    .ids()
                    .iter()
                    .zip(gradient.rows().chunks_exact(gradient.width()))
                {
                    plain[row as usize * gradient.width()..][..gradient.width()].copy_from_slice(d);
                }
                plain
            }
        }
    }

    /// Sets the gradient of one parameter from its plain form; rows of zeros
    /// leave a sparse one.
    pub fn write(&mut self, params: &Params<E>, id: ParamId, plain: &[E]) -> Result<(), Error> {
        let parameter = &params.table()[id];
        parameter.check_count(plain.len())?;
        match parameter.place {
            Place::Frozen => {
                return Err(Error::parameter(format!(
                    "parameter \"{}\": it is not trained",
                    parameter.name
                )));
            }
            Place::Dense(start) => {
                params.to_stored(
                    id,
                    plain,
                    &mut self.dense[start..start + parameter.stored()],
                );
            }
            Place::Sparse(index) => {
                let gradient = &mut self.sparse[index];
                gradient.clear();
                for (row, d) in plain.chunks_exact(gradient.width()).enumerate() {
                    if d.iter().any(|&x| x != E::ZERO) {
                        gradient.row_mut(row).copy_from_slice(d);
                    }
                }
            }
        }
        Ok(())
    }

    /// All numbers, in pieces for one thread each.
    pub fn pieces(&mut self) -> impl Iterator<Item = &mut [E]> {
        let rows = self.sparse.iter_mut().map(SparseGradient::rows_mut);
        std::iter::once(&mut self.dense[..])
            .chain(rows)
            .flat_map(|part| part.chunks_mut(PIECE))
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.dense.capacity() + self.aside.capacity()) * size_of::<E>()
            + self.sparse.iter().map(SparseGradient::bytes).sum::<usize>()
    }
}

/// Numbers of a gradient, or of a parameter, that one thread takes at once:
/// those of eight shards fit a core's cache.
pub const PIECE: usize = 1 << 13;

/// One of something for each shard.
type Each<T> = [Option<T>; MOST_SHARDS];

/// The same part of the gradients of every shard.
enum Part<'a, E> {
    Dense(Each<&'a mut [E]>),
    Sparse(Each<&'a mut SparseGradient<E>>),
}

/// Adds gradients of the same parameters, at most [`MOST_SHARDS`], into the
/// first of them, in a fixed tree: ((0 + 1) + (2 + 3)) + ((4 + 5) + (6 + 7)).
pub fn reduce<'a, E: Element>(all: impl Iterator<Item = &'a mut Gradients<E>>) {
    let (mut dense, mut sparse) = (Each::default(), Each::default());
    let mut count = 0;
    for gradients in all {
        dense[count] = Some(gradients.dense.chunks_mut(PIECE));
        sparse[count] = Some(gradients.sparse.iter_mut());
        count += 1;
    }
    if count < 2 {
        return;
    }
    let tables = std::iter::from_fn(move || next(&mut sparse)).map(Part::Sparse);
    let numbers = std::iter::from_fn(move || next(&mut dense)).map(Part::Dense);
    par::for_each(tables.chain(numbers), |part| match part {
        Part::Dense(mut shards) => tree(&mut shards[..count], |sum, other| {
            slice::accumulate([&**other], sum, |[x]: [E::Vector; 1]| x);
        }),
        Part::Sparse(mut shards) => tree(&mut shards[..count], |sum, other| sum.add(other)),
    });
}

/// The next item of each; `None` when the first has no more.
fn next<I: Iterator>(shards: &mut Each<I>) -> Option<Each<I::Item>> {
    let items = shards
        .each_mut()
        .map(|shard| shard.as_mut().and_then(Iterator::next));
    items[0].is_some().then_some(items)
}

/// Joins neighbours, then neighbours among those, into the first item.
fn tree<T>(items: &mut [Option<T>], join: impl Fn(&mut T, &T)) {
    let mut stride = 1;
    while stride < items.len() {
        for pair in items.chunks_mut(2 * stride) {
            if let Some((Some(left), rest)) = pair.split_first_mut()
                && let Some(Some(right)) = rest.get(stride - 1)
            {
                join(left, right);
            }
        }
        stride *= 2;
    }
}
