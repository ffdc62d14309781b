/** Tokens and entities to the ids that the model reads. */

import type { TokenSpan } from '../../text/entity.js';
import { encodeTags, tagsOf } from '../../text/tagScheme.js';
import type { Batch } from '../../training/batch.js';
import { buildVocabularies, TokenEncoder, type Vocabularies } from '../text/encoder.js';
import type { TaggerSizes } from './graph.js';
import type { LabelledSentence } from './labelled.js';
import type { TaggerSettings } from './options.js';

/** Vocabularies, labels and tags of a tagger. */
export class TaggerEncoder extends TokenEncoder {
  /** Types of entities. */
  readonly labels: readonly string[];
  /** Tags in the order of their ids. */
  readonly tags: readonly string[];
  readonly #scheme: TaggerSettings['scheme'];
  readonly #tagIds: ReadonlyMap<string, number>;

  constructor({ scheme }: Pick<TaggerSettings, 'scheme'>, labels: readonly string[], vocabularies: Vocabularies) {
    super(vocabularies);
    this.labels = labels;
    this.tags = tagsOf(labels, scheme);
    this.#scheme = scheme;
    this.#tagIds = new Map(this.tags.map((tag, id) => [tag, id]));
  }

  /** Vocabularies of the sentences of a training. */
  static build(
    settings: TaggerSettings,
    labels: readonly string[],
    sentences: readonly LabelledSentence[],
  ): TaggerEncoder {
    const vocabularies = buildVocabularies(settings, sentences.map(({ tokens }) => tokens));
    return new TaggerEncoder(settings, labels, vocabularies);
  }

  /** What the spec needs to know of all this. */
  override get sizes(): TaggerSizes {
    return { ...super.sizes, tags: this.tags };
  }

  /** A batch to train on. */
  labelledBatch(sentences: readonly LabelledSentence[]): Batch {
    const batch = this.batch(sentences.map(({ tokens }) => tokens));
    const tags = sentences.flatMap(({ tokens, spans }) => this.tagIds(spans, tokens.length));
    return { ...batch, inputs: { ...batch.inputs, tags: Int32Array.from(tags) } };
  }

  /** The tag of each of so many tokens, as its id. */
  protected tagIds(spans: readonly TokenSpan[], length: number): number[] {
    return encodeTags(spans, length, this.#scheme).map((tag) => this.#tagIds.get(tag) ?? 0);
  }
}
