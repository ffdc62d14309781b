/** Requests to the ids that the model reads. */

import type { Batch } from '../../training/batch.js';
import { TaggerEncoder } from '../tagger/encoder.js';
import type { TaggerSettings } from '../tagger/options.js';
import type { Vocabularies } from '../text/encoder.js';
import { UNKNOWN, type ExtractorSizes } from './graph.js';
import type { LabelledPart } from './labelled.js';

/** Vocabularies, intents, labels and tags of an extractor. */
export class ExtractorEncoder extends TaggerEncoder {
  /** In the order of their ids. */
  readonly intents: readonly string[];
  readonly #intentIds: ReadonlyMap<string, number>;

  constructor(
    settings: Pick<TaggerSettings, 'scheme'>,
    labels: readonly string[],
    intents: readonly string[],
    vocabularies: Vocabularies,
  ) {
    super(settings, labels, vocabularies);
    this.intents = intents;
    this.#intentIds = new Map(intents.map((intent, id) => [intent, id]));
  }

  /** What the spec needs to know of all this. */
  override get sizes(): ExtractorSizes {
    return { ...super.sizes, intents: this.intents.length };
  }

  /** A batch to train on. */
  requestBatch(parts: readonly LabelledPart[]): Batch {
    const batch = this.batch(parts.map(({ tokens }) => tokens));
    const intent = parts.map(({ intent }) => (intent === undefined ? UNKNOWN : (this.#intentIds.get(intent) ?? UNKNOWN)));
    const tags = parts.flatMap(({ tokens, spans }) =>
      spans === undefined ? tokens.map(() => UNKNOWN) : this.tagIds(spans, tokens.length),
    );
    return { ...batch, inputs: { ...batch.inputs, intent: Int32Array.from(intent), tags: Int32Array.from(tags) } };
  }
}
