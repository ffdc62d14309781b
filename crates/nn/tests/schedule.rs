//! Learning rates over time, as PyTorch has them.

use nn::error::Error;
use nn::fields::Fields;
use nn::schedule::Schedule;
use serde_json::{Value, json};

fn read(schedule: Value, rate: f64) -> Result<Schedule, Error> {
    Schedule::read(
        &Fields::new(&testing::plain(&schedule), "trainer.schedule")?,
        rate,
    )
}

#[track_caller]
fn follows(schedule: Value, base: f64, expected: &[f64]) {
    let schedule = read(schedule, base).unwrap();
    for (step, &expected) in expected.iter().enumerate() {
        let actual = schedule.learning_rate(step as u64);
        assert!(
            (actual - expected).abs() <= 1e-12 * base,
            "step {step}: {actual} {expected}"
        );
    }
}

#[test]
fn steps_multiply_and_cosines_return() {
    follows(json!({ "kind": "constant" }), 2.0, &[2.0, 2.0]);
    follows(
        json!({ "kind": "step", "step_size": 2 }),
        1.0,
        &[1.0, 1.0, 0.1, 0.1, 0.01, 0.01, 0.001],
    );
    let half = 0.5f64.sqrt();
    let cosine = [1.0, 0.5 + 0.5 * half, 0.5, 0.5 - 0.5 * half, 0.0].map(|x| 1.0 + 2.0 * x);
    let and_back = [0, 1, 2, 3, 4, 3, 2, 1, 0, 1].map(|k| cosine[k]);
    follows(
        json!({ "kind": "cosine", "t_max": 4, "eta_min": 1 }),
        3.0,
        &and_back,
    );
}

/// Ten steps, pct_start 0.3: the peak is at step 2, the end at step 9. The
/// three-phase form has its peak at step 3 and is back at step 6.
#[test]
fn one_cycle_goes_up_and_down() {
    let lr = |schedule: Value, step| read(schedule, 1.0).unwrap().learning_rate(step);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    let two = json!({ "kind": "one_cycle", "total_steps": 10 });
    close(lr(two.clone(), 0), 0.04);
    close(lr(two.clone(), 1), 0.52);
    close(lr(two.clone(), 2), 1.0);
    close(lr(two.clone(), 9), 4e-6);
    close(lr(two.clone(), 50), 4e-6);
    close(
        lr(two, 4),
        4e-6 + (1.0 - 4e-6) / 2.0 * (1.0 + (std::f64::consts::PI * 2.0 / 7.0).cos()),
    );
    let three = json!({ "kind": "one_cycle", "total_steps": 10, "max_lr": 2, "pct_start": 0.4,
        "three_phase": true, "anneal_strategy": "linear", "div_factor": 10, "final_div_factor": 100 });
    for (step, expected) in [(0, 0.2), (1, 0.8), (3, 2.0), (5, 0.8), (6, 0.2), (9, 0.002)] {
        close(lr(three.clone(), step), expected);
    }
    // A cycle so short that the way up has no length.
    close(
        lr(json!({ "kind": "one_cycle", "total_steps": 1 }), 0),
        4e-6,
    );
    close(
        lr(
            json!({ "kind": "one_cycle", "total_steps": 2, "pct_start": 0.5 }),
            0,
        ),
        1.0,
    );
}

#[test]
fn warm_up_is_linear_and_may_decay() {
    let warm = json!({ "kind": "linear_warmup", "warmup_steps": 4 });
    follows(warm, 2.0, &[0.0, 0.5, 1.0, 1.5, 2.0, 2.0]);
    let linear = json!({ "kind": "linear_warmup", "warmup_steps": 2, "start_factor": 0.5,
        "decay": "linear", "total_steps": 6 });
    follows(linear, 2.0, &[1.0, 1.5, 2.0, 1.5, 1.0, 0.5, 0.0, 0.0]);
    let cosine =
        json!({ "kind": "linear_warmup", "warmup_steps": 0, "decay": "cosine", "total_steps": 2 });
    follows(cosine, 2.0, &[2.0, 1.0, 0.0, 0.0]);
}

/// The rate before each observation of a metric.
fn plateau(schedule: Value, metrics: &[f64]) -> Vec<f64> {
    let mut schedule = read(schedule, 1.0).unwrap();
    metrics
        .iter()
        .map(|&metric| {
            let rate = schedule.learning_rate(0);
            schedule.observe(metric);
            rate
        })
        .collect()
}

#[test]
fn a_plateau_reduces_once_patience_is_exceeded() {
    let min = json!({ "kind": "reduce_on_plateau", "factor": 0.5, "patience": 1, "min_lr": 0.2 });
    // Two observations without improvement exceed a patience of one; 0.99995
    // is no improvement on 1 by the threshold; NaN never is.
    let metrics = [
        1.0,
        0.99995,
        2.0,
        0.9,
        0.95,
        f64::NAN,
        0.9,
        0.9,
        0.9,
        0.9,
        0.9,
    ];
    assert_eq!(
        plateau(min, &metrics),
        [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2]
    );
    let max = json!({ "kind": "reduce_on_plateau", "mode": "max", "factor": 0.5, "patience": 0,
        "cooldown": 2, "threshold": 0.1, "threshold_mode": "abs" });
    let metrics = [0.5, 0.55, 0.55, 0.55, 0.55, 0.7, 0.7];
    assert_eq!(
        plateau(max, &metrics),
        [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]
    );
}

#[test]
fn mistakes_are_named() {
    let message = |schedule| read(schedule, 1.0).unwrap_err().to_string();
    assert!(
        message(json!({ "kind": "poly" }))
            .contains("trainer.schedule.kind: expected one of constant, step")
    );
    assert_eq!(
        message(json!({ "kind": "step", "step_size": 0 })),
        "trainer.schedule.step_size: expected at least 1, got 0"
    );
    assert_eq!(
        message(json!({ "kind": "one_cycle", "total_steps": 5, "cycle_momentum": true })),
        "trainer.schedule.cycle_momentum: expected false, momentum is not cycled"
    );
    assert_eq!(
        message(
            json!({ "kind": "linear_warmup", "warmup_steps": 5, "decay": "linear", "total_steps": 5 })
        ),
        "trainer.schedule.total_steps: expected more than the 5 of warmup_steps, got 5"
    );
    assert_eq!(
        message(json!({ "kind": "constant", "gamma": 1 })),
        "trainer.schedule.gamma: unknown field"
    );
}
