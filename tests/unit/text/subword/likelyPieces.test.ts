import { describe, expect, test } from 'vitest';
import { Random } from '../../../../ts/src/data/random.js';
import { Clock } from '../../../../ts/src/text/subword/training/clock.js';
import { Lattice } from '../../../../ts/src/text/subword/training/lattice.js';
import { seedPieces } from '../../../../ts/src/text/subword/training/seedPieces.js';

describe('seedPieces', () => {
  const seeds = async (words: Record<string, number>, most = 1000): Promise<[string, number][]> => {
    const alphabet = [...new Set(Object.keys(words).join(''))].sort();
    const found = await seedPieces(new Map(Object.entries(words)), alphabet, most, new Clock());
    return found.map(({ text, count }) => [text, count]);
  };

  test('are the repeated substrings that do not always go on the same way', async () => {
    expect(await seeds({ banana: 1 })).toEqual([['ana', 2], ['na', 2]]);
    // By how many characters they cover, then by where they are.
    expect(await seeds({ abc: 3, abd: 2, x: 9 })).toEqual([['ab', 5], ['abc', 3], ['bc', 3], ['abd', 2], ['bd', 2]]);
    expect(await seeds({ abc: 1, abd: 1 }, 1)).toEqual([['ab', 2]]);
  });

  test('agree with a count of all substrings', async () => {
    const random = new Random(4);
    for (let round = 0; round < 50; round += 1) {
      const words = Object.fromEntries(
        Array.from({ length: 6 }, () => [Array.from({ length: 1 + random.below(24) }, () => 'ab'.charAt(random.below(2))).join(''), 1 + random.below(3)]),
      );
      const counts = new Map<string, number>();
      for (const [word, count] of Object.entries(words)) {
        for (let start = 0; start < word.length; start += 1) {
          for (let end = start + 1; end <= word.length; end += 1) counts.set(word.slice(start, end), (counts.get(word.slice(start, end)) ?? 0) + count);
        }
      }
      const expected = [...counts].filter(
        ([text, count]) => text.length >= 2 && text.length <= 16 && count >= 2 && !['a', 'b'].some((letter) => counts.get(text + letter) === count),
      );
      expect(new Map(await seeds(words))).toEqual(new Map(expected));
    }
  });
});

describe('Lattice', () => {
  const pieces = ['a', 'b', '🍜', 'ab', 'ba', 'a🍜', 'aba'];
  const probabilities = [0.3, 0.2, 0.05, 0.2, 0.1, 0.05, 0.1];
  const lattice = new Lattice(pieces, probabilities);

  /** Every way to cut a word, with its probability. */
  const ways = (word: string): { cut: number[]; probability: number }[] =>
    word === ''
      ? [{ cut: [], probability: 1 }]
      : pieces.flatMap((piece, index) =>
          word.startsWith(piece)
            ? ways(word.slice(piece.length)).map(({ cut, probability }) => ({ cut: [index, ...cut], probability: probability * (probabilities[index] as number) }))
            : [],
        );

  test.each(['a', 'abab', 'aba🍜ba', 'babaabaab'])('expects what all ways to cut %j come to', (word) => {
    const expected = new Float64Array(pieces.length);
    lattice.expect(word, 3, expected);
    const all = ways(word);
    const total = all.reduce((sum, { probability }) => sum + probability, 0);
    pieces.forEach((_, piece) => {
      const share = all.reduce((sum, { cut, probability }) => sum + probability * cut.filter((each) => each === piece).length, 0);
      expect(expected[piece]).toBeCloseTo((3 * share) / total, 10);
    });
  });

  test.each(['a', 'abab', 'aba🍜ba', 'babaabaab'])('finds the best way to cut %j', (word) => {
    const best = Math.max(...ways(word).map(({ probability }) => probability));
    const found = lattice.best(word);
    expect(found.pieces.map((piece) => pieces[piece]).reverse().join('')).toBe(word);
    expect(found.logarithm).toBeCloseTo(Math.log(best), 10);
    expect(lattice.best('aba', 6).pieces).not.toContain(6);
  });

  test('the least likely word that there can be is not lost', () => {
    const rare = new Lattice(['x', 'y'], [2 ** -40, 1 - 2 ** -40]);
    const expected = new Float64Array(2);
    rare.expect('x'.repeat(32), 1, expected);
    expect(expected[0]).toBeCloseTo(32, 9);
    rare.expect('y'.repeat(32), 1, expected);
    expect(expected[1]).toBeCloseTo(32, 9);
  });
});
