//! Optimisers and schedules: a trajectory of one parameter under given
//! gradients, step by step.

use nn::model::Model;
use nn::param::Place;
use nn::trainer::Trainer;
use serde_json::{Map, Value, json};
use simd::{Element, Vector};

use super::case::GoldenCase;
use crate::program::plain;

/// PyTorch's LinearLR, with its defaults, is the warm-up of this project.
fn schedule(mut given: Value) -> Value {
    if given["kind"] == "linear" {
        given = json!({
            "kind": "linear_warmup",
            "warmup_steps": given.get("total_iters").unwrap_or(&json!(5)),
            "start_factor": given.get("start_factor").unwrap_or(&json!(1.0 / 3.0)),
        });
    }
    given
}

/// The trainer's configuration: PyTorch's `lr` is `learning_rate` here, and
/// `schedule` and clipping stand beside the optimiser.
fn trainer_config(case: &GoldenCase<'_>) -> Value {
    let mut config = Map::new();
    let mut optimizer = Map::new();
    for (name, value) in &case.config {
        match name.as_str() {
            "schedule" => config.insert(name.clone(), schedule(value.clone())),
            "clip_norm" | "clip_value" => config.insert(name.clone(), value.clone()),
            "lr" => optimizer.insert("learning_rate".into(), value.clone()),
            _ => optimizer.insert(name.clone(), value.clone()),
        };
    }
    config.insert("optimizer".into(), optimizer.into());
    config.into()
}

/// Runs one case. The parameter is the weight of a linear node of one input,
/// which no pass ever runs: gradients are written where a pass would.
pub(super) fn run<V: Vector>(case: &GoldenCase<'_>) -> Result<(), String> {
    let start: Vec<_> = case
        .reals("in.p0")?
        .iter()
        .map(|&x| V::Elem::from_f64(x.into()))
        .collect();
    let spec = json!({
        "version": 1,
        "inputs": { "x": { "type": "matrix", "width": 1 } },
        "entries": {
            "run": {
                "nodes": [{
                    "name": "node", "type": "linear", "inputs": ["x"],
                    "config": { "output_size": start.len(), "bias": false },
                }],
                "outputs": { "y": "node" },
            },
        },
    });
    let mut model = Model::<V>::new(&plain(&spec), 1).map_err(|e| e.to_string())?;
    let mut trainer =
        Trainer::new(&plain(&trainer_config(case)), &model, 1).map_err(|e| e.to_string())?;
    model.params.write(0, &start).map_err(|e| e.to_string())?;
    let Place::Dense(place) = model.params.table()[0].place else {
        return Err("the parameter is not trained".into());
    };
    let metrics = if case.has("in.metric") {
        case.reals("in.metric")?
    } else {
        Vec::new()
    };

    let (mut trajectory, mut rates) = (Vec::new(), Vec::new());
    for (step, gradient) in case
        .reals("in.grads")?
        .chunks_exact(start.len())
        .enumerate()
    {
        model.clear_gradients();
        let plain: Vec<_> = gradient
            .iter()
            .map(|&x| V::Elem::from_f64(x.into()))
            .collect();
        let stored = model.params.table()[0].stored();
        model
            .params
            .to_stored(0, &plain, &mut model.gradients.dense[place..place + stored]);
        rates.push(
            trainer
                .apply(&mut model)
                .map_err(|e| e.to_string())?
                .learning_rate,
        );
        trajectory.extend(model.params.read(0));
        if let Some(&metric) = metrics.get(step) {
            trainer.observe(metric.into());
        }
    }
    case.compare("out.trajectory", &trajectory)?;
    case.compare("out.lr", &rates)
}
