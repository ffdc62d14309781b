//! Everything that lives behind the boundary of one instance.

use std::cell::RefCell;

use json::Value;
use nn::random::Stream;
use nn::run::Run;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Failure;
use crate::file::File;
use crate::handle::Table;
use crate::model::Snapshot;
use crate::staging::Staging;
use crate::tape::Tape;
use crate::trainer::Training;

/// The vector that ships: everything below this crate is generic over it.
pub type V = simd::F32;
/// A model of the shipped element type.
pub type Model = nn::model::Model<V>;

/// What the last call left to be read, in memory that is kept.
#[derive(Debug, Default)]
pub struct Results {
    /// Real numbers.
    pub floats: Vec<f32>,
    /// Whole numbers.
    pub ids: Vec<i32>,
    bytes: Vec<u8>,
    place: (usize, usize),
}

impl Results {
    /// Shows the real numbers.
    pub fn show_floats(&mut self) {
        self.place = (self.floats.as_ptr() as usize, size_of_val(&self.floats[..]));
    }

    /// Shows the whole numbers.
    pub fn show_ids(&mut self) {
        self.place = (self.ids.as_ptr() as usize, size_of_val(&self.ids[..]));
    }

    /// Keeps and shows bytes.
    pub fn show_bytes(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
        self.place = (self.bytes.as_ptr() as usize, self.bytes.len());
    }

    /// Keeps and shows a value as JSON.
    pub fn show_json(&mut self, value: &Value) {
        self.show_bytes(value.to_text().into_bytes());
    }

    fn held(&self) -> usize {
        (self.floats.capacity() + self.ids.capacity()) * 4 + self.bytes.capacity()
    }
}

/// Models and what belongs to them, and the memory that all calls share.
pub struct Engine {
    /// What comes in.
    pub staging: Staging,
    /// What goes out.
    pub results: Results,
    /// Small numbers that go out.
    pub report: [f64; 8],
    /// Models.
    pub models: Table<Model>,
    /// Trainers.
    pub trainers: Table<Training>,
    /// Forward passes whose backward is yet to come.
    pub tapes: Table<Tape>,
    /// Copies of a model's parameters.
    pub snapshots: Table<Snapshot>,
    /// Model files that are being read.
    pub files: Table<File>,
    /// The memory of steps and predictions.
    pub run: Run<V>,
    /// The model and entry that `run` holds the values of.
    pub shown: Option<(u32, usize)>,
    /// The memory of a tape that was disposed of, for the next one.
    pub spare: Option<Run<V>>,
}

thread_local! {
    static ENGINE: RefCell<Engine> = const { RefCell::new(Engine {
        staging: Staging { words: Vec::new() },
        results: Results {
            floats: Vec::new(),
            ids: Vec::new(),
            bytes: Vec::new(),
            place: (0, 0),
        },
        report: [0.0; 8],
        models: Table::new(1, "model"),
        trainers: Table::new(2, "trainer"),
        tapes: Table::new(3, "tape"),
        snapshots: Table::new(4, "snapshot"),
        files: Table::new(5, "file"),
        run: Run::new(),
        shown: None,
        spare: None,
    }) };
}

/// Runs `f` with everything there is.
pub fn with_engine<T>(f: impl FnOnce(&mut Engine) -> T) -> T {
    ENGINE.with_borrow_mut(f)
}

/// What a call gives back: a number, or nothing, which crosses as 0.
pub trait Answer {
    /// What crosses.
    fn number(self) -> u32;
}

impl Answer for u32 {
    fn number(self) -> u32 {
        self
    }
}

impl Answer for () {
    fn number(self) -> u32 {
        0
    }
}

/// Runs one call: its answer, or -1 with the failure as JSON in the result.
pub fn call<A: Answer>(f: impl FnOnce(&mut Engine) -> Result<A, Failure>) -> i32 {
    with_engine(|engine| match f(engine) {
        Ok(answer) => answer.number() as i32,
        Err(failure) => engine.refuse(&failure),
    })
}

impl Engine {
    #[cold]
    #[inline(never)]
    fn refuse(&mut self, failure: &Failure) -> i32 {
        self.results.show_json(&failure.to_json());
        -1
    }
}

/// A seed as it crosses: a whole number that an `f64` holds exactly.
pub fn whole(name: &str, number: f64) -> Result<u64, Failure> {
    const MOST: f64 = 9_007_199_254_740_991.0;
    // Printing an `f64` would cost the artifact more than this whole crate.
    let given = match number {
        _ if number.is_nan() => "NaN",
        _ if number < 0.0 => "one below 0",
        _ if number > MOST => "one above it",
        _ if number.fract() == 0.0 => return Ok(number as u64),
        _ => "a fraction",
    };
    let message = format!("{name}: expected a whole number from 0 to 2^53 - 1, got {given}");
    Err(Failure::new("INVALID_NUMBER", message))
}

/// Where the result of the last call begins.
#[wasm_bindgen]
pub fn result_pointer() -> usize {
    with_engine(|engine| engine.results.place.0)
}

/// How many bytes it has.
#[wasm_bindgen]
pub fn result_length() -> usize {
    with_engine(|engine| engine.results.place.1)
}

/// Where the report block of `f64`s stands; it never moves.
#[wasm_bindgen]
pub fn report_pointer() -> usize {
    with_engine(|engine| engine.report.as_ptr() as usize)
}

/// Disposes of the object of any handle, and of what belongs to it: a model
/// takes its trainers, tapes and snapshots along.
#[wasm_bindgen]
pub fn dispose(handle: u32) -> i32 {
    call(|engine| {
        if engine.trainers.remove(handle).is_ok()
            || engine.snapshots.remove(handle).is_ok()
            || engine.files.remove(handle).is_ok()
        {
            return Ok(());
        }
        if let Ok(tape) = engine.tapes.remove(handle) {
            engine.spare = Some(tape.run);
            return Ok(());
        }
        engine.models.remove(handle)?;
        engine.trainers.retain(|training| training.model != handle);
        engine.tapes.retain(|tape| tape.model != handle);
        engine.snapshots.retain(|snapshot| snapshot.model != handle);
        engine.shown = engine.shown.filter(|(model, _)| *model != handle);
        Ok(())
    })
}

/// The numbers `0..count` in an order that depends on seed and epoch alone,
/// as `i32` in the result.
#[wasm_bindgen]
pub fn shuffle(seed: f64, epoch: u32, count: u32) -> i32 {
    call(|engine| {
        let stream = Stream::new(whole("seed", seed)?, "shuffle").part(epoch.into());
        let ids = &mut engine.results.ids;
        ids.clear();
        ids.extend(0..count.min(i32::MAX as u32) as i32);
        stream.shuffle(ids);
        engine.results.show_ids();
        Ok(())
    })
}

/// Fills the report block with bytes held: staging and results; parameters,
/// gradients and what is derived of them; optimisers; arena; gradients of
/// shards; tapes; snapshots; files.
#[wasm_bindgen]
pub fn memory_report() -> i32 {
    call(|engine| {
        let of_run = |run: &Run<V>| run.arena_bytes() + run.gradient_bytes();
        let tapes = engine.tapes.iter().map(|tape| &tape.run);
        let held = [
            engine.staging.held() + engine.results.held(),
            engine.models.iter().map(Model::bytes).sum(),
            engine.trainers.iter().map(Training::held).sum(),
            engine.run.arena_bytes(),
            engine.run.gradient_bytes(),
            tapes.chain(&engine.spare).map(of_run).sum(),
            engine.snapshots.iter().map(Snapshot::held).sum(),
            engine.files.iter().map(File::held).sum(),
        ];
        engine.report = held.map(|bytes: usize| bytes as f64);
        Ok(())
    })
}

/// Says which of the two kinds of products suits the host; see
/// [`kernels::gemm::prefer_plain`].
#[wasm_bindgen]
pub fn prefer_plain(yes: bool) {
    kernels::gemm::prefer_plain(yes);
}
