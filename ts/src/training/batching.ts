/** How an epoch is cut into batches. */

import { UsageError } from '../errors.js';
import type { OptionNames } from '../optionNames.js';
import type { Batch } from './batch.js';

/**
 * Data that makes its batches when they are needed.
 *
 * @example
 * const data: TrainingData = {
 *   size: sentences.length,
 *   length: (row) => sentences[row].words.length,
 *   batch: (rows) => ({
 *     rows: rows.length,
 *     lengths: { tokens: rows.map((row) => sentences[row].words.length) },
 *     inputs: { words: rows.flatMap((row) => sentences[row].words) },
 *   }),
 * };
 */
export interface TrainingData {
  /** Number of rows, such as sentences. */
  readonly size: number;
  /** Length of a row, such as its tokens: by it rows are put together, and speed is told. */
  length(row: number): number;
  /** The batch of these rows, in this order. */
  batch(rows: readonly number[]): Batch;
  /** Factor on the learning rate of a row's step, for rows that are batches by themselves. Default 1. */
  learningRateScale?(row: number): number;
  /** Called before the first batch of an epoch, counted from 0: the place to draw data anew, in rows of the same number. */
  begin?(epoch: number): void;
}

/** Options of batching. */
export interface BatchingOptions {
  /** Rows of a batch. Default 32. */
  batchSize?: number;
  /** At most so many tokens in a batch, in place of `batchSize`; a longer row is a batch by itself. */
  batchTokens?: number;
  /** Whether each epoch has an order of its own. Default true. */
  shuffle?: boolean;
  /**
   * Whether rows of like length are put together, among those that the shuffle brought near each
   * other. Default true.
   */
  bucket?: boolean;
}

/** Names of {@link BatchingOptions}. */
export const BATCHING_NAMES = {
  batchSize: true,
  batchTokens: true,
  shuffle: true,
  bucket: true,
} satisfies OptionNames<BatchingOptions>;

/** Rows are sorted by length within so many batches. */
const BUCKET_BATCHES = 16;

/** @throws UsageError (`bad_option`) */
export function checkBatching({ batchSize, batchTokens }: BatchingOptions): void {
  const count = (name: string, given: number | undefined): void => {
    if (given !== undefined && !(Number.isInteger(given) && given > 0)) {
      throw UsageError.option(name, given, 'a whole number above 0');
    }
  };
  count('batchSize', batchSize);
  count('batchTokens', batchTokens);
  if (batchSize !== undefined && batchTokens !== undefined) {
    throw new UsageError('options batchSize and batchTokens: expected one of them, given both', {
      code: 'bad_option',
    });
  }
}

/** Cuts rows, in the order given, into batches. */
function cut(rows: readonly number[], length: (row: number) => number, options: BatchingOptions): number[][] {
  const { batchTokens, batchSize = 32 } = options;
  const batches: number[][] = [];
  let batch: number[] = [];
  let tokens = 0;
  for (const row of rows) {
    const more = length(row);
    const full = batchTokens === undefined ? batch.length >= batchSize : tokens + more > batchTokens;
    if (full && batch.length > 0) {
      batches.push(batch);
      batch = [];
      tokens = 0;
    }
    batch.push(row);
    tokens += more;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/**
 * The batches of one epoch, as rows of the data.
 *
 * @param shuffle gives the numbers from 0 to below a count in a random order, another for each turn
 */
export function planEpoch(
  data: Pick<TrainingData, 'size' | 'length'>,
  options: BatchingOptions,
  epoch: number,
  shuffle: (turn: number, count: number) => ArrayLike<number>,
): number[][] {
  const length = (row: number): number => data.length(row);
  const shuffled = options.shuffle !== false;
  const rows = Array.from(shuffled ? shuffle(2 * epoch, data.size) : Array(data.size).keys());
  if (options.bucket === false) return cut(rows, length, options);
  const nearby = cut(rows, length, options);
  const batches: number[][] = [];
  for (let first = 0; first < nearby.length; first += BUCKET_BATCHES) {
    const bucket = nearby.slice(first, first + BUCKET_BATCHES).flat();
    bucket.sort((a, b) => length(b) - length(a));
    batches.push(...cut(bucket, length, options));
  }
  if (!shuffled) return batches;
  // Otherwise every bucket would begin with its longest rows.
  return Array.from(shuffle(2 * epoch + 1, batches.length), (at) => batches[at] ?? []);
}
