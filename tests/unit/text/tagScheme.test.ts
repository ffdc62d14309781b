import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { DataError } from '../../../ts/src/errors.js';
import type { TokenSpan } from '../../../ts/src/text/entity.js';
import { parseTag } from '../../../ts/src/text/tag.js';
import {
  convertTags,
  decodeTags,
  decodeTagsStrictly,
  encodeTags,
  TAG_SCHEMES,
  tagsOf,
  type TagScheme,
} from '../../../ts/src/text/tagScheme.js';

const brief = (spans: readonly TokenSpan[]): string =>
  spans.map(({ type, start, end }) => `${type} ${start}-${end}`).join(', ');

/** Non-overlapping spans in order over `length` tokens; many touch. */
function randomSpans(random: Random, length: number): TokenSpan[] {
  const spans: TokenSpan[] = [];
  for (let start = random.below(3); start < length; ) {
    const end = Math.min(length, start + 1 + random.below(4));
    spans.push({ type: ['PER', 'LOC', 'a-b'][random.below(3)] as string, start, end });
    start = end + random.below(3);
  }
  return spans;
}

describe('parseTag', () => {
  test('splits at the first hyphen', () => {
    expect(parseTag('B-creative-work')).toEqual({ role: 'begin', type: 'creative-work' });
    expect(parseTag('M-组织')).toEqual({ role: 'inside', type: '组织' });
    expect(parseTag('O')).toEqual({ role: 'outside', type: '' });
  });

  test.each(['', 'B', 'B-', 'b-PER', 'o', 'PER', 'PER-B', 'X-PER', 'B_PER', '-PER', 'O-PER', 'BB-PER'])(
    '%j is no tag',
    (tag) => {
      expect(parseTag(tag)).toBeUndefined();
    },
  );
});

describe('decodeTags repairs as conlleval does', () => {
  test.each([
    ['', ''],
    ['O O', ''],
    ['B-A I-A O B-B', 'A 0-2, B 3-4'],
    ['B-A B-A', 'A 0-1, A 1-2'],
    ['I-A I-A O I-B', 'A 0-2, B 3-4'],
    ['B-A I-B I-B', 'A 0-1, B 1-3'],
    ['I-A B-A I-A', 'A 0-1, A 1-3'],
    ['O I-A B-B', 'A 1-2, B 2-3'],
    ['S-A S-A', 'A 0-1, A 1-2'],
    ['B-A I-A E-A', 'A 0-3'],
    ['B-A M-A E-A E-A', 'A 0-3, A 3-4'],
    ['B-A O', 'A 0-1'],
    ['E-A I-A', 'A 0-1, A 1-2'],
    ['B-A S-A I-A', 'A 0-1, A 1-2, A 2-3'],
    ['B-A L-A U-B', 'A 0-2, B 2-3'],
    ['M-A M-A', 'A 0-2'],
    ['B-A E-B', 'A 0-1, B 1-2'],
  ])('%s', (tags, expected) => {
    expect(brief(decodeTags(tags === '' ? [] : tags.split(' ')))).toBe(expected);
  });

  test('refuses what is no tag', () => {
    expect(() => decodeTags(['O', 'PER'])).toThrow('expected a tag such as B-PER, I-PER or O, given "PER"');
  });
});

describe('decodeTagsStrictly', () => {
  test.each<[TagScheme, string, string]>([
    ['BIO', 'I-A', ''],
    ['BIO', 'B-A I-A', 'A 0-2'],
    ['BIO', 'B-A I-B', 'A 0-1'],
    ['BIO', 'I-A B-A', 'A 1-2'],
    ['BIO', 'B-A O I-A', 'A 0-1'],
    ['IOB1', 'I-A I-A', 'A 0-2'],
    ['IOB1', 'I-A B-A', 'A 0-1, A 1-2'],
    ['IOB1', 'I-A I-B', 'A 0-1, B 1-2'],
    ['IOB1', 'O B-A', ''],
    ['IOB1', 'B-A I-A', 'A 1-2'],
    ['BIOES', 'S-A', 'A 0-1'],
    ['BIOES', 'B-A', ''],
    ['BIOES', 'B-A I-A', ''],
    ['BIOES', 'B-A E-A', 'A 0-2'],
    ['BIOES', 'B-A E-B', ''],
    ['BIOES', 'B-A I-A E-A E-A', 'A 0-3'],
    ['BIOES', 'B-A S-A', 'A 1-2'],
    ['BIOES', 'S-A E-A', 'A 0-1'],
    ['BIOES', 'B-A B-A E-A', 'A 1-3'],
    ['BMES', 'B-A M-A E-A', 'A 0-3'],
    ['BMES', 'M-A E-A', ''],
    ['BILOU', 'B-A I-A L-A U-B', 'A 0-3, B 3-4'],
    ['BILOU', 'I-A L-A', ''],
  ])('%s: %s', (scheme, tags, expected) => {
    expect(brief(decodeTagsStrictly(tags.split(' '), scheme))).toBe(expected);
  });

  test('refuses tags of another scheme', () => {
    expect(() => decodeTagsStrictly(['B-A', 'E-A'], 'BIO')).toThrow(
      'tag E-A does not belong to the scheme BIO',
    );
    expect(() => decodeTagsStrictly(['I-A'], 'BMES')).toThrow(DataError);
  });
});

describe('encodeTags', () => {
  const spans: TokenSpan[] = [
    { type: 'B', start: 5, end: 6 },
    { type: 'A', start: 0, end: 3 },
    { type: 'A', start: 3, end: 5 },
  ];

  test.each<[TagScheme, string]>([
    ['BIO', 'B-A I-A I-A B-A I-A B-B O'],
    ['IOB1', 'I-A I-A I-A B-A I-A I-B O'],
    ['BIOES', 'B-A I-A E-A B-A E-A S-B O'],
    ['BMES', 'B-A M-A E-A B-A E-A S-B O'],
    ['BILOU', 'B-A I-A L-A B-A L-A U-B O'],
  ])('%s', (scheme, expected) => {
    expect(encodeTags(spans, 7, scheme).join(' ')).toBe(expected);
  });

  test('refuses overlaps and spans that are none', () => {
    expect(() => encodeTags([{ type: 'A', start: 0, end: 2 }, { type: 'B', start: 1, end: 3 }], 3, 'BIO')).toThrow(
      'spans overlap: A at 0 to 2 and B at 1 to 3',
    );
    for (const [start, end] of [[1, 1], [-1, 1], [2, 4], [0, 1.5]] as const) {
      expect(() => encodeTags([{ type: 'A', start, end }], 3, 'BIO')).toThrow(/^span of A: expected 0 <= start < end <= 3/);
    }
  });
});

test('schemes round-trip: spans to tags to spans, and from each scheme to each other', () => {
  const random = new Random(17);
  for (let round = 0; round < 1000; round += 1) {
    const length = random.below(16);
    const spans = randomSpans(random, length);
    for (const from of TAG_SCHEMES) {
      const tags = encodeTags(spans, length, from);
      expect(decodeTags(tags)).toEqual(spans);
      expect(decodeTagsStrictly(tags, from)).toEqual(spans);
      for (const to of TAG_SCHEMES) {
        expect(convertTags(tags, to)).toEqual(encodeTags(spans, length, to));
      }
    }
  }
});

describe('tagsOf', () => {
  test.each<[TagScheme, string]>([
    ['BIO', 'O B-A I-A B-B I-B'],
    ['IOB1', 'O B-A I-A B-B I-B'],
    ['BIOES', 'O B-A I-A E-A S-A B-B I-B E-B S-B'],
    ['BMES', 'O B-A M-A E-A S-A B-B M-B E-B S-B'],
    ['BILOU', 'O B-A I-A L-A U-A B-B I-B L-B U-B'],
  ])('%s', (scheme, expected) => {
    expect(tagsOf(['A', 'B'], scheme).join(' ')).toBe(expected);
  });
});
