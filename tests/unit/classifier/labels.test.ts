import { describe, expect, test } from 'vitest';
import { decideLabels, weightsOf } from '../../../ts/src/models/classifier/labels.js';
import { kindOf, readLabelled } from '../../../ts/src/models/classifier/labelled.js';
import { tokenizerFromConfig } from '../../../ts/src/text/tokenizer.js';

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
  test('balances as scikit-learn does', () => {
    expect(weightsOf('balanced', ['a', 'b'], read('aaab'))).toEqual([4 / 6, 2]);
    expect(weightsOf('balanced', ['a', 'b', 'c'], read('aaab'))).toEqual([4 / 9, 4 / 3, 4 / 3]);
  });

  test('takes one for what is not named', () => {
    expect(weightsOf({ b: 3 }, ['a', 'b'], [])).toEqual([1, 3]);
    expect(weightsOf(null, ['a', 'b'], [])).toBeUndefined();
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
