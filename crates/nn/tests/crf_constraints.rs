//! What a CRF block is told is forbidden, and mistakes in telling it.

use nn::context::Pass;
use nn::model::Model;
use nn::run::Run;
use serde_json::{Value, json};
use simd::F64;
use testing::Random;

fn bio() -> Value {
    json!({ "scheme": "bio", "tags": ["O", "B-X", "I-X"] })
}

#[test]
fn mistakes_are_named() {
    let refuse = |kind: &str, inputs: Value, config: Value, expected: &str| {
        let spec = json!({
            "version": 1,
            "axes": { "tokens": {}, "others": {} },
            "inputs": {
                "emissions": { "type": "matrix", "axis": "tokens", "width": 3 },
                "tags": { "type": "ids", "axis": "tokens", "size": 4 },
                "elsewhere": { "type": "ids", "axis": "others", "size": 3 },
            },
            "entries": { "run": {
                "nodes": [{ "name": "crf", "type": kind, "inputs": inputs, "config": config }],
                "outputs": { "y": "crf" },
            } },
        });
        let error = Model::<F64>::new(&testing::plain(&spec), 1)
            .map(|_| ())
            .unwrap_err();
        assert!(error.message.contains(expected), "{}", error.message);
    };
    let emissions = json!(["emissions"]);
    refuse(
        "crf",
        json!(["emissions", "tags"]),
        json!({}),
        "inputs[1]: expected ids below 3",
    );
    refuse(
        "crf",
        json!(["emissions", "elsewhere"]),
        json!({}),
        "inputs[1]: expected ids below 3",
    );
    refuse(
        "crf_marginals",
        json!(["emissions", "tags"]),
        json!({}),
        "inputs[1]: expected ids below 3",
    );
    refuse("crf_nbest", emissions.clone(), json!({}), "config.n");
    refuse(
        "crf_nbest",
        emissions.clone(),
        json!({ "n": 0 }),
        "config.n",
    );
    let constraints = |constraints: Value, expected: &str| {
        refuse(
            "crf_decode",
            emissions.clone(),
            json!({ "constraints": constraints }),
            expected,
        );
    };
    constraints(
        json!({ "scheme": "iob", "tags": [] }),
        "constraints.scheme: expected \"bio\", \"bioes\" or \"bmes\", got \"iob\"",
    );
    constraints(
        json!({ "scheme": "bio", "tags": ["O"] }),
        "constraints.tags: expected a name for each of 3 tags, got 1",
    );
    constraints(
        json!({ "scheme": "bio", "tags": ["O", "B-X", "E-X"] }),
        "constraints.tags[2]: expected a tag of the scheme \"bio\", got \"E-X\"",
    );
    constraints(
        json!({ "start": [1, 1, 2], "transitions": [], "end": [] }),
        "constraints.start: expected 3 zeros and ones",
    );
    constraints(
        json!({ "start": [1, 1, 1], "transitions": [1, 0], "end": [1, 1, 1] }),
        "constraints.transitions: expected 9 zeros and ones",
    );
}

#[test]
fn masks_given_as_such_are_those_of_the_scheme() {
    let masks =
        json!({ "start": [1, 1, 0], "transitions": [1, 1, 0, 1, 1, 1, 1, 1, 1], "end": [1, 1, 1] });
    let values = [bio(), masks].map(|constraints| {
        let spec = json!({
            "version": 1,
            "axes": { "tokens": {} },
            "inputs": { "emissions": { "type": "matrix", "axis": "tokens", "width": 3 } },
            "entries": { "run": {
                "nodes": [{
                    "name": "crf", "type": "crf_marginals", "inputs": ["emissions"],
                    "config": { "constraints": constraints },
                }],
                "outputs": { "marginals": "crf" },
            } },
        });
        let mut model = Model::<F64>::new(&testing::plain(&spec), 1).unwrap();
        let mut words = vec![2, 3, 2];
        words.extend(
            Random::new(2)
                .normals::<f32>(15)
                .iter()
                .map(|x| x.to_bits()),
        );
        let mut run = Run::default();
        run.load(&model, 0, &words, false).unwrap();
        run.forward(&mut model, 0, Pass::default());
        run.output(&model, 0, 0).unwrap()
    });
    assert_eq!(values[0], values[1]);
    // The third tag cannot start.
    assert_eq!((values[0][2], values[0][11]), (0.0, 0.0));
}
