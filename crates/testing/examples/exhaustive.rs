//! Every unary function at every `f32`, against its bound.
//!
//! `cargo run --release -p ostinato-testing --example exhaustive [NAME…]`
//! prints the errors found and fails when one exceeds its bound. All functions
//! take about ten minutes on two cores.

use std::process::ExitCode;
use std::thread;

use testing::suites::unary::{FUNCTIONS, Unary, Worst};

fn main() -> ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(name) = wanted
        .iter()
        .find(|name| FUNCTIONS.iter().all(|f| f.name != **name))
    {
        eprintln!("no function is called {name}");
        return ExitCode::from(2);
    }
    let mut failed = false;
    for f in FUNCTIONS
        .iter()
        .filter(|f| wanted.is_empty() || wanted.iter().any(|w| w == f.name))
    {
        let worst = sweep_all(*f);
        let verdict = if worst.excess <= 1.0 {
            "within"
        } else {
            "BEYOND"
        };
        println!(
            "{:9} relative {:.3e}, absolute {:.3e}; {verdict} its bound: {:.3} of it, at {:e} ({:#010x}) → {:e}",
            f.name,
            worst.relative,
            worst.absolute,
            worst.excess,
            worst.at,
            worst.at.to_bits(),
            worst.result,
        );
        failed |= worst.excess > 1.0;
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// All 2³² bit patterns, dealt to the machine's cores.
fn sweep_all(f: Unary) -> Worst {
    const PARTS: u32 = 64;
    const PART: u32 = u32::MAX / PARTS + 1;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|core| {
                scope.spawn(move || {
                    (core as u32..PARTS)
                        .step_by(cores)
                        .map(|part| f.sweep(part * PART..=part * PART + (PART - 1), 1))
                        .fold(Worst::default(), Worst::join)
                })
            })
            .collect();
        let found = workers
            .into_iter()
            .map(|worker| worker.join().expect("a sweep does not panic"));
        found.fold(Worst::default(), Worst::join)
    })
}
