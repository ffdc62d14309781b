/** The most probable readings of a whole document from those of its segments. */

import type { Entity, TokenSpan } from '../../text/entity.js';
import { decodeTags, encodeTags, type TagScheme } from '../../text/tagScheme.js';
import { output, rowOf } from '../../training/output.js';
import type { TextDocument } from '../text/document.js';
import { tagNames } from './entities.js';
import type { Visit } from '../text/prediction.js';

/** One way to tag a document as a whole. */
export interface TaggerReading {
  /** Probability of this reading under the CRF. */
  probability: number;
  /** Its natural logarithm, which says something even where `probability` rounds to 0. */
  logProbability: number;
  /** The entities; how probable each is by itself, `tag` tells. */
  entities: Omit<Entity, 'score'>[];
}

/** A reading of a segment, or of several together. */
export interface SpanReading {
  logProbability: number;
  spans: readonly TokenSpan[];
}

/**
 * The `n` best readings of two stretches side by side. Stretches are independent, so probabilities
 * multiply. Of two sorted lists, the pair at places `i` and `j` has `(i + 1)(j + 1) − 1` pairs that are
 * as good, so that few pairs can be among the best.
 */
export function combineReadings(
  first: readonly SpanReading[],
  second: readonly SpanReading[],
  n: number,
): SpanReading[] {
  const pairs = first.flatMap((a, i) =>
    second
      .slice(0, Math.floor(n / (i + 1)))
      .map((b) => ({ logProbability: a.logProbability + b.logProbability, a, b })),
  );
  return pairs
    .sort((x, y) => y.logProbability - x.logProbability)
    .slice(0, n)
    .map(({ logProbability, a, b }) => ({ logProbability, spans: [...a.spans, ...b.spans] }));
}

/** Gathers the readings of one document from the entry that `nBestEntry` makes. */
export class ReadingCollector {
  readonly #segments = new Map<number, SpanReading[]>();
  readonly #document: TextDocument;
  readonly #tags: readonly string[];
  readonly #scheme: TagScheme;
  readonly #n: number;

  constructor(document: TextDocument, tags: readonly string[], scheme: TagScheme, n: number) {
    this.#document = document;
    this.#tags = tags;
    this.#scheme = scheme;
    this.#n = n;
  }

  readonly visit: Visit = ({ tokenStart, tokenEnd }, outputs, row) => {
    const n = this.#n;
    const paths = rowOf(output(outputs, 'paths', 'matrix'), row);
    const logProbabilities = rowOf(output(outputs, 'logProbability', 'matrix'), row);
    const readings: SpanReading[] = [];
    logProbabilities.forEach((logProbability, k) => {
      if (logProbability === -Infinity) return;
      const length = tokenEnd - tokenStart;
      const tags = tagNames(Array.from({ length }, (_, t) => paths[t * n + k] ?? 0), this.#tags);
      const spans = decodeTags(tags);
      // Where there are not so many sound sequences, others fill up, whose probability is none.
      if (encodeTags(spans, length, this.#scheme).some((tag, t) => tag !== tags[t])) return;
      const shifted = spans.map(({ type, start, end }) => ({ type, start: start + tokenStart, end: end + tokenStart }));
      readings.push({ logProbability, spans: shifted });
    });
    this.#segments.set(tokenStart, readings);
  };

  /** The best readings of the document, the most probable first. */
  readings(): TaggerReading[] {
    const inOrder = [...this.#segments].sort(([a], [b]) => a - b).map(([, readings]) => readings);
    const nothing: SpanReading[] = [{ logProbability: 0, spans: [] }];
    return inOrder
      .reduce((before, segment) => combineReadings(before, segment, this.#n), nothing)
      .map(({ logProbability, spans }) => ({
        probability: Math.exp(logProbability),
        logProbability,
        entities: spans.map(({ type, start, end }) => ({ type, ...this.#document.place({ start, end }) })),
      }));
  }
}
