//! Gradients of the cells that the spec's builder makes of other blocks: the
//! graphs in `cells/` are the builder's, whose tests compare them.

use serde_json::Value;
use testing::ProgramCheck;

/// Rows of unequal length, some empty, enough of them for several shards.
const LENGTHS: [u32; 6] = [2, 0, 4, 1, 3, 2];

fn check(graph: &str) {
    let graph: Value = serde_json::from_str(graph).expect("the builder writes JSON");
    let size = |of: &Value| of["width"].as_u64().expect("a width") as usize;
    let mut program = ProgramCheck::new(LENGTHS.len())
        .axis("tokens", None, &LENGTHS)
        .matrix("x", Some("tokens"), size(&graph));
    let list = |name: &str| graph[name].as_object().expect("an object").iter();
    for (state, input) in list("states") {
        // A normaliser is above zero.
        if state == "n0" {
            let given = format!("{state}_given");
            program = program.matrix(&given, None, size(input)).node(
                state,
                "exp",
                &[&given],
                Value::Null,
            );
        } else {
            program = program.matrix(state, None, size(input));
        }
    }
    for node in graph["nodes"].as_array().expect("nodes") {
        program = program.node_of(node);
    }
    for (_, value) in list("outputs") {
        program = program.output(value.as_str().expect("a value"));
    }
    program.run(3).unwrap_or_else(|error| panic!("{error}"));
}

macro_rules! cells {
    ($($test:ident $graph:literal)*) => {
        $(#[test]
        fn $test() {
            check(include_str!(concat!("cells/", $graph, ".json")));
        })*
    };
}

cells! {
    layer_norm_lstm "layerNormLstm"
    peephole_lstm "peepholeLstm"
    mogrifier_lstm "mogrifierLstm"
    mogrifier_lstm_of_rank_one "mogrifierLstmOfRankOne"
    sru "sru"
    sru_of_another_width "sruOfAnotherWidth"
    qrnn "qrnn"
    qrnn_of_three "qrnnOfThree"
    min_gru "minGru"
    min_lstm "minLstm"
    slstm "slstm"
    slstm_with_heads "slstmWithHeads"
    rg_lru "rgLru"
}
