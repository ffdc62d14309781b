// onnxruntime-web, wasm, one thread. It infers only.
import ort from 'onnxruntime-web/wasm';
import { lstmInput, lstmWeights, swapLeading } from '../weights.mjs';
import { lstmModel } from './onnx-model.mjs';

export const name = 'onnxruntime-web';

ort.env.wasm.numThreads = 1;

export async function lstmForward(sizes) {
  const { batch, time, input, hidden, directions } = sizes;
  const session = await ort.InferenceSession.create(lstmModel(sizes, lstmWeights(sizes)), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const x = new ort.Tensor('float32', swapLeading(lstmInput(sizes), batch, time, input), [time, batch, input]);
  let y;
  return {
    async run() {
      ({ y } = await session.run({ x }));
    },
    result: () => swapLeading(y.data, time, batch, directions * hidden),
    dispose: () => session.release(),
  };
}
