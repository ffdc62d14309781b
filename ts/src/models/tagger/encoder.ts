/** Tokens to the ids that the model reads. */

import { encodeTags, tagsOf } from '../../text/tagScheme.js';
import { Vocabulary, VocabularyBuilder } from '../../text/vocabulary.js';
import type { Batch } from '../../training/batch.js';
import type { TaggerSizes } from './graph.js';
import type { LabelledSentence } from './labelled.js';
import type { TaggerSettings } from './options.js';

/** More characters than this say little about a word and much about a broken line. */
const MOST_CHARACTERS = 50;

/** Vocabularies, labels and tags of a tagger. */
export class TaggerEncoder {
  /** Types of entities. */
  readonly labels: readonly string[];
  /** Tags in the order of their ids. */
  readonly tags: readonly string[];
  readonly words: Vocabulary;
  /** Absent where characters are not read. */
  readonly characters: Vocabulary | undefined;
  readonly #scheme: TaggerSettings['scheme'];
  readonly #tagIds: ReadonlyMap<string, number>;

  constructor(
    { scheme }: Pick<TaggerSettings, 'scheme'>,
    labels: readonly string[],
    words: Vocabulary,
    characters: Vocabulary | undefined,
  ) {
    this.labels = labels;
    this.tags = tagsOf(labels, scheme);
    this.words = words;
    this.characters = characters;
    this.#scheme = scheme;
    this.#tagIds = new Map(this.tags.map((tag, id) => [tag, id]));
  }

  /** Vocabularies of the sentences of a training. */
  static build(
    settings: TaggerSettings,
    labels: readonly string[],
    sentences: readonly LabelledSentence[],
  ): TaggerEncoder {
    const words = new VocabularyBuilder({ lowercase: settings.lowercase });
    const characters = new VocabularyBuilder();
    for (const { tokens } of sentences) {
      words.addAll(tokens);
      if (settings.characters !== 'none') for (const token of tokens) characters.addAll(token);
    }
    return new TaggerEncoder(
      settings,
      labels,
      words.build({ minCount: settings.minCount }),
      settings.characters === 'none' ? undefined : characters.build(),
    );
  }

  /** What the spec needs to know of all this. */
  get sizes(): TaggerSizes {
    return {
      words: this.words.size,
      firstSingleton: this.words.singletons.start,
      characters: this.characters?.size ?? 0,
      tags: this.tags,
    };
  }

  /** A batch to predict on. */
  batch(sentences: readonly (readonly string[])[]): Batch {
    const tokens = sentences.flat();
    const rows = sentences.length;
    const lengths = { tokens: sentences.map((sentence) => sentence.length) };
    const words = this.words.ids(tokens);
    if (this.characters === undefined) return { rows, lengths, inputs: { words } };
    const spelled = tokens.map((token) => [...token].slice(0, MOST_CHARACTERS));
    return {
      rows,
      lengths: { ...lengths, characters: spelled.map((letters) => letters.length) },
      inputs: { words, characters: this.characters.ids(spelled.flat()) },
    };
  }

  /** A batch to train on. */
  labelledBatch(sentences: readonly LabelledSentence[]): Batch {
    const batch = this.batch(sentences.map(({ tokens }) => tokens));
    const tags = sentences.flatMap(({ tokens, spans }) =>
      encodeTags(spans, tokens.length, this.#scheme).map((tag) => this.#tagIds.get(tag) ?? 0),
    );
    return { ...batch, inputs: { ...batch.inputs, tags: Int32Array.from(tags) } };
  }
}
