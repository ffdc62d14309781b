// TensorFlow.js on one of its backends, one thread.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import {
  CHECKED_RATE, CHECKED_STEPS, classifierBatch, classifierWeights, digest, languageBatch, languageWeights, recurrentInput, recurrentWeights, TIMED_RATE, transpose,
} from '../weights.mjs';

async function choose(backend) {
  setThreadsCount(1);
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
  tf.enableProdMode();
  await tf.setBackend(backend);
  await tf.ready();
}

/** Keras orders the gates i, f, c, o, which is PyTorch's order, and has one bias. */
function layerWeights(weights, layer, { hidden, directions, columns }) {
  return [`l${layer}`, `l${layer}_reverse`].slice(0, directions).flatMap((n) => {
    const recurrent = weights.get(`bias_hh_${n}`);
    return [
      tf.tensor2d(transpose(weights.get(`weight_ih_${n}`), 4 * hidden, columns), [columns, 4 * hidden]),
      tf.tensor2d(transpose(weights.get(`weight_hh_${n}`), 4 * hidden, hidden), [hidden, 4 * hidden]),
      tf.tensor1d(weights.get(`bias_ih_${n}`).map((b, i) => b + recurrent[i])),
    ];
  });
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
    model.layers[layer].setWeights(layerWeights(weights, layer, { hidden, directions, columns }));
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

/** Embedding, dropout, BiLSTM, maximum over time, dropout, linear. */
function classifier(sizes, dropout) {
  const { vocabulary, embedding, hidden, classes, batch, time } = sizes;
  const weights = classifierWeights(sizes);
  const lstm = new Map([...weights].map(([name, values]) => [name.replace('lstm.', ''), values]));
  const recurrent = tf.layers.lstm({ units: hidden, returnSequences: true, recurrentActivation: 'sigmoid', recurrentInitializer: 'zeros' });
  const model = tf.sequential({
    layers: [
      tf.layers.embedding({ inputDim: vocabulary, outputDim: embedding, batchInputShape: [batch, time] }),
      tf.layers.dropout({ rate: dropout }),
      tf.layers.bidirectional({ layer: recurrent, mergeMode: 'concat' }),
      tf.layers.globalMaxPooling1d({}),
      tf.layers.dropout({ rate: dropout }),
      tf.layers.dense({ units: classes }),
    ],
  });
  model.setWeights([
    tf.tensor2d(weights.get('embedding.weight'), [vocabulary, embedding]),
    ...layerWeights(lstm, 0, { hidden, directions: 2, columns: embedding }),
    tf.tensor2d(transpose(weights.get('linear.weight'), classes, 2 * hidden), [2 * hidden, classes]),
    tf.tensor1d(weights.get('linear.bias')),
  ]);
  return model;
}

/** Gradients scaled down to a global norm, as Keras' `clipnorm` and PyTorch's function do it. */
function clipped(gradients, most) {
  const norm = tf.stack(Object.values(gradients).map((g) => g.square().sum())).sum().sqrt();
  const factor = tf.minimum(1, tf.div(most, norm.add(1e-6)));
  return Object.fromEntries(Object.entries(gradients).map(([name, g]) => [name, g.mul(factor)]));
}

/** Embedding, LSTMs whose state goes from piece to piece, dropout between them, linear. */
function language(sizes, dropout) {
  const { vocabulary, embedding, hidden, layers, batch, time } = sizes;
  const weights = languageWeights(sizes);
  const lstm = new Map([...weights].map(([name, values]) => [name.replace('lstm.', ''), values]));
  const model = tf.sequential({ layers: [tf.layers.embedding({ inputDim: vocabulary, outputDim: embedding, batchInputShape: [batch, time] })] });
  for (let layer = 0; layer < layers; layer += 1) {
    if (layer > 0) model.add(tf.layers.dropout({ rate: dropout }));
    model.add(tf.layers.lstm({
      units: hidden, returnSequences: true, recurrentActivation: 'sigmoid', recurrentInitializer: 'zeros', stateful: true,
    }));
  }
  model.add(tf.layers.dense({ units: vocabulary }));
  const columns = (layer) => (layer === 0 ? embedding : hidden);
  model.setWeights([
    tf.tensor2d(weights.get('embedding.weight'), [vocabulary, embedding]),
    ...Array.from({ length: layers }, (_, layer) => layerWeights(lstm, layer, { hidden, directions: 1, columns: columns(layer) })).flat(),
    tf.tensor2d(transpose(weights.get('linear.weight'), vocabulary, hidden), [hidden, vocabulary]),
    tf.tensor1d(weights.get('linear.bias')),
  ]);
  return model;
}

async function languageTraining(sizes) {
  const { batch, time, vocabulary, dropout } = sizes;
  const { characters, next } = languageBatch(sizes);
  const x = tf.tensor2d(characters, [batch, time], 'int32');
  const target = tf.oneHot(tf.tensor2d(next, [batch, time], 'int32'), vocabulary);
  return droppedTraining(language, sizes, dropout, x, target);
}

async function classifierTraining(sizes) {
  // Its Bidirectional reads rows of one length only.
  if (Array.isArray(sizes.time)) throw Object.assign(new Error('its bidirectional layers take no masks'), { name: 'UnsupportedError' });
  const { words, classes } = classifierBatch(sizes);
  const x = tf.tensor2d(words, [sizes.batch, sizes.time], 'int32');
  const target = tf.oneHot(tf.tensor1d(classes, 'int32'), sizes.classes);
  return droppedTraining(classifier, sizes, 0.5, x, target);
}

/** Steps that are timed with dropout, of a model that `make` makes: cross-entropy, clipping, Adam. */
function droppedTraining(make, sizes, dropout, x, target) {
  const start = (rate) => ({ model: make(sizes, rate), optimizer: tf.train.adam(1e-3, 0.9, 0.999, 1e-8) });
  const step = async ({ model, optimizer }) => {
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => tf.losses.softmaxCrossEntropy(target, model.apply(x, { training: true })));
      optimizer.applyGradients(clipped(grads, 5));
      return value;
    });
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
  const timed = start(dropout);
  return {
    async check() {
      const checked = start(0);
      const losses = [];
      for (let i = 0; i < CHECKED_STEPS; i += 1) losses.push(await step(checked));
      checked.model.dispose();
      checked.optimizer.dispose();
      return losses;
    },
    run: async () => void (await step(timed)),
    dispose() {
      timed.model.dispose();
      timed.optimizer.dispose();
      tf.dispose([x, target]);
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
  return {
    lstmForward: on(lstmForward),
    lstmTraining: on(lstmTraining),
    classifierTraining: on(classifierTraining),
    languageTraining: on(languageTraining),
    coldStart: (sizes) => coldStart(backend, sizes),
  };
}
