/** Runs a model over documents, in batches of segments. */

import { breathe } from '#runtime';
import { CancelledError } from '../../errors.js';
import type { Segment } from '../../text/segment.js';
import type { Model } from '../../training/model.js';
import type { Outputs } from '../../training/output.js';
import type { TokenEncoder } from './encoder.js';

/** Most segments and tokens of a batch: beyond these, larger ones are no faster. */
const BATCH_ROWS = 64;
const BATCH_TOKENS = 2048;
/** Milliseconds of work after which the event loop gets a turn. */
const BREATH = 8;

/** What is read segment by segment. */
export interface Segmented {
  segments(): readonly Segment[];
  /** The tokens of a segment as strings. */
  words(segment: Segment): readonly string[];
}

/** A segment of one of several documents. */
export interface Piece extends Segment {
  /** Which document. */
  document: number;
}

/** Takes what the model says of a piece, which is row `row` of the outputs. */
export type Visit = (piece: Piece, outputs: Outputs, row: number) => void;

/** Pieces of like length, in batches, the longest first. */
export function planBatches(pieces: readonly Piece[]): Piece[][] {
  const length = ({ tokenStart, tokenEnd }: Piece): number => tokenEnd - tokenStart;
  const batches: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => length(b) - length(a))) {
    const batch = batches.at(-1);
    const longest = batch?.[0];
    const room = longest === undefined ? 0 : Math.min(BATCH_ROWS, Math.floor(BATCH_TOKENS / length(longest)));
    if (batch !== undefined && batch.length < room) batch.push(piece);
    else batches.push([piece]);
  }
  return batches;
}

/** What runs an entry of a model. */
export class Predictor {
  readonly #model: Model;
  readonly #encoder: TokenEncoder;

  constructor(model: Model, encoder: TokenEncoder) {
    this.#model = model;
    this.#encoder = encoder;
  }

  /** Runs batch after batch; between two it can be left alone for a while. */
  *#batches(entry: string, documents: readonly Segmented[], visit: Visit): Generator<void> {
    const pieces = documents.flatMap((document, index) =>
      document.segments().map((segment): Piece => ({ ...segment, document: index })),
    );
    for (const batch of planBatches(pieces)) {
      const sentences = batch.map((piece) => (documents[piece.document] as Segmented).words(piece));
      const outputs = this.#model.predictSync(entry, this.#encoder.batch(sentences));
      batch.forEach((piece, row) => visit(piece, outputs, row));
      yield;
    }
  }

  /** Runs an entry over every segment of the documents. */
  runSync(entry: string, documents: readonly Segmented[], visit: Visit): void {
    for (const _ of this.#batches(entry, documents, visit));
  }

  /**
   * As `runSync`, with turns for the event loop.
   *
   * @throws CancelledError when the signal is aborted
   */
  async run(
    entry: string,
    documents: readonly Segmented[],
    visit: Visit,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    let last = performance.now();
    CancelledError.check(signal);
    for (const _ of this.#batches(entry, documents, visit)) {
      if (performance.now() - last >= BREATH) {
        await breathe();
        last = performance.now();
      }
      CancelledError.check(signal);
    }
  }
}
