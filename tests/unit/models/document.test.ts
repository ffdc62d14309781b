import { describe, expect, test } from 'vitest';
import { LONGEST_SEGMENT, TextDocument } from '../../../ts/src/models/text/document.js';
import { joinTokens } from '../../../ts/src/text/join.js';
import { tokenizerFromConfig } from '../../../ts/src/text/ruleTokenizer.js';

const tokenizer = tokenizerFromConfig({ type: 'default' });

describe('a document of a text', () => {
  const text = '🍜 with Ana. 王芳在。\nEnd';
  const document = TextDocument.from(text, tokenizer);

  test('is cut into sentences, which hold every token once', () => {
    const segments = document.segments();
    expect(segments.map((segment) => text.slice(segment.start, segment.end))).toEqual(['🍜 with Ana.', '王芳在。', 'End']);
    expect(segments.flatMap((segment) => document.words(segment))).toEqual(document.tokens.map((token) => token.text));
  });

  test('places spans in UTF-16 units', () => {
    const at = document.tokens.findIndex((token) => token.text === '王');
    expect(document.place({ start: at, end: at + 2 })).toEqual({ start: 13, end: 15, text: '王芳' });
    expect(text.slice(13, 15)).toBe('王芳');
  });

  test.each(['', ' \n\t '])('without a token has no segment: %j', (blank) => {
    expect(TextDocument.from(blank, tokenizer).segments()).toEqual([]);
  });
});

describe('a document of tokens', () => {
  test('is one sentence, whatever stands in it', () => {
    const document = TextDocument.from(['Hm', '.', 'No', '!', 'Yes'], tokenizer);
    expect(document.segments()).toMatchObject([{ tokenStart: 0, tokenEnd: 5 }]);
    expect(document.place({ start: 2, end: 4 })).toEqual({ start: 2, end: 4, text: 'No !' });
  });

  test('is cut when it is too long, not within a span that is known', () => {
    const tokens = Array.from({ length: 2 * LONGEST_SEGMENT + 10 }, (_, index) => `w${index}`);
    const document = TextDocument.from(tokens, tokenizer);
    const free = document.segments();
    expect(free.flatMap((segment) => document.words(segment))).toEqual(tokens);
    expect(Math.max(...free.map(({ tokenStart, tokenEnd }) => tokenEnd - tokenStart))).toBe(LONGEST_SEGMENT);
    const [first] = free;
    const cut = first?.tokenEnd ?? 0;
    const kept = document.segments([{ start: cut - 2, end: cut + 2 , type: 'A' }]);
    expect(kept.flatMap((segment) => document.words(segment))).toEqual(tokens);
    expect(kept.some(({ tokenEnd }) => tokenEnd > cut - 2 && tokenEnd < cut + 2)).toBe(false);
  });

  test('without tokens has no segment', () => {
    expect(TextDocument.from([], tokenizer).segments()).toEqual([]);
  });
});

describe('what is no document', () => {
  test.each([
    [42, /given 42/],
    [undefined, /given undefined/],
    [['a', ''], /token 1: expected a string that is not empty/],
    [['a', 7], /token 1: .* given 7/],
  ])('%j is refused', (input, message) => {
    expect(() => TextDocument.from(input as unknown as string, tokenizer)).toThrow(message);
  });
});

describe('joinTokens', () => {
  test.each([
    [['Blue', 'Cafe'], 'Blue Cafe'],
    [['王', '芳', '，', 'Ana', '和', '𠀀', '𠀁'], '王芳， Ana 和𠀀𠀁'],
    [['3', '点'], '3 点'],
    [['カ', 'フェ'], 'カフェ'],
    [['한국', '사람'], '한국 사람'],
    [[], ''],
  ])('%j', (tokens, joined) => {
    expect(joinTokens(tokens)).toBe(joined);
  });
});
