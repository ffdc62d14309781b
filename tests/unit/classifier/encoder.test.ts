import { describe, expect, test } from 'vitest';
import { ClassifierEncoder } from '../../../ts/src/models/classifier/encoder.js';
import { readLabelled } from '../../../ts/src/models/classifier/labelled.js';
import { buildVocabularies } from '../../../ts/src/models/text/encoder.js';
import { tokenizerFromConfig } from '../../../ts/src/text/ruleTokenizer.js';

const sentences = [['win', 'a', 'car'], ['win', 'it']];
const vocabularies = buildVocabularies({ lowercase: true, minCount: 1, characters: 'none' }, sentences);
const texts = readLabelled(
  [{ text: 'Win a car', labels: ['b', 'a'] }, { text: '', labels: [] }, { text: 'it', labels: ['a'] }],
  { tokenizer: tokenizerFromConfig({ type: 'default' }), kind: 'multi', maxTokens: 9, what: 'data' },
);

describe('ClassifierEncoder', () => {
  test('gives the id of the label of each text', () => {
    const encoder = new ClassifierEncoder({ kind: 'single', labelSmoothing: 0.1 }, ['z', 'b', 'a'], vocabularies);
    const one = texts.filter(({ labels }) => labels.length > 0);
    expect(encoder.labelledBatch(one)).toEqual({
      rows: 2, lengths: { tokens: [3, 1] }, inputs: { words: Int32Array.of(2, 3, 4, 5), label: [1, 2] },
    });
    expect(encoder.sizes).toEqual({ words: 6, firstSingleton: 3, characters: 0, labels: 3 });
  });

  test('gives a decision for each label, smoothed towards a half', () => {
    const encoder = new ClassifierEncoder({ kind: 'multi', labelSmoothing: 0.5 }, ['a', 'b'], vocabularies);
    const { inputs, lengths } = encoder.labelledBatch(texts);
    expect(inputs['labels']).toEqual(Float32Array.of(0.75, 0.75, 0.25, 0.25, 0.75, 0.25));
    expect(lengths).toEqual({ tokens: [3, 1, 1] });
    expect([...(inputs['words'] ?? [])]).toEqual([2, 3, 4, 1, 5]);
  });
});
