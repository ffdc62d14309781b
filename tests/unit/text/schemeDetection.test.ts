import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { DataError } from '../../../ts/src/errors.js';
import { detectScheme, type TagSequence } from '../../../ts/src/text/schemeDetection.js';
import { encodeTags, TAG_SCHEMES } from '../../../ts/src/text/tagScheme.js';

const sentences = (...lines: string[]): TagSequence[] => {
  let line = 1;
  return lines.map((tags) => {
    const sentence = { tags: tags.split(' '), line, source: 'a.conll' };
    line += sentence.tags.length + 1;
    return sentence;
  });
};

function errorOf(call: () => unknown): DataError {
  try {
    call();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error('expected a DataError');
}

describe('detectScheme', () => {
  test.each([
    ['BIO', ['B-A I-A O', 'O B-B']],
    ['BIO', ['B-A O I-A']],
    ['BIO', ['B-A B-A']],
    ['BIO', ['O O']],
    ['BIO', []],
    ['IOB1', ['I-A I-A O', 'I-A B-A']],
    ['IOB1', ['O I-A']],
    ['BIOES', ['B-A I-A E-A S-B']],
    ['BIOES', ['S-A O']],
    ['BIOES', ['B-A E-A']],
    ['BMES', ['B-A M-A E-A', 'S-B O']],
    ['BILOU', ['B-A I-A L-A U-B']],
    ['BILOU', ['U-B']],
  ])('%s: %j', (scheme, lines) => {
    expect(detectScheme(sentences(...lines))).toBe(scheme);
  });

  test('an entity does not go on in the next sentence', () => {
    expect(detectScheme(sentences('O I-A', 'B-A I-A'))).toBe('BIO');
  });

  test('finds the scheme of every random set that shows all its prefixes', () => {
    const random = new Random(23);
    for (let round = 0; round < 300; round += 1) {
      const spans = [
        { type: 'A', start: 0, end: 1 },
        { type: 'A', start: 1, end: 4 },
        { type: 'B', start: 4 + random.below(3), end: 8 },
      ];
      const length = 8 + random.below(3);
      for (const scheme of TAG_SCHEMES) {
        expect(detectScheme([{ tags: encodeTags(spans, length, scheme) }])).toBe(scheme);
      }
    }
  });

  test('lists unknown tags with their lines', () => {
    const error = errorOf(() =>
      detectScheme(sentences('O PER LOC', 'B-A PER', 'PER PER PER PER PER')),
    );
    expect(error.code).toBe('unknown_scheme');
    expect(error.line).toBe(2);
    expect(error.source).toBe('a.conll');
    expect(error.problems).toEqual(['"PER" (7 times, first on lines 2, 6, 8, 9, 10)', '"LOC" (line 3)']);
    expect(error.message).toContain('a.conll:2: unknown tag scheme: expected O or a prefix');
  });

  test('counts where there are no lines, and stops listing somewhere', () => {
    const tags = Array.from({ length: 30 }, (_, index) => `T${index}`);
    const error = errorOf(() => detectScheme([{ tags }]));
    expect(error.problems).toHaveLength(21);
    expect(error.problems[0]).toBe('"T0" (once)');
    expect(error.problems[20]).toBe('and 10 other tags');
    expect(errorOf(() => detectScheme([{ tags: tags.slice(0, 20) }])).problems).toHaveLength(20);
  });

  test.each([
    ['M beside I', 'B-A I-A M-A I-A'],
    ['BILOU beside BIOES', 'B-A I-A L-A E-A'],
    ['ends without a begin', 'I-A E-A O'],
  ])('refuses %s', (_, tags) => {
    const error = errorOf(() => detectScheme(sentences(tags)));
    expect(error.code).toBe('unknown_scheme');
    expect(error.message).toContain('no known scheme');
  });

  test('names the rarest prefix of a mixture first', () => {
    const error = errorOf(() => detectScheme(sentences('B-A I-A O I-A', 'M-C B-A I-A')));
    expect(error.problems[0]).toBe('M as in M-C (line 6)');
    expect(error.problems).toHaveLength(3);
  });
});
