/** The unigram language model. */

import * as v from 'valibot';
import { describe, UsageError } from '../../errors.js';
import { bytePieces } from './byteFallback.js';
import { fault } from './fault.js';
import { PieceTable } from './pieceTable.js';
import { remembering, type PieceModel, type Pieces } from './pieces.js';
import { NOWHERE, ROOT, Trie } from './trie.js';

/** What a unigram model must look like as JSON. */
export const UNIGRAM = v.object({
  type: v.literal('Unigram'),
  /** Id of what characters become that are not in the vocabulary. */
  unk_id: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null),
  /** Pieces with the logarithms of their probabilities, by id. */
  vocab: v.custom<readonly (readonly [piece: string, score: number])[]>(Array.isArray, 'expected an array of pieces with their scores'),
  /** Whether an unknown character becomes its UTF-8 bytes, `<0x00>` to `<0xFF>`. */
  byte_fallback: v.optional(v.boolean(), false),
});

/** A unigram model as JSON. */
export type UnigramJson = v.InferOutput<typeof UNIGRAM>;

/** How much less likely than the least likely piece an unknown character is, as a logarithm. */
const UNKNOWN_PENALTY = 10;

/**
 * Cuts words into the most probable pieces (Kudo 2018), found by Viterbi's algorithm. A run of
 * unknown characters is one unknown piece.
 */
export class Unigram implements PieceModel {
  readonly table: PieceTable;
  readonly #scores: readonly number[];
  readonly #unknown: number | undefined;
  readonly #unknownScore: number;
  readonly #byteFallback: boolean;
  readonly #trie: Trie;
  readonly #cut = remembering((word) => this.#cutWord(word));

  /** @throws DataError (`bad_tokenizer`) */
  constructor(json: UnigramJson) {
    json.vocab.forEach((entry: unknown, id) => {
      const [piece, score, ...more] = Array.isArray(entry) ? (entry as unknown[]) : [];
      if (typeof piece !== 'string' || !Number.isFinite(score) || more.length > 0) {
        throw fault(`model.vocab[${id}]`, 'a piece and its score', entry);
      }
    });
    const pieces = json.vocab.map(([piece], id) => [piece, id] as const);
    const { unk_id: unknown } = json;
    if (unknown !== null && pieces[unknown] === undefined) {
      throw fault('model.unk_id', `an id from 0 to ${pieces.length - 1}`, unknown);
    }
    this.table = new PieceTable(pieces);
    this.#scores = json.vocab.map(([, score]) => score);
    this.#unknown = unknown ?? undefined;
    this.#unknownScore = this.#scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY;
    this.#byteFallback = json.byte_fallback;
    this.#trie = new Trie(pieces);
  }

  /** @throws UsageError (`unknown_piece`) when a character is unknown and the vocabulary has no piece for that */
  pieces(word: string): Pieces {
    return this.#cut(word);
  }

  #cutWord(word: string): Pieces {
    const { cameFrom, ids } = this.#bestPath(word);
    const cuts: number[] = [];
    for (let end = word.length; end > 0; end = cameFrom[end] as number) cuts.push(end);
    const found = { ids: [] as number[], texts: [] as string[], starts: [] as number[], ends: [] as number[] };
    const add = (id: number, text: string, start: number, end: number): void => {
      found.ids.push(id);
      found.texts.push(text);
      found.starts.push(start);
      found.ends.push(end);
    };
    let unknownFrom = -1;
    for (let index = cuts.length - 1; index >= 0; index -= 1) {
      const end = cuts[index] as number;
      const id = ids[end] as number;
      const start = cameFrom[end] as number;
      if (id !== this.#unknown) {
        add(id, word.slice(start, end), start, end);
        continue;
      }
      if (unknownFrom < 0) unknownFrom = start;
      const next = cuts[index - 1];
      if (next !== undefined && ids[next] === this.#unknown) continue;
      this.#addUnknown(word, unknownFrom, end, add);
      unknownFrom = -1;
    }
    return found;
  }

  #addUnknown(word: string, start: number, end: number, add: (id: number, text: string, start: number, end: number) => void): void {
    const text = word.slice(start, end);
    const spelled = this.#byteFallback ? Array.from(text, (character) => bytePieces(character)) : [];
    const known = spelled.flat().every((piece) => this.table.id(piece) !== undefined);
    if (spelled.length === 0 || !known) {
      add(this.#unknown as number, text, start, end);
      return;
    }
    let at = start;
    spelled.forEach((pieces) => {
      const width = (word.codePointAt(at) as number) > 0xffff ? 2 : 1;
      for (const piece of pieces) add(this.table.id(piece) as number, piece, at, at + width);
      at += width;
    });
  }

  /** By end of a piece on the best path to there: where it starts, and its id. */
  #bestPath(word: string): { cameFrom: Int32Array; ids: Int32Array } {
    const best = new Float64Array(word.length + 1).fill(Number.NEGATIVE_INFINITY);
    const cameFrom = new Int32Array(word.length + 1).fill(-1);
    const ids = new Int32Array(word.length + 1);
    best[0] = 0;
    const reach = (start: number, end: number, id: number, score: number): void => {
      const total = (best[start] as number) + score;
      if (cameFrom[end] !== -1 && !(total > (best[end] as number))) return;
      best[end] = total;
      cameFrom[end] = start;
      ids[end] = id;
    };
    for (let start = 0; start < word.length; ) {
      const next = start + ((word.codePointAt(start) as number) > 0xffff ? 2 : 1);
      let single = false;
      let node = ROOT;
      for (let at = start; at < word.length; ) {
        node = this.#trie.step(node, word.charCodeAt(at));
        if (node === NOWHERE) break;
        at += 1;
        const id = this.#trie.value(node);
        if (id === NOWHERE) continue;
        reach(start, at, id, this.#scores[id] as number);
        single ||= at === next;
      }
      if (!single) reach(start, next, this.#needUnknown(word.slice(start, next)), this.#unknownScore);
      start = next;
    }
    return { cameFrom, ids };
  }

  #needUnknown(character: string): number {
    if (this.#unknown !== undefined) return this.#unknown;
    throw new UsageError(`the vocabulary has neither ${describe(character)} nor a piece for what is unknown`, { code: 'unknown_piece' });
  }
}
