/** What a subword tokenizer makes of a text. */

import type { Token } from '../tokenizer.js';

/** A text as pieces, special tokens included: entry i of each list is about piece i. */
export interface Encoding {
  ids: Int32Array;
  /**
   * The pieces with their offsets in the original text, in UTF-16 code units. Pieces that are bytes
   * of one character all have its offsets; what the tokenizer added has 0 and 0.
   */
  tokens: Token[];
  /** Types, as post-processors give them; mostly 0. */
  typeIds: Int32Array;
  /** 1 for what the tokenizer added: special tokens and padding. */
  special: Uint8Array;
}

/** A piece on its way into an `Encoding`. */
export interface EncodedPiece {
  id: number;
  token: Token;
  typeId: number;
  special: boolean;
}

/** The pieces as lists. */
export function encodingOf(pieces: readonly EncodedPiece[]): Encoding {
  const { length } = pieces;
  const encoding: Encoding = { ids: new Int32Array(length), tokens: new Array<Token>(length), typeIds: new Int32Array(length), special: new Uint8Array(length) };
  for (let index = 0; index < length; index += 1) {
    const { id, token, typeId, special } = pieces[index] as EncodedPiece;
    encoding.ids[index] = id;
    encoding.tokens[index] = token;
    encoding.typeIds[index] = typeId;
    encoding.special[index] = special ? 1 : 0;
  }
  return encoding;
}

/** A piece that is in no text. */
export function addedPiece(id: number, text: string, typeId = 0): EncodedPiece {
  return { id, token: { text, start: 0, end: 0 }, typeId, special: true };
}
