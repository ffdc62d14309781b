//! States: sequences in pieces, and what may be done with rows between them.

use nn::context::Pass;
use nn::error::Code;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::Run;
use nn::state::{State, ZEROS};
use nn::trainer::Trainer;
use serde_json::{Value, json};
use simd::F64;
use testing::{Random, assert_close, plain};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [usize; 11] = [7, 1, 0, 5, 2, 4, 1, 0, 3, 6, 2];
const WIDTH: usize = 3;
/// Two layers of 4 units.
const STATE: usize = 8;

/// Every kind, with its states.
const KINDS: [(&str, &[&str]); 3] = [("rnn", &["h"]), ("lstm", &["h", "c"]), ("gru", &["h"])];

/// Two layers that begin with states, in `train`, or with inputs, in `given`.
fn spec(kind: &str, states: &[&str]) -> Value {
    let mut inputs = json!({
        "x": { "type": "matrix", "axis": "tokens", "width": WIDTH },
        "target": { "type": "matrix", "axis": "tokens", "width": 4 },
    });
    let mut carry = json!({});
    for state in states {
        inputs[state] = json!({ "type": "matrix", "width": STATE, "state": true });
        inputs[format!("{state}0")] = json!({ "type": "matrix", "width": STATE });
        carry[state] = format!("layer.{state}_n").into();
    }
    let entry = |suffix: &str| {
        let mut of = vec!["x".to_string()];
        of.extend(states.iter().map(|state| format!("{state}{suffix}")));
        json!({
            "nodes": [
                { "name": "layer", "type": kind, "inputs": of, "config": { "hidden_size": 4, "num_layers": 2 } },
                { "name": "mse", "type": "mse", "inputs": ["layer", "target"], "config": { "reduction": "sum" } },
            ],
            "outputs": { "loss": "mse", "y": "layer", "h_n": "layer.h_n" },
        })
    };
    let mut train = entry("");
    train["carry"] = carry;
    json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": inputs,
        "entries": { "train": train, "given": entry("0") },
    })
}

fn model(spec: &Value) -> Model<F64> {
    Model::new(&plain(spec), 3).unwrap()
}

/// Numbers of every step of every row.
fn numbers(width: usize, seed: u64) -> Vec<Vec<f32>> {
    let mut random = Random::new(seed);
    let row = |&length: &usize| random.uniforms(length * width, -1.0, 1.0);
    LENGTHS.iter().map(row).collect()
}

/// The steps of each row from `from` on, `count` at the most, as staged words.
fn piece(from: usize, count: usize, states: &[Vec<f32>]) -> Vec<u32> {
    let mut words = vec![LENGTHS.len() as u32];
    let part = |length: usize| (from.min(length), (from + count).min(length));
    words.extend(LENGTHS.iter().map(|&length| {
        let (from, to) = part(length);
        (to - from) as u32
    }));
    for (width, seed) in [(WIDTH, 1), (4, 2)] {
        for (row, &length) in numbers(width, seed).iter().zip(&LENGTHS) {
            let (from, to) = part(length);
            words.extend(row[from * width..to * width].iter().map(|x| x.to_bits()));
        }
    }
    words.extend(states.iter().flatten().map(|x| x.to_bits()));
    words
}

/// Runs an entry and gives back `y` by row.
fn forward(
    model: &mut Model<F64>,
    entry: &str,
    words: &[u32],
    state: Option<&mut State<f64>>,
) -> Vec<Vec<f64>> {
    let entry = model.entry(entry).unwrap();
    let mut run = Run::default();
    run.forward_staged(model, entry, words, Pass::default(), state)
        .unwrap();
    let y = run.output(model, entry, 1).unwrap();
    let mut rest = &y[..];
    let lengths = &words[1..=LENGTHS.len()];
    let rows = lengths.iter().map(|&length| {
        let (row, after) = rest.split_at(4 * length as usize);
        rest = after;
        row.to_vec()
    });
    rows.collect()
}

#[test]
fn a_sequence_in_pieces_is_the_sequence() {
    for (kind, states) in KINDS {
        let mut model = model(&spec(kind, states));
        let whole = forward(&mut model, "train", &piece(0, 7, &[]), None);
        let mut end = State::new(&model.signature);
        forward(&mut model, "train", &piece(0, 7, &[]), Some(&mut end));
        for size in [1, 2, 3, 7] {
            let mut state = State::new(&model.signature);
            let mut rows = vec![Vec::new(); LENGTHS.len()];
            for from in (0..7).step_by(size) {
                let y = forward(
                    &mut model,
                    "train",
                    &piece(from, size, &[]),
                    Some(&mut state),
                );
                for (row, y) in rows.iter_mut().zip(y) {
                    row.extend(y);
                }
            }
            assert_close(&rows.concat(), &whole.concat(), 1e-14, 1e-12).unwrap();
            for number in 0..states.len() {
                let (found, expected) = (state.read(number).unwrap(), end.read(number).unwrap());
                assert!(expected.iter().any(|&x| x != 0.0));
                assert_close(&found, &expected, 1e-14, 1e-12).unwrap();
                // A row without a step keeps what it had.
                assert_eq!(expected[2 * STATE..3 * STATE], [0.0; STATE]);
            }
        }
    }
}

#[test]
fn a_piece_is_trained_as_if_its_state_were_an_input() {
    for (kind, states) in KINDS {
        let mut model = model(&spec(kind, states));
        let mut random = Random::new(5);
        let (mut state, mut fresh) = (State::new(&model.signature), State::new(&model.signature));
        let given: Vec<Vec<f32>> = (0..states.len())
            .map(|number| {
                let given: Vec<f32> = random.uniforms(LENGTHS.len() * STATE, -1.0, 1.0);
                let wide: Vec<f64> = given.iter().map(|&x| f64::from(x)).collect();
                state.write(number, &wide).unwrap();
                given
            })
            .collect();
        let pass = Pass {
            training: true,
            ..Pass::default()
        };
        let mut gradients = |entry: &str, words: &[u32], state: Option<&mut State<f64>>| {
            let entry = model.entry(entry).unwrap();
            let (mut run, mut total) = (Run::default(), Gradients::default());
            run.load(&model, entry, words, true).unwrap();
            let state = run.enter(&model, entry, state).unwrap();
            let loss = run.train(&mut model, entry, 0, pass, &mut total).unwrap();
            run.carry(&model, entry, state);
            (loss, total.dense, run.output(&model, entry, 2).unwrap())
        };
        let expected = gradients("given", &piece(1, 3, &given), None);
        let found = gradients("train", &piece(1, 3, &[]), Some(&mut state));
        assert_eq!(found, expected, "{kind}");
        assert!(found.1.iter().any(|&d| d != 0.0));
        assert_eq!(state.read(0).unwrap(), expected.2, "{kind}");
        // Without a state there are zeros.
        let zeros = vec![vec![0.0; LENGTHS.len() * STATE]; states.len()];
        let expected = gradients("given", &piece(1, 3, &zeros), None);
        assert_eq!(gradients("train", &piece(1, 3, &[]), None), expected);
        assert_eq!(fresh.rows(), 0);
        let found = gradients("train", &piece(1, 3, &[]), Some(&mut fresh));
        assert_eq!((found, fresh.rows()), (expected, LENGTHS.len()));
    }
}

/// A state of two names and widths, and entries that move it about.
fn moving() -> Value {
    let entry = |carry: Value| {
        json!({
            "nodes": [{ "name": "y", "type": "add", "inputs": ["a", "b"] }],
            "outputs": { "y": "y", "b": "b" },
            "carry": carry,
        })
    };
    json!({
        "version": 1,
        "inputs": {
            "x": { "type": "matrix", "width": 2 },
            "a": { "type": "matrix", "width": 2, "state": true },
            "b": { "type": "matrix", "width": 2, "state": true },
            "c": { "type": "matrix", "width": 1, "state": true },
        },
        "entries": {
            "swap": entry(json!({ "a": "b", "b": "a" })),
            "sum": entry(json!({ "b": "y" })),
            "take": entry(json!({ "a": "x" })),
            "look": { "nodes": [], "outputs": { "c": "c" } },
        },
    })
}

/// A state of `moving` with 10, 11, 12, … in `a`, 20, … in `b`, 30, … in `c`.
fn filled(model: &Model<F64>, rows: usize) -> State<f64> {
    let mut state = State::new(&model.signature);
    for (number, width) in [2, 2, 1].into_iter().enumerate() {
        let values = (0..rows * width).map(|i| (10 * (number + 1) + i) as f64);
        state.write(number, &values.collect::<Vec<_>>()).unwrap();
    }
    state
}

fn read(state: &mut State<f64>) -> [Vec<f64>; 3] {
    [0, 1, 2].map(|number| state.read(number).unwrap())
}

#[test]
fn an_entry_carries_what_it_says_and_leaves_the_rest() {
    let mut model = model(&moving());
    let mut run = Run::default();
    let mut call = |entry: &str, words: &[u32], state: &mut State<f64>| {
        let entry = model.entry(entry).unwrap();
        run.forward_staged(&mut model, entry, words, Pass::default(), Some(state))
            .unwrap();
        run.output(&model, entry, 0).unwrap()
    };
    let signature = Model::<F64>::new(&plain(&moving()), 1).unwrap();
    let mut state = filled(&signature, 2);
    let (a, b, c) = (
        vec![10.0, 11.0, 12.0, 13.0],
        vec![20.0, 21.0, 22.0, 23.0],
        vec![30.0, 31.0],
    );
    assert_eq!(read(&mut state), [a.clone(), b.clone(), c.clone()]);
    call("swap", &[2], &mut state);
    assert_eq!(read(&mut state), [b.clone(), a.clone(), c.clone()]);
    let sum = call("sum", &[2], &mut state);
    assert_eq!(sum, [30.0, 32.0, 34.0, 36.0]);
    assert_eq!(read(&mut state), [b.clone(), sum.clone(), c.clone()]);
    let x = [1.0_f32, 2.0, 3.0, 4.0].map(f32::to_bits);
    call("take", &[&[2], &x[..]].concat(), &mut state);
    assert_eq!(read(&mut state), [vec![1.0, 2.0, 3.0, 4.0], sum, c.clone()]);
    assert_eq!(call("look", &[2], &mut state), c);
}

#[test]
fn rows_are_gathered_read_and_written() {
    let model = model(&moving());
    let mut state = filled(&model, 3);
    let copy = state.clone();
    state.gather(&[2, 0, ZEROS, 2]).unwrap();
    assert_eq!(state.rows(), 4);
    let a = [14.0, 15.0, 10.0, 11.0, 0.0, 0.0, 14.0, 15.0];
    assert_eq!(state.read(0).unwrap(), a);
    assert_eq!(state.read(2).unwrap(), [32.0, 30.0, 0.0, 32.0]);
    let before = state.clone();
    for wrong in [4, 1 << 31] {
        let error = state.gather(&[0, wrong]).unwrap_err();
        let given = wrong as i32;
        assert_eq!(error.code, Code::State);
        assert_eq!(
            error.message,
            format!("rows[1]: expected -1, or a row below 4, got {given}")
        );
    }
    let error = state.write(1, &[1.0; 7]).unwrap_err();
    assert_eq!(
        error.message,
        "values: expected 2 numbers for each of 4 rows, got 7"
    );
    assert_eq!(state.write(3, &[]).unwrap_err().code, Code::State);
    assert_eq!(state.read(3).unwrap_err().code, Code::State);
    assert_eq!(state, before);
    state.restore(copy.clone()).unwrap();
    assert_eq!(state, copy);
    state.gather(&[]).unwrap();
    assert_eq!(state, State::new(&model.signature));
    state.write(2, &[7.0; 5]).unwrap();
    assert_eq!((state.rows(), state.read(0).unwrap()), (5, vec![0.0; 10]));
}

#[test]
fn a_step_that_fails_leaves_the_state_as_it_was() {
    let mut model = model(&spec("lstm", &["h", "c"]));
    let config = json!({ "optimizer": { "kind": "sgd", "learning_rate": 0.1 } });
    let mut trainer = Trainer::new(&plain(&config), &model, 1).unwrap();
    let entry = model.entry("train").unwrap();
    let mut run = Run::default();
    let good = piece(0, 3, &[]);
    let mut infinite = good.clone();
    *infinite.last_mut().unwrap() = f32::INFINITY.to_bits();
    let bad = &good[..good.len() - 1];
    let few = [&[2, 1, 1][..], &[0; 2 * (WIDTH + 4)]].concat();

    let mut state = State::new(&model.signature);
    for (words, code) in [(&infinite[..], Code::NotFinite), (bad, Code::Batch)] {
        let error = trainer.train_step(&mut model, &mut run, entry, words, Some(&mut state));
        assert_eq!(error.unwrap_err().code, code);
        assert_eq!(state, State::new(&model.signature));
    }
    trainer
        .train_step(&mut model, &mut run, entry, &good, Some(&mut state))
        .unwrap();
    let before = state.clone();
    assert!(before.clone().read(1).unwrap().iter().any(|&c| c != 0.0));
    for (words, code) in [
        (&infinite[..], Code::NotFinite),
        (bad, Code::Batch),
        (&few, Code::State),
    ] {
        let error = trainer.train_step(&mut model, &mut run, entry, words, Some(&mut state));
        assert_eq!(error.unwrap_err().code, code);
        assert_eq!(state, before);
    }
    let error = run.forward_staged(&mut model, entry, &few, Pass::default(), Some(&mut state));
    assert_eq!(
        error.unwrap_err().message,
        "state: expected 11 rows, as in the calls before, got 2"
    );
    assert_eq!(state, before);
}

#[test]
fn a_state_of_another_model_is_refused() {
    let (mut one, other) = (model(&moving()), model(&spec("gru", &["h"])));
    let entry = one.entry("look").unwrap();
    let mut foreign = State::new(&other.signature);
    let error = Run::default()
        .forward_staged(&mut one, entry, &[2], Pass::default(), Some(&mut foreign))
        .unwrap_err();
    let expected = "state: expected one of this model, it is of another";
    assert_eq!((error.code, &error.message[..]), (Code::State, expected));
    let error = filled(&one, 2).restore(foreign).unwrap_err();
    assert_eq!((error.code, &error.message[..]), (Code::State, expected));
}

#[test]
fn a_spec_that_is_wrong_about_states_is_refused_by_its_path() {
    let refused = |path: &[&str], value: Value| {
        let mut spec = moving();
        spec["axes"] = json!({ "tokens": {} });
        spec["inputs"]["ids"] = json!({ "type": "ids", "size": 3 });
        spec["inputs"]["steps"] = json!({ "type": "matrix", "axis": "tokens", "width": 2 });
        let last = path.iter().fold(&mut spec, |place, name| &mut place[*name]);
        *last = value;
        let error = Model::<F64>::new(&plain(&spec), 1).map(|_| ()).unwrap_err();
        assert_eq!(error.code, Code::Spec);
        error.to_string()
    };
    let carry = ["entries", "take", "carry"];
    for (given, message) in [
        (
            json!({ "d": "x" }),
            "d: no input with \"state\": true has this name",
        ),
        (
            json!({ "x": "x" }),
            "x: no input with \"state\": true has this name",
        ),
        (
            json!({ "c": "x" }),
            "c: expected matrix [batch rows, 1], got matrix [batch rows, 2]",
        ),
        (
            json!({ "a": "steps" }),
            "a: expected matrix [batch rows, 2], got matrix [steps of tokens, 2]",
        ),
        (
            json!({ "a": "ids" }),
            "a: expected matrix [batch rows, 2], got ids below 3 [batch rows]",
        ),
        (
            json!({ "a": "z" }),
            "a: \"z\" is neither an input nor an output of an earlier node",
        ),
        (json!({ "a": 3 }), "a: expected the name of a value"),
    ] {
        let message = format!("entries.take.carry.{message}");
        assert_eq!(refused(&carry, given), message);
    }
    let message = "entries.take.carry: expected an object, got []";
    assert!(refused(&carry, json!([])).starts_with(&message[..40]));
    let plain = "inputs.a.state: expected a matrix without an axis and without a gradient";
    for input in [
        json!({ "type": "matrix", "width": 2, "state": true, "gradient": true }),
        json!({ "type": "matrix", "width": 2, "state": true, "axis": "tokens" }),
        json!({ "type": "ids", "size": 2, "state": true }),
    ] {
        assert_eq!(refused(&["inputs", "a"], input), format!("spec.{plain}"));
    }
}
