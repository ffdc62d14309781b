/** Whole words. */

import * as v from 'valibot';
import { describe, UsageError } from '../../errors.js';
import { PIECE_IDS, PieceTable } from './pieceTable.js';
import { wholeWord, type PieceModel, type Pieces } from './pieces.js';

/** What a model of whole words must look like as JSON; `unk_token`: what other words become. */
export const WORD_LEVEL = v.object({ type: v.literal('WordLevel'), vocab: PIECE_IDS, unk_token: v.string() });

/** A model of whole words as JSON. */
export type WordLevelJson = v.InferOutput<typeof WORD_LEVEL>;

/** Takes a word for one piece, or for the unknown one. */
export class WordLevel implements PieceModel {
  readonly table: PieceTable;
  readonly #unknown: string;

  /** @throws DataError (`bad_tokenizer`) */
  constructor(json: WordLevelJson) {
    this.table = new PieceTable(Object.entries(json.vocab));
    this.#unknown = json.unk_token;
  }

  /** @throws UsageError (`unknown_piece`) when the vocabulary has neither the word nor the unknown piece */
  pieces(word: string): Pieces {
    const id = this.table.id(word);
    if (id !== undefined) return wholeWord(word, id, word);
    const unknown = this.table.id(this.#unknown);
    if (unknown !== undefined) return wholeWord(word, unknown, this.#unknown);
    throw new UsageError(`the vocabulary has neither ${describe(word)} nor ${describe(this.#unknown)}, which stands for the unknown`, {
      code: 'unknown_piece',
    });
  }
}
