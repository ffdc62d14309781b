/** What long work does besides: it stops when asked to, tells how far it is, and lets others have a turn. */

import { breathe } from '#runtime';
import { CancelledError } from '../../../errors.js';

/** How far the training of a tokenizer is. */
export interface TokenizerProgress {
  /** `counting` words, `merging` pairs, or `estimating` probabilities. */
  stage: 'counting' | 'merging' | 'estimating';
  /** Texts that are counted; pieces that there are. */
  done: number;
  /** Pieces that there are to be; undefined where nobody knows how many texts there are. */
  total: number | undefined;
}

/** Milliseconds between two breaths. */
const BREATH = 30;

/** Keeps the time of one training. */
export class Clock {
  readonly #signal: AbortSignal | undefined;
  readonly #tell: ((progress: TokenizerProgress) => void) | undefined;
  #lastBreath = performance.now();

  constructor(signal?: AbortSignal, tell?: (progress: TokenizerProgress) => void) {
    this.#signal = signal;
    this.#tell = tell;
    CancelledError.check(signal);
  }

  /** Whether it is time to `rest`. */
  get isDue(): boolean {
    return performance.now() - this.#lastBreath >= BREATH;
  }

  /**
   * Tells how far the work is, and lets others have a turn.
   *
   * @throws CancelledError when the signal is aborted
   */
  async rest(progress: TokenizerProgress): Promise<void> {
    this.#tell?.(progress);
    await breathe();
    this.#lastBreath = performance.now();
    CancelledError.check(this.#signal);
  }
}
