/** What a model cuts a word into. */

import type { PieceTable } from './pieceTable.js';

/** The pieces of a word, side by side: number i of each array is about piece i. */
export interface Pieces {
  readonly ids: readonly number[];
  /** What the vocabulary calls them; of what it does not know, its unknown piece or the text itself. */
  readonly texts: readonly string[];
  /** First code units in the word. */
  readonly starts: readonly number[];
  /** One past the last code units. Pieces that are bytes of one character all have its span. */
  readonly ends: readonly number[];
}

/** A model of a tokenizer: a vocabulary, and a way to cut words into its pieces. */
export interface PieceModel {
  readonly table: PieceTable;
  /** Cuts a word, which is not empty. */
  pieces(word: string): Pieces;
}

/** Longer words are not remembered. */
const LONGEST_KNOWN = 64;
/** When this many words are remembered, all are forgotten. */
const MOST_KNOWN = 50_000;

/** A way to cut words that remembers what it cut: most words of a text are old acquaintances. */
export function remembering(cut: (word: string) => Pieces): (word: string) => Pieces {
  const known = new Map<string, Pieces>();
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const pieces = cut(word);
    if (word.length <= LONGEST_KNOWN) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(word, pieces);
    }
    return pieces;
  };
}

/** A word as one piece. */
export function wholeWord(word: string, id: number, text: string): Pieces {
  return { ids: [id], texts: [text], starts: [0], ends: [word.length] };
}
