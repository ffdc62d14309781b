/** The constraints that sampling and beam search have in common. */

import { UsageError } from '../errors.js';
import { banSequences } from './badWords.js';
import { banRepeats } from './noRepeatNgram.js';
import type { ConstraintSettings } from './options.js';

/**
 * Rules out the tokens that may not come now.
 *
 * @param history the ids of the prompt and of what is generated so far
 * @param count how many of these are generated
 */
export function constrain(scores: Float32Array, history: readonly number[], count: number, settings: ConstraintSettings): void {
  const { noRepeatNgram, banned, minTokens, endIds } = settings;
  if (noRepeatNgram !== undefined) banRepeats(scores, history, noRepeatNgram);
  banSequences(scores, history, banned);
  if (count < minTokens) for (const id of endIds) scores[id] = -Infinity;
}

/**
 * Refuses a forced token that is never written, such as the one for what was not learnt.
 *
 * @param scores as the model gives them
 * @param count how many tokens stand before it
 * @throws UsageError (`bad_option`)
 */
export function checkForced(scores: Float32Array, id: number, count: number): void {
  if (scores[id] !== -Infinity) return;
  throw new UsageError(`option forcedPrefix: expected tokens that the model has learnt to write, token ${count + 1} is none`, { code: 'bad_option' });
}

/** The error for a text that cannot go on after some tokens. */
export function nothingAllowed(count: number): UsageError {
  return new UsageError(`expected a token to go on with, but noRepeatNgram, badWords and minTokens rule out all after ${count}`, {
    code: 'nothing_allowed',
  });
}
