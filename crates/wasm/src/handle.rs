//! Handles: numbers that name objects, and know when their object is gone.
//!
//! A handle is 3 bits of kind and 28 that count the objects of that kind; bit
//! 31 stays clear, so that it is never mistaken for a failure. No number is
//! given twice, so that no handle ever comes back. What belongs to a model has
//! that model's handle as its owner, anything else 0.

use crate::error::Failure;

const NUMBER_BITS: u32 = 28;
/// Objects of one kind that are ever named.
pub const NUMBERS: u32 = 1 << NUMBER_BITS;
/// Objects of one kind at once.
pub const LIMIT: usize = 1 << 14;

// Out of line, so that there is one for all kinds.
#[cold]
fn full(name: &str) -> Box<Failure> {
    let message = format!("{name}: expected at most {LIMIT} at once, {NUMBERS} in all");
    Failure::new("TOO_MANY_HANDLES", message)
}

#[cold]
fn stale(handle: u32, name: &str) -> Box<Failure> {
    Failure::new(
        "STALE_HANDLE",
        format!("handle {handle}: expected a living {name}"),
    )
}

/// The objects of one kind.
#[derive(Debug)]
pub struct Table<T> {
    kind: u32,
    name: &'static str,
    count: u32,
    /// Handle, owner and object, in the order of the handles. In a box, so that
    /// one copy of the code finds objects of all kinds.
    objects: Vec<(u32, u32, Box<T>)>,
}

impl<T> Table<T> {
    /// No objects. `kind`, below 8, keeps the handles of one table apart from
    /// those of others; `name` is for messages.
    pub const fn new(kind: u32, name: &'static str) -> Self {
        Self {
            kind,
            name,
            count: 0,
            objects: Vec::new(),
        }
    }

    /// Keeps an object; returns its handle.
    pub fn insert(&mut self, owner: u32, object: T) -> Result<u32, Box<Failure>> {
        if self.objects.len() == LIMIT || self.count == NUMBERS {
            return Err(full(self.name));
        }
        let handle = self.kind << NUMBER_BITS | self.count;
        self.count += 1;
        self.objects.push((handle, owner, Box::new(object)));
        Ok(handle)
    }

    fn find(&self, handle: u32) -> Result<usize, Box<Failure>> {
        let found = self
            .objects
            .binary_search_by_key(&handle, |(known, ..)| *known);
        found.map_err(|_| stale(handle, self.name))
    }

    /// The object of a handle.
    pub fn get(&self, handle: u32) -> Result<&T, Box<Failure>> {
        Ok(&self.objects[self.find(handle)?].2)
    }

    /// The object of a handle, to be changed.
    pub fn get_mut(&mut self, handle: u32) -> Result<&mut T, Box<Failure>> {
        Ok(self.owned(handle)?.1)
    }

    /// The object of a handle, to be changed; none for 0.
    pub fn option(&mut self, handle: u32) -> Result<Option<&mut T>, Box<Failure>> {
        match handle {
            0 => Ok(None),
            _ => self.get_mut(handle).map(Some),
        }
    }

    /// The owner and the object of a handle.
    pub fn owned(&mut self, handle: u32) -> Result<(u32, &mut T), Box<Failure>> {
        let index = self.find(handle)?;
        let (_, owner, object) = &mut self.objects[index];
        Ok((*owner, object))
    }

    /// Takes an object out; its handle is stale from now on.
    pub fn remove(&mut self, handle: u32) -> Result<Box<T>, Box<Failure>> {
        let index = self.find(handle)?;
        Ok(self.objects.remove(index).2)
    }

    /// Takes out every object that, with its owner, fails a test.
    pub fn retain(&mut self, keep: impl Fn(u32, &T) -> bool) {
        self.objects
            .retain(|(_, owner, object)| keep(*owner, object));
    }

    /// Every object, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.objects.iter().map(|(.., object)| &**object)
    }
}
