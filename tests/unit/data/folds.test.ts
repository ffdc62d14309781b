import { describe, expect, test } from 'vitest';
import { stratifiedFolds } from '../../../ts/src/data/folds.js';

const classes = [...'aaaaaaaaaabbbbbbbccc'];
const options = { classOf: (name: string) => name };

describe('stratifiedFolds', () => {
  test('holds every example once, in parts of like size, with a share of each class in each', () => {
    const parts = stratifiedFolds(classes, { ...options, folds: 5 });
    expect(parts.flat().sort((a, b) => a - b)).toEqual([...classes.keys()]);
    for (const part of parts) {
      expect(part).toHaveLength(4);
      expect(part.filter((index) => classes[index] === 'a')).toHaveLength(2);
      expect(part.filter((index) => classes[index] === 'b').length).toBeGreaterThanOrEqual(1);
      expect([...part].sort((x, y) => x - y)).toEqual(part);
    }
  });

  test('is decided by the seed', () => {
    const of = (seed: number) => stratifiedFolds(classes, { ...options, seed });
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });

  test.each([1, 2.5, 21, Number.NaN])('refuses %d folds', (folds) => {
    expect(() => stratifiedFolds(classes, { ...options, folds })).toThrow(/^option folds: expected a whole number from 2 to 20/);
  });
});
