/** From the model's tags and probabilities to entities with the probability of each. */

import type { Entity, TokenSpan } from '../../text/entity.js';
import { decodeTags } from '../../text/tagScheme.js';
import { output, rowOf } from '../../training/output.js';
import type { TextDocument } from '../text/document.js';
import type { Visit } from '../text/prediction.js';

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
  const names = tagNames(path, tags);
  return decodeTags(names).map(({ type, start, end }) => {
    let score = at(marginals, start, path[start] ?? 0);
    for (let t = start + 1; t < end; t += 1) score *= at(conditionals, t, path[t] ?? 0);
    const open = /^[BI]-/.test(names[end - 1] ?? '');
    if (open && end < length) score *= 1 - at(conditionals, end, tags.indexOf(`I-${type}`));
    return { type, start, end, score: Math.min(1, Math.max(0, score)) };
  });
}

/** The tags of tag ids. */
export function tagNames(path: ArrayLike<number>, tags: readonly string[]): string[] {
  return Array.from(path, (id) => tags[id] ?? 'O');
}

/** Spans with their places in the text. */
export function entitiesOf(document: TextDocument, spans: readonly ScoredSpan[]): Entity[] {
  return spans.map(({ type, start, end, score }) => ({ type, ...document.place({ start, end }), score }));
}

/** Gathers the entities of documents from the entry `predict`. */
export class EntityCollector {
  readonly #spans: ScoredSpan[][];
  readonly #documents: readonly TextDocument[];
  readonly #tags: readonly string[];

  constructor(documents: readonly TextDocument[], tags: readonly string[]) {
    this.#documents = documents;
    this.#tags = tags;
    this.#spans = documents.map(() => []);
  }

  readonly visit: Visit = (piece, outputs, row) => {
    const spans = scoreSpans(
      rowOf(output(outputs, 'tags', 'ids'), row),
      rowOf(output(outputs, 'marginals', 'matrix'), row),
      rowOf(output(outputs, 'conditionals', 'matrix'), row),
      this.#tags,
    );
    const found = this.#spans[piece.document] ?? [];
    for (const { type, start, end, score } of spans) {
      found.push({ type, start: start + piece.tokenStart, end: end + piece.tokenStart, score });
    }
  };

  /** The spans of one document over its tokens, in order. */
  spans(document: number): ScoredSpan[] {
    return (this.#spans[document] ?? []).sort((a, b) => a.start - b.start);
  }

  /** The entities of each document, in order. */
  entities(): Entity[][] {
    return this.#documents.map((document, index) => entitiesOf(document, this.spans(index)));
  }
}
