/** No n tokens twice (Paulus, Xiong and Socher 2017). */

/** Rules out every token with which the last `n` tokens would be some that were there before. */
export function banRepeats(scores: Float32Array, history: readonly number[], n: number): void {
  const start = history.length - (n - 1);
  for (let first = 0; first < start; first += 1) {
    let same = 0;
    while (same < n - 1 && history[first + same] === history[start + same]) same += 1;
    if (same === n - 1) scores[history[first + same] as number] = -Infinity;
  }
}
