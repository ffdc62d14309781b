import { describe, expect, test } from 'vitest';
import { TextDocument } from '../../../ts/src/models/text/document.js';
import type { LabelledDocument } from '../../../ts/src/models/tagger/labelled.js';
import { learningData } from '../../../ts/src/models/tagger/learning.js';

const document = (index: number, type: string): LabelledDocument => ({
  document: TextDocument.ofTokens([`w${index}`, 'x']),
  spans: [{ type, start: 0, end: 1 }],
});

describe('learningData', () => {
  const documents = Array.from({ length: 40 }, (_, index) => document(index, index === 7 ? 'RARE' : 'A'));

  test('holds a tenth out and names it', () => {
    const { sentences, dev } = learningData(documents, undefined, { seed: 1 });
    expect(sentences).toHaveLength(36);
    expect(dev?.source).toBe('held out');
    expect(dev?.heldOut).toHaveLength(4);
    expect(dev?.examples).toEqual(dev?.heldOut.map((index) => documents[index]));
    const words = sentences.map(({ tokens }) => tokens[0]);
    for (const index of dev?.heldOut ?? []) expect(words).not.toContain(`w${index}`);
    expect(learningData(documents, undefined, { seed: 2 }).dev?.heldOut).not.toEqual(dev?.heldOut);
    expect(learningData(documents, undefined, { seed: 1 }).dev?.heldOut).toEqual(dev?.heldOut);
  });

  test('never holds the only example of a label out', () => {
    for (let seed = 0; seed < 30; seed += 1) {
      expect(learningData(documents, undefined, { seed }).dev?.heldOut).not.toContain(7);
    }
  });

  test('holds as much out as it is told to', () => {
    expect(learningData(documents, undefined, { holdOut: 0.25 }).dev?.heldOut).toHaveLength(10);
    const { sentences, dev } = learningData(documents, undefined, { holdOut: 0 });
    expect([sentences.length, dev]).toEqual([40, null]);
  });

  test('takes development data that is given', () => {
    const { sentences, dev } = learningData(documents, documents.slice(0, 2), { seed: 1 });
    expect(sentences).toHaveLength(40);
    expect(dev).toMatchObject({ source: 'given', heldOut: [] });
    expect(dev?.examples).toHaveLength(2);
  });

  test('holds nothing out of a single example', () => {
    expect(learningData(documents.slice(0, 1), undefined, { seed: 1 }).dev).toBeNull();
  });
});
