/** The repetition penalty (Keskar, McCann, Varshney, Xiong and Socher 2019). */

/** Makes tokens that were there before less likely: divides their scores by a penalty, or multiplies those below 0. */
export function penaliseRepeats(scores: Float32Array, history: readonly number[], penalty: number): void {
  for (const id of new Set(history)) {
    const score = scores[id] as number;
    scores[id] = score < 0 ? score * penalty : score / penalty;
  }
}
