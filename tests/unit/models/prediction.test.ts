import { describe, expect, test } from 'vitest';
import { planBatches, type Piece } from '../../../ts/src/models/text/prediction.js';

const piece = (length: number, document: number): Piece => ({ document, start: 0, end: 0, tokenStart: 0, tokenEnd: length });

describe('planBatches', () => {
  test('holds every piece once, the longest first, within its limits', () => {
    const lengths = Array.from({ length: 500 }, (_, index) => 1 + ((index * 37) % 256));
    const batches = planBatches(lengths.map(piece));
    const flat = batches.flat();
    expect(new Set(flat.map(({ document }) => document)).size).toBe(500);
    expect(flat.map(({ tokenEnd }) => tokenEnd)).toEqual([...lengths].sort((a, b) => b - a));
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(64);
      expect(batch.length * (batch[0]?.tokenEnd ?? 0)).toBeLessThanOrEqual(2048);
    }
    expect(batches.length).toBeLessThan(60);
  });

  test('takes a piece that is longer than all limits alone', () => {
    expect(planBatches([piece(5000, 0), piece(1, 1)]).map((batch) => batch.length)).toEqual([1, 1]);
  });
});
