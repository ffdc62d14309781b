//! The table of a model's parameters, and the storage behind it.

use simd::Element;

use super::dropped::Dropped;
use super::{Declaration, Layout, ParamId, Parameter, Place};
use crate::error::Error;
use crate::fields::{Bounds, Fields};
use crate::init::Init;

/// A larger parameter is a mistake in its sizes; sizes below it cannot wrap
/// around where they have 32 bits.
const MOST_NUMBERS: usize = 1 << 27;

/// More parameters are a mistake in the number of layers.
const MOST_PARAMETERS: usize = 1 << 12;

/// A larger factor on the learning rate is a mistake.
const LR_SCALE: Bounds = Bounds::new(0.0, 1e6, "a number from 0 to 1000000");

/// Attributes that the spec's `parameters` table gives by name.
#[derive(Clone, Debug)]
struct Attributes {
    name: String,
    sparse: bool,
    trainable: bool,
    lr_scale: f64,
    decay: bool,
    drop: f64,
    init: Option<Init>,
    used: bool,
}

/// All parameters of a model.
#[derive(Clone, Debug, Default)]
pub struct Params<E> {
    table: Vec<Parameter>,
    attributes: Vec<Attributes>,
    values: Vec<E>,
    dense_gradient: usize,
    sparse_gradients: Vec<(usize, usize)>,
    version: u64,
    pub(super) dropped: Dropped<E>,
    pub(super) dropped_len: usize,
}

impl<E: Element> Params<E> {
    /// Reads the spec's `parameters` table.
    pub fn read_attributes(&mut self, table: &Fields<'_>) -> Result<(), Error> {
        for (name, value) in table.entries() {
            let fields = Fields::new(value, table.path_of(name))?;
            let sparse = fields.bool_or("sparse", false)?;
            let drop = fields.f64_or("drop", 0.0, Bounds::UNIT)?;
            if sparse && drop > 0.0 {
                // An embedding has a dropout of its own.
                return Err(fields.wrong("drop", "0 where the gradient is sparse"));
            }
            self.attributes.push(Attributes {
                name: name.to_string(),
                sparse,
                trainable: fields.bool_or("trainable", true)?,
                lr_scale: fields.f64_or("lr_scale", 1.0, LR_SCALE)?,
                decay: fields.bool_or("decay", true)?,
                drop,
                init: match fields.get("init") {
                    None => None,
                    Some(init) => Some(Init::read(init, &fields.path_of("init"))?),
                },
                used: false,
            });
            fields.finish()?;
        }
        Ok(())
    }

    /// Fails when the table names a parameter that no node has.
    pub fn check_attributes(&self) -> Result<(), Error> {
        match self.attributes.iter().find(|a| !a.used) {
            Some(a) => Err(Error::spec(format!(
                "parameters.{}: no node has this parameter",
                a.name
            ))),
            None => Ok(()),
        }
    }

    /// Finds or adds a parameter. A second declaration of the same name shares
    /// it, and must agree on the shape.
    pub fn declare(&mut self, wanted: Declaration) -> Result<ParamId, Error> {
        let mut count = Some(1usize);
        for &size in &wanted.shape {
            count = count.and_then(|count| count.checked_mul(size));
        }
        if count.is_none_or(|count| count > MOST_NUMBERS) {
            return Err(Error::memory(format!(
                "parameter \"{}\": expected at most {MOST_NUMBERS} numbers, got shape {}",
                wanted.name,
                wanted.shape_text()
            )));
        }
        if let Some(id) = self.find(&wanted.name) {
            let present = &mut self.table[id];
            if present.shape != wanted.shape {
                return Err(wanted.refused(&format!(
                    "expected shape {} as already declared, got {}",
                    present.shape_text(),
                    wanted.shape_text()
                )));
            }
            if present.offset.is_some() && present.sparse && !wanted.lookup {
                return Err(wanted
                    .refused("its gradient is sparse, so that it can only be used for lookups"));
            }
            present.dense_use |= !wanted.lookup;
            if let Place::Sparse(index) = present.place
                && present.dense_use
            {
                self.sparse_gradients[index].0 = 0;
                present.place = Place::Dense(self.dense_gradient);
                self.dense_gradient += present.stored();
            }
            if present.layout != wanted.layout {
                let plain_works = |layout, tieable| layout == Layout::Plain || tieable;
                let demote =
                    present.offset.is_none() && plain_works(present.layout, present.tieable);
                if plain_works(wanted.layout, wanted.tieable)
                    && (present.layout == Layout::Plain || demote)
                {
                    present.layout = Layout::Plain;
                } else {
                    return Err(wanted.refused("these two blocks cannot share a weight"));
                }
            }
            return Ok(id);
        }
        if self.table.len() >= MOST_PARAMETERS {
            return Err(Error::memory(format!(
                "parameter \"{}\": expected at most {MOST_PARAMETERS} parameters in a model",
                wanted.name
            )));
        }
        let attributes = self.attributes.iter_mut().find(|a| a.name == wanted.name);
        let (sparse, trainable, lr_scale, decay, drop, init) = match attributes {
            None => (false, true, 1.0, true, 0.0, None),
            Some(a) => {
                a.used = true;
                let init = a.init.clone();
                (a.sparse, a.trainable, a.lr_scale, a.decay, a.drop, init)
            }
        };
        self.table.push(Parameter {
            name: wanted.name,
            shape: wanted.shape,
            layout: wanted.layout,
            tieable: wanted.tieable,
            init: match init {
                // Fixed rows, such as padding, stay fixed.
                Some(init) => wanted.init.overridden_by(&init),
                None => wanted.init,
            },
            sparse,
            trainable,
            lr_scale,
            decay,
            drop,
            place: Place::Frozen,
            offset: None,
            dropped: None,
            dense_use: !wanted.lookup,
        });
        Ok(self.table.len() - 1)
    }

    /// Gives every new parameter its storage, gradient place and first values,
    /// which `start` returns in plain form.
    pub fn allocate(
        &mut self,
        mut start: impl FnMut(&Parameter) -> Result<Vec<E>, Error>,
    ) -> Result<(), Error> {
        let new = || {
            self.table
                .iter()
                .filter(|parameter| parameter.offset.is_none())
        };
        if let Some(parameter) = new().find(|parameter| parameter.sparse && parameter.dense_use) {
            return Err(Error::spec(format!(
                "parameters.{}.sparse: only a weight that is used for lookups alone can have a sparse gradient",
                parameter.name
            )));
        }
        let total = new().fold(0, |total: usize, parameter| {
            total.saturating_add(parameter.stored())
        });
        // Its first values take up to eight bytes a number while they are made.
        let most = new().map(Parameter::count).max().unwrap_or(0);
        let no_room = |_| Error::memory(format!("parameters: no room for {total} numbers"));
        Vec::<f64>::new().try_reserve_exact(most).map_err(no_room)?;
        self.values.try_reserve_exact(total).map_err(no_room)?;
        for id in 0..self.table.len() {
            if self.table[id].offset.is_some() {
                continue;
            }
            let first = start(&self.table[id])?;
            let parameter = &mut self.table[id];
            parameter.offset = Some(self.values.len());
            parameter.place = if !parameter.trainable {
                Place::Frozen
            } else if parameter.drop == 0.0 && !parameter.dense_use {
                self.sparse_gradients
                    .push((parameter.shape[0], parameter.shape[1]));
                Place::Sparse(self.sparse_gradients.len() - 1)
            } else {
                self.dense_gradient += parameter.stored();
                Place::Dense(self.dense_gradient - parameter.stored())
            };
            let stored = parameter.stored();
            if parameter.drop > 0.0 {
                parameter.dropped = Some(self.dropped_len);
                self.dropped_len += stored;
            }
            self.values.resize(self.values.len() + stored, E::ZERO);
            self.write(id, &first)?;
        }
        Ok(())
    }

    /// Forgets the parameters that were declared after there were `count`, and
    /// have no storage yet.
    pub(crate) fn forget(&mut self, count: usize) {
        self.table.truncate(count);
    }

    /// Takes back the declarations of an entry that failed to compile.
    pub fn forget_unallocated(&mut self) {
        self.table.retain(|parameter| parameter.offset.is_some());
    }

    /// The table.
    pub fn table(&self) -> &[Parameter] {
        &self.table
    }

    /// Fails unless there is a parameter of this id.
    pub fn check_id(&self, id: ParamId) -> Result<(), Error> {
        let count = self.table.len();
        if id < count {
            return Ok(());
        }
        Err(Error::parameter(format!(
            "parameter: expected a number below {count}, got {id}"
        )))
    }

    /// The id of a name.
    pub fn find(&self, name: &str) -> Option<ParamId> {
        self.table.iter().position(|p| p.name == name)
    }

    /// One parameter as stored.
    pub fn stored(&self, id: ParamId) -> &[E] {
        let offset = self.table[id].offset.unwrap_or(0);
        &self.values[offset..offset + self.table[id].stored()]
    }

    /// All parameters, with their numbers as stored, to be changed by an
    /// optimiser.
    pub fn all_stored_mut(&mut self) -> impl Iterator<Item = (&Parameter, &mut [E])> {
        self.version += 1;
        let mut rest = &mut self.values[..];
        // They lie one after the other.
        self.table.iter().map(move |parameter| {
            let (stored, after) = std::mem::take(&mut rest).split_at_mut(parameter.stored());
            rest = after;
            (parameter, stored)
        })
    }

    /// A number that grows with every change of any value.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Number of numbers in the dense gradient.
    pub fn dense_gradient_len(&self) -> usize {
        self.dense_gradient
    }

    /// `(rows, width)` of every sparse gradient.
    pub fn sparse_tables(&self) -> &[(usize, usize)] {
        &self.sparse_gradients
    }

    /// Converts stored numbers (values, a gradient, a moment) to plain form.
    pub fn to_plain(&self, id: ParamId, stored: &[E]) -> Vec<E> {
        match self.table[id].layout {
            Layout::Plain => stored.to_vec(),
            Layout::Packed(layout) => {
                let mut plain = vec![E::ZERO; self.table[id].count()];
                layout.unpack(stored, &mut plain);
                plain
            }
        }
    }

    /// Converts plain numbers to stored form.
    pub fn to_stored(&self, id: ParamId, plain: &[E], stored: &mut [E]) {
        match self.table[id].layout {
            Layout::Plain => stored.copy_from_slice(plain),
            Layout::Packed(layout) => layout.pack(plain, stored),
        }
    }

    /// One parameter in plain form.
    pub fn read(&self, id: ParamId) -> Vec<E> {
        self.to_plain(id, self.stored(id))
    }

    /// Sets one parameter from its plain form.
    pub fn write(&mut self, id: ParamId, plain: &[E]) -> Result<(), Error> {
        let parameter = &self.table[id];
        parameter.check_count(plain.len())?;
        let mut stored = vec![E::ZERO; parameter.stored()];
        self.to_stored(id, plain, &mut stored);
        let offset = parameter.offset.unwrap_or(0);
        self.version += 1;
        self.values[offset..offset + stored.len()].copy_from_slice(&stored);
        Ok(())
    }

    /// Every value as stored, one parameter after the other.
    pub(crate) fn values(&self) -> &[E] {
        &self.values
    }

    /// Exchanges every value with as many others.
    pub(crate) fn exchange(&mut self, others: &mut [E]) {
        self.version += 1;
        self.values.swap_with_slice(others);
    }

    /// A copy of every value, to be restored later.
    pub fn snapshot(&self) -> Vec<E> {
        self.values.clone()
    }

    /// Puts a [`Self::snapshot`] back.
    pub fn restore(&mut self, snapshot: &[E]) -> Result<(), Error> {
        if snapshot.len() != self.values.len() {
            return Err(Error::state(format!(
                "snapshot: expected {} numbers, got {}",
                self.values.len(),
                snapshot.len()
            )));
        }
        self.version += 1;
        self.values.copy_from_slice(snapshot);
        Ok(())
    }

    /// Bytes held by the values, and by copies some of whose numbers are dropped.
    pub fn bytes(&self) -> usize {
        (self.values.capacity() + self.dropped.values.capacity()) * size_of::<E>()
    }
}
