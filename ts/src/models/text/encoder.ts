/** Tokens to the ids that a model reads. */

import { Vocabulary, VocabularyBuilder } from '../../text/vocabulary.js';
import type { Batch } from '../../training/batch.js';
import type { TextSizes } from './graph.js';
import type { TextSettings } from './options.js';

/** More characters than this say little about a word and much about a broken line. */
const MOST_CHARACTERS = 50;

/** The vocabularies of a model. */
export interface Vocabularies {
  words: Vocabulary;
  /** Absent where characters are not read. */
  characters: Vocabulary | undefined;
}

/** Vocabularies of the sentences of a training. */
export function buildVocabularies(
  settings: Pick<TextSettings, 'lowercase' | 'minCount' | 'characters'>,
  sentences: Iterable<readonly string[]>,
): Vocabularies {
  const words = new VocabularyBuilder({ lowercase: settings.lowercase });
  const characters = new VocabularyBuilder();
  for (const tokens of sentences) {
    words.addAll(tokens);
    if (settings.characters !== 'none') for (const token of tokens) characters.addAll(token);
  }
  return {
    words: words.build({ minCount: settings.minCount }),
    characters: settings.characters === 'none' ? undefined : characters.build(),
  };
}

/** Makes batches of sentences; a model's own encoder adds what it is to learn. */
export class TokenEncoder {
  readonly words: Vocabulary;
  /** Absent where characters are not read. */
  readonly characters: Vocabulary | undefined;

  constructor({ words, characters }: Vocabularies) {
    this.words = words;
    this.characters = characters;
  }

  /** What the spec needs to know of all this. */
  get sizes(): TextSizes {
    return {
      words: this.words.size,
      firstSingleton: this.words.singletons.start,
      characters: this.characters?.size ?? 0,
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
}
