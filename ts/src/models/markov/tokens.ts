/** A Markov model at work on texts, token by token. */

import { ln } from '../../arithmetic/logarithm.js';
import type { NextTokens } from '../../generation/nextTokens.js';
import { Vocabulary } from '../../text/vocabulary.js';
import type { MarkovChain } from './chain.js';

/** What may follow each of several rows. Unknown tokens never do, as they cannot be written. */
export class MarkovTokens implements NextTokens {
  readonly size: number;
  readonly #chain: MarkovChain;
  /** Contexts of each row. */
  #rows: Int32Array[];

  /** @param prompts what each row has read: ids behind the start of a text */
  constructor(chain: MarkovChain, size: number, prompts: readonly (readonly number[])[]) {
    this.size = size;
    this.#chain = chain;
    this.#rows = prompts.map((ids) => {
      const contexts = chain.start();
      for (const id of ids) chain.advance(contexts, id);
      return contexts;
    });
  }

  /** Log-probabilities of what may follow: `[rows × size]`. */
  scores(): Float32Array {
    const scores = new Float32Array(this.#rows.length * this.size);
    for (const [row, contexts] of this.#rows.entries()) {
      for (const [id, probability] of this.#chain.distribution(contexts).entries()) {
        scores[row * this.size + id] = id === Vocabulary.UNKNOWN || probability === 0 ? -Infinity : ln(probability);
      }
    }
    return scores;
  }

  async feed(ids: Int32Array): Promise<Float32Array> {
    for (const [row, contexts] of this.#rows.entries()) this.#chain.advance(contexts, ids[row] as number);
    return this.scores();
  }

  async select(rows: readonly number[]): Promise<void> {
    this.#rows = rows.map((row) => (this.#rows[row] as Int32Array).slice());
  }

  dispose(): void {
    this.#rows = [];
  }
}
