/** What a tagger can be told, and what it does when it is told nothing. */

import type { Engine } from '../../engine.js';
import type { TaggedExample } from '../../data/example.js';
import type { OffsetUnit } from '../../text/offsets.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import { learningOptions, type LearningCallbacks, type LearningDefaults, type LearningOptions } from '../learning/options.js';
import { choice, type Option } from '../option.js';
import type { Tagger } from '../tagger.js';
import type { Examples } from '../text/examples.js';
import { textOptions, textSettings, type TextOptions, type TextSettings } from '../text/options.js';

/** Labelled examples: an array, or anything that gives one after another, such as a reader. */
export type TaggedExamples = Examples<TaggedExample>;

/** The sizes and parts of a tagger. */
export interface TaggerModelOptions extends TextOptions {
  /** Numbers of a word vector. Default 100, or the size of `vectors`. */
  embeddingSize?: number;
  /** Standard deviation of the normal distribution that word vectors start from. Default 1. */
  embeddingStd?: number;
  /** Whether a step moves the vectors of just those words that are in its batch. Default true. */
  sparseEmbedding?: boolean;
  /** Numbers of the recurrent state **per direction**. Default 100. */
  hiddenSize?: number;
  /**
   * How the characters of each word are read beside the word: by a bidirectional LSTM (Lample et al.
   * 2016), by a convolution (Ma and Hovy 2016), or not at all. Default `lstm`, or `none` where most
   * tokens are single characters, as in Chinese.
   */
  characters?: 'lstm' | 'cnn' | 'none';
  /** Whether words are looked up in lower case. Default: when characters are read. */
  lowercase?: boolean;
  /** Words seen less often are unknown. Default 1. */
  minCount?: number;
  /** Tag scheme inside the model; data may be in any. Default `BIOES`. */
  scheme?: 'BIO' | 'BIOES' | 'BMES';
}

/** How a tagger learns. */
export interface TaggerLearningOptions extends LearningOptions {
  /** Default 0.003, for `sgd` 0.1. */
  learningRate?: number;
  /** Most passes over the data. Default as many as a million tokens need, but 8 to 50. */
  epochs?: number;
  /** Sentences a step. Default 16. */
  batchSize?: number;
  /**
   * Epochs without a better F1 on development data after which training ends. Default 6, or two fifths
   * of the epochs where these are more.
   */
  patience?: number;
}

/** Everything that `fit` takes. */
export interface TaggerFitOptions extends TaggerLearningOptions, LearningCallbacks<Tagger> {
  /** Development data, which says which epoch is the best. Default a tenth of the examples, held out. */
  dev?: TaggedExamples;
  /** What the offsets of entities in texts count; readers give `utf16`, the default, whatever a file counts. */
  offsetUnit?: OffsetUnit;
}

/** Everything that `train` takes. */
export interface TaggerTrainOptions extends TaggerModelOptions, TaggerFitOptions {
  /** Where the tagger is to live. Default the shared engine. */
  engine?: Engine;
}

/** Every model option with its value. */
export interface TaggerSettings extends TextSettings {
  scheme: NonNullable<TaggerModelOptions['scheme']>;
}

/** Options that make the model. */
export const MODEL_OPTIONS = {
  ...textOptions({
    embeddingSize: 100,
    embeddingStd: 1,
    sparseEmbedding: true,
    hiddenSize: 100,
    minCount: 1,
    characters: 'lstm, or none where most tokens are single characters',
    lowercase: 'when characters are read',
  }),
  scheme: choice('tag scheme inside the model; data may be in any', ['BIO', 'BIOES', 'BMES'], { default: 'BIOES' }),
} as const satisfies { readonly [name in keyof TaggerModelOptions]-?: Option };

/** How a tagger learns by itself: a few sentences take many epochs to find anything. */
export const LEARNING_DEFAULTS: LearningDefaults = {
  learningRate: 0.003,
  batchSize: 16,
  score: 'F1',
  tokens: 1_000_000,
  fewestEpochs: 8,
  mostEpochs: 50,
  patience: 6,
  patient: 0.4,
};

/** Options that steer learning. */
export const LEARNING_OPTIONS = learningOptions(LEARNING_DEFAULTS);

/** What the offsets of training texts count. */
export const OFFSET_UNIT = choice('what the offsets of entities count', ['utf16', 'codePoint'], { default: 'utf16' });

/**
 * The model options with defaults filled in.
 *
 * @param tokenizer how texts become tokens, which depends on the examples
 * @param meanTokenLength code points of an average token: where it is near one, the characters of a
 *   token say nothing that the token does not
 * @param vectorSize size of the pretrained vectors, if there are any
 * @throws UsageError (`bad_option`) when `embeddingSize` is not that size
 */
export function modelSettings(
  options: TaggerModelOptions,
  tokenizer: TokenizerConfig,
  meanTokenLength: number,
  vectorSize: number | undefined,
): TaggerSettings {
  const characters = options.characters ?? (meanTokenLength < 1.5 ? 'none' : 'lstm');
  return textSettings<TaggerSettings>(options, MODEL_OPTIONS, { tokenizer, characters, lowercase: characters !== 'none', vectorSize });
}
