//! Everything that lives behind the boundary of one instance.

use std::cell::RefCell;

use json::Value;
use nn::random::{shuffled, whole};
use nn::run::{Output, Run};
use nn::state::State;
use nn::trainer::Trainer;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::file::File;
use crate::handle::Table;
use crate::staging::Staging;
use crate::tape::Tape;

/// The vector that ships: everything below this crate is generic over it.
pub type V = simd::F32;
/// A model of the shipped element type.
pub type Model = nn::model::Model<V>;

/// What a call leaves to be read.
pub enum Results {
    /// Real numbers or ids.
    Output(Output<f32>),
    /// A file, or text.
    Bytes(Vec<u8>),
    /// A few numbers.
    Report(Vec<f64>),
}

impl Results {
    /// A value as JSON.
    pub fn json(value: &Value) -> Self {
        Self::Bytes(value.to_text().into_bytes())
    }

    /// Where they begin, and how many bytes they have.
    fn place(&self) -> (usize, usize) {
        fn place<T>(of: &[T]) -> (usize, usize) {
            (of.as_ptr() as usize, size_of_val(of))
        }
        match self {
            Self::Output(Output::Reals(numbers)) => place(numbers),
            Self::Output(Output::Ids(ids)) => place(ids),
            Self::Bytes(bytes) => place(bytes),
            Self::Report(numbers) => place(numbers),
        }
    }
}

/// Models and what belongs to them, and the memory that all calls share.
pub struct Engine {
    pub(crate) staging: Staging,
    pub(crate) results: Results,
    pub(crate) models: Table<Model>,
    pub(crate) trainers: Table<Trainer<V>>,
    pub(crate) tapes: Table<Tape>,
    /// Copies of the parameters of models.
    pub(crate) snapshots: Table<Vec<f32>>,
    pub(crate) states: Table<State<f32>>,
    pub(crate) files: Table<File>,
    /// The memory of steps, and of the next tape.
    pub(crate) run: Run<V>,
}

thread_local! {
    static ENGINE: RefCell<Engine> = const { RefCell::new(Engine {
        staging: Staging { words: Vec::new() },
        results: Results::Bytes(Vec::new()),
        models: Table::new(1, "model"),
        trainers: Table::new(2, "trainer"),
        tapes: Table::new(3, "tape"),
        snapshots: Table::new(4, "snapshot"),
        files: Table::new(5, "file"),
        states: Table::new(6, "state"),
        run: Run::new(),
    }) };
}

/// Runs one call: the number that it gives back, or -1 with the failure as
/// JSON in the result.
pub fn answer(f: impl FnOnce(&mut Engine) -> Result<u32, Box<Failure>>) -> i32 {
    ENGINE.with_borrow_mut(|engine| match f(engine) {
        Ok(number) => number as i32,
        Err(failure) => failure.show(engine),
    })
}

/// Runs one call that gives back nothing, which crosses as 0.
pub fn call(f: impl FnOnce(&mut Engine) -> Result<(), Box<Failure>>) -> i32 {
    answer(|engine| f(engine).map(|()| 0))
}

/// Runs one call that leaves results.
pub fn show(f: impl FnOnce(&mut Engine) -> Result<Results, Box<Failure>>) -> i32 {
    call(|engine| {
        engine.results = f(engine)?;
        Ok(())
    })
}

/// Where the result of the last call begins.
#[wasm_bindgen]
pub fn result_pointer() -> usize {
    ENGINE.with_borrow(|engine| engine.results.place().0)
}

/// How many bytes it has.
#[wasm_bindgen]
pub fn result_length() -> usize {
    ENGINE.with_borrow(|engine| engine.results.place().1)
}

/// Disposes of the object of any handle, and of all that belongs to a model.
#[wasm_bindgen]
pub fn dispose(handle: u32) -> i32 {
    call(|engine| {
        if let Ok(tape) = engine.tapes.remove(handle) {
            if tape.run.bytes() > engine.run.bytes() {
                engine.run = tape.run;
            }
        } else if engine.trainers.remove(handle).is_err()
            && engine.snapshots.remove(handle).is_err()
            && engine.files.remove(handle).is_err()
            && engine.states.remove(handle).is_err()
        {
            engine.models.remove(handle)?;
            engine.trainers.retain(|owner, _| owner != handle);
            engine.tapes.retain(|owner, _| owner != handle);
            engine.snapshots.retain(|owner, _| owner != handle);
            engine.states.retain(|owner, _| owner != handle);
        }
        Ok(())
    })
}

/// The numbers `0..count` in an order that depends on seed and epoch alone,
/// as `i32` in the result.
#[wasm_bindgen]
pub fn shuffle(seed: f64, epoch: u32, count: u32) -> i32 {
    let ids = |seed| Results::Output(Output::Ids(shuffled(seed, epoch, count)));
    show(|_| Ok(ids(whole("seed", seed)?)))
}

/// Puts into the result, as `f64`, the bytes held by: staging and results;
/// parameters, gradients and what is derived of them; optimisers; arena;
/// gradients of shards; tapes; snapshots and states; files.
#[wasm_bindgen]
pub fn memory_report() -> i32 {
    show(|engine| {
        let snapshots = engine.snapshots.iter().map(|s| size_of_val(&s[..]));
        let states = engine.states.iter().map(State::bytes);
        let held: [usize; 8] = [
            engine.staging.held() + engine.results.place().1,
            engine.models.iter().map(Model::bytes).sum(),
            engine.trainers.iter().map(Trainer::bytes).sum(),
            engine.run.arena_bytes(),
            engine.run.gradient_bytes(),
            engine.tapes.iter().map(|tape| tape.run.bytes()).sum(),
            snapshots.chain(states).sum(),
            engine.files.iter().map(|file| file.staging.held()).sum(),
        ];
        Ok(Results::Report(held.map(|bytes| bytes as f64).to_vec()))
    })
}

/// See [`kernels::gemm::prefer_plain`].
#[wasm_bindgen]
pub fn prefer_plain(yes: bool) {
    kernels::gemm::prefer_plain(yes);
}
