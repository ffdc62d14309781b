// TensorFlow.js on one of its backends, one thread.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import {
  CHECKED_RATE, CHECKED_STEPS, digest, recurrentInput, recurrentWeights, TIMED_RATE, transpose,
} from '../weights.mjs';

async function choose(backend) {
  setThreadsCount(1);
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  tf.enableProdMode();
  await tf.setBackend(backend);
  await tf.ready();
}

function stack(sizes) {
  const { batch, time, input, hidden, directions, layers } = sizes;
  const weights = recurrentWeights(sizes);
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

const inputOf = (sizes) => tf.tensor3d(recurrentInput(sizes), [sizes.batch, sizes.time, sizes.input]);

async function lstmForward(sizes) {
  const model = stack(sizes);
  const x = inputOf(sizes);
  let y;
  const run = async () => {
    y?.dispose();
    y = tf.tidy(() => model.predict(x));
    await y.data();
  };
  return {
    checkedRuns: 1,
    async check() {
      await run();
      return digest(y.dataSync());
    },
    run,
    dispose() {
      model.dispose();
      tf.dispose([x, y]);
    },
  };
}

async function lstmTraining(sizes) {
  const model = stack(sizes);
  const x = inputOf(sizes);
  const step = async (optimizer) => {
    const loss = optimizer.minimize(() => model.apply(x, { training: true }).square().mean(), true);
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
  const timed = tf.train.sgd(TIMED_RATE);
  return {
    checkedRuns: CHECKED_STEPS,
    async check() {
      const checked = tf.train.sgd(CHECKED_RATE);
      const losses = [];
      for (let i = 0; i < CHECKED_STEPS; i += 1) losses.push(await step(checked));
      return losses;
    },
    run: async () => void (await step(timed)),
    memory: () => ({ wasm: tf.getBackend() === 'wasm' ? tf.backend().wasm.HEAPU8.byteLength : undefined }),
    dispose() {
      model.dispose();
      tf.dispose(x);
    },
  };
}

/** Compiling the backend, building the model, and a first prediction. */
async function coldStart(backend, { encoder }) {
  const start = performance.now();
  await choose(backend);
  const result = await (await lstmForward(encoder)).check();
  return { milliseconds: performance.now() - start, result };
}

export async function start({ backend }) {
  const on = (task) => async (sizes) => {
    await choose(backend);
    return task(sizes);
  };
  return { lstmForward: on(lstmForward), lstmTraining: on(lstmTraining), coldStart: (sizes) => coldStart(backend, sizes) };
}
