/** The length that a tokenizer file wants encodings to have. */

import * as v from 'valibot';
import { addedPiece, type EncodedPiece } from './encoding.js';

const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const direction = v.picklist(['Left', 'Right']);

/** What truncation must look like. */
export const TRUNCATION = v.object({
  /** Which end of a text goes. */
  direction,
  /** Most pieces, special tokens included. */
  max_length: size,
  /** What of a pair of texts goes; a text alone has no choice. */
  strategy: v.string(),
  /** Overlap of the rest, which is not had here. */
  stride: size,
});

/** What padding must look like. */
export const PADDING = v.object({
  strategy: v.union([v.literal('BatchLongest'), v.object({ Fixed: size })], 'expected BatchLongest or { Fixed }'),
  direction,
  pad_to_multiple_of: v.optional(v.nullable(size), null),
  pad_id: size,
  pad_type_id: size,
  pad_token: v.string(),
});

/** When and how an encoding is cut short. */
export type TruncationJson = v.InferOutput<typeof TRUNCATION>;

/** When and how an encoding is filled up. */
export type PaddingJson = v.InferOutput<typeof PADDING>;

/** Leaves out what is too much, when `added` special tokens are still to come. */
export function truncated(pieces: readonly EncodedPiece[], json: TruncationJson | null, added: number): readonly EncodedPiece[] {
  const excess = json === null ? 0 : pieces.length - Math.max(0, json.max_length - added);
  if (json === null || excess <= 0) return pieces;
  return json.direction === 'Left' ? pieces.slice(excess) : pieces.slice(0, pieces.length - excess);
}

/** Fills up with padding; where batches decide the length, an encoding alone is its own batch. */
export function padded(pieces: readonly EncodedPiece[], json: PaddingJson | null): readonly EncodedPiece[] {
  if (json === null) return pieces;
  const least = json.strategy === 'BatchLongest' ? pieces.length : json.strategy.Fixed;
  const multiple = json.pad_to_multiple_of ?? 0;
  const length = multiple > 0 ? Math.ceil(least / multiple) * multiple : least;
  const padding = Array.from({ length: Math.max(0, length - pieces.length) }, () => addedPiece(json.pad_id, json.pad_token, json.pad_type_id));
  return json.direction === 'Left' ? [...padding, ...pieces] : [...pieces, ...padding];
}
