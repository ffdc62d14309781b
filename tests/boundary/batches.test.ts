import { describe, expect, it } from 'vitest';
import { SpecBuilder } from '../../ts/src/spec/specBuilder.js';
import type { Batch } from '../../ts/src/training/batch.js';
import { output, rowOf } from '../../ts/src/training/output.js';
import { Model } from '../../ts/src/training/model.js';
import { Draw, labelBatch, testEngine, testModel, testTrainer, thrown } from './graph.js';

const good = labelBatch([3, 1]);
const [features, words, labels] = [Array(12).fill(0), [1, 2, 3, 4], [0, 1, 2, 3]];

/** What is wrong with a batch, and the start of the message that says so. */
const malformed: readonly [string, unknown, string][] = [
  ['no rows', { ...good, rows: 0 }, 'batch.rows: expected a whole number above 0, given 0'],
  ['half a row', { ...good, rows: 1.5 }, 'batch.rows: expected a whole number above 0, given 1.5'],
  ['rows that are no number', { ...good, rows: '2' }, 'batch.rows: expected a whole number above 0, given "2"'],
  ['endless rows', { ...good, rows: Infinity }, 'batch.rows: expected a whole number above 0, given Infinity'],
  ['no lengths', { ...good, lengths: undefined }, 'batch.lengths.tokens: expected 2 lengths, one for each row, given undefined'],
  ['too few lengths', { ...good, lengths: { tokens: [4] } }, 'batch.lengths.tokens: expected 2 lengths, one for each row, given 1'],
  ['a length below zero', { ...good, lengths: { tokens: [5, -1] } }, 'batch.lengths.tokens[1]: expected a whole number from 0, given -1'],
  ['a length that is no number', { ...good, lengths: { tokens: [4, NaN] } }, 'batch.lengths.tokens[1]: expected a whole number from 0, given NaN'],
  ['a length that is a fraction', { ...good, lengths: { tokens: [2.5, 1.5] } }, 'batch.lengths.tokens[0]: expected a whole number from 0, given 2.5'],
  ['a length that wraps around', { ...good, lengths: { tokens: [2 ** 32, 4] } }, 'batch.lengths.tokens: expected at most 16777216 steps'],
  ['lengths of an unknown axis', { ...good, lengths: { tokens: [3, 1], chars: [1] } }, 'batch.lengths.chars: expected one of the axes tokens'],
  ['lengths that do not fit the data', { ...good, lengths: { tokens: [3, 2] } }, 'batch.inputs.words: expected 5 ids, one for each step of tokens, given 4'],
  ['no inputs', { ...good, inputs: undefined }, 'batch.inputs: expected data by input, given undefined'],
  ['a missing input', { ...good, inputs: { words, features } }, 'batch.inputs.labels: expected 4 ids, one for each step of tokens, given undefined'],
  ['an unknown input', { ...good, inputs: { words, features, labels, tags: [] } }, 'batch.inputs.tags: expected one of the inputs words, features, labels'],
  ['an input that is inherited', { ...good, inputs: Object.create(good.inputs) as Batch['inputs'] }, 'batch.inputs.words: expected'],
  ['too few numbers', { ...good, inputs: { words, labels, features: [1, 2] } }, 'batch.inputs.features: expected 12 numbers, 3 for each step of tokens, given 2'],
  ['text for ids', { ...good, inputs: { features, labels, words: 'abcd' } }, 'batch.inputs.words: expected 4 ids'],
  ['an id that is text', { ...good, inputs: { features, labels, words: [1, 2, '3', 4] } }, 'batch.inputs.words[2]: expected a whole number, given "3"'],
  ['an id that is a fraction', { ...good, inputs: { features, labels, words: [1, 2.5, 3, 4] } }, 'batch.inputs.words[1]: expected a whole number, given 2.5'],
  ['an id that is no number', { ...good, inputs: { features, labels, words: Float32Array.of(1, 2, NaN, 4) } }, 'batch.inputs.words[2]: expected a whole number, given NaN'],
  ['an id that wraps around', { ...good, inputs: { features, labels, words: [1, 2, 3, 2 ** 32] } }, 'batch.inputs.words[3]: expected a whole number, given 4294967296'],
  ['a large id', { ...good, inputs: { features, labels, words: [1, 2, 50, 4] } }, 'input "words": expected ids from 0 to 49, got 50 at place 2'],
  ['an id below zero', { ...good, inputs: { features, labels, words: [-1, 2, 3, 4] } }, 'input "words": expected ids from 0 to 49, got -1 at place 0'],
  ['a large target', { ...good, inputs: { features, words, labels: [0, 0, 0, 4] } }, 'input "labels": expected ids from 0 to 3, got 4 at place 3'],
  ['nothing', undefined, 'batch: expected rows, lengths and inputs, given undefined'],
];

describe('a batch with', () => {
  it.each(malformed)('%s is refused', async (_, batch, message) => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const before = model.parameterSync('linear.weight');
    const act = (): unknown => trainer.stepSync(batch as Batch);
    expect(thrown(act)).toMatchObject({ name: 'UsageError', code: 'invalid_batch', message: expect.stringContaining(message) });
    expect(model.parameterSync('linear.weight')).toEqual(before);
    expect(trainer.stepSync(good).step).toBe(1);
  });
});

describe('a batch', () => {
  it('may hold numbers in any array, and more than an entry needs', async () => {
    const model = await testModel();
    const expected = model.predictSync('predict', { ...good, inputs: { words: [1, 2, 3, 4], features } });
    for (const kind of [Int32Array, Uint32Array, Float32Array, Float64Array]) {
      const inputs = { words: kind.from(words), features: kind.from(features), labels };
      const lengths = { tokens: kind.from([3, 1]) };
      expect(model.predictSync('predict', { rows: 2, lengths, inputs })).toEqual(expected);
    }
  });

  it('may have rows without steps, even only such', async () => {
    const model = await testModel();
    const empty = { rows: 3, lengths: { tokens: [0, 0, 0] }, inputs: { words: [], features: [], labels: [] } };
    const outputs = model.predictSync('predict', empty);
    expect(output(outputs, 'logits', 'matrix').data).toHaveLength(0);
    expect([...output(outputs, 'final', 'matrix').data]).toEqual(Array(3 * 12).fill(0));
    expect(testTrainer(model).stepSync(empty).loss).toBe(0);
  });

  it('has the rows of a nested axis at the steps of its parent', async () => {
    const s = new SpecBuilder();
    const tokens = s.axis('tokens');
    const chars = s.axis('chars', { of: tokens });
    const letters = s.ids('letters', { axis: chars, size: 9 });
    const word = s.gru(s.embedding(letters, { embeddingSize: 2 }), { hiddenSize: 3 });
    const sentence = s.gru(word.hN, { hiddenSize: 2 });
    const spec = s.entry('predict', { letters: word, words: word.hN, sentence: sentence.hN }).build();
    const model = new Model(await testEngine(), spec);
    const draw = new Draw(5);
    const charLengths = [2, 1, 0, 3, 2];
    const ids = Array.from({ length: 8 }, () => draw.below(9));
    const batch = { rows: 3, lengths: { tokens: [1, 0, 4], chars: charLengths }, inputs: { letters: ids } };
    const outputs = model.predictSync('predict', batch);
    expect([...output(outputs, 'letters', 'matrix').offsets]).toEqual([0, 2, 3, 3, 6, 8]);
    expect([...output(outputs, 'words', 'matrix').offsets]).toEqual([0, 1, 1, 5]);
    expect([...output(outputs, 'sentence', 'matrix').offsets]).toEqual([0, 1, 2, 3]);
    // The last step of each word is its final state.
    const states = output(outputs, 'words', 'matrix');
    charLengths.forEach((length, at) => {
      if (length === 0) return;
      const steps = rowOf(output(outputs, 'letters', 'matrix'), at);
      expect(steps.slice(-3)).toEqual(states.data.slice(3 * at, 3 * at + 3));
    });
    const wrong = { ...batch, lengths: { tokens: [1, 0, 4], chars: [8] } };
    expect(thrown(() => model.predictSync('predict', wrong))).toMatchObject({
      message: 'batch.lengths.chars: expected 5 lengths, one for each step of tokens, given 1',
    });
  });
});
