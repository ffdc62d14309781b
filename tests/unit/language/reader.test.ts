import { describe, expect, test } from 'vitest';
import { cutterFor } from '../../../ts/src/models/language/cutter.js';
import { TextReader } from '../../../ts/src/models/language/reader.js';
import { trainBpe, trainUnigram } from '../../../ts/src/text/subword/training/train.js';
import type { TokenizerConfig } from '../../../ts/src/text/tokenizer.js';

const TEXT = ' Ähm, e\u0301t\u00e9:\r\n 👩‍👩‍👧 你好 🇫🇷\t\ud800 ';

async function pieces(config: TokenizerConfig, text: string): Promise<string[]> {
  const found: string[] = [];
  (await cutterFor(config)).cut(text, (token, start, end) => {
    if (config.type !== 'subword') expect(token).toBe(text.slice(start, end));
    found.push(token);
  });
  return found;
}

describe('characters', () => {
  test('are all there is, with what belongs to them', async () => {
    expect(await pieces({ type: 'character' }, TEXT)).toEqual([
      ' ', 'Ä', 'h', 'm', ',', ' ', 'e\u0301', 't', 'é', ':', '\r', '\n', ' ', '👩‍👩‍👧', ' ', '你', '好', ' ', '🇫🇷', '\t', '\ud800', ' ',
    ]);
    expect(await pieces({ type: 'character' }, '\u0301a\u0301\u0301')).toEqual(['\u0301', 'a\u0301\u0301']);
    expect(await pieces({ type: 'character' }, '')).toEqual([]);
  });

  test('are written as they were read', async () => {
    const reader = TextReader.of(await cutterFor({ type: 'character' }), [TEXT], { minCount: 1 });
    const { ids, starts, ends } = reader.read(TEXT);
    expect(reader.write(ids)).toBe(TEXT);
    expect([starts[0], ends.at(-1)]).toEqual([0, TEXT.length]);
    expect(reader.write(Int32Array.of(TextReader.BOUNDARY, ids[1] as number, TextReader.BOUNDARY))).toBe('Ä');
    expect(reader.write(reader.read('mét?').ids)).toBe('mét�');
  });
});

describe('words', () => {
  const text = 'To be,  or (not) to be:\r\n\tthat is 👩‍👩‍👧 é.\n\n王芳说：你好 吗 said “to”\u00ad. ';

  test.each<TokenizerConfig>([{ type: 'default' }, { type: 'whitespace' }, { type: 'segmenter', locale: 'en' }])(
    'are written as they were read: %j',
    async (config) => {
      const reader = TextReader.of(await cutterFor(config), [text], { minCount: 1 });
      const { ids, starts, ends } = reader.read(text);
      expect(reader.write(ids)).toBe(text);
      expect(Array.from(starts.subarray(1)).every((start, at) => start >= (ends[at] as number))).toBe(true);
    },
  );

  test('are the same behind a space and at the start; what is joined to them, and other gaps, are told apart', async () => {
    const cutter = await cutterFor({ type: 'default' });
    const cut = (of: string): [string, string][] => {
      const found: [string, string][] = [];
      cutter.cut(of, (token, start, end) => found.push([token, of.slice(start, end)]));
      return found;
    };
    expect(cut('be, or  not\nbe')).toEqual([
      ['be', 'be'], ['\u2060,', ','], ['or', 'or'], [' ', ' '], [' ', ' '], ['not', 'not'], ['\n', '\n'], ['be', 'be'],
    ]);
    expect(cut('你好 a b')).toEqual([['你', '你'], ['好', '好'], ['a', 'a'], ['b', 'b']]);
    expect(cut('你 好')).toEqual([['你', '你'], [' ', ' '], ['好', '好']]);
    expect(cutter.join(['a', undefined, '\u2060,', '你', '好', '\u2060b'])).toBe('a \ufffd, 你好b');
  });
});

test('words that are rare are unknown', async () => {
  const reader = TextReader.of(await cutterFor({ type: 'default' }), ['to be or not to be', '你好'], { minCount: 1 });
  expect(reader.write(reader.read('not to be seen 你好').ids)).toBe('not to be � 你好');
  const frequent = TextReader.of(await cutterFor({ type: 'default' }), ['to be or not to be'], { minCount: 2 });
  expect([...frequent.vocabulary.tokens()]).toEqual(['to', 'be']);
});

test('pieces are written as they were read, white space too, and neither cut off nor filled up', async () => {
  const text = 'low lower lowest  slow\nslower 🙂';
  const tokenizer = await trainBpe([text], { vocabSize: 270 });
  const { config } = tokenizer;
  if (config.type !== 'subword') expect.fail();
  const short = { ...config.tokenizer, truncation: { direction: 'Right', max_length: 2, strategy: 'LongestFirst', stride: 0 } };
  const cutter = await cutterFor({ type: 'subword', tokenizer: short as typeof config.tokenizer });
  const reader = TextReader.of(cutter, [text], { minCount: 1 });
  const { ids, starts, ends } = reader.read(text);
  expect(ids.length).toBe(tokenizer.encode(text, { addSpecialTokens: false }).ids.length);
  expect(reader.write(ids)).toBe(text);
  expect(ends.at(-1)).toBe(text.length);
  // A space belongs to a piece as much as letters do, also where it is all of it.
  expect(Array.from(starts).every((start, at) => start <= (ends[at - 1] ?? 0) && start < (ends[at] as number))).toBe(true);
  expect(reader.write(reader.read('low Q low').ids)).toBe('low � low');
});

test('what a vocabulary of pieces has nothing for stands by itself', async () => {
  const { config } = await trainUnigram(['to be or not to be '.repeat(20)], { vocabSize: 20, unknownToken: null });
  const cutter = await cutterFor(config);
  const found: [string, number, number][] = [];
  cutter.cut('to 🎈be', (token, start, end) => found.push([token, start, end]));
  expect(found).toContainEqual(['🎈', 3, 5]);
  expect(found.filter(([token]) => token !== '🎈').map(([, start, end]) => 'to 🎈be'.slice(start, end)).join('')).toMatch(/^to ?be$/);
  expect(cutter.join(found.map(([token]) => token))).toContain('🎈');
});
