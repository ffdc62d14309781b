import { describe, expect, test } from 'vitest';
import { cutStreams, pieceOf, stepsOf } from '../../../ts/src/models/languageModel/pieces.js';

const sequence = (...ids: number[]): Int32Array => Int32Array.from(ids);
const plain = (piece: ReturnType<typeof pieceOf>): unknown => ({
  lengths: [...(piece.lengths?.['tokens'] as number[])],
  tokens: [...(piece.inputs['tokens'] as Int32Array)],
  targets: [...(piece.inputs['targets'] as Int32Array)],
});

describe('a piece', () => {
  const rows = [sequence(0, 11, 12, 13, 14, 15), sequence(0, 21, 22, 23)];

  test('foresees what follows each of its steps', () => {
    expect(plain(pieceOf(rows, 0, 2, 0))).toEqual({ lengths: [2, 2], tokens: [0, 11, 0, 21], targets: [11, 12, 21, 22] });
  });

  test('has less of sequences that end in it, and nothing of those that ended before', () => {
    expect(plain(pieceOf(rows, 2, 4, 0))).toEqual({ lengths: [2, 1], tokens: [12, 13, 22], targets: [13, 14, 23] });
    expect(plain(pieceOf(rows, 4, 5, 0))).toEqual({ lengths: [1, 0], tokens: [14], targets: [15] });
  });

  test('begins with steps that do not count, where nothing is carried', () => {
    expect(plain(pieceOf(rows, 0, 2, 2))).toEqual({ lengths: [2, 2], tokens: [0, 11, 0, 21], targets: [11, 12, 21, 22] });
    expect(plain(pieceOf(rows, 2, 4, 2))).toEqual({
      lengths: [4, 3], tokens: [0, 11, 12, 13, 0, 21, 22], targets: [-1, -1, 13, 14, -1, -1, 23],
    });
    expect(plain(pieceOf(rows, 4, 5, 1))).toEqual({ lengths: [2, 0], tokens: [13, 14], targets: [-1, 15] });
  });
});

describe('streams', () => {
  test.each([1, 2, 3, 4, 7, 9])('%i of them have every step once, in order', (count) => {
    const whole = sequence(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const streams = cutStreams(whole, count);
    expect(streams).toHaveLength(count);
    expect(streams.flatMap((stream) => [...stream.subarray(1)])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(streams.map((stream) => stream[0])).toEqual([0, ...streams.slice(0, -1).map((stream) => stream.at(-1))]);
    const steps = streams.map(stepsOf);
    expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1);
  });
});
