/** All ways to cut a word into pieces. */

import { ln } from '../../../arithmetic/logarithm.js';
import { NOWHERE, ROOT, Trie } from '../trie.js';

/**
 * Probabilities are multiplied by this for every code unit, which leaves their ratios as they are
 * and keeps products of them within what a number can be: a word has at most `LONGEST_WORD` code
 * units, and no probability is below 2^-40.
 */
const SCALE = 2 ** 14;

/** Longer words are cut. */
export const LONGEST_WORD = 32;

/** The ways to cut words into pieces with probabilities, of which every single character is one. */
export class Lattice {
  readonly #trie: Trie;
  readonly #lengths: readonly number[];
  readonly #logarithms: readonly number[];
  readonly #scaled: readonly number[];
  // The pieces of the word at hand, by where they start.
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #pieces: number[] = [];
  // What the ways to and from each place come to: made once, as words are many and short.
  readonly #forward = new Float64Array(LONGEST_WORD + 1);
  readonly #backward = new Float64Array(LONGEST_WORD + 1);
  readonly #last = new Int32Array(LONGEST_WORD + 1);

  /** @param probabilities of each piece; above 0 */
  constructor(pieces: readonly string[], probabilities: readonly number[]) {
    this.#trie = new Trie(pieces.map((piece, index) => [piece, index] as const));
    this.#lengths = pieces.map((piece) => piece.length);
    this.#logarithms = probabilities.map(ln);
    this.#scaled = probabilities.map((probability, piece) => probability * SCALE ** (this.#lengths[piece] as number));
  }

  /** The logarithm of a piece's probability. */
  logarithm(piece: number): number {
    return this.#logarithms[piece] as number;
  }

  /** Adds to `expected`, by piece, how often the pieces occur in a word, over all ways to cut it. */
  expect(word: string, count: number, expected: Float64Array): void {
    this.#lay(word, NOWHERE);
    const [starts, ends, pieces] = [this.#starts, this.#ends, this.#pieces];
    const forward = this.#forward.fill(0);
    const backward = this.#backward.fill(0);
    forward[0] = 1;
    backward[word.length] = 1;
    const probability = (arc: number): number => this.#scaled[pieces[arc] as number] as number;
    for (let arc = 0; arc < pieces.length; arc += 1) {
      const end = ends[arc] as number;
      forward[end] = (forward[end] as number) + (forward[starts[arc] as number] as number) * probability(arc);
    }
    for (let arc = pieces.length - 1; arc >= 0; arc -= 1) {
      const start = starts[arc] as number;
      backward[start] = (backward[start] as number) + (backward[ends[arc] as number] as number) * probability(arc);
    }
    const share = count / (forward[word.length] as number);
    for (let arc = 0; arc < pieces.length; arc += 1) {
      const piece = pieces[arc] as number;
      const through = (forward[starts[arc] as number] as number) * probability(arc) * (backward[ends[arc] as number] as number);
      expected[piece] = (expected[piece] as number) + share * through;
    }
  }

  /**
   * The most probable way to cut a word, from its end to its start (Viterbi).
   *
   * @param without a piece that is not to be used
   */
  best(word: string, without = NOWHERE): { pieces: number[]; logarithm: number } {
    this.#lay(word, without);
    const scores = this.#forward.fill(Number.NEGATIVE_INFINITY);
    const last = this.#last;
    scores[0] = 0;
    this.#pieces.forEach((piece, arc) => {
      const end = this.#ends[arc] as number;
      const score = (scores[this.#starts[arc] as number] as number) + this.logarithm(piece);
      if (!(score > (scores[end] as number))) return;
      scores[end] = score;
      last[end] = piece;
    });
    const pieces: number[] = [];
    for (let end = word.length; end > 0; end -= this.#lengths[last[end] as number] as number) pieces.push(last[end] as number);
    return { pieces, logarithm: scores[word.length] as number };
  }

  /** Finds all pieces in a word. */
  #lay(word: string, without: number): void {
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#pieces.length = 0;
    for (let start = 0; start < word.length; start += (word.codePointAt(start) as number) > 0xffff ? 2 : 1) {
      let node = ROOT;
      for (let at = start; at < word.length; ) {
        node = this.#trie.step(node, word.charCodeAt(at));
        if (node === NOWHERE) break;
        at += 1;
        const piece = this.#trie.value(node);
        if (piece === NOWHERE || piece === without) continue;
        this.#starts.push(start);
        this.#ends.push(at);
        this.#pieces.push(piece);
      }
    }
  }
}
