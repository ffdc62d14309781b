import { describe, expect, test } from 'vitest';
import { holdOut } from '../../../ts/src/data/split.js';

const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe('holdOut', () => {
  test('holds a tenth out, both parts in order, nothing lost', () => {
    const { train, heldOut } = holdOut(numbers(1000));
    expect(heldOut).toHaveLength(100);
    expect(train).toHaveLength(900);
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual(numbers(1000));
    expect(heldOut).toEqual([...heldOut].sort((a, b) => a - b));
    expect(train).toEqual([...train].sort((a, b) => a - b));
    // Spread over the whole rather than cut off one end.
    expect(heldOut.filter((item) => item < 500).length).toBeGreaterThan(30);
    expect(heldOut.filter((item) => item >= 500).length).toBeGreaterThan(30);
  });

  test('the seed decides', () => {
    expect(holdOut(numbers(100), { seed: 5 })).toEqual(holdOut(numbers(100), { seed: 5 }));
    expect(holdOut(numbers(100), { seed: 5 }).heldOut).not.toEqual(holdOut(numbers(100), { seed: 6 }).heldOut);
    expect(holdOut(numbers(20), { seed: 1 }).heldOut).toEqual([3, 17]);
  });

  test.each([
    [0, 0.1, 0],
    [1, 0.1, 0],
    [2, 0.1, 1],
    [4, 0.1, 1],
    [15, 0.1, 2],
    [10, 0.25, 3],
    [10, 0, 0],
    [3, 0.99, 3],
  ])('%i examples, fraction %d: %i held out', (length, fraction, expected) => {
    expect(holdOut(numbers(length), { fraction }).heldOut).toHaveLength(expected);
  });

  test('never takes the last example of a label', () => {
    const examples = [
      ...Array.from({ length: 30 }, () => ['common']),
      ['rare', 'common'],
      ['pair'],
      ['pair', 'common'],
      [],
    ];
    for (let seed = 0; seed < 200; seed += 1) {
      const { train, heldOut } = holdOut(examples, { fraction: 0.5, seed, labelsOf: (labels) => labels });
      const learnt = new Set(train.flat());
      expect(heldOut.flat().filter((label) => !learnt.has(label))).toEqual([]);
      expect(heldOut).toHaveLength(17);
    }
    const all = holdOut([['a'], ['b'], ['c']], { fraction: 0.5, labelsOf: (labels) => labels });
    expect(all.heldOut).toEqual([]);
  });

  test('a label twice in one example counts once', () => {
    const { heldOut } = holdOut([['a', 'a'], ['b'], ['b'], ['b']], { fraction: 0.9, labelsOf: (labels) => labels });
    expect(heldOut.flat()).not.toContain('a');
  });

  test.each([{ fraction: 1 }, { fraction: -0.1 }, { fraction: Number.NaN }, { seed: 0.5 }])('refuses %j', (options) => {
    expect(() => holdOut([1, 2], options)).toThrow(/^option (fraction|seed): expected /);
  });
});
