import { describe, expect, test } from 'vitest';
import { TaggerEncoder } from '../../../ts/src/models/tagger/encoder.js';
import { modelSettings } from '../../../ts/src/models/tagger/options.js';

const sentences = [
  { tokens: ['Ana', 'met', 'ana'], spans: [{ type: 'PER', start: 0, end: 1 }] },
  { tokens: ['met', 'Bo'], spans: [{ type: 'PER', start: 0, end: 2 }] },
];

describe('TaggerEncoder', () => {
  const encoder = TaggerEncoder.build(modelSettings({}, { type: 'default' }, 3, undefined), ['PER'], sentences);

  test('looks words up in lower case, characters as they are', () => {
    expect([...encoder.words.tokens()]).toEqual(['ana', 'met', 'bo']);
    expect([...(encoder.characters?.tokens() ?? [])]).toEqual(['a', 'n', 'm', 'e', 't', 'A', 'B', 'o']);
    expect(encoder.sizes).toEqual({ words: 5, firstSingleton: 4, characters: 10, tags: ['O', 'B-PER', 'I-PER', 'E-PER', 'S-PER'] });
  });

  test('makes ragged batches', () => {
    const { rows, lengths, inputs } = encoder.labelledBatch(sentences);
    expect(rows).toBe(2);
    expect(lengths).toEqual({ tokens: [3, 2], characters: [3, 3, 3, 3, 2] });
    expect([...(inputs['words'] ?? [])]).toEqual([2, 3, 2, 3, 4]);
    expect([...(inputs['tags'] ?? [])]).toEqual([4, 0, 0, 1, 3]);
    expect(inputs['characters']).toHaveLength(14);
  });

  test('reads the start of an endless word, by code points', () => {
    const { lengths, inputs } = encoder.batch([['𠀀'.repeat(80)]]);
    expect(lengths?.['characters']).toEqual([50]);
    expect(inputs['characters']).toHaveLength(50);
  });

  test('reads no characters when it is not to', () => {
    const settings = modelSettings({ characters: 'none' }, { type: 'default' }, 3, undefined);
    const batch = TaggerEncoder.build(settings, ['PER'], sentences).batch([['Ana']]);
    expect(batch).toEqual({ rows: 1, lengths: { tokens: [1] }, inputs: { words: Int32Array.of(3) } });
  });
});
