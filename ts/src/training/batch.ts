/** Batches as plain data. */

/** Numbers as a caller may have them. */
export type Numbers = readonly number[] | Int32Array | Uint32Array | Float32Array | Float64Array;

/**
 * A batch: ragged, row after row, without padding. It may hold more axes and inputs of the spec
 * than an entry uses, so that the same batch trains and predicts.
 *
 * @example
 * // Two sentences of 3 and 1 tokens; the characters of each of the 4 tokens.
 * const batch: Batch = {
 *   rows: 2,
 *   lengths: { tokens: [3, 1], chars: [5, 2, 4, 3] },
 *   inputs: { words: [12, 7, 9, 3], characters: Int32Array.from(ids14) },
 * };
 */
export interface Batch {
  /** Number of rows, at least 1. */
  readonly rows: number;
  /**
   * Lengths by axis: one for each row of the batch, or, for an axis `of` another, one for each step
   * of that one. May be left out when the spec has no axes.
   */
  readonly lengths?: { readonly [axis: string]: Numbers };
  /**
   * Data by input, row after row: an id for each row or step, or `width` numbers for each.
   */
  readonly inputs: { readonly [input: string]: Numbers };
  /**
   * Where sequences begin anew: of the state that the call is made with, these rows are zero for this
   * batch. With true all are, and the batch may have another number of rows than those before it.
   */
  readonly reset?: boolean | readonly number[];
}
