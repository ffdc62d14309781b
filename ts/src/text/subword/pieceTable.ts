/** Pieces and their ids. */

import * as v from 'valibot';
import { fault } from './fault.js';

/** A vocabulary as `tokenizer.json` has it: ids by piece. */
export type PieceIds = Readonly<Record<string, number>>;

/** What such a vocabulary must look like; `PieceTable` looks at each of what may be many. */
export const PIECE_IDS = v.custom<PieceIds>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected ids by piece',
);

/** A map from pieces to ids and back. */
export class PieceTable {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #pieces: (string | undefined)[] = [];

  /**
   * @param ids from 0 on, each once; there may be gaps
   * @throws DataError (`bad_tokenizer`)
   */
  constructor(ids: Iterable<readonly [string, number]>) {
    this.#ids = new Map(ids);
    for (const [piece, id] of this.#ids) {
      if (!(Number.isInteger(id) && id >= 0 && id <= MOST_PIECES)) {
        throw fault(`model.vocab[${JSON.stringify(piece)}]`, `an id from 0 to ${MOST_PIECES}`, id);
      }
      const other = this.#pieces[id];
      if (other !== undefined) throw fault(`model.vocab[${JSON.stringify(piece)}]`, `an id that ${JSON.stringify(other)} does not have`, id);
      this.#pieces[id] = piece;
    }
  }

  /** One more than the largest id. */
  get size(): number {
    return this.#pieces.length;
  }

  /** The id of a piece. */
  id(piece: string): number | undefined {
    return this.#ids.get(piece);
  }

  /** The piece of an id. */
  piece(id: number): string | undefined {
    return this.#pieces[id];
  }

  /** All pieces with their ids. */
  entries(): IterableIterator<[string, number]> {
    return this.#ids.entries();
  }

  /**
   * The id of a piece that must be there.
   *
   * @param path where the piece is named
   * @throws DataError (`bad_tokenizer`)
   */
  need(piece: string, path: string): number {
    const id = this.#ids.get(piece);
    if (id === undefined) throw fault(path, 'a piece of model.vocab', piece);
    return id;
  }
}

/** Ids stay below this, so that two of them fit into one number. */
const MOST_PIECES = 2 ** 24;
