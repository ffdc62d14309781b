//! What blocks derive from parameters, kept until these change.

use simd::Vector;

use super::Program;
use crate::context::ParamView;
use crate::param::Params;

impl<V: Vector> Program<V> {
    /// Brings what blocks derive from parameters up to date.
    pub(crate) fn prepare(&mut self, params: &Params<V::Elem>, training: bool) {
        let prepared = &mut self.prepared[usize::from(training)];
        let state = Some(params.state(training));
        if *prepared == state {
            return;
        }
        for node in &mut self.nodes {
            let view = ParamView {
                params,
                ids: &node.params,
                training,
            };
            let derived = &mut node.derived[usize::from(training)];
            derived.resize(node.block.derived(view), simd::Element::ZERO);
            node.block.prepare(view, derived);
        }
        *prepared = state;
    }

    /// Bytes held by what blocks derive from parameters.
    pub fn bytes(&self) -> usize {
        self.nodes
            .iter()
            .map(|node| {
                node.derived.iter().map(Vec::capacity).sum::<usize>() * size_of::<V::Elem>()
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Model;
    use simd::F32;

    #[test]
    fn what_is_derived_is_made_again_when_parameters_have_changed_alone() {
        let spec = json::parse(
            r#"{
                "version": 1,
                "axes": { "tokens": {} },
                "inputs": { "x": { "type": "matrix", "axis": "tokens", "width": 2 } },
                "entries": { "predict": {
                    "nodes": [{ "name": "lstm", "type": "lstm", "inputs": ["x"], "config": { "hidden_size": 3 } }],
                    "outputs": { "y": "lstm" }
                } }
            }"#,
        );
        let mut model = Model::<F32>::new(&spec.unwrap(), 1).unwrap();
        for training in [false, true] {
            let prepared = |model: &mut Model<F32>, mark: Option<f32>| {
                model.programs[0].prepare(&model.params, training);
                let derived = &mut model.programs[0].nodes[0].derived[usize::from(training)];
                derived[0] = mark.unwrap_or(derived[0]);
                derived[0]
            };
            prepared(&mut model, Some(7.0));
            assert_eq!(prepared(&mut model, None), 7.0, "training {training}");
            let bias = model.read(2, false).unwrap();
            model.write(2, false, &bias).unwrap();
            assert_ne!(prepared(&mut model, None), 7.0, "training {training}");
        }
    }
}
