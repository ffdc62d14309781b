/** Sequences of tokens cut into pieces, which are read one after another. */

import type { Batch } from '../../training/batch.js';
import { IGNORED } from './graph.js';

/**
 * One piece of several sequences that are read side by side.
 *
 * A sequence of n + 1 ids has n steps: each reads an id and foresees the next. Where what is read is not
 * carried from piece to piece, each begins with steps of the piece before it, which do not count.
 *
 * @param from first step
 * @param to one past the last step; sequences that end before have less, or no steps at all
 * @param lookback how many steps before `from` are read, too
 */
export function pieceOf(sequences: readonly Int32Array[], from: number, to: number, lookback: number): Batch {
  const begin = Math.max(0, from - lookback);
  const ends = sequences.map((sequence) => Math.min(to, Math.max(from, stepsOf(sequence))));
  const lengths = ends.map((end) => (end > from ? end - begin : 0));
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  const [tokens, targets] = [new Int32Array(steps), new Int32Array(steps)];
  let at = 0;
  sequences.forEach((sequence, row) => {
    const [length, end] = [lengths[row] as number, ends[row] as number];
    if (length === 0) return;
    tokens.set(sequence.subarray(begin, end), at);
    targets.set(sequence.subarray(begin + 1, end + 1), at);
    targets.fill(IGNORED, at, at + from - begin);
    at += length;
  });
  return { rows: sequences.length, lengths: { tokens: lengths }, inputs: { tokens, targets } };
}

/** Steps of a sequence: one less than its ids. */
export function stepsOf(sequence: Int32Array): number {
  return sequence.length - 1;
}

/**
 * One long sequence as `count` of like length, whose steps are those of the long one.
 *
 * @param sequence of at least `count` steps
 */
export function cutStreams(sequence: Int32Array, count: number): Int32Array[] {
  const place = (stream: number): number => Math.floor((stream * stepsOf(sequence)) / count);
  return Array.from({ length: count }, (_, stream) => sequence.subarray(place(stream), place(stream + 1) + 1));
}
