/** Sequences of tokens that are never to be generated. */

/** Rules out every token that would complete one of the sequences. */
export function banSequences(scores: Float32Array, history: readonly number[], banned: readonly (readonly number[])[]): void {
  for (const sequence of banned) {
    const last = sequence.length - 1;
    const start = history.length - last;
    if (start < 0) continue;
    let same = 0;
    while (same < last && history[start + same] === sequence[same]) same += 1;
    if (same === last) scores[sequence[last] as number] = -Infinity;
  }
}
