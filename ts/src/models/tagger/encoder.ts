/** Tokens to the ids that the model reads. */

import { Vocabulary, VocabularyBuilder } from '../../text/vocabulary.js';
import { encodeTags } from '../../text/tagScheme.js';
import type { Batch } from '../../training/batch.js';
import type { TaggerModelSettings } from './options.js';
import type { LabelledSentence } from './sentence.js';

/** More characters than this say little about a word and much about a broken line. */
const MOST_CHARACTERS = 50;

/** Vocabularies and tags of a tagger. */
export class TaggerEncoder {
  readonly words: Vocabulary;
  readonly characters: Vocabulary | undefined;
  readonly tags: readonly string[];
  readonly #scheme: TaggerModelSettings['scheme'];
  readonly #tagIds: ReadonlyMap<string, number>;

  constructor(
    settings: TaggerModelSettings,
    words: Vocabulary,
    characters: Vocabulary | undefined,
    tags: readonly string[],
  ) {
    this.words = words;
    this.characters = characters;
    this.tags = tags;
    this.#scheme = settings.scheme;
    this.#tagIds = new Map(tags.map((tag, id) => [tag, id]));
  }

  /** Vocabularies of training sentences; `extra` words are held though they were never seen. */
  static build(
    settings: TaggerModelSettings,
    sentences: readonly LabelledSentence[],
    tags: readonly string[],
    extra: Iterable<string>,
  ): TaggerEncoder {
    const words = new VocabularyBuilder({ lowercase: settings.lowercase });
    const characters = new VocabularyBuilder();
    for (const { tokens } of sentences) {
      words.addAll(tokens);
      if (settings.characters !== 'none') for (const token of tokens) characters.addAll(token);
    }
    return new TaggerEncoder(
      settings,
      words.build({ minCount: settings.minCount, extra }),
      settings.characters === 'none' ? undefined : characters.build(),
      tags,
    );
  }

  /** A batch to predict on. */
  batch(sentences: readonly (readonly string[])[]): Batch {
    const tokens = sentences.flat();
    const lengths = { tokens: sentences.map((sentence) => sentence.length) };
    const words = this.words.ids(tokens);
    if (this.characters === undefined) return { rows: sentences.length, lengths, inputs: { words } };
    const spelled = tokens.map((token) => [...token].slice(0, MOST_CHARACTERS));
    return {
      rows: sentences.length,
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
