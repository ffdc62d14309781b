/** The beams of one row. */

import { exp } from '../arithmetic/exponential.js';
import { ln } from '../arithmetic/logarithm.js';
import { checkForced, constrain, nothingAllowed } from './constraints.js';
import type { PromptedLanguage } from './nextTokens.js';
import type { BeamSettings, ConstraintSettings } from './options.js';
import { logSumExp } from './softmax.js';
import { continuation } from './transcript.js';

/** A text that beam search has found. */
export interface BeamHypothesis {
  /** What follows the prompt. */
  readonly text: string;
  /** Its tokens, with an end token and those of a stop string where there is one. */
  readonly ids: readonly number[];
  /** Natural logarithm of the probability that the model gives them after the prompt. */
  readonly logProb: number;
  /** What hypotheses are compared by: `logProb / ids.length ** lengthPenalty`. */
  readonly score: number;
}

/** An unfinished text. */
interface Beam {
  /** The prompt and what follows. */
  readonly history: readonly number[];
  readonly logProb: number;
}

/** A beam that goes on with a token. */
interface Candidate {
  /** Place of the beam among the live ones. */
  readonly beam: number;
  readonly id: number;
  readonly logProb: number;
}

/** The search for the best texts that go on from one prompt. */
export class Beams {
  readonly #prompt: readonly number[];
  readonly #decode: PromptedLanguage['decode'];
  readonly #settings: BeamSettings & ConstraintSettings;
  #live: Beam[];
  /** The best finished texts, best first; no more than there are beams. */
  #finished: BeamHypothesis[] = [];
  #count = 0;

  constructor(prompt: readonly number[], { decode }: PromptedLanguage, settings: BeamSettings & ConstraintSettings) {
    this.#prompt = prompt;
    this.#decode = decode;
    this.#settings = settings;
    this.#live = [{ history: prompt, logProb: 0 }];
  }

  /** How many rows the beams take. */
  get width(): number {
    return this.#live.length;
  }

  /** The best texts, when there are no more rows. */
  get best(): BeamHypothesis[] {
    return this.#finished.slice(0, this.#settings.nBest);
  }

  /**
   * One token more.
   *
   * @param scores `[width × size]`
   * @returns for each beam from now on, its place among the ones before, and the token that it goes on with
   * @throws UsageError (`nothing_allowed`), (`bad_option`) for a forced token that is never written
   * @throws OstinatoError (`not_finite`)
   */
  step(scores: Float32Array, size: number): { beam: number; id: number }[] {
    const { beams, maxTokens } = this.#settings;
    const candidates = this.#live.flatMap((beam, place) => this.#candidates(beam, place, scores.slice(place * size, (place + 1) * size)));
    candidates.sort((a, b) => b.logProb - a.logProb || a.beam - b.beam || a.id - b.id);
    if (candidates.length === 0 && this.#finished.length === 0) throw nothingAllowed(this.#count);
    this.#count += 1;
    const kept: (Candidate & Beam)[] = [];
    for (let rank = 0; rank < candidates.length && kept.length < beams; rank += 1) {
      const { beam, id, logProb } = candidates[rank] as Candidate;
      const history = [...(this.#live[beam] as Beam).history, id];
      const text = this.#finishedText(history);
      if (text === undefined) kept.push({ beam, id, logProb, history });
      // As a beam, what ranks lower would not have been kept either.
      else if (rank < beams) this.#finish(history, logProb, text);
    }
    if (this.#count === maxTokens) {
      for (const { history, logProb } of kept) this.#finish(history, logProb, this.#text(history));
    }
    const going = this.#count === maxTokens || this.#isDone(kept) ? [] : kept;
    this.#live = going;
    return going;
  }

  #candidates({ history, logProb }: Beam, beam: number, scores: Float32Array): Candidate[] {
    const { forced, beams, endIds } = this.#settings;
    const base = logProb - logSumExp(scores);
    const next = forced[this.#count];
    if (next === undefined) constrain(scores, history, this.#count, this.#settings);
    else checkForced(scores, next, this.#count);
    // Enough for all beams if each end token is among them.
    const ids = next === undefined ? best(scores, beams + endIds.length) : [next];
    return ids.map((id) => ({ beam, id, logProb: base + (scores[id] as number) }));
  }

  /** The text of a history that is one; undefined when it goes on. */
  #finishedText(history: readonly number[]): string | undefined {
    const { endIds, stops } = this.#settings;
    const ended = endIds.includes(history.at(-1) as number);
    if (!ended && stops.length === 0) return undefined;
    const text = this.#text(ended ? history.slice(0, -1) : history);
    const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
    if (places.length > 0) return text.slice(0, Math.min(...places));
    return ended ? text : undefined;
  }

  #text(history: readonly number[]): string {
    return continuation(this.#decode, this.#prompt, history.slice(this.#prompt.length));
  }

  #finish(history: readonly number[], logProb: number, text: string): void {
    const ids = history.slice(this.#prompt.length);
    const finished = [...this.#finished, { text, ids, logProb, score: this.#score(logProb, ids.length) }];
    this.#finished = finished.sort((a, b) => b.score - a.score).slice(0, this.#settings.beams);
  }

  /** Whether no beam can become better than what is finished. */
  #isDone([first]: readonly Beam[]): boolean {
    const { beams, nBest, earlyStopping, maxTokens } = this.#settings;
    if (first === undefined) return true;
    if (earlyStopping && this.#finished.length >= beams) return true;
    const worst = this.#finished[nBest - 1];
    // A log-probability only falls, and divided by the longest length it is the largest.
    return worst !== undefined && worst.score >= this.#score(first.logProb, maxTokens);
  }

  #score(logProb: number, length: number): number {
    return logProb / exp(this.#settings.lengthPenalty * ln(length));
  }
}

/** The ids of the `count` largest scores, but none of -Infinity; of equal ones those with smaller ids. */
function best(scores: Float32Array, count: number): number[] {
  const ids: number[] = [];
  scores.forEach((score, id) => {
    if (score === -Infinity || (ids.length === count && score <= (scores[ids[count - 1] as number] as number))) return;
    let place = Math.min(ids.length, count - 1);
    while (place > 0 && (scores[ids[place - 1] as number] as number) < score) {
      ids[place] = ids[place - 1] as number;
      place -= 1;
    }
    ids[place] = id;
  });
  return ids;
}
