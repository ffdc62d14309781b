import { beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../../../ts/src/errors.js';
import { alignTexts } from '../../../../ts/src/text/align.js';
import { SubwordTokenizer } from '../../../../ts/src/text/subword/subwordTokenizer.js';
import { trainBpe, trainUnigram, trainWordLevel, trainWordPiece } from '../../../../ts/src/text/subword/training/train.js';
import { loadTokenizer, type TokenizerConfig } from '../../../../ts/src/text/tokenizer.js';
import { multilingualTexts } from './multilingual.js';

/** A tokenizer of letters, some words, and what else a test wants. */
const tokenizer = (rest: object = {}): SubwordTokenizer =>
  SubwordTokenizer.fromJson({
    added_tokens: [],
    pre_tokenizer: { type: 'WhitespaceSplit' },
    model: { type: 'BPE', unk_token: '?', vocab: { '?': 0, a: 1, b: 2, ab: 3, '[X]': 4, '[XY]': 5 }, merges: ['a b'] },
    ...rest,
  });

const added = (content: string, rest: object = {}): object => ({
  id: 10, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...rest,
});

const pieces = (from: SubwordTokenizer, text: string): [string, number, number][] =>
  from.encode(text).tokens.map(({ text: piece, start, end }) => [piece, start, end]);

describe('added tokens', () => {
  test.each<[string, object[], string, [string, number, number][]]>([
    ['are found anywhere', [added('[S]')], 'ab[S]b', [['ab', 0, 2], ['[S]', 2, 5], ['b', 5, 6]]],
    ['of several the longest', [added('[S'), added('[S]', { id: 11 })], '[S][S', [['[S]', 0, 3], ['[S', 3, 5]]],
    ['may take the space around them', [added('[S]', { lstrip: true, rstrip: true })], 'a  [S] b', [['a', 0, 1], ['[S]', 1, 7], ['b', 7, 8]]],
    ['do not take the space of another', [added('[S]', { lstrip: true, rstrip: true })], '[S] [S]', [['[S]', 0, 4], ['[S]', 4, 7]]],
    ['may have to stand alone', [added('a', { single_word: true })], 'a!ab ba', [['a', 0, 1], ['?', 1, 2], ['ab', 2, 4], ['b', 5, 6], ['a', 6, 7]]],
    ['that are empty are nowhere', [added('')], 'a', [['a', 0, 1]]],
  ])('%s', (_, tokens, text, expected) => {
    expect(pieces(tokenizer({ added_tokens: tokens }), text)).toEqual(expected);
  });

  test('are looked for in the normalised text, or before', () => {
    const both = tokenizer({
      normalizer: { type: 'Lowercase' },
      added_tokens: [added('Ab', { normalized: true, special: false }), added('B', { id: 11 })],
    });
    expect(both.encode('AB aB ab').ids).toEqual(Int32Array.of(1, 11, 1, 11, 10));
    expect(pieces(both, 'xaB')).toEqual([['?', 0, 1], ['a', 1, 2], ['B', 2, 3]]);
  });

  test('have ids, which count', () => {
    const with10 = tokenizer({ added_tokens: [added('[S]')] });
    expect(with10.idOf('[S]')).toBe(10);
    expect(with10.pieceOf(10)).toBe('[S]');
    expect(with10.vocabularySize).toBe(11);
    expect(with10.idOf('ab')).toBe(3);
    expect(with10.pieceOf(7)).toBeUndefined();
    expect(tokenizer().vocabularySize).toBe(6);
  });

  test('twenty thousand of them are found quickly', () => {
    const many = tokenizer({ added_tokens: Array.from({ length: 20_000 }, (_, id) => added(`<extra_${id}>`, { id: 10 + id })) });
    const started = performance.now();
    expect(many.encode('<extra_19999>a'.repeat(5000)).ids).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('special tokens', () => {
  const template = (single: object[]): object => ({
    post_processor: {
      type: 'TemplateProcessing', single, pair: [],
      special_tokens: { '[X]': { id: '[X]', ids: [4], tokens: ['[X]'] }, pairs: { id: 'pairs', ids: [4, 5], tokens: ['[X]', '[XY]'] } },
    },
  });

  test('stand where a template has them', () => {
    const with4 = tokenizer(template([{ SpecialToken: { id: '[X]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 1 } }, { SpecialToken: { id: 'pairs', type_id: 2 } }]));
    expect(with4.encode('ab a')).toEqual({
      ids: Int32Array.of(4, 3, 1, 4, 5),
      tokens: [
        { text: '[X]', start: 0, end: 0 }, { text: 'ab', start: 0, end: 2 }, { text: 'a', start: 3, end: 4 },
        { text: '[X]', start: 0, end: 0 }, { text: '[XY]', start: 0, end: 0 },
      ],
      typeIds: Int32Array.of(0, 1, 1, 2, 2),
      special: Uint8Array.of(1, 0, 0, 1, 1),
    });
    expect(with4.encode('ab a', { addSpecialTokens: false }).ids).toEqual(Int32Array.of(3, 1));
  });

  test.each(['BertProcessing', 'RobertaProcessing'])('%s puts one at each end', (type) => {
    const both = tokenizer({ post_processor: { type, cls: ['[X]', 4], sep: ['[XY]', 5] } });
    expect(both.encode('a').ids).toEqual(Int32Array.of(4, 1, 5));
    expect(both.encode('').ids).toEqual(Int32Array.of(4, 5));
  });

  test('processors follow one another', () => {
    const bert = { type: 'BertProcessing', cls: ['[X]', 4], sep: ['[XY]', 5] };
    expect(tokenizer({ post_processor: { type: 'Sequence', processors: [bert, bert] } }).encode('a').ids).toEqual(Int32Array.of(4, 4, 1, 5, 5));
  });

  test('truncation leaves room for them', () => {
    const truncation = { direction: 'Right', max_length: 4, strategy: 'LongestFirst', stride: 0 };
    const post_processor = { type: 'BertProcessing', cls: ['[X]', 4], sep: ['[XY]', 5] };
    const text = 'a b ab b';
    expect(tokenizer({ truncation, post_processor }).encode(text).ids).toEqual(Int32Array.of(4, 1, 2, 5));
    expect(tokenizer({ truncation: { ...truncation, direction: 'Left' }, post_processor }).encode(text).ids).toEqual(Int32Array.of(4, 3, 2, 5));
    expect(tokenizer({ truncation, post_processor }).encode(text, { addSpecialTokens: false }).ids).toEqual(Int32Array.of(1, 2, 3, 2));
    expect(tokenizer({ truncation: { ...truncation, max_length: 1 }, post_processor }).encode(text).ids).toEqual(Int32Array.of(4, 5));
    expect(tokenizer({ truncation }).tokenize('a a a a a')).toHaveLength(5);
  });

  test('padding fills up', () => {
    const padding = { strategy: { Fixed: 3 }, direction: 'Right', pad_to_multiple_of: null, pad_id: 4, pad_type_id: 7, pad_token: '[X]' };
    const encoding = tokenizer({ padding }).encode('a');
    expect(encoding.ids).toEqual(Int32Array.of(1, 4, 4));
    expect(encoding.typeIds).toEqual(Int32Array.of(0, 7, 7));
    expect(encoding.special).toEqual(Uint8Array.of(0, 1, 1));
    expect(tokenizer({ padding: { ...padding, direction: 'Left' } }).encode('a').ids).toEqual(Int32Array.of(4, 4, 1));
    expect(tokenizer({ padding: { ...padding, strategy: 'BatchLongest', pad_to_multiple_of: 4 } }).encode('a').ids).toHaveLength(4);
    expect(tokenizer({ padding }).encode('a b a b').ids).toHaveLength(4);
  });
});

describe('decode', () => {
  test('leaves special tokens out, or not', () => {
    const with10 = tokenizer({ added_tokens: [added('[S]'), added('and', { id: 11, special: false })] });
    expect(with10.decode([3, 10, 11])).toBe('ab and');
    expect(with10.decode(Int32Array.of(3, 10), { skipSpecialTokens: false })).toBe('ab [S]');
    expect(with10.decode([])).toBe('');
  });

  test.each([6, -1, 1.5, Number.NaN])('refuses the id %d', (id) => {
    expect(() => tokenizer().decode([1, id])).toThrow(UsageError);
    expect(() => tokenizer().decode([1, id])).toThrow(`expected ids of the vocabulary, from 0 to 5, given ${id}`);
  });
});

test.each([undefined, 5, ['a']])('encode refuses %j', (text) => {
  expect(() => tokenizer().encode(text as unknown as string)).toThrow('option text: expected a string');
});

test('options of encode and decode are checked', () => {
  expect(() => tokenizer().encode('a', { addSpecialTokens: 1 } as never)).toThrow('option addSpecialTokens: expected true or false, given 1');
  expect(() => tokenizer().decode([1], { skipSpecial: true } as never)).toThrow('option skipSpecial: there is no such option');
});

describe('offsets', () => {
  test('of bytes are those of their character, and without spaces where the file wants that', async () => {
    const trimmed = await trainBpe(['aaa bbb'], { vocabSize: 256 });
    expect(pieces(trimmed, 'a é')).toEqual([['a', 0, 1], ['Ġ', 2, 2], ['Ã', 2, 3], ['©', 2, 3]]);
    const file = JSON.parse(trimmed.toJson()) as object;
    expect(pieces(SubwordTokenizer.fromJson({ ...file, post_processor: null }), 'a b')).toEqual([['a', 0, 1], ['Ġ', 1, 2], ['b', 2, 3]]);
  });

  test('go through every rewriting', () => {
    const bert = tokenizer({
      normalizer: { type: 'BertNormalizer' },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      model: { type: 'WordPiece', vocab: { '?': 0, ab: 1, '##e': 2, 中: 3 }, unk_token: '?' },
    });
    expect(pieces(bert, '\u0000ÂB\u0301é中\u200dab')).toEqual([['ab', 1, 4], ['##e', 4, 5], ['中', 5, 6], ['ab', 7, 9]]);
  });
});

const TEXTS = multilingualTexts(400);
const CORPUS = multilingualTexts(500, 11);
const CHARACTERS = { type: 'Ostinato', tokenizer: { type: 'character' }, keep_gaps: true } as const;

describe.each<[string, () => Promise<SubwordTokenizer>]>([
  ['byte pair encoding', () => trainBpe(CORPUS, { vocabSize: 600, specialTokens: ['<s>'], template: '<s> $A' })],
  ['WordPiece', () => trainWordPiece(CORPUS, { vocabSize: 900, alphabetSize: 200 })],
  ['unigram', () => trainUnigram(CORPUS, { vocabSize: 900, alphabetSize: 200 })],
  ['words', () => trainWordLevel(CORPUS, { vocabSize: 300 })],
  ['words of Intl.Segmenter', () => trainWordLevel(CORPUS, { preTokenizer: { type: 'Ostinato', tokenizer: { type: 'segmenter', locale: 'ja' } } })],
  ['characters', () => trainWordLevel(CORPUS, { preTokenizer: CHARACTERS })],
])('%s', (_, train) => {
  let trained: SubwordTokenizer;
  beforeAll(async () => {
    trained = await train();
  });

  test('makes tokens that ascend, do not overlap, and hold no white space alone', () => {
    for (const text of TEXTS) {
      let at = 0;
      for (const { start, end } of trained.tokenize(text)) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(end).toBeGreaterThan(start);
        expect(text.slice(start, end)).toMatch(/\S/);
        at = end;
      }
      expect(at).toBeLessThanOrEqual(text.length);
    }
  });

  test('makes pieces whose places ascend and cut no surrogate pair', () => {
    for (const text of TEXTS) {
      let least = 0;
      for (const { start, end } of trained.encode(text, { addSpecialTokens: false }).tokens) {
        expect(start).toBeGreaterThanOrEqual(least);
        expect(end).toBeGreaterThanOrEqual(start);
        for (const edge of [start, end]) expect(text.slice(edge - 1, edge + 1)).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/);
        least = start;
      }
    }
  });

  test('survives JSON as a configuration', async () => {
    const again = await loadTokenizer(JSON.parse(JSON.stringify(trained.config)) as TokenizerConfig);
    expect(again.config).toEqual(trained.config);
    for (const text of TEXTS.slice(0, 100)) expect(again.tokenize(text)).toEqual(trained.tokenize(text));
  });
});

test('byte pair encodings and characters give back every text', async () => {
  const bytes = await trainBpe(CORPUS, { vocabSize: 600 });
  const characters = await trainWordLevel([...CORPUS, ...TEXTS], { minFrequency: 1, vocabSize: 100_000, preTokenizer: CHARACTERS });
  for (const text of TEXTS) {
    for (const each of [bytes, characters]) expect(each.decode(each.encode(text).ids)).toBe(text);
  }
});

test('tokenize joins the pieces of one character', async () => {
  const bytes = await trainBpe(['abc'], { vocabSize: 256 });
  expect(bytes.tokenize('a 🍜')).toEqual([
    { text: 'a', start: 0, end: 1 },
    { text: 'ðŁįľ', start: 2, end: 4 },
  ]);
});

test('entities of characters that are several pieces are runs of tokens, and those that cut a piece are refused', async () => {
  for (const train of [trainBpe, trainWordPiece, trainUnigram]) {
    const trained = await train(CORPUS, { vocabSize: 900, alphabetSize: 200 });
    const text = 'dinner at 🍜 Ｎoodles';
    const [aligned] = alignTexts([{ text, entities: [{ type: 'PLACE', text: '🍜 Ｎoodles' }] }], trained);
    const [span] = aligned?.spans ?? [];
    expect(aligned?.tokens[span?.start ?? -1]?.start).toBe(10);
    expect(aligned?.tokens[(span?.end ?? 0) - 1]?.end).toBe(text.length);
    expect(() => alignTexts([{ text, entities: [{ type: 'PLACE', start: 11, end: 12 }] }], trained)).toThrow('cuts a token');
  }
});
