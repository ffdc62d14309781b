import { describe, expect, test } from 'vitest';
import { formatInline, parseInline, readInline } from '../../../ts/src/data/inline.js';
import { Random } from '../../../ts/src/data/random.js';
import { UsageError } from '../../../ts/src/errors.js';
import { collect, dataErrorOf } from './collect.js';

describe('parseInline', () => {
  test.each<[string, string, string]>([
    ['lunch with [Ana](PERSON)', 'lunch with Ana', 'PERSON 11-14'],
    ['[明天](DATE)和[王芳](PERSON)开会', '明天和王芳开会', 'DATE 0-2, PERSON 3-5'],
    ['🍜 [Ana](P)', '🍜 Ana', 'P 3-6'],
    ['plain (with) parentheses] and C:\\new', 'plain (with) parentheses] and C:\\new', ''],
    ['\\[1\\] \\(x\\) \\\\ \\a', '[1] (x) \\ \\a', ''],
    ['[a\\]b\\[c](X\\)Y)', 'a]b[c', 'X)Y 0-5'],
    ['[a (b)]( CREATIVE WORK )', 'a (b)', 'CREATIVE WORK 0-5'],
    ['[a](X)[b](Y)', 'ab', 'X 0-1, Y 1-2'],
    ['', '', ''],
    ['a\\', 'a\\', ''],
  ])('%j', (markup, text, entities) => {
    const example = parseInline(markup);
    expect(example.text).toBe(text);
    expect(example.entities.map(({ type, start, end }) => `${type} ${start}-${end}`).join(', ')).toBe(entities);
  });

  test.each([
    ['a [b', 'column 3: this [ starts no [text](TYPE)'],
    ['a [b] c', 'column 3: this [ starts no [text](TYPE)'],
    ['a [b] (X)', 'column 3: this [ starts no [text](TYPE)'],
    ['[b](X', 'column 4: this ( has no ) behind it'],
    ['[](X)', 'column 1: this entity has no text'],
    ['[b]()', 'column 4: this entity has no type'],
    ['[b]( )', 'column 4: this entity has no type'],
    ['[a [b](X) c](Y)', 'column 4: a [ inside an entity; entities cannot be nested'],
    ['\\[a\\] [', 'column 7: this [ starts no'],
  ])('refuses %j', (markup, message) => {
    expect(() => parseInline(markup, { line: 4, source: 'a.md' })).toThrow(`a.md:4: ${message}`);
  });
});

describe('readInline', () => {
  test('one text a line', async () => {
    expect(await collect(readInline('\ufeff[Ana](P) sings\r\n\r\n  \n 天气好 \n', { name: 'a.txt' }))).toEqual([
      { text: 'Ana sings', entities: [{ type: 'P', start: 0, end: 3 }], line: 1, source: 'a.txt' },
      { text: ' 天气好 ', entities: [], line: 4, source: 'a.txt' },
    ]);
  });

  test('errors have the line', async () => {
    const error = await dataErrorOf(collect(readInline('a\n\nb [c\n')));
    expect(error.line).toBe(3);
    expect(error.code).toBe('bad_markup');
  });
});

describe('formatInline', () => {
  test('is the inverse of parseInline', () => {
    const random = new Random(37);
    const alphabet = ['a', ' ', '[', ']', '(', ')', '\\', '王', '🍜'];
    for (let round = 0; round < 1000; round += 1) {
      const text = Array.from({ length: random.below(16) }, () => alphabet[random.below(9)]).join('');
      const entities = [];
      for (let start = random.below(4); start < text.length; ) {
        const end = Math.min(text.length, start + 1 + random.below(4));
        entities.push({ type: ['X', 'a(b)', 'c\\[d]'][random.below(3)] as string, start, end });
        start = end + random.below(4);
      }
      const markup = formatInline(text, random.shuffle([...entities]));
      expect(parseInline(markup)).toEqual({ text, entities });
    }
  });

  test('refuses overlaps and offsets out of range', () => {
    expect(() => formatInline('abc', [{ type: 'X', start: 0, end: 2 }, { type: 'Y', start: 1, end: 3 }])).toThrow(
      'entity of Y: expected 2 <= start < end <= 3, given 1 to 3',
    );
    expect(() => formatInline('abc', [{ type: 'X', start: 0, end: 4 }])).toThrow(UsageError);
    expect(() => formatInline('abc', [{ type: 'X', start: 1, end: 1 }])).toThrow(UsageError);
  });
});
