import { describe, expect, it } from 'vitest';
import { checkBatching, planEpoch, type BatchingOptions } from '../../../ts/src/training/batching.js';

const lengths = Array.from({ length: 100 }, (_, row) => (row * 37) % 23);
const data = { size: lengths.length, length: (row: number) => lengths[row] ?? NaN };

/** An order that turn and count decide: a step through the numbers that is prime to the count. */
function shuffle(turn: number, count: number): number[] {
  const step = [7, 11, 13, 17].find((prime) => count % prime !== 0) ?? 1;
  return Array.from({ length: count }, (_, i) => ((i + turn) * step) % count);
}

const plan = (options: BatchingOptions, epoch = 0): number[][] => planEpoch(data, options, epoch, shuffle);
const tokens = (batch: readonly number[]): number => batch.reduce((sum, row) => sum + (lengths[row] ?? NaN), 0);

describe('an epoch', () => {
  it.each<[string, BatchingOptions]>([
    ['by default', {}],
    ['by rows', { batchSize: 7 }],
    ['by tokens', { batchTokens: 50 }],
    ['without buckets', { batchSize: 7, bucket: false }],
    ['in order', { batchSize: 7, shuffle: false }],
    ['one by one', { batchSize: 1 }],
  ])('has every row once, %s', (_, options) => {
    const rows = plan(options).flat();
    expect([...rows].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
  });

  it('keeps to its budget', () => {
    expect(plan({ batchSize: 7 }).map((batch) => batch.length).sort().at(-1)).toBe(7);
    expect(plan({ batchSize: 7 })).toHaveLength(15);
    for (const batch of plan({ batchTokens: 30 })) expect(tokens(batch)).toBeLessThanOrEqual(30);
    expect(plan({ batchTokens: 30 }).length).toBeLessThan(2 * Math.ceil(tokens([...Array(100).keys()]) / 30));
    // A row that is longer than the budget is a batch by itself.
    for (const batch of plan({ batchTokens: 10 })) expect(tokens(batch) <= 10 || batch.length === 1).toBe(true);
  });

  it('puts rows of like length together, in buckets', () => {
    const spread = (batches: number[][]): number =>
      batches.reduce((sum, batch) => {
        const own = batch.map((row) => lengths[row] ?? NaN);
        return sum + Math.max(...own) - Math.min(...own);
      }, 0);
    expect(spread(plan({ batchSize: 5 }))).toBeLessThan(spread(plan({ batchSize: 5, bucket: false })) / 3);
  });

  it('differs from others, and not from itself', () => {
    expect(plan({ batchSize: 5 }, 1)).toEqual(plan({ batchSize: 5 }, 1));
    expect(plan({ batchSize: 5 }, 1)).not.toEqual(plan({ batchSize: 5 }, 2));
    expect(plan({ batchSize: 5, shuffle: false, bucket: false }).flat()).toEqual([...Array(100).keys()]);
  });
});

describe('options', () => {
  it.each<[BatchingOptions, string]>([
    [{ batchSize: 0 }, 'option batchSize: expected a whole number above 0, given 0'],
    [{ batchTokens: 1.5 }, 'option batchTokens: expected a whole number above 0, given 1.5'],
    [{ batchSize: 1, batchTokens: 1 }, 'options batchSize and batchTokens: expected one of them, given both'],
  ])('%j are refused', (options, message) => {
    expect(() => checkBatching(options)).toThrow(message);
  });
});
