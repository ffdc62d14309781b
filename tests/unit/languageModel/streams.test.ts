import { describe, expect, test } from 'vitest';
import { Streams, type StreamOptions } from '../../../ts/src/models/languageModel/streams.js';

const whole = Int32Array.from({ length: 1001 }, (_, at) => (at === 0 ? 0 : 2 + (at % 50)));
const options: StreamOptions = {
  streams: 4, sequenceLength: 16, variableLength: false, lookback: 0, singletons: { start: 52, end: 52, probability: 0.5 }, seed: 1,
};

/** What an epoch reads: lengths of its pieces, and all targets, stream by stream. */
function epoch(data: Streams, number: number): { lengths: number[]; targets: number[] } {
  data.begin(number);
  const rows: number[][] = [[], [], [], []];
  const lengths: number[] = [];
  for (let piece = 0; piece < data.size; piece += 1) {
    const { lengths: { tokens } = {}, inputs } = data.batch([piece]);
    let at = 0;
    rows.forEach((row, index) => {
      const length = tokens?.[index] as number;
      row.push(...(inputs['targets'] as Int32Array).subarray(at, at + length));
      at += length;
    });
    expect(data.length(piece)).toBe(at);
    lengths.push(tokens?.[0] as number);
  }
  return { lengths, targets: rows.flat() };
}

describe('streams of text', () => {
  test('give every token once an epoch, in pieces of one length', () => {
    const data = new Streams(whole, options);
    expect(data.size).toBe(16);
    const { lengths, targets } = epoch(data, 0);
    expect(lengths).toEqual([...Array<number>(15).fill(16), 10]);
    expect(targets).toEqual([...whole.subarray(1)]);
  });

  test('give them in as many pieces of other lengths in each epoch, the same from one seed', () => {
    const data = new Streams(whole, { ...options, variableLength: true, streams: 1, sequenceLength: 20 });
    const again = new Streams(whole, { ...options, variableLength: true, streams: 1, sequenceLength: 20 });
    const size = data.size;
    const seen = new Set<string>();
    const all: number[] = [];
    for (let number = 0; number < 40; number += 1) {
      data.begin(number);
      again.begin(number);
      expect(data.size).toBe(size);
      const lengths = Array.from({ length: size }, (_, piece) => data.length(piece));
      expect(Array.from({ length: size }, (_, piece) => again.length(piece))).toEqual(lengths);
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(1000);
      expect(Math.min(...lengths)).toBeGreaterThan(0);
      expect(lengths.map((_, piece) => data.learningRateScale(piece))).toEqual(lengths.map((length) => length / 20));
      seen.add(lengths.join());
      all.push(...lengths);
    }
    expect(seen.size).toBe(40);
    const mean = all.reduce((sum, length) => sum + length, 0) / all.length;
    expect(mean).toBeCloseTo(20, 5);
    const spread = Math.sqrt(all.reduce((sum, length) => sum + (length - mean) ** 2, 0) / all.length);
    expect(spread).toBeGreaterThan(4);
    expect(spread).toBeLessThan(6.5);
  });

  test('take some of what occurs once for unknown, other tokens in each epoch', () => {
    const singletons = { start: 40, end: 52, probability: 0.5 };
    const data = new Streams(whole, { ...options, singletons });
    const [first, second] = [epoch(data, 0).targets, epoch(data, 1).targets];
    const rare = [...whole.subarray(1)].map((id) => id >= 40);
    first.forEach((id, at) => (rare[at] === true ? expect([1, whole[at + 1]]).toContain(id) : expect(id).toBe(whole[at + 1])));
    const unknown = first.filter((id) => id === 1).length / rare.filter(Boolean).length;
    expect(unknown).toBeGreaterThan(0.35);
    expect(unknown).toBeLessThan(0.65);
    expect(second).not.toEqual(first);
    // What is unknown where it is foreseen is unknown where it is read.
    const { inputs } = data.batch([0]);
    const [tokens, targets] = [inputs['tokens'] as Int32Array, inputs['targets'] as Int32Array];
    expect([...tokens.subarray(1, 16)]).toEqual([...targets.subarray(0, 15)]);
  });
});
