import { describe, expect, it } from 'vitest';
import { nonMonotone } from '../../../ts/src/training/averaging.js';

describe('nonMonotone', () => {
  it('is met when the last score is worse than the best of those that came early enough', () => {
    expect(nonMonotone([5, 3, 4], 1, 'min')).toBe(false);
    expect(nonMonotone([5, 3, 4, 4], 1, 'min')).toBe(true);
    expect(nonMonotone([5, 3, 4, 2], 1, 'min')).toBe(false);
    expect(nonMonotone([0.1, 0.3, 0.2], 0)).toBe(true);
    expect(nonMonotone([0.1, 0.3, 0.2], 1, 'max')).toBe(false);
    expect(nonMonotone([0.3, 0.1, 0.2], 1)).toBe(true);
  });

  it('is not met before there are scores to compare with, by equal scores or by none', () => {
    expect(nonMonotone([], 0)).toBe(false);
    expect(nonMonotone([1], 0)).toBe(false);
    expect(nonMonotone([3, 2, 1, 0], 5)).toBe(false);
    expect(nonMonotone([1, 1, 1], 0)).toBe(false);
    expect(nonMonotone([1, NaN], 0)).toBe(false);
    expect(nonMonotone([3, 2, 1, 0], Infinity)).toBe(false);
  });
});
