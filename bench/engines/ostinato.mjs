// This library, through its public interface.
import { readFile, writeFile } from 'node:fs/promises';
import { createEngine, Model, readConll, SpecBuilder, Tagger, Trainer } from '../../dist/index.js';
import { examples, heldBack } from '../sentences.mjs';
import {
  CHECKED_RATE, CHECKED_STEPS, classifierBatch, classifierWeights, digest, GATES, languageBatch, languageWeights, recurrentInput, recurrentWeights,
  taggerBatch, taggerWeights, TIMED_RATE,
} from '../weights.mjs';

const sgd = (rate) => ({ optimizer: { kind: 'sgd', learning_rate: rate } });
const adam = { optimizer: { kind: 'adam', learning_rate: 1e-3 }, clipNorm: 5 };

/** The first losses of a training. */
function losses(trainer, data, carried = {}) {
  return Array.from({ length: CHECKED_STEPS }, () => trainer.stepSync(data, 'train', carried).loss);
}

/** A training step as a task, with what its memory should be by the model's sizes. */
function training(engine, model, trainer, slots, data, check, carried = {}) {
  return {
    check,
    run: () => void trainer.stepSync(data, 'train', carried),
    memory: () => memoryOf(engine, model, slots),
    dispose() {
      trainer.dispose();
      model.dispose();
    },
  };
}

/** Bytes of WebAssembly memory beside those that the sizes of model, optimiser and batch call for. */
function memoryOf(engine, model, slots) {
  const { total, shardGradients, arena, staging } = engine.memory();
  const parameters = 4 * model.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return { wasm: total, needed: parameters * (2 + slots) + shardGradients + arena + staging };
}

function recurrentSpec(cell, { input, hidden, directions, layers }) {
  const node = {
    name: cell, type: cell, inputs: ['x'],
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
      forward: { nodes: [node], outputs: { y: cell } },
      train: { nodes: [node, { name: 'mse', type: 'mse', inputs: [cell, 'target'] }], outputs: { loss: 'mse' } },
    },
  };
}

function recurrent(engine, cell, sizes) {
  const model = new Model(engine, recurrentSpec(cell, sizes));
  for (const [parameter, values] of recurrentWeights(sizes, GATES[cell])) model.setParameterSync(`${cell}.${parameter}`, values);
  const { batch, time, hidden, directions } = sizes;
  const data = {
    rows: batch,
    lengths: { steps: new Int32Array(batch).fill(time) },
    inputs: { x: recurrentInput(sizes), target: new Float32Array(batch * time * directions * hidden) },
  };
  return { model, data };
}

function forward(engine, cell, sizes) {
  const { model, data } = recurrent(engine, cell, sizes);
  return {
    check: () => digest(model.predictSync('forward', data).y.data),
    run: () => void model.predictSync('forward', data),
    dispose: () => model.dispose(),
  };
}

function lstmTraining(engine, sizes) {
  const { model, data } = recurrent(engine, 'lstm', sizes);
  const trainer = new Trainer(model, sgd(TIMED_RATE));
  return training(engine, model, trainer, 0, data, () => {
    const checked = new Trainer(model, sgd(CHECKED_RATE));
    const first = losses(checked, data);
    checked.dispose();
    return first;
  });
}

/** A BiLSTM-CRF tagger: embedding, dropout, BiLSTM, dropout, linear, CRF. */
function tagger(engine, sizes, dropout) {
  const { vocabulary, embedding, hidden, tags } = sizes;
  const emissions = [
    { name: 'embedding', type: 'embedding', inputs: ['words'], config: { embedding_size: embedding } },
    { name: 'input_dropout', type: 'dropout', inputs: ['embedding'], config: { p: dropout } },
    { name: 'lstm', type: 'lstm', inputs: ['input_dropout'], config: { hidden_size: hidden, bidirectional: true } },
    { name: 'output_dropout', type: 'dropout', inputs: ['lstm'], config: { p: dropout } },
    { name: 'linear', type: 'linear', inputs: ['output_dropout'], config: { output_size: tags } },
  ];
  const loss = { name: 'crf', type: 'crf', inputs: ['linear', 'tags'] };
  const share = Object.fromEntries(
    ['transitions', 'start_transitions', 'end_transitions'].map((name) => [name, `crf.${name}`]),
  );
  const decode = { name: 'crf_decode', type: 'crf_decode', inputs: ['linear'], share };
  const model = new Model(engine, {
    version: 1,
    axes: { tokens: {} },
    inputs: {
      words: { type: 'ids', axis: 'tokens', size: vocabulary },
      tags: { type: 'ids', axis: 'tokens', size: tags },
    },
    parameters: { 'embedding.weight': { sparse: true } },
    entries: {
      train: { nodes: [...emissions, loss], outputs: { loss: 'crf' } },
      decode: { nodes: [...emissions, decode], outputs: { tags: 'crf_decode' } },
    },
  });
  for (const [parameter, values] of taggerWeights(sizes)) model.setParameterSync(parameter, values);
  const { lengths, words, tags: gold } = taggerBatch(sizes);
  return { model, data: { rows: lengths.length, lengths: { tokens: lengths }, inputs: { words, tags: gold } } };
}

function taggerDecode(engine, sizes) {
  const { model, data } = tagger(engine, sizes, 0.5);
  return {
    check: () => digest(model.predictSync('decode', data).tags.data),
    run: () => void model.predictSync('decode', data),
    dispose: () => model.dispose(),
  };
}

/** A BiLSTM classifier: embedding, dropout, BiLSTM, maximum over time, dropout, linear, cross-entropy. */
function classifier(engine, sizes, dropout) {
  const s = new SpecBuilder();
  const words = s.ids('words', { axis: s.axis('tokens'), size: sizes.vocabulary });
  const label = s.ids('label', { size: sizes.classes });
  const x = s.dropout(s.embedding(words, { embeddingSize: sizes.embedding }), { p: dropout });
  const h = s.lstm(x, { hiddenSize: sizes.hidden, bidirectional: true });
  const pooled = s.dropout(s.pool(h, { kind: 'max' }), { p: dropout });
  const logits = s.linear(pooled, { outputSize: sizes.classes });
  const model = new Model(engine, s.entry('train', { loss: s.crossEntropy(logits, label) }).build());
  for (const [parameter, values] of classifierWeights(sizes)) model.setParameterSync(parameter, values);
  const { lengths, words: text, classes } = classifierBatch(sizes);
  return { model, data: { rows: lengths.length, lengths: { tokens: lengths }, inputs: { words: text, label: classes } } };
}

/** A language model: embedding, LSTM with dropout between its layers, linear; its state goes from piece to piece. */
function language(engine, sizes, dropout) {
  const { vocabulary, embedding, hidden, layers } = sizes;
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const characters = s.ids('characters', { axis: tokens, size: vocabulary });
  const next = s.ids('next', { axis: tokens, size: vocabulary });
  const [h0, c0] = ['h', 'c'].map((name) => s.state(name, { width: layers * hidden }));
  const x = s.embedding(characters, { embeddingSize: embedding });
  const lstm = s.lstm(x, { hiddenSize: hidden, layers, dropout, h0, c0 });
  const logits = s.linear(lstm, { outputSize: vocabulary });
  s.entry('train', { loss: s.crossEntropy(logits, next) }, { carry: { h: lstm.hN, c: lstm.cN } });
  const model = new Model(engine, s.build());
  for (const [parameter, values] of languageWeights(sizes)) model.setParameterSync(parameter, values);
  const { lengths, characters: text, next: following } = languageBatch(sizes);
  const data = { rows: lengths.length, lengths: { tokens: lengths }, inputs: { characters: text, next: following } };
  return { model, data, carried: { state: model.stateSync() } };
}

/** Steps that are timed with dropout, of a model that `make` makes, with what each is given beside its batch. */
function droppedTraining(engine, make, sizes) {
  const { model, data, carried } = make(engine, sizes, sizes.dropout ?? 0.5);
  const trainer = new Trainer(model, adam);
  // Dropout's draws differ between engines, so that what is compared does without.
  const check = () => {
    const checked = make(engine, sizes, 0);
    const first = losses(new Trainer(checked.model, adam), checked.data, checked.carried);
    checked.model.dispose();
    return first;
  };
  return training(engine, model, trainer, 2, data, check, carried);
}

/** The tagger of `Tagger.train` on a corpus; a run is an epoch, and tells its own time, without reading and scoring. */
async function corpusTraining(engine, { file, sentences = Infinity }) {
  const all = [];
  for await (const example of readConll(await readFile(file, 'utf8'))) {
    if (all.length < sentences) all.push(example);
  }
  const dev = all.slice(0, 1);
  const model = await Tagger.train(all, { engine, epochs: 1, dev });
  return {
    check: () => [model.report.sentences, model.report.tokens, model.labels.length],
    async run() {
      const { tokens, tokensPerSecond } = await model.fit(all, { epochs: 1, dev });
      return { seconds: tokens / tokensPerSecond, amount: tokens };
    },
    dispose: () => model.dispose(),
  };
}

/** A small tagger that has learnt its sentences. */
function smallTagger(engine) {
  return Tagger.train(examples, { engine, epochs: 20, dev: heldBack, learningRate: 0.01 });
}

/** From text to entities with their probabilities. */
async function sentence(engine, { text }) {
  const model = await smallTagger(engine);
  return {
    check: () => model.tagSync(text).map(({ type, text: found }) => `${type} ${found}`),
    run: () => void model.tagSync(text),
    dispose: () => model.dispose(),
  };
}

/** Compiling the core, reading a tagger and tagging a first text, timed in a process that has done nothing yet. */
async function coldStart(settings, { model, text }) {
  const bytes = await readFile(model);
  const start = performance.now();
  const engine = await createEngine(settings);
  const tagged = (await Tagger.load(bytes, { engine })).tagSync(text);
  const milliseconds = performance.now() - start;
  engine.dispose();
  return { milliseconds, result: tagged.map(({ type, text: found }) => `${type} ${found}`) };
}

/**
 * @param settings options of `createEngine`
 * @throws UnsupportedError when this host cannot run such an engine
 */
export async function start(settings) {
  let made;
  const engine = async () => (made ??= await createEngine(settings));
  const on = (task) => async (sizes) => task(await engine(), sizes);
  return {
    lstmForward: on((core, sizes) => forward(core, 'lstm', sizes)),
    lstmTraining: on(lstmTraining),
    gruForward: on((core, sizes) => forward(core, 'gru', sizes)),
    taggerTraining: on((core, sizes) => droppedTraining(core, tagger, sizes)),
    classifierTraining: on((core, sizes) => droppedTraining(core, classifier, sizes)),
    languageTraining: on((core, sizes) => droppedTraining(core, language, sizes)),
    taggerDecode: on(taggerDecode),
    corpusTraining: on(corpusTraining),
    sentence: on(sentence),
    coldStart: (sizes) => coldStart(settings, sizes),
    /** Leaves the model file that cold starts read. */
    modelFile: async ({ model }) => {
      const small = await smallTagger(await engine());
      await writeFile(model, await small.save());
      small.dispose();
    },
  };
}
