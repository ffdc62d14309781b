//! How parameters start: distributions, fixed rows, mistakes.

use nn::init::Init;
use serde_json::{Value, json};

fn values(init: Value, shape: &[usize]) -> Vec<f64> {
    Init::read(&testing::plain(&init), "init")
        .unwrap()
        .fill(shape, 1, "weight")
}

/// Mean, standard deviation, least and greatest.
fn summary(values: &[f64]) -> [f64; 4] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let std = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    [
        mean,
        std,
        values.iter().copied().fold(f64::MAX, f64::min),
        values.iter().copied().fold(f64::MIN, f64::max),
    ]
}

/// Shape [200, 30, 5]: fan_in 150, fan_out 1000. A bounded distribution
/// comes near its bounds, an unbounded one has its standard deviation.
#[test]
fn distributions_have_their_bounds_and_deviations() {
    let shape = [200, 30, 5];
    let uniform = [
        (
            json!({ "kind": "uniform", "low": -0.5, "high": 0.25 }),
            -0.5,
            0.25,
        ),
        (json!("uniform"), 0.0, 1.0),
        (
            json!("xavier_uniform"),
            -(6.0f64 / 1150.0).sqrt(),
            (6.0f64 / 1150.0).sqrt(),
        ),
        (
            json!({ "kind": "kaiming_uniform", "a": 5f64.sqrt() }),
            -(1.0f64 / 150.0).sqrt(),
            (1.0f64 / 150.0).sqrt(),
        ),
        (
            json!({ "kind": "kaiming_uniform", "mode": "fan_out" }),
            -(6.0f64 / 1000.0).sqrt(),
            (6.0f64 / 1000.0).sqrt(),
        ),
    ];
    for (init, low, high) in uniform {
        let [_, std, least, greatest] = summary(&values(init.clone(), &shape));
        let width = high - low;
        assert!(
            least >= low && least < low + 1e-3 * width,
            "{init}: {least} {low}"
        );
        assert!(
            greatest <= high && greatest > high - 1e-3 * width,
            "{init}: {greatest} {high}"
        );
        assert!(
            (std - width / 12f64.sqrt()).abs() < 0.02 * width,
            "{init}: {std}"
        );
    }
    let normal = [
        (
            json!({ "kind": "normal", "mean": 2.0, "std": 0.1 }),
            2.0,
            0.1,
        ),
        (
            json!({ "kind": "xavier_normal", "gain": 2.0 }),
            0.0,
            2.0 * (2.0f64 / 1150.0).sqrt(),
        ),
        (json!("kaiming_normal"), 0.0, (2.0f64 / 150.0).sqrt()),
    ];
    for (init, mean, std) in normal {
        let [actual_mean, actual_std, ..] = summary(&values(init.clone(), &shape));
        assert!(
            (actual_mean - mean).abs() < 0.03 * std,
            "{init}: {actual_mean}"
        );
        assert!(
            (actual_std / std - 1.0).abs() < 0.02,
            "{init}: {actual_std} {std}"
        );
    }
    assert_eq!(values(json!("ones"), &[2]), [1.0, 1.0]);
    assert_eq!(
        values(json!({ "kind": "constant", "value": -3 }), &[2]),
        [-3.0, -3.0]
    );
}

#[test]
fn orthogonal_matrices_are_orthonormal_on_their_shorter_side() {
    for (rows, columns) in [(1, 1), (5, 5), (40, 17), (3, 64), (130, 129)] {
        let q = values(
            json!({ "kind": "orthogonal", "gain": 2.0 }),
            &[rows, columns],
        );
        let at = |i: usize, k: usize| {
            if rows <= columns {
                q[i * columns + k]
            } else {
                q[k * columns + i]
            }
        };
        for i in 0..rows.min(columns) {
            for j in 0..=i {
                let dot: f64 = (0..rows.max(columns)).map(|k| at(i, k) * at(j, k)).sum();
                let expected = if i == j { 4.0 } else { 0.0 };
                assert!(
                    (dot - expected).abs() < 1e-13,
                    "{rows}x{columns} {i},{j}: {dot}"
                );
            }
        }
    }
}

#[test]
fn fixed_rows_hold_their_value_and_survive_an_override() {
    let embedding = Init::embedding(Some(1));
    let uniform = Init::read(&testing::plain(&json!("uniform")), "init").unwrap();
    for init in [embedding.clone(), embedding.overridden_by(&uniform)] {
        let table: Vec<f32> = init.fill(&[3, 2], 1, "embedding.weight");
        assert_eq!(
            table.iter().map(|&x| x == 0.0).collect::<Vec<_>>(),
            [false, false, true, true, false, false]
        );
    }
    let bias: Vec<f32> = Init::fan(4)
        .with_rows(4..8, 1.0)
        .fill(&[16], 1, "lstm.bias_ih_l0");
    for (place, &x) in bias.iter().enumerate() {
        assert_eq!(x == 1.0, (4..8).contains(&place));
        assert!(x == 1.0 || x.abs() <= 0.5);
    }
}

#[test]
fn values_depend_on_seed_and_name_and_nothing_else() {
    let fill = |seed, name| -> Vec<f32> { Init::fan(3).fill(&[4], seed, name) };
    assert_eq!(fill(1, "a"), fill(1, "a"));
    assert_ne!(fill(1, "a"), fill(2, "a"));
    assert_ne!(fill(1, "a"), fill(1, "b"));
    let longer: Vec<f32> = Init::fan(3).fill(&[8], 1, "a");
    assert_eq!(longer[..4], fill(1, "a"));
}

#[test]
fn mistakes_are_named() {
    let message = |init: Value| {
        Init::read(&testing::plain(&init), "parameters.w.init")
            .unwrap_err()
            .to_string()
    };
    assert!(message(json!("glorot")).starts_with("parameters.w.init.kind: expected one of zeros,"));
    assert_eq!(
        message(json!({ "kind": "uniform", "low": 2, "high": 1 })),
        "parameters.w.init: expected low ≤ high, got low 2 and high 1"
    );
    assert_eq!(
        message(json!({ "kind": "zeros", "value": 1 })),
        "parameters.w.init.value: unknown field"
    );
    assert_eq!(
        message(json!(3)),
        "parameters.w.init: expected an object, got 3"
    );
}
