import { describe, expect, test } from 'vitest';
import { classificationTask } from '../../../ts/src/models/classifier/learning.js';
import type { LabelledText } from '../../../ts/src/models/classifier/labelled.js';
import { TextDocument } from '../../../ts/src/models/text/document.js';
import { WholeDocument } from '../../../ts/src/models/text/whole.js';

type Parts = Parameters<typeof classificationTask>[0];

describe('classificationTask', () => {
  const text = (tokens: string[]): LabelledText => ({ document: new WholeDocument(TextDocument.ofTokens(tokens), 9), labels: ['a'] });
  const data = { train: [text(['x', 'y']), text([])], dev: null };

  test('is monitored by what it is told to be', () => {
    expect(classificationTask({} as Parts, data, {}).monitor).toBe('accuracy');
    expect(classificationTask({} as Parts, data, { monitor: 'macroF1' }).monitor).toBe('macroF1');
  });

  test('counts the word that stands for no token', () => {
    const { size, length } = classificationTask({} as Parts, data, {}).data;
    expect([size, length(0), length(1)]).toEqual([2, 2, 1]);
  });
});
