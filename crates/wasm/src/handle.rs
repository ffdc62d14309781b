//! Handles: numbers that name objects, and know when their object is gone.
//!
//! A handle is 3 bits of kind, 14 of generation and 14 of index; bit 31 stays
//! clear, so that it is never mistaken for a failure. The generation of a
//! place grows each time its object is disposed of; a place that has used up
//! its generations is retired, so that no handle ever comes back.

use crate::error::Failure;

const INDEX_BITS: u32 = 14;
const GENERATION_BITS: u32 = 14;
/// Objects of one kind at most.
pub const LIMIT: u32 = 1 << INDEX_BITS;
/// Objects that one place names, one after the other.
pub const GENERATIONS: u32 = 1 << GENERATION_BITS;

#[derive(Debug)]
struct Place<T> {
    handle: u32,
    object: Option<T>,
}

/// The objects of one kind.
#[derive(Debug)]
pub struct Table<T> {
    kind: u32,
    name: &'static str,
    places: Vec<Place<T>>,
    free: Vec<usize>,
}

impl<T> Table<T> {
    /// No objects. `kind`, below 8, keeps the handles of one table apart from
    /// those of others; `name` is for messages.
    pub const fn new(kind: u32, name: &'static str) -> Self {
        Self {
            kind,
            name,
            places: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Keeps an object; returns its handle.
    pub fn insert(&mut self, object: T) -> Result<u32, Failure> {
        let index = match self.free.pop() {
            Some(index) => index,
            None if self.places.len() < LIMIT as usize => {
                self.places.push(Place {
                    handle: self.kind << (INDEX_BITS + GENERATION_BITS) | self.places.len() as u32,
                    object: None,
                });
                self.places.len() - 1
            }
            None => {
                let message = format!("{}: expected at most {LIMIT} at once", self.name);
                return Err(Failure::new("TOO_MANY_HANDLES", message));
            }
        };
        let place = &mut self.places[index];
        place.object = Some(object);
        Ok(place.handle)
    }

    #[cold]
    #[inline(never)]
    fn stale(&self, handle: u32) -> Failure {
        let message = format!("handle {handle}: expected a living {}", self.name);
        Failure::new("STALE_HANDLE", message)
    }

    /// The object of a handle.
    pub fn get(&self, handle: u32) -> Result<&T, Failure> {
        match self.places.get((handle % LIMIT) as usize) {
            Some(place) if place.handle == handle => place.object.as_ref(),
            _ => None,
        }
        .ok_or_else(|| self.stale(handle))
    }

    /// The object of a handle, to be changed.
    pub fn get_mut(&mut self, handle: u32) -> Result<&mut T, Failure> {
        self.get(handle)?;
        let place = &mut self.places[(handle % LIMIT) as usize];
        Ok(place.object.as_mut().expect("it was found"))
    }

    /// Takes an object out; its handle is stale from now on.
    pub fn remove(&mut self, handle: u32) -> Result<T, Failure> {
        self.get(handle)?;
        Ok(self
            .vacate((handle % LIMIT) as usize)
            .expect("it was found"))
    }

    fn vacate(&mut self, index: usize) -> Option<T> {
        let place = &mut self.places[index];
        let object = place.object.take()?;
        let generation = place.handle >> INDEX_BITS & (GENERATIONS - 1);
        if generation + 1 < GENERATIONS {
            place.handle += 1 << INDEX_BITS;
            self.free.push(index);
        }
        Some(object)
    }

    /// Takes out every object that fails a test.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for index in 0..self.places.len() {
            if !self.places[index].object.as_ref().is_none_or(&keep) {
                self.vacate(index);
            }
        }
    }

    /// Every object.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter_map(|place| place.object.as_ref())
    }
}
