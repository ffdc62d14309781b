/** Scores as probabilities. */

import { OstinatoError } from '../errors.js';
import { ln } from '../text/subword/training/logarithm.js';
import { exp } from './exponential.js';

/** The largest of some scores; -Infinity where there are none. */
export function largest(scores: Float32Array): number {
  let most = -Infinity;
  for (const score of scores) if (score > most) most = score;
  return most;
}

/**
 * The logarithm of the sum of the scores' exponentials: what a score is to be lessened by to be the
 * logarithm of a probability.
 *
 * @throws OstinatoError (`not_finite`) where a score is infinite or not a number, or all are -Infinity
 */
export function logSumExp(scores: Float32Array): number {
  const most = largest(scores);
  let sum = 0;
  for (const score of scores) sum += exp(score - most);
  // Of NaN and of either infinity, the sum is NaN.
  if (Number.isNaN(sum)) throw new OstinatoError('the model gives scores that are infinite or not numbers', { code: 'not_finite' });
  return most + ln(sum);
}

/** The softmax of the scores. */
export function softmax(scores: Float32Array): Float64Array {
  const whole = logSumExp(scores);
  return Float64Array.from(scores, (score) => exp(score - whole));
}
