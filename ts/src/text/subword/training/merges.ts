/** Learns which pairs of pieces become one (Sennrich et al. 2016). */

import TinyQueue from 'tinyqueue';
import { pairOf } from '../bpe.js';
import type { Clock } from './clock.js';
import type { WordCounts } from './words.js';

/** What `learnMerges` needs to know. */
export interface MergeOptions {
  /** Pieces that are there already, such as special tokens, by id. */
  first: readonly string[];
  /** Characters that have a piece; words are read without the others. */
  alphabet: readonly string[];
  /** How many pieces there are to be. */
  vocabSize: number;
  /** Pairs that occur less often are not merged. */
  minFrequency: number;
  /** What pieces that do not begin a word begin with. */
  prefix: string;
  clock: Clock;
}

/** What was learned. */
export interface LearnedMerges {
  /** By id. */
  pieces: string[];
  merges: [left: string, right: string][];
}

/** Two pieces that stand side by side in the corpus. */
interface Pair {
  left: number;
  right: number;
  /** How often they do. */
  count: number;
  /** Where the left one is, and where it was. */
  places: number[];
}

/** A pair as it was when it went into the queue. */
interface Offer {
  pair: Pair;
  count: number;
}

/**
 * Merges the most frequent pair, again and again; of equally frequent pairs the one whose pieces are
 * older. Only the places of a pair are looked at when it is merged.
 *
 * @throws CancelledError
 */
export async function learnMerges(words: WordCounts, options: MergeOptions): Promise<LearnedMerges> {
  const { vocabSize, minFrequency, prefix, clock } = options;
  const pieces = new Pieces([...options.first, ...options.alphabet]);
  const corpus = corpusOf(words, options, pieces);
  const pairs = new Pairs(corpus);
  const merges: [string, string][] = [];
  while (pieces.size < vocabSize) {
    const pair = pairs.take();
    if (pair === undefined || pair.count < minFrequency) break;
    const [left, right] = [pieces.at(pair.left), pieces.at(pair.right)];
    const merged = pieces.add(left + (right.startsWith(prefix) ? right.slice(prefix.length) : right));
    merges.push([left, right]);
    pairs.merge(pair, merged);
    if (clock.isDue) await clock.rest({ stage: 'merging', done: pieces.size, total: vocabSize });
  }
  return { pieces: pieces.all, merges };
}

/** What stands where a piece was that became part of the one before it. */
const GONE = -1;
/** The place before the first and behind the last piece of a word. */
const NOWHERE = -1;

/** Words as ids of pieces, one behind another, each linked to its neighbours. */
interface Corpus {
  ids: Int32Array;
  next: Int32Array;
  previous: Int32Array;
  /** How often the word of each occurs. */
  counts: Float64Array;
}

function corpusOf(words: WordCounts, { alphabet, prefix }: MergeOptions, pieces: Pieces): Corpus {
  const known = new Set(alphabet);
  const ids: number[] = [];
  const next: number[] = [];
  const previous: number[] = [];
  const counts: number[] = [];
  for (const [word, count] of words) {
    let before = NOWHERE;
    for (const letter of word) {
      if (!known.has(letter)) continue;
      const place = ids.push(pieces.add(before === NOWHERE ? letter : prefix + letter)) - 1;
      if (before !== NOWHERE) next[before] = place;
      previous.push(before);
      next.push(NOWHERE);
      counts.push(count);
      before = place;
    }
  }
  return { ids: Int32Array.from(ids), next: Int32Array.from(next), previous: Int32Array.from(previous), counts: Float64Array.from(counts) };
}

/** The pairs of a corpus, by how often they occur. */
class Pairs {
  readonly #corpus: Corpus;
  readonly #pairs = new Map<number, Pair>();
  readonly #queue: TinyQueue<Offer>;

  constructor(corpus: Corpus) {
    this.#corpus = corpus;
    corpus.ids.forEach((left, place) => {
      const behind = corpus.next[place] as number;
      if (behind !== NOWHERE) this.#add(left, corpus.ids[behind] as number, place);
    });
    const offers = Array.from(this.#pairs.values(), (pair): Offer => ({ pair, count: pair.count }));
    this.#queue = new TinyQueue(offers, (a, b) => b.count - a.count || a.pair.left - b.pair.left || a.pair.right - b.pair.right);
  }

  /** The most frequent pair; undefined when there is none left. */
  take(): Pair | undefined {
    for (let offer = this.#queue.pop(); offer !== undefined; offer = this.#queue.pop()) {
      const { pair, count } = offer;
      if (count === pair.count) return pair;
      // It has lost some since; where it has won some, there is another offer.
      if (pair.count > 0 && pair.count < count) this.#queue.push({ pair, count: pair.count });
    }
    return undefined;
  }

  /** Makes one piece of a pair wherever it is, from the left. */
  merge(pair: Pair, merged: number): void {
    const { ids, next, previous } = this.#corpus;
    const { left, right } = pair;
    const grown = new Set<Pair>();
    for (const place of pair.places.sort((a, b) => a - b)) {
      const behind = next[place] as number;
      if (ids[place] !== left || behind === NOWHERE || ids[behind] !== right) continue;
      const [first, last] = [previous[place] as number, next[behind] as number];
      if (first !== NOWHERE) {
        this.#remove(ids[first] as number, left, place);
        grown.add(this.#add(ids[first] as number, merged, first));
      }
      if (last !== NOWHERE) {
        this.#remove(right, ids[last] as number, place);
        grown.add(this.#add(merged, ids[last] as number, place));
        previous[last] = place;
      }
      ids[place] = merged;
      ids[behind] = GONE;
      next[place] = last;
    }
    pair.count = 0;
    pair.places = [];
    for (const each of grown) if (each.count > 0) this.#queue.push({ pair: each, count: each.count });
  }

  #add(left: number, right: number, place: number): Pair {
    const key = pairOf(left, right);
    let pair = this.#pairs.get(key);
    if (pair === undefined) this.#pairs.set(key, (pair = { left, right, count: 0, places: [] }));
    pair.count += this.#corpus.counts[place] as number;
    pair.places.push(place);
    return pair;
  }

  #remove(left: number, right: number, place: number): void {
    const pair = this.#pairs.get(pairOf(left, right));
    if (pair !== undefined) pair.count -= this.#corpus.counts[place] as number;
  }
}

/** Pieces in the order of their ids, each once. */
class Pieces {
  readonly all: string[] = [];
  readonly #ids = new Map<string, number>();

  constructor(pieces: readonly string[]) {
    for (const piece of pieces) this.add(piece);
  }

  get size(): number {
    return this.all.length;
  }

  at(id: number): string {
    return this.all[id] as string;
  }

  /** The id of a piece, which is new if there was none like it. */
  add(piece: string): number {
    let id = this.#ids.get(piece);
    if (id === undefined) {
      id = this.all.push(piece) - 1;
      this.#ids.set(piece, id);
    }
    return id;
  }
}
