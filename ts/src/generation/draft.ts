/** One text that is being generated. */

import { Random } from '../data/random.js';
import { checkForced, constrain, nothingAllowed } from './constraints.js';
import type { ConstraintSettings, SamplingSettings } from './options.js';
import { penaliseRepeats } from './repetitionPenalty.js';
import { choose } from './sampling.js';
import { largest, logSumExp } from './softmax.js';
import { StopStrings } from './stopStrings.js';
import { Transcript, type Decode } from './transcript.js';

/** One token of a text that is being generated. */
export interface GeneratedPiece {
  readonly id: number;
  /**
   * What the text grows by; together, the texts of all pieces are the whole text. It is empty where a
   * token ends within a character, or where the text so far may end with a stop string, and comes with a
   * later token then.
   */
  readonly text: string;
  /** Natural logarithm of the probability that the model gives the token, whatever the options. */
  readonly logProb: number;
}

/** Why a text ends: with an end token, with a stop string, or as there are `maxTokens`. */
export type GenerationEnd = 'token' | 'stop' | 'length';

/** The state of one row: what it has read and said, and what it draws from. */
export class Draft {
  /** Why the text has ended, once it has. */
  end: GenerationEnd | undefined;
  readonly #settings: ConstraintSettings & SamplingSettings;
  readonly #history: number[];
  readonly #transcript: Transcript;
  readonly #stops: StopStrings;
  readonly #random: Random;
  #count = 0;

  /** @param row draws as a single row does whose seed is larger by this */
  constructor(decode: Decode, prompt: readonly number[], settings: ConstraintSettings & SamplingSettings, row: number) {
    this.#settings = settings;
    this.#history = [...prompt];
    this.#transcript = new Transcript(decode, prompt);
    this.#stops = new StopStrings(settings.stops);
    this.#random = new Random(settings.seed + row);
  }

  /**
   * The next token.
   *
   * @param scores those of what may follow; they are left as they are
   * @throws UsageError (`nothing_allowed`), (`bad_option`) for a forced token that is never written
   * @throws OstinatoError (`not_finite`)
   */
  next(scores: Float32Array): GeneratedPiece {
    const logNormaliser = logSumExp(scores);
    const forced = this.#settings.forced[this.#count];
    if (forced !== undefined) checkForced(scores, forced, this.#count);
    const id = forced ?? this.#choose(scores.slice());
    this.#count += 1;
    this.#history.push(id);
    return { id, text: this.#grow(id), logProb: (scores[id] as number) - logNormaliser };
  }

  #choose(scores: Float32Array): number {
    const { repetitionPenalty } = this.#settings;
    if (repetitionPenalty !== 1) penaliseRepeats(scores, this.#history, repetitionPenalty);
    constrain(scores, this.#history, this.#count, this.#settings);
    if (largest(scores) === -Infinity) throw nothingAllowed(this.#count);
    return choose(scores, this.#settings, this.#random);
  }

  #grow(id: number): string {
    const { endIds, maxTokens } = this.#settings;
    const end = endIds.includes(id) ? 'token' : this.#count === maxTokens ? 'length' : undefined;
    const whole = end === 'token' ? '' : this.#transcript.add(id);
    const { text, stopped } = this.#stops.add(end === undefined ? whole : whole + this.#transcript.end());
    this.end = stopped ? 'stop' : end;
    return this.end === undefined ? text : text + this.#stops.end();
  }
}
