/** From the model's probabilities to intents and spans. */

import type { Entity } from '../../text/entity.js';
import { output, rowOf } from '../../training/output.js';
import { rankLabels, type ScoredLabel } from '../classifier/classification.js';
import { entitiesOf, EntityCollector, type ScoredSpan } from '../tagger/entities.js';
import type { Visit } from '../text/prediction.js';
import type { ExtractorEncoder } from './encoder.js';
import type { ExtractedSpan } from './record.js';
import type { RequestDocument } from './request.js';

/** What was extracted from a text. */
export interface Extraction<I extends string = string, R = { [slot: string]: unknown }> {
  /** The most probable intent. */
  intent: I;
  /** Its probability. */
  score: number;
  /** All intents, the most probable first; their scores sum to one. */
  intents: ScoredLabel<I>[];
  /** The values of the slots by key, which is the slot's type in lower case. */
  record: R;
  /** Where the values stand in the text, in order, with the exact probability of each span. */
  spans: ExtractedSpan[];
}

/** Gathers intents and spans of requests from the entry `predict`. */
export class ExtractionCollector {
  readonly #requests: readonly RequestDocument[];
  readonly #intents: readonly string[];
  readonly #entities: EntityCollector;
  /** Of each request, the sum of its parts' probabilities. */
  readonly #sums: readonly Float64Array[];

  constructor(requests: readonly RequestDocument[], encoder: ExtractorEncoder) {
    this.#requests = requests;
    this.#intents = encoder.intents;
    this.#entities = new EntityCollector(requests.map(({ document }) => document), encoder.tags);
    this.#sums = requests.map(() => new Float64Array(encoder.intents.length));
  }

  readonly visit: Visit = (piece, outputs, row) => {
    this.#entities.visit(piece, outputs, row);
    const tokens = Math.max(1, piece.tokenEnd - piece.tokenStart);
    const sums = this.#sums[piece.document];
    rowOf(output(outputs, 'intents', 'matrix'), row).forEach((probability, intent) => {
      if (sums !== undefined) sums[intent] = (sums[intent] ?? 0) + tokens * probability;
    });
  };

  /** The intents of a request, the most probable first; of one in parts, the mean over its tokens. */
  intents(request: number): ScoredLabel[] {
    const sums = this.#sums[request] ?? new Float64Array();
    const total = sums.reduce((sum, part) => sum + part, 0);
    return rankLabels(sums.map((sum) => sum / total), this.#intents);
  }

  /** The spans of a request over its tokens, in order. */
  spans(request: number): ScoredSpan[] {
    return this.#entities.spans(request);
  }

  /** The entities of a request, in order. */
  entities(request: number): Entity[] {
    const { document } = this.#requests[request] as RequestDocument;
    return entitiesOf(document, this.spans(request));
  }
}
