//! Handles: numbers that name objects, and know when their object is gone.
//!
//! A handle is 3 bits of kind, 14 of generation and 14 of index; bit 31 stays
//! clear, so that it is never mistaken for a failure. The generation of a
//! place grows each time its object is disposed of; a place that has used up
//! its generations is retired, so that no handle ever comes back.

use crate::error::Failure;

const BITS: u32 = 14;
/// Objects of one kind that there can be at once.
pub const LIMIT: u32 = 1 << BITS;
/// Objects that one place can have had.
pub const GENERATIONS: u32 = 1 << BITS;

#[derive(Debug)]
struct Place<T> {
    generation: u32,
    object: Option<T>,
}

/// The objects of one kind.
#[derive(Debug)]
pub struct Table<T> {
    kind: u32,
    name: &'static str,
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

impl<T> Table<T> {
    /// No objects. `kind`, below 8, keeps the handles of one table apart from
    /// those of others; `name` is for messages.
    pub const fn new(kind: u32, name: &'static str) -> Self {
        Self { kind, name, places: Vec::new(), free: Vec::new() }
    }

    /// Keeps an object; returns its handle.
    pub fn insert(&mut self, object: T) -> Result<u32, Failure> {
        if self.free.is_empty() {
            if self.places.len() == LIMIT as usize {
                let message = format!("{}: expected at most {LIMIT} at once", self.name);
                return Err(Failure::new("TOO_MANY_HANDLES", message));
            }
            self.free.push(self.places.len() as u32);
            self.places.push(Place { generation: 0, object: None });
        }
        let index = self.free.pop().unwrap_or(0);
        let place = &mut self.places[index as usize];
        place.object = Some(object);
        Ok(self.kind << (2 * BITS) | place.generation << BITS | index)
    }

    /// The place that a handle names, if its object is there.
    fn find(&self, handle: u32) -> Result<usize, Failure> {
        let index = (handle % LIMIT) as usize;
        let fits = |place: &Place<T>| {
            handle >> (2 * BITS) == self.kind
                && handle >> BITS & (GENERATIONS - 1) == place.generation
                && place.object.is_some()
        };
        match self.places.get(index).is_some_and(fits) {
            true => Ok(index),
            false => Err(self.stale(handle)),
        }
    }

    fn stale(&self, handle: u32) -> Failure {
        Failure::new("STALE_HANDLE", format!("handle {handle}: expected a living {}", self.name))
    }

    /// The object of a handle.
    pub fn get(&self, handle: u32) -> Result<&T, Failure> {
        let index = self.find(handle)?;
        self.places[index].object.as_ref().ok_or_else(|| self.stale(handle))
    }

    /// The object of a handle, to be changed.
    pub fn get_mut(&mut self, handle: u32) -> Result<&mut T, Failure> {
        let (index, stale) = (self.find(handle)?, self.stale(handle));
        self.places[index].object.as_mut().ok_or(stale)
    }

    /// Takes an object out; its handle is stale from now on.
    pub fn remove(&mut self, handle: u32) -> Result<T, Failure> {
        let index = self.find(handle)?;
        self.vacate(index).ok_or_else(|| self.stale(handle))
    }

    fn vacate(&mut self, index: usize) -> Option<T> {
        let place = &mut self.places[index];
        place.generation += 1;
        if place.generation < GENERATIONS {
            self.free.push(index as u32);
        }
        place.object.take()
    }

    /// Takes out every object that fails a test.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for index in 0..self.places.len() {
            if self.places[index].object.as_ref().is_some_and(|object| !keep(object)) {
                self.vacate(index);
            }
        }
    }

    /// Every object.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter_map(|place| place.object.as_ref())
    }
}
