/** The choice of one token. */

import type { Random } from '../data/random.js';
import { keepMinP } from './minP.js';
import type { SamplingSettings } from './options.js';
import { largest, softmax } from './softmax.js';
import { temper } from './temperature.js';
import { keepTopK } from './topK.js';
import { keepTopP } from './topP.js';
import { keepTypical } from './typicalP.js';

/** The most probable token; of several the one with the smallest id. */
export function greedy(scores: Float32Array): number {
  return scores.indexOf(largest(scores));
}

/** A token drawn at random, as probable as its score says. */
export function draw(scores: Float32Array, random: Random): number {
  const probabilities = softmax(scores);
  let rest = random.fraction();
  const drawn = probabilities.findIndex((probability) => (rest -= probability) < 0);
  // They add up to 1 but for rounding, which may leave something of the last one.
  return drawn >= 0 ? drawn : probabilities.findLastIndex((probability) => probability > 0);
}

/** Chooses a token by scores, which are changed, and of which at least one is finite. */
export function choose(scores: Float32Array, settings: SamplingSettings, random: Random): number {
  const { temperature, topK, topP, minP, typicalP } = settings;
  if (temperature === 0) return greedy(scores);
  if (temperature !== 1) temper(scores, temperature);
  if (topK !== undefined) keepTopK(scores, topK);
  if (topP < 1) keepTopP(scores, topP);
  if (minP > 0) keepMinP(scores, minP);
  if (typicalP < 1) keepTypical(scores, typicalP);
  return draw(scores, random);
}
