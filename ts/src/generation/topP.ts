/** Top-p or nucleus sampling (Holtzman, Buys, Du, Forbes and Choi 2020). */

import { softmax } from './softmax.js';

/**
 * Rules out all but the fewest most probable tokens whose probabilities add up to `p` or more, and at
 * least one. Of tokens that are as probable, those with smaller ids stay.
 */
export function keepTopP(scores: Float32Array, p: number): void {
  const probabilities = softmax(scores);
  const ascending = probabilities.slice().sort();
  let place = scores.length;
  let mass = 0;
  do {
    place -= 1;
    mass += ascending[place] as number;
  } while (mass < p && place > 0);
  const least = ascending[place] as number;
  let equals = ascending.lastIndexOf(least) - place + 1;
  for (let id = 0; id < scores.length; id += 1) {
    const probability = probabilities[id] as number;
    if (probability < least || (probability === least && (equals -= 1) < 0)) scores[id] = -Infinity;
  }
}
