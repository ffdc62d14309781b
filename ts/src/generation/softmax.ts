/** Scores as probabilities. */

import { exp } from '../arithmetic/exponential.js';
import { ln } from '../arithmetic/logarithm.js';
import { OstinatoError } from '../errors.js';

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
  const { most, sum } = exponentials(scores);
  return most + ln(sum);
}

/** The softmax of the scores; throws as {@link logSumExp} does. */
export function softmax(scores: Float32Array): Float64Array {
  const { values, sum } = exponentials(scores);
  for (let id = 0; id < values.length; id += 1) values[id] = (values[id] as number) / sum;
  return values;
}

/** The exponentials of what the scores are below the largest. */
function exponentials(scores: Float32Array): { most: number; values: Float64Array; sum: number } {
  const most = largest(scores);
  const values = new Float64Array(scores.length);
  let sum = 0;
  for (let id = 0; id < scores.length; id += 1) {
    const value = exp((scores[id] as number) - most);
    values[id] = value;
    sum += value;
  }
  // Of NaN, and of either infinity as the largest, the sum is NaN.
  if (Number.isNaN(sum)) throw new OstinatoError('the model gives scores that are infinite or not numbers', { code: 'not_finite' });
  return { most, values, sum };
}
