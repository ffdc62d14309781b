/** How a model reads text: the options of tokens, words, characters and recurrent layers. */

import * as v from 'valibot';
import { UsageError } from '../../errors.js';
import type { TextSource } from '../../data/source.js';
import type { WordVectors } from '../../data/wordVectors.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import { choice, flag, integer, other, positive, share, type Option } from '../option.js';

/** The sizes and parts of what reads text. */
export interface TextOptions {
  /** Recurrent cell. Default `lstm`. */
  cell?: 'lstm' | 'gru' | 'rnn';
  /** Numbers of a word vector. Default by the model, or the size of `vectors`. */
  embeddingSize?: number;
  /**
   * Standard deviation of the normal distribution that word vectors start from. Small ones let words that
   * were hardly seen say little; PyTorch's is 1. Words without a pretrained vector start as Ma and Hovy
   * (2016) have it. Default by the model.
   */
  embeddingStd?: number;
  /**
   * Whether a step moves the vectors of just those words that are in its batch, as PyTorch's SparseAdam
   * does, rather than all that still have momentum. It is faster where there are many words, and learns
   * rare ones more slowly. Default by the model.
   */
  sparseEmbedding?: boolean;
  /** Numbers of the recurrent state **per direction**. */
  hiddenSize?: number;
  /** Recurrent layers. Default 1. */
  layers?: number;
  /** Share of the numbers dropped before, between and after the recurrent layers. Default 0.5. */
  dropout?: number;
  /**
   * How the characters of each word are read beside the word: by a bidirectional LSTM (Lample et al.
   * 2016), by a convolution (Ma and Hovy 2016), or not at all.
   */
  characters?: 'lstm' | 'cnn' | 'none';
  /** Numbers of a character vector. Default 25. */
  characterEmbeddingSize?: number;
  /** Numbers that the characters of a word become, per direction for `lstm`. Default 25. */
  characterHiddenSize?: number;
  /** Whether words are looked up in lower case. */
  lowercase?: boolean;
  /** Words seen less often are unknown. */
  minCount?: number;
  /** Share of the words seen once that are read as unknown in training. Default 0.5. */
  unknownProbability?: number;
  /** Pretrained word vectors in a format of GloVe, word2vec or fastText: a path, a URL, or a source. */
  vectors?: string | URL | Exclude<TextSource, string> | WordVectors;
  /** Whether word vectors stay as they are. Default false. */
  freezeVectors?: boolean;
  /**
   * How a text becomes tokens. Default `{ type: 'default' }`, or `{ type: 'character' }` where the
   * examples are tokens, each a single character.
   */
  tokenizer?: TokenizerConfig;
}

/** Every option of reading with its value. */
export type TextSettings = Required<Omit<TextOptions, 'vectors'>>;

/** What a kind of model does when it is told nothing. */
export interface TextDefaults {
  readonly embeddingSize: number;
  readonly embeddingStd: number;
  readonly sparseEmbedding: boolean;
  readonly hiddenSize: number;
  readonly minCount: number;
  /** How the defaults of `characters` and `lowercase` are put on a help page. */
  readonly characters: string;
  readonly lowercase: string;
}

/** The table of the options of reading. */
export function textOptions(defaults: TextDefaults) {
  const { embeddingSize, embeddingStd, sparseEmbedding, hiddenSize, minCount, characters, lowercase } = defaults;
  return {
    cell: choice('recurrent cell', ['lstm', 'gru', 'rnn'], { default: 'lstm' }),
    embeddingSize: integer('numbers of a word vector', 1, {
      default: embeddingSize,
      otherwise: `${embeddingSize}, or the size of the vectors`,
    }),
    embeddingStd: positive('standard deviation that word vectors start with', { default: embeddingStd }),
    sparseEmbedding: flag('move the vectors of just the words of a batch in its step', { default: sparseEmbedding }),
    hiddenSize: integer('numbers of the recurrent state, per direction', 1, { default: hiddenSize }),
    layers: integer('recurrent layers', 1, { default: 1 }),
    dropout: share('share dropped before, between and after the recurrent layers', { default: 0.5 }),
    characters: choice('how the characters of words are read', ['lstm', 'cnn', 'none'], { otherwise: characters }),
    characterEmbeddingSize: integer('numbers of a character vector', 1, { default: 25 }),
    characterHiddenSize: integer('numbers that the characters of a word become, per direction', 1, { default: 25 }),
    lowercase: flag('look words up in lower case', { otherwise: lowercase }),
    minCount: integer('words seen less often are unknown', 1, { default: minCount }),
    unknownProbability: share('share of the words seen once that are read as unknown in training', { default: 0.5 }),
    vectors: other(
      'pretrained word vectors, in a format of GloVe, word2vec or fastText',
      'a path, a URL or a source',
      v.union([v.string(), v.looseObject({})]),
      { otherwise: 'none' },
    ),
    freezeVectors: flag('keep word vectors as they are', { default: false }),
    tokenizer: other(
      'how a text becomes tokens',
      'a tokenizer configuration such as { type: "character" }',
      v.looseObject({ type: v.string() }),
      { otherwise: 'default, or character where all tokens given are single characters' },
    ),
  } as const satisfies { readonly [name in keyof TextOptions]-?: Option };
}

/** What depends on the examples rather than on the kind of model. */
export type TextFacts<S extends TextSettings> = Partial<S> & {
  tokenizer: TokenizerConfig;
  characters: TextSettings['characters'];
  lowercase: boolean;
  /** Size of the pretrained vectors, if there are any. */
  vectorSize: number | undefined;
};

/**
 * Settings: the options of a table but for `vectors`, those that are not given as the examples say, or
 * else at their defaults.
 *
 * @throws UsageError (`bad_option`) when `embeddingSize` is not the size of the vectors
 */
export function textSettings<S extends TextSettings>(
  options: TextOptions,
  { vectors: _, ...table }: { readonly [name in keyof S | 'vectors']: Option },
  { vectorSize, ...facts }: TextFacts<S>,
): S {
  const { embeddingSize } = options;
  if (vectorSize !== undefined && embeddingSize !== undefined && embeddingSize !== vectorSize) {
    throw UsageError.option('embeddingSize', embeddingSize, `${vectorSize}, the size of the vectors`);
  }
  const given: { readonly [name: string]: unknown } = { ...options };
  const known: { readonly [name: string]: unknown } = { ...facts, ...(vectorSize === undefined ? {} : { embeddingSize: vectorSize }) };
  const settings = Object.entries<Option>(table).map(([name, option]) => [name, given[name] ?? known[name] ?? option.default]);
  return Object.fromEntries(settings) as S;
}
