// This library, through its public interface, one thread.
import { createEngine, Model, Trainer } from '../../dist/index.js';
import { lstmInput, lstmWeights, numbers } from '../weights.mjs';

export const name = 'ostinato';

let engine;

/** The engine, which takes the artifact that suits the runtime unless told otherwise. */
async function start() {
  engine ??= await createEngine({ variant: process.env.OSTINATO_VARIANT ?? 'auto' });
  return engine;
}

const sgd = { optimizer: { kind: 'sgd', learning_rate: 1e-3 } };
const adam = { optimizer: { kind: 'adam', learning_rate: 1e-3 }, clipNorm: 5 };

function lstmSpec({ input, hidden, directions, layers }) {
  const lstm = {
    name: 'lstm', type: 'lstm', inputs: ['x'],
    config: { hidden_size: hidden, num_layers: layers, bidirectional: directions === 2 },
  };
  return {
    version: 1,
    axes: { steps: {} },
    inputs: {
      x: { type: 'matrix', axis: 'steps', width: input },
      target: { type: 'matrix', axis: 'steps', width: directions * hidden },
    },
    parameters: {},
    entries: {
      forward: { nodes: [lstm], outputs: { y: 'lstm' } },
      train: { nodes: [lstm, { name: 'mse', type: 'mse', inputs: ['lstm', 'target'] }], outputs: { loss: 'mse' } },
    },
  };
}

async function lstm(sizes) {
  const model = new Model(await start(), lstmSpec(sizes));
  for (const [parameter, values] of lstmWeights(sizes)) model.setParameterSync(`lstm.${parameter}`, values);
  const { batch, time, hidden, directions } = sizes;
  const data = {
    rows: batch,
    lengths: { steps: new Int32Array(batch).fill(time) },
    inputs: { x: lstmInput(sizes), target: new Float32Array(batch * time * directions * hidden) },
  };
  return { model, data };
}

export async function lstmForward(sizes) {
  const { model, data } = await lstm(sizes);
  let y;
  return {
    run: async () => {
      ({ y } = model.predictSync('forward', data));
    },
    result: () => y.data,
    dispose: () => model.dispose(),
  };
}

export async function lstmTraining(sizes) {
  const { model, data } = await lstm(sizes);
  const trainer = new Trainer(model, sgd);
  let loss;
  return {
    run: async () => {
      ({ loss } = trainer.stepSync(data));
    },
    result: () => Float32Array.of(loss),
    dispose() {
      trainer.dispose();
      model.dispose();
    },
  };
}

/** Whole numbers below `limit`. */
function ids(count, limit, seed) {
  return Int32Array.from(numbers(count, 1, seed), (x) => Math.min(limit - 1, Math.floor(((x + 1) / 2) * limit)));
}

/** A step of a BiLSTM-CRF tagger: embedding, dropout, BiLSTM, dropout, linear, CRF, Adam, clipping. */
export async function taggerTraining({ batch, time, vocabulary, embedding, hidden, tags }) {
  const nodes = [
    { name: 'embedding', type: 'embedding', inputs: ['words'], config: { embedding_size: embedding } },
    { name: 'input_dropout', type: 'dropout', inputs: ['embedding'], config: { p: 0.5 } },
    { name: 'lstm', type: 'lstm', inputs: ['input_dropout'], config: { hidden_size: hidden, bidirectional: true } },
    { name: 'output_dropout', type: 'dropout', inputs: ['lstm'], config: { p: 0.5 } },
    { name: 'linear', type: 'linear', inputs: ['output_dropout'], config: { output_size: tags } },
    { name: 'crf', type: 'crf', inputs: ['linear', 'tags'] },
  ];
  const model = new Model(await start(), {
    version: 1,
    axes: { tokens: {} },
    inputs: {
      words: { type: 'ids', axis: 'tokens', size: vocabulary },
      tags: { type: 'ids', axis: 'tokens', size: tags },
    },
    parameters: { 'embedding.weight': { sparse: true } },
    entries: { train: { nodes, outputs: { loss: 'crf' } } },
  });
  const trainer = new Trainer(model, adam);
  const data = {
    rows: batch,
    lengths: { tokens: new Int32Array(batch).fill(time) },
    inputs: { words: ids(batch * time, vocabulary, 1), tags: ids(batch * time, tags, 2) },
  };
  let loss;
  return {
    run: async () => {
      ({ loss } = trainer.stepSync(data));
    },
    result: () => Float32Array.of(loss),
    dispose() {
      trainer.dispose();
      model.dispose();
    },
  };
}
