// onnxruntime-web, wasm, one thread.
import ort from 'onnxruntime-web/wasm';
import { digest, GATES, recurrentInput, recurrentWeights, swapLeading } from '../weights.mjs';
import { recurrentModel } from './onnx-model.mjs';

ort.env.wasm.numThreads = 1;

async function forward(cell, sizes) {
  const { batch, time, input, hidden, directions } = sizes;
  const session = await ort.InferenceSession.create(recurrentModel(cell, sizes, recurrentWeights(sizes, GATES[cell])), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const x = new ort.Tensor('float32', swapLeading(recurrentInput(sizes), batch, time, input), [time, batch, input]);
  let y;
  const run = async () => void ({ y } = await session.run({ x }));
  return {
    async check() {
      await run();
      return digest(swapLeading(y.data, time, batch, directions * hidden));
    },
    run,
    dispose: () => session.release(),
  };
}

/** Compiling the runtime and the model, and a first prediction. */
async function coldStart({ encoder }) {
  const start = performance.now();
  const task = await forward('lstm', encoder);
  const result = await task.check();
  return { milliseconds: performance.now() - start, result };
}

export async function start() {
  return {
    lstmForward: (sizes) => forward('lstm', sizes),
    gruForward: (sizes) => forward('gru', sizes),
    coldStart,
  };
}
