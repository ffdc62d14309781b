/** Top-k sampling (Fan, Lewis and Dauphin 2018). */

/** Rules out all scores below the k-th largest. Those that equal it stay, even where they are more than k. */
export function keepTopK(scores: Float32Array, k: number): void {
  if (k >= scores.length) return;
  const least = scores.slice().sort()[scores.length - k] as number;
  for (let id = 0; id < scores.length; id += 1) if ((scores[id] as number) < least) scores[id] = -Infinity;
}
