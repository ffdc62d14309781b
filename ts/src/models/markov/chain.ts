/** A Markov chain over ids: what it counted, and what it therefore expects. */

import { breathe } from '#runtime';
import { ln } from '../../arithmetic/logarithm.js';
import { CancelledError } from '../../errors.js';
import { TextReader } from '../language/reader.js';
import { countingOf, Estimator } from './estimator.js';
import { Ngrams, type NgramTable } from './ngrams.js';
import type { MarkovSettings, MarkovUpdateOptions } from './options.js';

/** Tokens that are counted, or scored, before others have a turn. */
export const BREATH = 1 << 15;

/** What a chain needs to know of its model. */
export interface ChainParts {
  settings: Pick<MarkovSettings, 'order' | 'smoothing'>;
  /** One more than the largest id. */
  size: number;
  /** Whether texts have a beginning and an end. */
  documents: boolean;
}

/** N-grams, with what is estimated from them. */
export class MarkovChain {
  readonly #parts: ChainParts;
  readonly #ngrams: Ngrams;
  #estimator: Estimator;

  private constructor(parts: ChainParts, ngrams: Ngrams) {
    this.#parts = parts;
    this.#ngrams = ngrams;
    this.#estimator = this.#estimate();
  }

  /** One that has seen nothing. */
  static empty(parts: ChainParts): MarkovChain {
    return new MarkovChain(parts, new Ngrams(parts.settings.order, countingOf(parts.settings.smoothing)));
  }

  /** @returns undefined where the table is no tree of n-grams */
  static fromTable(parts: ChainParts, table: NgramTable): MarkovChain | undefined {
    const { order, smoothing } = parts.settings;
    const ngrams = Ngrams.fromTable(order, countingOf(smoothing), parts.size, table);
    return ngrams && new MarkovChain(parts, ngrams);
  }

  /** All n-grams. */
  table(): NgramTable {
    return this.#ngrams.table();
  }

  /**
   * Counts texts, each given as ids, with that of the boundary at its end where it has one.
   *
   * @throws CancelledError when the signal is aborted; what was counted by then stays
   */
  async count(texts: readonly Int32Array[], { signal, onProgress }: MarkovUpdateOptions): Promise<void> {
    const total = texts.reduce((sum, ids) => sum + ids.length, 0);
    let done = 0;
    try {
      if (this.#parts.documents) this.#ngrams.admit(TextReader.BOUNDARY);
      for (const ids of texts) {
        const contexts = this.start();
        for (let from = 0; from < ids.length; from += BREATH) {
          CancelledError.check(signal);
          const part = ids.subarray(from, from + BREATH);
          this.#ngrams.add(part, contexts);
          done += part.length;
          onProgress?.({ done, total });
          await breathe();
        }
      }
    } finally {
      this.#estimator = this.#estimate();
    }
  }

  /** Contexts at the start of a text. */
  start(): Int32Array {
    const contexts = this.#ngrams.contexts();
    if (this.#parts.documents) this.#ngrams.advance(contexts, TextReader.BOUNDARY);
    return contexts;
  }

  /** Moves contexts one id on. */
  advance(contexts: Int32Array, id: number): void {
    this.#ngrams.advance(contexts, id);
  }

  /** Log-probabilities of ids, one behind the other; the contexts move along. */
  logProbs(ids: Int32Array, contexts: Int32Array): Float64Array {
    return Float64Array.from(ids, (id) => ln(this.#estimator.next(contexts, id)));
  }

  /** Probabilities of all ids behind contexts: `[size]`. They sum to one. */
  distribution(contexts: Int32Array): Float64Array {
    return this.#estimator.distribution(contexts);
  }

  #estimate(): Estimator {
    const { settings, size, documents } = this.#parts;
    return new Estimator(this.#ngrams, settings.smoothing, { first: documents ? TextReader.BOUNDARY : TextReader.BOUNDARY + 1, size });
  }
}
