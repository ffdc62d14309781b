// What is measured, as data: tables of cases, what a run of a case amounts to, and what it must give.
import { readFileSync } from 'node:fs';
import { GATES, lengthsOf } from '../weights.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

/** The sizes of every case, by task. */
export const cases = read('cases.json');
/** What each case must give, by task and name of the case; pytorch/expected.py computed it in double precision. */
export const expected = read('expected.json');

/**
 * Floating-point operations of one forward pass of a recurrent stack: 2·T·B·4H·(I+H) summed over layers and
 * directions for an LSTM, 3H for a GRU. Forward and backward together count three times that.
 */
export function forwardOperations({ batch, time, input, hidden, directions, layers }, gates) {
  let operations = 0;
  for (let layer = 0; layer < layers; layer += 1) {
    const width = layer === 0 ? input : directions * hidden;
    operations += directions * 2 * time * batch * gates * hidden * (width + hidden);
  }
  return operations;
}

const tokens = (sizes) => lengthsOf(sizes).reduce((sum, length) => sum + length, 0);
const gigaOperations = (cell, passes) => (sizes) => (passes * forwardOperations(sizes, GATES[cell])) / 1e9;

/** A text that `sentences.mjs` teaches a small tagger to read. */
const spoken = { name: 'a text of 9 words, to entities with scores', text: 'please ask Goran whether the flight to Porto leaves' };
/** What a small tagger finds there. */
export const found = ['PERSON Goran', 'PLACE Porto'];
export const { text } = spoken;

/**
 * The tables. `amount` is what a run comes to in units of the rate; a task without one is told in milliseconds. A
 * `patient` task gets every round however long it takes, and an `alone` one is timed run by run.
 */
export const tables = [
  { group: 'lstm', task: 'lstmForward', title: 'LSTM forward', unit: 'GFLOP/s', cases: cases.lstm, amount: gigaOperations('lstm', 1) },
  { group: 'lstm', task: 'lstmTraining', title: 'LSTM forward + backward', unit: 'GFLOP/s', cases: cases.lstm, amount: gigaOperations('lstm', 3) },
  { group: 'gru', task: 'gruForward', title: 'GRU forward', unit: 'GFLOP/s', cases: cases.gru, amount: gigaOperations('gru', 1) },
  { group: 'tagger', task: 'taggerTraining', title: 'BiLSTM-CRF training step', unit: 'tokens/s', cases: cases.taggerTraining, amount: tokens },
  { group: 'tagger', task: 'taggerDecode', title: 'BiLSTM-CRF decode', unit: 'tokens/s', cases: cases.taggerDecode, amount: tokens },
  { group: 'classifier', task: 'classifierTraining', title: 'BiLSTM classifier training step', unit: 'examples/s', cases: cases.classifierTraining, amount: ({ batch }) => batch },
  { group: 'language', task: 'languageTraining', title: 'LSTM language model training step', unit: 'characters/s', cases: cases.languageTraining, amount: ({ batch, time }) => batch * time },
  { group: 'latency', task: 'taggerDecode', title: 'One sentence, ids to tags', unit: 'ms', cases: cases.taggerDecode.slice(0, 1), alone: true },
  { group: 'latency', task: 'sentence', title: 'One sentence, text to entities', unit: 'ms', cases: [spoken], alone: true, expected: found },
];

/** Sentences of a quick run over a corpus. */
const FEW = 160;

/** What an engine should find in a corpus of a token and its tag a line: sentences, tokens and types of entities. */
export function contents(file, most = Infinity) {
  const sentences = readFileSync(file, 'utf8').split(/\r?\n\s*\r?\n/).filter((block) => block.trim() !== '').slice(0, most);
  const lines = sentences.flatMap((sentence) => sentence.split('\n').filter((line) => line.trim() !== ''));
  const types = new Set(lines.map((line) => /-(\S+)\s*$/.exec(line)?.[1]).filter(Boolean));
  return [sentences.length, lines.length, types.size];
}

/** Training on a corpus. */
export function corpusTable(folder, quick) {
  const sizes = { name: 'resume-ner', file: `${folder}/resume-ner/train.bmes`, ...(quick ? { sentences: FEW } : {}) };
  return {
    group: 'corpus', task: 'corpusTraining', title: 'Training on a corpus', unit: 'tokens/s', cases: [sizes], patient: true,
    expected: contents(sizes.file, sizes.sentences),
  };
}

/** How far a result may be from what was expected, by its size and at least. */
const RELATIVE = 1e-4;
const ABSOLUTE = 1e-5;

/** A sentence that tells where a result differs from what was expected, or undefined. */
export function difference(result, wanted) {
  if (wanted === undefined) return 'there is nothing to compare the result with';
  if (result.length !== wanted.length) return `expected ${wanted.length} numbers, given ${result.length}`;
  const wrong = wanted.findIndex((value, i) =>
    typeof value === 'number' ? !(Math.abs(result[i] - value) <= ABSOLUTE + RELATIVE * Math.abs(value)) : result[i] !== value,
  );
  return wrong < 0 ? undefined : `expected ${wanted[wrong]} as result ${wrong}, given ${result[wrong]}`;
}
