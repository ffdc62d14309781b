import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { combineReadings, type SpanReading } from '../../../ts/src/models/tagger/nbest.js';

const list = (random: Random, length: number): SpanReading[] =>
  Array.from({ length }, (_, index): SpanReading => ({
    logProbability: -random.below(1000) / 100,
    spans: [{ type: `${index}`, start: 0, end: 1 }],
  })).sort((a, b) => b.logProbability - a.logProbability);

describe('combineReadings', () => {
  test.each([1, 2, 3, 4, 5, 7, 10, 33])('gives the %d best of all pairs', (n) => {
    const random = new Random(n);
    const [first, second] = [list(random, n), list(random, Math.max(1, n - 2))];
    const all = first.flatMap((a) => second.map((b) => a.logProbability + b.logProbability)).sort((a, b) => b - a);
    const best = combineReadings(first, second, n);
    expect(best.map(({ logProbability }) => logProbability)).toEqual(all.slice(0, n));
    expect(best.every(({ spans }) => spans.length === 2)).toBe(true);
  });

  test('keeps what there is when there is less', () => {
    const one: SpanReading[] = [{ logProbability: -1, spans: [] }];
    expect(combineReadings(one, one, 5)).toEqual([{ logProbability: -2, spans: [] }]);
  });
});
