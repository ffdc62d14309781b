/** WordPiece: the longest piece that fits, then the next. */

import * as v from 'valibot';
import { PIECE_IDS, PieceTable } from './pieceTable.js';
import { remembering, wholeWord, type PieceModel, type Pieces } from './pieces.js';
import { NOWHERE, ROOT, Trie } from './trie.js';

/** What a WordPiece model must look like as JSON. */
export const WORD_PIECE = v.object({
  type: v.literal('WordPiece'),
  vocab: PIECE_IDS,
  /** What words become that cannot be cut. */
  unk_token: v.string(),
  /** What pieces that do not begin a word begin with. */
  continuing_subword_prefix: v.optional(v.string(), '##'),
  /** Words of more characters are unknown. */
  max_input_chars_per_word: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 100),
});

/** A WordPiece model as JSON. */
export type WordPieceJson = v.InferOutput<typeof WORD_PIECE>;

/**
 * Cuts words as BERT does (Schuster and Nakajima 2012; Devlin et al. 2019): from the left, each time
 * the longest piece of the vocabulary. A word for which that leads nowhere is unknown as a whole.
 */
export class WordPiece implements PieceModel {
  readonly table: PieceTable;
  readonly #unknown: { id: number; text: string };
  readonly #prefix: string;
  readonly #longest: number;
  readonly #trie: Trie;
  /** Where pieces go on that do not begin a word. */
  readonly #inside: number;
  readonly #cut = remembering((word) => this.#cutWord(word));

  /** @throws DataError (`bad_tokenizer`) */
  constructor(json: WordPieceJson) {
    this.table = new PieceTable(Object.entries(json.vocab));
    this.#unknown = { id: this.table.need(json.unk_token, 'model.unk_token'), text: json.unk_token };
    this.#prefix = json.continuing_subword_prefix;
    this.#longest = json.max_input_chars_per_word;
    this.#trie = new Trie(this.table.entries());
    this.#inside = this.#trie.walk(this.#prefix);
  }

  pieces(word: string): Pieces {
    return this.#cut(word);
  }

  #cutWord(word: string): Pieces {
    const ids: number[] = [];
    const texts: string[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    const tooLong = word.length > this.#longest && [...word].length > this.#longest;
    for (let start = 0; start < word.length; ) {
      const longest = tooLong ? undefined : this.#longestFrom(word, start, start === 0 ? ROOT : this.#inside);
      if (longest === undefined) return wholeWord(word, this.#unknown.id, this.#unknown.text);
      ids.push(longest.id);
      texts.push((start === 0 ? '' : this.#prefix) + word.slice(start, longest.end));
      starts.push(start);
      ends.push(longest.end);
      start = longest.end;
    }
    return { ids, texts, starts, ends };
  }

  #longestFrom(word: string, start: number, from: number): { id: number; end: number } | undefined {
    let longest: { id: number; end: number } | undefined;
    let node = from;
    for (let at = start; at < word.length && node !== NOWHERE; ) {
      node = this.#trie.step(node, word.charCodeAt(at));
      at += 1;
      const id = node === NOWHERE ? NOWHERE : this.#trie.value(node);
      if (id !== NOWHERE) longest = { id, end: at };
    }
    return longest;
  }
}
