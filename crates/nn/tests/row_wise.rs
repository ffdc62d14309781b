//! Gradients of the blocks that treat each row by itself, in whole programs.

use serde_json::json;
use testing::ProgramCheck;

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];

fn steps() -> ProgramCheck {
    ProgramCheck::new(LENGTHS.len()).axis("tokens", None, &LENGTHS)
}

fn check(check: ProgramCheck) {
    check.run(11).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn unary_functions() {
    for kind in [
        "exp",
        "gelu",
        "relu",
        "sigmoid",
        "silu",
        "softplus",
        "tanh",
        "softmax",
        "log_softmax",
    ] {
        let program = steps()
            .matrix("x", Some("tokens"), 5)
            .node("y", kind, &["x"], json!({}))
            .output("y");
        program
            .run(11)
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
}

#[test]
fn the_logarithm_of_what_is_above_zero() {
    let program = steps()
        .matrix("x", Some("tokens"), 5)
        .node("above", "softplus", &["x"], json!({}))
        .node("y", "log", &["above"], json!({}));
    check(program.output("y"));
}

#[test]
fn one_value_weighted_and_shifted() {
    let config = json!({ "weights": [-2.5], "shift": 0.7 });
    let program = steps()
        .matrix("x", Some("tokens"), 3)
        .node("moved", "add", &["x"], config)
        .node("y", "mul", &["moved", "moved"], json!({}));
    check(program.output("y"));
}

#[test]
fn layer_norm() {
    check(
        steps()
            .matrix("x", Some("tokens"), 7)
            .node("y", "layer_norm", &["x"], json!({}))
            .output("y"),
    );
    let frozen = steps()
        .matrix("x", Some("tokens"), 7)
        .node("y", "layer_norm", &["x"], json!({ "eps": 0.1 }))
        .parameter("y.weight", json!({ "trainable": false }))
        .parameter("y.bias", json!({ "trainable": false }));
    check(frozen.output("y"));
}

#[test]
fn dropout_is_the_same_mask_in_both_passes() {
    for locked in [false, true] {
        let config = json!({ "p": 0.4, "locked": locked });
        let program = steps()
            .matrix("x", Some("tokens"), 6)
            .node("y", "dropout", &["x"], config);
        check(program.output("y"));
    }
    check(
        ProgramCheck::new(9)
            .matrix("x", None, 6)
            .node("y", "dropout", &["x"], json!({ "p": 0.3 }))
            .output("y"),
    );
}

#[test]
fn sums_products_and_one_value_used_twice() {
    let program = steps()
        .matrix("a", Some("tokens"), 3)
        .matrix("b", Some("tokens"), 3)
        .node("product", "mul", &["a", "b"], json!({}))
        .node("square", "mul", &["product", "product"], json!({}))
        .node("sum", "add", &["square", "a"], json!({}))
        .node("double", "add", &["sum", "sum"], json!({}))
        .node("left", "slice", &["double"], json!({ "end": 2 }))
        .node("joined", "concat", &["left", "a", "left"], json!({}));
    check(program.output("joined").output("double"));
}

#[test]
fn embedding_dense_sparse_padded_and_repeated() {
    let ids: Vec<i32> = (0..LENGTHS.iter().sum::<u32>() as i32)
        .map(|i| i * i % 7)
        .collect();
    for sparse in [false, true] {
        let program = steps()
            .ids("words", Some("tokens"), 7, &ids)
            .node(
                "table",
                "embedding",
                &["words"],
                json!({ "embedding_size": 4 }),
            )
            .parameter("table.weight", json!({ "sparse": sparse }));
        check(program.output("table"));
    }
}

#[test]
fn losses_between_matrices() {
    let losses = [
        ("bce_with_logits", json!({})),
        ("bce_with_logits", json!({ "pos_weight": [0.5, 3.0, 1.0] })),
        ("huber", json!({ "delta": 0.7 })),
        ("l1", json!({ "reduction": "sum" })),
        ("mse", json!({})),
    ];
    for (kind, config) in losses {
        let program = steps()
            .matrix("x", Some("tokens"), 3)
            .matrix("target", Some("tokens"), 3)
            .parameter("target.weight", json!({ "trainable": false }))
            .node("loss", kind, &["x", "target"], config);
        program
            .output("loss")
            .run(5)
            .unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
    let quantile = steps()
        .matrix("x", Some("tokens"), 6)
        .matrix("target", Some("tokens"), 2)
        .parameter("target.weight", json!({ "trainable": false }))
        .node(
            "loss",
            "quantile",
            &["x", "target"],
            json!({ "quantiles": [0.1, 0.5, 0.9] }),
        );
    check(quantile.output("loss"));
}

#[test]
fn losses_of_distributions() {
    // Variances, scales and degrees of freedom are positive: softplus makes them so.
    let positive = |program: ProgramCheck, name: &str| {
        let raw = format!("{name}_raw");
        program
            .matrix(&raw, Some("tokens"), 2)
            .node(name, "softplus", &[&raw], json!({}))
    };
    let target = |program: ProgramCheck| {
        program
            .matrix("target", Some("tokens"), 2)
            .parameter("target.weight", json!({ "trainable": false }))
    };
    let gaussian = target(positive(steps().matrix("mean", Some("tokens"), 2), "var"));
    let config = json!({ "full": true });
    check(
        gaussian
            .node("loss", "gaussian_nll", &["mean", "var", "target"], config)
            .output("loss"),
    );
    let student = target(positive(
        positive(steps().matrix("loc", Some("tokens"), 2), "df"),
        "scale",
    ));
    check(
        student
            .node(
                "loss",
                "student_t_nll",
                &["df", "loc", "scale", "target"],
                json!({}),
            )
            .output("loss"),
    );
}

#[test]
fn cross_entropy_smoothed_and_weighted_and_a_sum_of_losses() {
    let targets: Vec<i32> = (0..LENGTHS.iter().sum::<u32>() as i32)
        .map(|i| i % 4)
        .collect();
    let config = json!({ "label_smoothing": 0.2, "class_weights": [1.0, 0.5, 0.0, 2.0] });
    let program = steps()
        .matrix("logits", Some("tokens"), 4)
        .ids("classes", Some("tokens"), 4, &targets)
        .node("weighted", "cross_entropy", &["logits", "classes"], config)
        .node(
            "plain",
            "cross_entropy",
            &["logits", "classes"],
            json!({ "reduction": "sum" }),
        )
        .node("loss", "add", &["weighted", "plain"], json!({}));
    check(program.output("loss"));
}
