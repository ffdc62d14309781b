// TensorFlow.js on its wasm backend, one thread.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { lstmInput, lstmWeights, transpose } from '../weights.mjs';

export const name = 'TensorFlow.js wasm';

async function start() {
  setThreadsCount(1);
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  await tf.setBackend('wasm');
  await tf.ready();
}

function stack(sizes) {
  const { batch, time, input, hidden, directions, layers } = sizes;
  const weights = lstmWeights(sizes);
  const model = tf.sequential();
  for (let layer = 0; layer < layers; layer += 1) {
    const inputShape = layer === 0 ? { batchInputShape: [batch, time, input] } : {};
    const lstm = tf.layers.lstm({
      units: hidden, returnSequences: true, recurrentActivation: 'sigmoid', recurrentInitializer: 'zeros', ...(directions === 1 ? inputShape : {}),
    });
    model.add(directions === 1 ? lstm : tf.layers.bidirectional({ layer: lstm, mergeMode: 'concat', ...inputShape }));
    const columns = layer === 0 ? input : directions * hidden;
    // Keras orders the gates i, f, c, o, which is PyTorch's order, and has one bias.
    const tensors = [`l${layer}`, `l${layer}_reverse`].slice(0, directions).flatMap((n) => {
      const recurrent = weights.get(`bias_hh_${n}`);
      return [
        tf.tensor2d(transpose(weights.get(`weight_ih_${n}`), 4 * hidden, columns), [columns, 4 * hidden]),
        tf.tensor2d(transpose(weights.get(`weight_hh_${n}`), 4 * hidden, hidden), [hidden, 4 * hidden]),
        tf.tensor1d(weights.get(`bias_ih_${n}`).map((b, i) => b + recurrent[i])),
      ];
    });
    model.layers[layer].setWeights(tensors);
  }
  return model;
}

export async function lstmForward(sizes) {
  await start();
  const model = stack(sizes);
  const x = tf.tensor3d(lstmInput(sizes), [sizes.batch, sizes.time, sizes.input]);
  let y;
  return {
    async run() {
      y?.dispose();
      y = tf.tidy(() => model.predict(x));
      await y.data();
    },
    result: () => y.dataSync(),
    dispose() {
      model.dispose();
      tf.dispose([x, y]);
    },
  };
}

export async function lstmTraining(sizes) {
  await start();
  const model = stack(sizes);
  const x = tf.tensor3d(lstmInput(sizes), [sizes.batch, sizes.time, sizes.input]);
  const optimizer = tf.train.sgd(1e-3);
  let last;
  return {
    async run() {
      const loss = optimizer.minimize(() => model.apply(x, { training: true }).square().mean(), true);
      [last] = await loss.data();
      loss.dispose();
    },
    result: () => Float32Array.of(last),
    dispose() {
      model.dispose();
      tf.dispose(x);
    },
  };
}
