/** When to begin to average weights. */

/**
 * Whether the last of some scores is worse than the best of those that came more than `after` before it:
 * where training no longer gets ahead, NT-ASGD begins to average (Merity et al. 2018, algorithm 1).
 *
 * @param scores of all evaluations so far, the latest last
 * @param mode whether a higher or a lower score is better
 *
 * @example
 * losses.push(await devLoss());
 * if (nonMonotone(losses, 5, 'min')) await trainer.startAveraging();
 */
export function nonMonotone(scores: readonly number[], after: number, mode: 'max' | 'min' = 'max'): boolean {
  const last = scores.at(-1) ?? NaN;
  const early = scores.slice(0, Math.max(0, scores.length - 1 - after));
  return early.some((score) => (mode === 'min' ? last > score : last < score));
}
