import { describe, expect, test } from 'vitest';
import { decideLabels, weightsOf } from '../../../ts/src/models/classifier/labels.js';
import type { ClassifierSettings } from '../../../ts/src/models/classifier/options.js';
import { kindOf, readLabelled } from '../../../ts/src/models/classifier/labelled.js';
import { tokenizerFromConfig } from '../../../ts/src/text/ruleTokenizer.js';

const tokenizer = tokenizerFromConfig({ type: 'default' });
const read = (labels: string) =>
  readLabelled([...labels].map((label) => ({ text: `a ${label}`, label })), { tokenizer, kind: 'single', maxTokens: 9, what: 'data' });

describe('decideLabels', () => {
  test('takes those that occur in order, or those given as they are', () => {
    expect(decideLabels(read('bcab'), 'single', undefined, 'data')).toEqual(['a', 'b', 'c']);
    expect(decideLabels(read('bcab'), 'ordinal', ['c', 'z', 'b', 'a'], 'data')).toEqual(['c', 'z', 'b', 'a']);
  });
});

describe('weightsOf', () => {
  const weights = (classWeights: ClassifierSettings['classWeights'], kind: ClassifierSettings['kind'], labels: string[], texts: string) =>
    weightsOf({ classWeights, kind }, labels, read(texts));

  test('balances as scikit-learn does; what no example has counts 1', () => {
    expect(weights('balanced', 'single', ['a', 'b'], 'aaab')).toEqual([4 / 6, 2]);
    expect(weights('balanced', 'ordinal', ['a', 'b', 'c'], 'aaab')).toEqual([4 / 9, 4 / 3, 1]);
  });

  test('balances having a label against not having it', () => {
    expect(weights('balanced', 'multi', ['a', 'b', 'c'], 'aaab')).toEqual([1 / 3, 3, 1]);
    expect(weights('balanced', 'multi', ['a'], 'aa')).toEqual([1]);
  });

  test('takes one for what is not named', () => {
    expect(weights({ b: 3 }, 'single', ['a', 'b'], 'ab')).toEqual([1, 3]);
    expect(weights({ b: 3 }, 'single', ['b', 'constructor'], 'b')).toEqual([3, 1]);
    expect(weights(null, 'multi', ['a', 'b'], 'ab')).toBeUndefined();
  });
});

describe('readLabelled', () => {
  test('reads as much of a text as it is to, and of an empty one an unknown word', () => {
    const [long, blank] = readLabelled([{ text: 'one two three', labels: ['x', 'x', 'y'] }, { tokens: [], label: 'x' }], {
      tokenizer, kind: 'multi', maxTokens: 2, what: 'data',
    });
    expect(long?.document.words()).toEqual(['one', 'two']);
    expect(long?.document.segments()).toEqual([{ start: 0, end: 7, tokenStart: 0, tokenEnd: 2 }]);
    expect(long?.labels).toEqual(['x', 'y']);
    expect(blank?.document.words()).toEqual(['\ufffd']);
    expect(blank?.document.segments()).toEqual([{ start: 0, end: 0, tokenStart: 0, tokenEnd: 1 }]);
  });

  test('tells the kind by what examples have', () => {
    expect(kindOf([{ text: 'a', label: 'x' }])).toBe('single');
    expect(kindOf([{ text: 'a', label: 'x' }, { text: 'a', labels: [] }])).toBe('multi');
  });
});
