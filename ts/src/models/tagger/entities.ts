/** From the model's tags and probabilities to entities with the probability of each. */

import type { TokenSpan } from '../../text/entity.js';
import { decodeTags } from '../../text/tagScheme.js';

/** A span with the probability that exactly this span has exactly this type. */
export interface ScoredSpan extends TokenSpan {
  score: number;
}

/**
 * The spans of a tag sequence with their exact probabilities under the CRF.
 *
 * Given the tag before it, a tag does not depend on what came earlier; so the probability of the
 * tags `p` at `start..end` is `marginal[start][p] · Π conditional[t][p]`, and a span of a scheme
 * without end tags ends with probability `1 − conditional[end][I-type]`.
 *
 * @param path tag ids of one sentence: `[tokens]`
 * @param marginals P(tag at t = j): `[tokens, tags]`
 * @param conditionals P(tag at t = j | tag at t−1 = path[t−1]): `[tokens, tags]`
 * @param tags the tags in the order of their ids
 */
export function scoreSpans(
  path: ArrayLike<number>,
  marginals: Float32Array,
  conditionals: Float32Array,
  tags: readonly string[],
): ScoredSpan[] {
  const length = path.length;
  const at = (table: Float32Array, t: number, tag: number): number => table[t * tags.length + tag] ?? 0;
  const names = Array.from({ length }, (_, t) => tags[path[t] ?? 0] ?? 'O');
  return decodeTags(names).map(({ type, start, end }) => {
    let score = at(marginals, start, path[start] ?? 0);
    for (let t = start + 1; t < end; t += 1) score *= at(conditionals, t, path[t] ?? 0);
    const open = /^[BI]-/.test(names[end - 1] ?? '');
    if (open && end < length) score *= 1 - at(conditionals, end, tags.indexOf(`I-${type}`));
    return { type, start, end, score: Math.min(1, Math.max(0, score)) };
  });
}
