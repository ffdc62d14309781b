import { describe, expect, test } from 'vitest';
import { cutterFor } from '../../../ts/src/models/language/cutter.js';
import { TextReader } from '../../../ts/src/models/language/reader.js';
import { holdOutEnd, sequencesOf, wholeOf } from '../../../ts/src/models/languageModel/corpus.js';

const everyThird = (text: string): number[] => Array.from({ length: Math.ceil(text.length / 3) }, (_, at) => 3 * at);
const held = (texts: string[], documents: boolean, share: number): [readonly string[], readonly string[] | undefined] => {
  const { train, dev } = holdOutEnd({ texts, documents }, share, everyThird);
  return [train.texts, dev?.texts];
};

describe('what is held out', () => {
  test('is the end of a text that runs on, from a token on', () => {
    expect(held(['abcdefghijklmnopqrst'], false, 0.25)).toEqual([['abcdefghijklmno'], ['pqrst']]);
    expect(held(['abcdefghijklmnopqrst'], false, 0.3)).toEqual([['abcdefghijklmno'], ['pqrst']]);
    expect(held(['abcdefghijklmnopqrst'], false, 0)).toEqual([['abcdefghijklmnopqrst'], undefined]);
  });

  test('is the last of several texts', () => {
    expect(held(['abcd', 'ef', 'ghi', 'j'], true, 0.4)).toEqual([['abcd', 'ef'], ['ghi', 'j']]);
    expect(held(['abcd', 'ef', 'ghi', 'j'], true, 0.1)).toEqual([['abcd', 'ef', 'ghi'], ['j']]);
    expect(held(['abcdefgh', 'i'], true, 0.9)).toEqual([['abcdefgh'], ['i']]);
  });

  test('is nothing where nothing would be left', () => {
    expect(held(['ab'], false, 0.5)).toEqual([['ab'], undefined]);
    expect(held([''], false, 0.5)).toEqual([[''], undefined]);
    expect(held(['ab', ''], true, 0.5)).toEqual([['ab'], undefined]);
  });
});

describe('sequences', async () => {
  const reader = TextReader.of(await cutterFor({ type: 'character' }), ['aab'], { minCount: 1 });

  test('have a boundary before them, and behind them where they end', () => {
    expect(sequencesOf(reader, { texts: ['ab', 'c'], documents: false }).sequences.map((ids) => [...ids])).toEqual([[0, 2, 3], [0, 1]]);
    expect(sequencesOf(reader, { texts: ['ab', ''], documents: true }).sequences.map((ids) => [...ids])).toEqual([[0, 2, 3, 0], [0, 0]]);
  });

  test('are one for a training', () => {
    expect([...wholeOf(reader, { texts: ['ab', 'c'], documents: true }, 'it')]).toEqual([0, 2, 3, 0, 1, 0]);
    expect([...wholeOf(reader, { texts: ['ab', 'c'], documents: false }, 'it')]).toEqual([0, 2, 3, 1]);
    expect(() => wholeOf(reader, { texts: ['', ''], documents: true }, 'training text')).toThrow('training text: expected a text, found nothing to read');
  });
});
