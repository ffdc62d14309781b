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
  const possible: { id: number; probability: number; distance: number }[] = [];
  scores.forEach((score, id) => {
    const probability = exp(score - whole);
    if (probability === 0) return;
    entropy -= probability * (score - whole);
    possible.push({ id, probability, distance: whole - score });
  });
  for (const token of possible) token.distance = Math.abs(token.distance - entropy);
  possible.sort((a, b) => a.distance - b.distance || a.id - b.id);
  let sum = 0;
  const last = possible.find(({ probability }) => (sum += probability) >= mass) ?? possible.at(-1);
  for (const { id, distance } of possible) if (distance > (last?.distance as number)) scores[id] = -Infinity;
}
