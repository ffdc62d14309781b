/** Min-p sampling (Nguyen et al. 2024). */

import { exp } from '../arithmetic/exponential.js';
import { largest } from './softmax.js';

/** Rules out tokens that are less probable than `share` times the most probable one. */
export function keepMinP(scores: Float32Array, share: number): void {
  const most = largest(scores);
  for (let id = 0; id < scores.length; id += 1) {
    if (exp((scores[id] as number) - most) < share) scores[id] = -Infinity;
  }
}
