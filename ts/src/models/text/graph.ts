/** What of a spec reads text: embedding (and characters) → recurrent layers. */

import type { Init } from '../../spec/builder.js';
import { SpecBuilder } from '../../spec/specBuilder.js';
import type { Axis, IdsValue, MatrixValue, RecurrentValue } from '../../spec/value.js';
import { Vocabulary } from '../../text/vocabulary.js';
import type { TextSettings } from './options.js';

/** What the spec depends on beside the settings. */
export interface TextSizes {
  /** Word ids. */
  words: number;
  /** First id of the words seen once. */
  firstSingleton: number;
  /** Character ids; ignored when characters are not read. */
  characters: number;
}

/** What only some models let a user choose. */
export interface TextGraphOptions {
  /** Whether the layers read backwards, too. Default true. */
  bidirectional?: boolean;
  /** Share of all words that are read as unknown in training (Iyyer et al. 2015). Default 0. */
  wordDropout?: number;
  /** How word vectors start, in place of a normal distribution. */
  init?: Init | undefined;
}

/** Name of the word table. */
export const EMBEDDING = 'embedding';

/** Characters that the convolution sees at once (Ma and Hovy 2016). */
const CHARACTER_KERNEL = 3;
/** The first id that stands for a word. */
const FIRST_WORD = 2;

/**
 * A graph up to the states of its recurrent layers, on which a model puts its heads with `builder`.
 * Inputs: `words` and, where they are read, `characters`; axes: `tokens` and `characters`.
 *
 * @example
 * const { builder: s, states } = new TextGraph(settings, sizes);
 * const pooled = s.pool(states, { kind: 'max' });
 */
export class TextGraph {
  readonly builder = new SpecBuilder();
  readonly tokens: Axis;
  /** What the recurrent layers say of each token, before dropout. */
  readonly states: RecurrentValue;
  readonly #settings: TextSettings;
  readonly #sizes: TextSizes;

  constructor(settings: TextSettings, sizes: TextSizes, options: TextGraphOptions = {}) {
    this.#settings = settings;
    this.#sizes = sizes;
    const s = this.builder;
    this.tokens = s.axis('tokens');
    const words = s.ids('words', { axis: this.tokens, size: sizes.words });
    const spelled =
      settings.characters === 'none'
        ? undefined
        : s.ids('characters', { axis: s.axis('characters', { of: this.tokens }), size: sizes.characters });
    const word = this.#embedded(words, options);
    const x = spelled === undefined ? word : s.concat([word, this.#characters(spelled)], { name: 'word' });
    this.states = this.#recurrent(this.dropped(x, 'input_dropout'), options.bidirectional ?? true);
  }

  /** A matrix of which training drops numbers, at the model's rate. */
  dropped(x: MatrixValue, name: string): MatrixValue {
    const { dropout: p } = this.#settings;
    return p > 0 ? this.builder.dropout(x, { name, p }) : x;
  }

  #embedded(words: IdsValue, { wordDropout = 0, init }: TextGraphOptions): MatrixValue {
    const { embeddingSize, embeddingStd: std, sparseEmbedding: sparse, unknownProbability, freezeVectors } = this.#settings;
    const singletons = this.#replaced(words, this.#sizes.firstSingleton, unknownProbability);
    return this.builder.embedding(this.#replaced(singletons, FIRST_WORD, wordDropout), {
      name: EMBEDDING,
      embeddingSize,
      paddingIdx: Vocabulary.PADDING,
      parameters: {
        weight: { init: init ?? { kind: 'normal', std }, ...(freezeVectors ? { trainable: false } : { sparse }) },
      },
    });
  }

  #replaced(words: IdsValue, from: number, probability: number): IdsValue {
    if (probability === 0 || from >= this.#sizes.words) return words;
    return this.builder.replaceIds(words, { from, with: Vocabulary.UNKNOWN, probability });
  }

  #characters(characters: IdsValue): MatrixValue {
    const s = this.builder;
    const { characters: kind, characterEmbeddingSize: embeddingSize, characterHiddenSize: size } = this.#settings;
    const x = s.embedding(characters, { name: 'character_embedding', embeddingSize, paddingIdx: Vocabulary.PADDING });
    if (kind === 'lstm') return s.lstm(x, { name: 'character_lstm', hiddenSize: size, bidirectional: true }).hN;
    const y = s.conv1d(x, { name: 'character_conv', outputSize: size, kernelSize: CHARACTER_KERNEL });
    return s.pool(y, { name: 'character_pool', kind: 'max' });
  }

  #recurrent(x: MatrixValue, bidirectional: boolean): RecurrentValue {
    const { cell, hiddenSize, layers, dropout } = this.#settings;
    const between = layers > 1 ? { dropout } : {};
    return this.builder[cell](x, { name: cell, hiddenSize, layers, bidirectional, ...between });
  }
}

/** How the vectors of words that have none start beside vectors of so many numbers (Ma and Hovy 2016). */
export function vectorInit(size: number): Init {
  const bound = Math.sqrt(3 / size);
  return { kind: 'uniform', low: -bound, high: bound };
}
