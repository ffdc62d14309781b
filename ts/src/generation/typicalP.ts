/** Locally typical sampling (Meister, Pimentel, Wiher and Cotterell 2023). */

import { exp } from '../arithmetic/exponential.js';
import { logSumExp } from './softmax.js';

/**
 * Rules out all but the fewest tokens, beginning with those whose surprisal is nearest to the expected one
 * (the entropy), whose probabilities add up to `mass` or more, and at least one. Tokens as near as the last
 * of them stay, too.
 */
export function keepTypical(scores: Float32Array, mass: number): void {
  const whole = logSumExp(scores);
  let entropy = 0;
  for (const score of scores) if (score > -Infinity) entropy -= exp(score - whole) * (score - whole);
  const distance = (score = -Infinity): number => Math.abs(whole - score - entropy);

  // Sorted numbers are far quicker than sorted tokens: the nearest are those around where the entropy lies.
  const ascending = scores.slice().sort();
  let above = ascending.length;
  while (above > 0 && whole - (ascending[above - 1] as number) <= entropy) above -= 1;
  let below = above - 1;
  let sum = 0;
  let farthest: number;
  do {
    const nearest = distance(ascending[above]) <= distance(ascending[below]) ? above++ : below--;
    farthest = distance(ascending[nearest]);
    sum += exp((ascending[nearest] ?? -Infinity) - whole);
  } while (sum < mass && farthest < Infinity);
  for (let id = 0; id < scores.length; id += 1) if (distance(scores[id]) > farthest) scores[id] = -Infinity;
}
