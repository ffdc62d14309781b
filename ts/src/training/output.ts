/** What an entry gives back, by name and in the order of the batch. */

import { UsageError } from '../errors.js';

/** Real numbers, `width` for each step or row. */
export interface MatrixOutput {
  readonly type: 'matrix';
  /** Ragged, row after row. */
  readonly data: Float32Array;
  readonly width: number;
  /**
   * Where each row begins, in steps, and the number of steps at the end: row `r` is
   * `data.subarray(offsets[r] * width, offsets[r + 1] * width)`. Rows are those of the batch; those
   * of the parent axis for a nested one; queries for attention weights. Without an axis each row
   * holds one step.
   */
  readonly offsets: Uint32Array;
}

/** Ids, one for each step or row. */
export interface IdsOutput {
  readonly type: 'ids';
  /** Ragged, row after row. */
  readonly data: Int32Array;
  readonly width: 1;
  /** As in {@link MatrixOutput}. */
  readonly offsets: Uint32Array;
}

/** One number over the whole batch, such as a loss. */
export interface ScalarOutput {
  readonly type: 'scalar';
  readonly value: number;
}

/** One output of an entry. */
export type Output = MatrixOutput | IdsOutput | ScalarOutput;

/** The outputs of an entry by name. */
export interface Outputs {
  readonly [name: string]: Output;
}

type OfType<T extends Output['type']> = Extract<Output, { type: T }>;

/**
 * The output of this name, which must be of this type.
 *
 * @throws UsageError (`no_output`) when there is none, or it is of another type
 *
 * @example
 * const { data, offsets } = output(await model.predict('predict', batch), 'tags', 'ids');
 */
export function output<T extends Output['type']>(outputs: Outputs, name: string, type: T): OfType<T> {
  const found = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (found?.type === type) return found as OfType<T>;
  const given = found ? `${name} is ${found.type}` : `there are ${Object.keys(outputs).join(', ')}`;
  throw new UsageError(`output ${name}: expected ${type}, but ${given}`, { code: 'no_output' });
}

/**
 * One row of an output.
 *
 * @example
 * rowOf(output(outputs, 'tags', 'ids'), 0); // Int32Array of the first sentence's tags
 */
export function rowOf(from: MatrixOutput, row: number): Float32Array;
export function rowOf(from: IdsOutput, row: number): Int32Array;
export function rowOf(from: MatrixOutput | IdsOutput, row: number): Float32Array | Int32Array {
  const { data, offsets, width } = from;
  const [start, end] = [offsets[row], offsets[row + 1]];
  if (start === undefined || end === undefined) {
    throw UsageError.option('row', row, `a row from 0 to ${offsets.length - 2}`);
  }
  return data.subarray(start * width, end * width);
}
