/** Temperature (Ackley, Hinton and Sejnowski 1985). */

import { largest } from './softmax.js';

/** Divides the scores, as they are below the largest: above 1 makes them more alike, below 1 less. */
export function temper(scores: Float32Array, temperature: number): void {
  // Undivided, the largest stays finite at any temperature.
  const most = largest(scores);
  for (let id = 0; id < scores.length; id += 1) scores[id] = ((scores[id] as number) - most) / temperature;
}
