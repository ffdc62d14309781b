//! Embeddings in whole programs: repeated ids, padding, dense and sparse
//! gradients over several shards.

use nn::context::Pass;
use nn::gradient::Gradients;
use nn::model::Model;
use nn::run::{Run, Seed};
use serde_json::{Value, json};
use simd::F64;
use testing::{ProgramCheck, assert_close};

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 9] = [3, 1, 0, 5, 2, 4, 1, 0, 3];
const WIDTH: usize = 3;
const SIZE: usize = 7;

fn ids() -> Vec<i32> {
    (0..LENGTHS.iter().sum::<u32>() as i32)
        .map(|i| i * i % 6)
        .collect()
}

#[test]
fn gradients_of_a_table_that_two_nodes_look_up() {
    for sparse in [false, true] {
        let program = ProgramCheck::new(LENGTHS.len())
            .axis("tokens", None, &LENGTHS)
            .ids("words", Some("tokens"), SIZE, &ids())
            .node(
                "table",
                "embedding",
                &["words"],
                json!({ "embedding_size": WIDTH }),
            )
            .node("square", "mul", &["table", "table"], json!({}))
            .parameter("table.weight", json!({ "sparse": sparse }));
        program
            .output("square")
            .run(3)
            .unwrap_or_else(|error| panic!("sparse {sparse}: {error}"));
    }
}

fn model(config: Value, sparse: bool) -> Model<F64> {
    let spec = json!({
        "version": 1,
        "axes": { "tokens": {} },
        "inputs": { "words": { "type": "ids", "axis": "tokens", "size": SIZE } },
        "parameters": { "table.weight": { "sparse": sparse } },
        "entries": { "run": {
            "nodes": [{ "name": "table", "type": "embedding", "inputs": ["words"], "config": config }],
            "outputs": { "y": "table" },
        } },
    });
    Model::new(&testing::plain(&spec), 5).unwrap()
}

/// Rows, lengths and ids as they are staged.
fn batch() -> Vec<u32> {
    let mut words = vec![LENGTHS.len() as u32];
    words.extend(LENGTHS);
    words.extend(ids().iter().map(|&id| id as u32));
    words
}

/// Runs both passes from a gradient of 1, 2, 3 … by the caller's steps.
fn run(model: &mut Model<F64>) -> (Vec<f64>, Gradients<f64>) {
    let mut run = Run::default();
    run.load(model, 0, &batch(), true).unwrap();
    run.forward(
        model,
        0,
        Pass {
            training: true,
            ..Pass::default()
        },
    );
    let gradient: Vec<f32> = (0..ids().len())
        .flat_map(|step| [step as f32 + 1.0; WIDTH])
        .collect();
    let mut gradients = Gradients::default();
    run.backward_from(
        model,
        0,
        &[Seed {
            output: 0,
            gradient: (&gradient[..]).into(),
        }],
        &mut gradients,
    )
    .unwrap();
    (run.output(model, 0, 0).unwrap(), gradients)
}

#[test]
fn rows_come_back_in_the_callers_order() {
    let mut model = model(json!({ "embedding_size": WIDTH }), false);
    let table = model.params.read(0);
    let (y, _) = run(&mut model);
    for (step, &id) in ids().iter().enumerate() {
        assert_eq!(
            y[step * WIDTH..][..WIDTH],
            table[id as usize * WIDTH..][..WIDTH],
            "step {step}"
        );
    }
}

#[test]
fn the_padding_row_starts_as_zeros_and_gets_no_gradient() {
    for (padding_idx, sparse) in [
        (Some(0), false),
        (Some(0), true),
        (Some(4), true),
        (None, false),
        (None, true),
    ] {
        let mut model = model(
            json!({ "embedding_size": WIDTH, "padding_idx": padding_idx }),
            sparse,
        );
        let zeros = padding_idx
            .map(|id| &model.params.read(0)[id * WIDTH..][..WIDTH] == [0.0; WIDTH].as_slice());
        assert_ne!(zeros, Some(false));
        let (_, gradients) = run(&mut model);
        let mut expected = [0.0; SIZE];
        for (step, &id) in ids().iter().enumerate() {
            expected[id as usize] += if Some(id as usize) == padding_idx {
                0.0
            } else {
                step as f64 + 1.0
            };
        }
        // A row that no step looked up, or whose gradient counts for nothing, is not touched.
        let touched = gradients.sparse[0].ids();
        assert!(
            touched.iter().all(|&id| expected[id as usize] > 0.0),
            "{touched:?}"
        );
        let rows = gradients.read(&model.params, 0);
        let actual: Vec<f64> = rows.chunks(WIDTH).map(|row| row[WIDTH - 1]).collect();
        assert_eq!(actual, expected, "padding {padding_idx:?}, sparse {sparse}");
    }
}

#[test]
fn gradients_of_the_words_that_dropout_left() {
    for sparse in [false, true] {
        let config = json!({ "embedding_size": WIDTH, "dropout": 0.4 });
        let program = ProgramCheck::new(LENGTHS.len())
            .axis("tokens", None, &LENGTHS)
            .ids("words", Some("tokens"), SIZE, &ids())
            .node("table", "embedding", &["words"], config)
            .parameter("table.weight", json!({ "sparse": sparse }));
        program
            .output("table")
            .run(3)
            .unwrap_or_else(|error| panic!("sparse {sparse}: {error}"));
    }
}

#[test]
fn dropout_takes_words_out_wherever_they_occur() {
    const WORDS: usize = 400;
    const COPIES: usize = 3;
    let spec = json!({
        "version": 1,
        "axes": {},
        "inputs": { "words": { "type": "ids", "size": WORDS } },
        "parameters": { "table.weight": { "sparse": true } },
        "entries": { "run": {
            "nodes": [{ "name": "table", "type": "embedding", "inputs": ["words"],
                "config": { "embedding_size": WIDTH, "dropout": 0.25, "padding_idx": 7 } }],
            "outputs": { "y": "table" },
        } },
    });
    let mut model = Model::<F64>::new(&testing::plain(&spec), 5).unwrap();
    let table = model.params.read(0);
    let mut words = vec![(COPIES * WORDS) as u32];
    words.extend((0..COPIES * WORDS).map(|row| (row % WORDS) as u32));
    let mut run = Run::default();
    let mut looked_up = |model: &mut Model<F64>, training, step| {
        let pass = Pass {
            training,
            seed: 1,
            step,
        };
        run.load(model, 0, &words, training).unwrap();
        run.forward(model, 0, pass);
        let y = run.output(model, 0, 0).unwrap();
        let first = y[..WORDS * WIDTH].to_vec();
        assert!(y.chunks(WORDS * WIDTH).all(|copy| copy == first));
        first
    };
    assert_eq!(looked_up(&mut model, false, 0), table);
    let other = looked_up(&mut model, true, 1);
    let y = looked_up(&mut model, true, 0);
    assert_ne!(y, other);
    let is_dropped = |word: &usize| y[word * WIDTH..][..WIDTH] == [0.0; WIDTH];
    for word in 0..WORDS {
        let kept = table[word * WIDTH..][..WIDTH].iter().map(|x| x / 0.75);
        let kept: Vec<f64> = kept.collect();
        assert!(
            is_dropped(&word)
                || assert_close(&y[word * WIDTH..][..WIDTH], &kept, 1e-12, 0.0).is_ok()
        );
    }
    // Four standard deviations of 8.7 each; the padding is zero by itself.
    let dropped = (0..WORDS).filter(is_dropped).count();
    assert!((65..=136).contains(&dropped), "{dropped}");

    let mut gradients = Gradients::default();
    let seed = Seed {
        output: 0,
        gradient: vec![1.0; COPIES * WORDS * WIDTH].into(),
    };
    run.backward_from(&mut model, 0, &[seed], &mut gradients)
        .unwrap();
    let mut touched: Vec<usize> = gradients.sparse[0]
        .ids()
        .iter()
        .map(|&id| id as usize)
        .collect();
    touched.sort_unstable();
    let kept: Vec<usize> = (0..WORDS).filter(|word| !is_dropped(word)).collect();
    assert_eq!(touched, kept);
}

#[test]
fn a_table_of_lookups_becomes_a_weight_when_an_entry_multiplies_with_it() {
    let config = json!({ "embedding_size": WIDTH });
    let tied = json!({
        "nodes": [
            { "name": "table", "type": "embedding", "inputs": ["words"], "config": config },
            { "name": "again", "type": "linear", "inputs": ["table"],
                "config": { "output_size": SIZE, "bias": false }, "share": { "weight": "table.weight" } },
        ],
        "outputs": { "y": "again" },
    });
    let sizes = ids().len() * SIZE;
    let gradient_of = |model: &mut Model<F64>, entry: usize| {
        let mut run = Run::default();
        run.load(model, entry, &batch(), true).unwrap();
        let pass = Pass {
            training: true,
            ..Pass::default()
        };
        run.forward(model, entry, pass);
        let gradient: Vec<f32> = (0..sizes).map(|i| (i % 5) as f32 - 2.0).collect();
        let seed = Seed {
            output: 0,
            gradient: gradient.into(),
        };
        let mut gradients = Gradients::default();
        run.backward_from(model, entry, &[seed], &mut gradients)
            .unwrap();
        gradients.read(&model.params, 0)
    };
    let mut grown = model(config, false);
    run(&mut grown);
    let entry = grown.add_entry("tied", &testing::plain(&tied)).unwrap();
    let mut at_once = Model::new(
        &testing::plain(&json!({
            "version": 1,
            "axes": { "tokens": {} },
            "inputs": { "words": { "type": "ids", "axis": "tokens", "size": SIZE } },
            "parameters": {},
            "entries": { "tied": tied },
        })),
        5,
    )
    .unwrap();
    assert_eq!(gradient_of(&mut grown, entry), gradient_of(&mut at_once, 0));
}

#[test]
fn mistakes_are_named() {
    let refuse = |config: Value, expected: &str| {
        let program = ProgramCheck::new(1).ids("words", None, SIZE, &[1]);
        let error = program
            .node("table", "embedding", &["words"], config)
            .output("table")
            .run(1)
            .unwrap_err();
        assert!(error.contains(expected), "{error}");
    };
    refuse(json!({}), "config.embedding_size");
    refuse(
        json!({ "embedding_size": 2, "padding_idx": SIZE }),
        "config.padding_idx: expected an id below 7, got 7",
    );
    refuse(
        json!({ "embedding_size": 2, "dropout": -0.1 }),
        "config.dropout: expected a number from 0 to 1, got -0.1",
    );
}
