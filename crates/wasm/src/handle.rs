//! Handles: numbers that name objects, and know when their object is gone.
//!
//! A handle is 3 bits of kind, 14 of generation and 14 of index; bit 31 stays
//! clear, so that it is never mistaken for a failure. The generation of a
//! place grows each time its object is disposed of; a place that has used up
//! its generations is retired, so that no handle ever comes back.

use crate::error::Failure;

const INDEX_BITS: u32 = 14;
const GENERATION_BITS: u32 = 14;
const LIMIT: u32 = 1 << INDEX_BITS;
const GENERATIONS: u32 = 1 << GENERATION_BITS;

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
                    generation: 0,
                    object: None,
                });
                self.places.len() as u32 - 1
            }
            None => {
                return Err(Failure::new(
                    "TOO_MANY_HANDLES",
                    format!("{}: expected at most {LIMIT} at once", self.name),
                ));
            }
        };
        let place = &mut self.places[index as usize];
        place.object = Some(object);
        Ok(self.kind << (INDEX_BITS + GENERATION_BITS) | place.generation << INDEX_BITS | index)
    }

    /// The place that a handle names, if its object is there.
    fn find(&self, handle: u32) -> Option<usize> {
        let index = (handle % LIMIT) as usize;
        let generation = handle >> INDEX_BITS & (GENERATIONS - 1);
        let kind = handle >> (INDEX_BITS + GENERATION_BITS);
        let place = self.places.get(index)?;
        (kind == self.kind && place.generation == generation && place.object.is_some())
            .then_some(index)
    }

    fn stale(&self, handle: u32) -> Failure {
        Failure::new(
            "STALE_HANDLE",
            format!("handle {handle}: expected a living {}", self.name),
        )
    }

    /// The object of a handle.
    pub fn get(&self, handle: u32) -> Result<&T, Failure> {
        let object = self
            .find(handle)
            .and_then(|index| self.places[index].object.as_ref());
        object.ok_or_else(|| self.stale(handle))
    }

    /// The object of a handle, to be changed.
    pub fn get_mut(&mut self, handle: u32) -> Result<&mut T, Failure> {
        let stale = self.stale(handle);
        let index = self.find(handle);
        index
            .and_then(|index| self.places[index].object.as_mut())
            .ok_or(stale)
    }

    /// Takes an object out; its handle is stale from now on.
    pub fn remove(&mut self, handle: u32) -> Result<T, Failure> {
        let index = self.find(handle).ok_or_else(|| self.stale(handle))?;
        self.vacate(index).ok_or_else(|| self.stale(handle))
    }

    fn vacate(&mut self, index: usize) -> Option<T> {
        let place = &mut self.places[index];
        let object = place.object.take()?;
        place.generation += 1;
        if place.generation < GENERATIONS {
            self.free.push(index as u32);
        }
        Some(object)
    }

    /// Takes out every object that fails a test.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for index in 0..self.places.len() {
            if self.places[index]
                .object
                .as_ref()
                .is_some_and(|object| !keep(object))
            {
                self.vacate(index);
            }
        }
    }

    /// Every object.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter_map(|place| place.object.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_finds_its_object_until_it_is_removed() {
        let mut table = Table::new(3, "thing");
        let (a, b) = (table.insert('a').unwrap(), table.insert('b').unwrap());
        assert_eq!((table.get(a), table.get(b)), (Ok(&'a'), Ok(&'b')));
        assert_eq!(table.remove(a), Ok('a'));
        assert_eq!(table.remove(a).unwrap_err().code, "STALE_HANDLE");
        let c = table.insert('c').unwrap();
        assert_ne!(a, c);
        assert_eq!(table.get(c), Ok(&'c'));
        assert_eq!(
            table.get(a).unwrap_err().message,
            format!("handle {a}: expected a living thing")
        );
        *table.get_mut(b).unwrap() = 'd';
        assert_eq!(table.iter().collect::<String>(), "cd");
        table.retain(|&object| object == 'd');
        assert!(table.get_mut(c).is_err() && table.get(b).is_ok());
    }

    #[test]
    fn numbers_that_are_no_handles_and_handles_of_others_are_refused() {
        let mut table = Table::new(1, "thing");
        let handle = table.insert(()).unwrap();
        let foreign = Table::new(2, "other").insert(()).unwrap();
        for wrong in [0, foreign, handle + 1, handle | 1 << 31, u32::MAX] {
            assert!(table.get(wrong).is_err(), "{wrong}");
        }
        assert!(handle > 0 && handle < 1 << 31);
    }

    #[test]
    fn a_place_is_retired_before_a_handle_comes_back() {
        let mut table = Table::new(7, "thing");
        let first = table.insert(0).unwrap();
        table.remove(first).unwrap();
        for n in 1..GENERATIONS {
            let handle = table.insert(n).unwrap();
            assert_ne!(handle, first);
            assert!(handle < 1 << 31);
            table.remove(handle).unwrap();
        }
        assert_eq!(table.insert(0).unwrap() % LIMIT, 1, "the next place");
    }

    #[test]
    fn there_is_a_limit() {
        let mut table = Table::new(1, "thing");
        assert!((0..LIMIT).all(|_| table.insert(()).is_ok()));
        assert_eq!(table.insert(()).unwrap_err().code, "TOO_MANY_HANDLES");
    }
}
