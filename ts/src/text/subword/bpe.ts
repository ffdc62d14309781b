/** Byte pair encoding. */

import TinyQueue from 'tinyqueue';
import * as v from 'valibot';
import { UnsupportedError } from '../../errors.js';
import { bytePieces } from './byteFallback.js';
import { fault } from './fault.js';
import { PIECE_IDS, PieceTable } from './pieceTable.js';
import { remembering, wholeWord, type PieceModel, type Pieces } from './pieces.js';

/** Two pieces that become one: as a pair, or, in older files, with a space between them. */
export type MergeJson = readonly [string, string] | string;

const affix = v.optional(v.nullable(v.string()), null);
const no = v.optional(v.boolean(), false);

/** What a BPE model must look like as JSON. */
export const BPE = v.object({
  type: v.literal('BPE'),
  /** Chance that a merge is left out; only none is supported. */
  dropout: v.optional(v.nullable(v.number()), null),
  /** What characters become that are not in the vocabulary; null: they are left out. */
  unk_token: affix,
  /** What pieces that do not begin a word begin with. */
  continuing_subword_prefix: affix,
  /** What the last piece of a word ends with. */
  end_of_word_suffix: affix,
  /** Whether a run of unknown characters is one piece. */
  fuse_unk: no,
  /** Whether an unknown character becomes its UTF-8 bytes, `<0x00>` to `<0xFF>`. */
  byte_fallback: no,
  /** Whether a word that is a piece is taken whole, whatever the merges say. */
  ignore_merges: no,
  vocab: PIECE_IDS,
  /** In the order in which they are made. */
  merges: v.custom<readonly MergeJson[]>(Array.isArray, 'expected an array of merges'),
});

/** A BPE model as JSON. */
export type BpeJson = v.InferOutput<typeof BPE>;

/** Two neighbours that may become one. */
interface Candidate {
  rank: number;
  /** Index of the left one. */
  at: number;
}

/** A word while it is merged: a list of symbols, linked, as merging leaves holes. */
interface Symbols {
  ids: number[];
  starts: number[];
  ends: number[];
  /** Index of the next symbol, or the number of symbols. */
  next: number[];
  previous: number[];
}

/**
 * Cuts words as Sennrich et al. (2016) do: characters, of which neighbours become one, each time the
 * pair that was learned first and of these the leftmost. A word of n characters takes O(n log n).
 */
export class Bpe implements PieceModel {
  readonly table: PieceTable;
  readonly #json: BpeJson;
  readonly #unknown: number | undefined;
  /** By pair of ids: its place among the merges. */
  readonly #ranks = new Map<number, number>();
  /** By rank: what the pair becomes. */
  readonly #merged: number[] = [];
  readonly #cut = remembering((word) => this.#cutWord(word));

  /**
   * @throws DataError (`bad_tokenizer`)
   * @throws UnsupportedError (`unsupported_tokenizer`) for dropout
   */
  constructor(json: BpeJson) {
    if (json.dropout !== null && json.dropout !== 0) {
      throw new UnsupportedError(`tokenizer model.dropout: expected null, given ${json.dropout}; dropping merges is not supported`, {
        code: 'unsupported_tokenizer',
      });
    }
    this.#json = json;
    this.table = new PieceTable(Object.entries(json.vocab));
    const { unk_token: unknown } = json;
    this.#unknown = unknown === null ? undefined : this.table.need(unknown, 'model.unk_token');
    json.merges.forEach((merge, rank) => this.#addMerge(merge, rank));
  }

  pieces(word: string): Pieces {
    return this.#cut(word);
  }

  #addMerge(merge: MergeJson, rank: number): void {
    const path = `model.merges[${rank}]`;
    const pieces: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
    const [left, right, ...more] = Array.isArray(pieces) ? (pieces as unknown[]) : [];
    if (typeof left !== 'string' || typeof right !== 'string' || more.length > 0) throw fault(path, 'two pieces', merge);
    const pair = pairOf(this.table.need(left, path), this.table.need(right, path));
    const prefix = this.#json.continuing_subword_prefix ?? '';
    this.#merged.push(this.table.need(left + (right.startsWith(prefix) ? right.slice(prefix.length) : right), path));
    this.#ranks.set(pair, rank);
  }

  #cutWord(word: string): Pieces {
    const whole = this.#json.ignore_merges ? this.table.id(word) : undefined;
    if (whole !== undefined) return wholeWord(word, whole, word);
    const symbols = this.#symbolsOf(word);
    this.#merge(symbols);
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (let at = 0; at < symbols.ids.length; at = symbols.next[at] as number) {
      ids.push(symbols.ids[at] as number);
      starts.push(symbols.starts[at] as number);
      ends.push(symbols.ends[at] as number);
    }
    return { ids, texts: ids.map((id) => this.table.piece(id) as string), starts, ends };
  }

  #symbolsOf(word: string): Symbols {
    const { continuing_subword_prefix: prefix, end_of_word_suffix: suffix, byte_fallback: byteFallback, fuse_unk: fuse } = this.#json;
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    let start = 0;
    let unknownBefore = false;
    for (const character of word) {
      const end = start + character.length;
      const text = (start > 0 ? (prefix ?? '') : '') + character + (end === word.length ? (suffix ?? '') : '');
      const add = (id: number): void => {
        ids.push(id);
        starts.push(start);
        ends.push(end);
      };
      const id = this.table.id(text);
      const bytes = id === undefined && byteFallback ? bytePieces(text).map((piece) => this.table.id(piece)) : [];
      const known = id === undefined ? bytes : [id];
      if (known.length > 0 && !known.includes(undefined)) {
        for (const each of known) add(each as number);
        unknownBefore = false;
      } else if (this.#unknown !== undefined) {
        if (unknownBefore && fuse) ends[ends.length - 1] = end;
        else add(this.#unknown);
        unknownBefore = true;
      }
      start = end;
    }
    return { ids, starts, ends, next: ids.map((_, at) => at + 1), previous: ids.map((_, at) => at - 1) };
  }

  #merge({ ids, starts, ends, next, previous }: Symbols): void {
    const count = ids.length;
    const rankAt = (at: number): number | undefined => {
      const behind = next[at] as number;
      return behind < count ? this.#ranks.get(pairOf(ids[at] as number, ids[behind] as number)) : undefined;
    };
    const queue = new TinyQueue<Candidate>([], (a, b) => a.rank - b.rank || a.at - b.at);
    const offer = (at: number): void => {
      const rank = rankAt(at);
      if (rank !== undefined) queue.push({ rank, at });
    };
    for (let at = 0; at < count; at += 1) offer(at);
    for (let best = queue.pop(); best !== undefined; best = queue.pop()) {
      const { rank, at } = best;
      // One of the two may have been merged otherwise since.
      if (ids[at] === GONE || rankAt(at) !== rank) continue;
      const behind = next[at] as number;
      ids[at] = this.#merged[rank] as number;
      ids[behind] = GONE;
      starts[at] = Math.min(starts[at] as number, starts[behind] as number);
      ends[at] = Math.max(ends[at] as number, ends[behind] as number);
      const after = next[behind] as number;
      next[at] = after;
      if (after < count) previous[after] = at;
      if ((previous[at] as number) >= 0) offer(previous[at] as number);
      offer(at);
    }
  }
}

/** What stands where a symbol was that became part of the one before it. */
const GONE = -1;

/** Two ids as one number. */
export function pairOf(left: number, right: number): number {
  return left * 0x1000000 + right;
}
