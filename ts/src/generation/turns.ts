/** What generation does between two tokens. */

import { breathe } from '#runtime';
import { CancelledError } from '../errors.js';

/** Milliseconds between two turns of the event loop. */
const BREATH = 30;

/** Stops work when it is asked to, and lets others have a turn now and then. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #last = performance.now();

  /** @throws CancelledError when the signal is aborted */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    CancelledError.check(signal);
  }

  /** @throws CancelledError when the signal is aborted */
  async take(): Promise<void> {
    if (performance.now() - this.#last >= BREATH) {
      await breathe();
      this.#last = performance.now();
    }
    CancelledError.check(this.#signal);
  }
}
