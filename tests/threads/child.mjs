// node child.mjs [dispose] [twice] [unfinished]: trains a little with threads and comes to its end; nothing calls `process.exit`.
import { createEngine, Model, SpecBuilder, Trainer, optimizer } from '../../dist/index.js';

const asked = new Set(process.argv.slice(2));

function train(engine) {
  const s = new SpecBuilder();
  const steps = s.axis('steps');
  const x = s.matrix('x', { axis: steps, width: 4 });
  const target = s.matrix('target', { axis: steps, width: 6 });
  const spec = s.entry('train', { loss: s.mse(s.lstm(x, { hiddenSize: 6 }), target) }).build();
  const trainer = new Trainer(new Model(engine, spec), { optimizer: optimizer.adam() });
  const batch = {
    rows: 16,
    lengths: { steps: new Array(16).fill(5) },
    inputs: { x: new Float32Array(16 * 5 * 4).fill(0.5), target: new Float32Array(16 * 5 * 6) },
  };
  return trainer.stepSync(batch).loss;
}

const engine = await createEngine({ threads: 2 });
const losses = [train(engine)];
if (asked.has('dispose')) engine.dispose();
if (asked.has('twice')) losses.push(train(await createEngine({ threads: 3 })));
// An engine that is still being made must not keep the process either, once it is there.
if (asked.has('unfinished')) void createEngine({ threads: 2 });
console.log(JSON.stringify(losses));
