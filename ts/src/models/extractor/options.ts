/** What an extractor can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import type { RequestExample } from '../../data/example.js';
import type { Engine } from '../../engine.js';
import type { OffsetUnit } from '../../text/offsets.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import type { Extractor } from '../extractor.js';
import { learningOptions, type LearningCallbacks, type LearningDefaults, type LearningOptions } from '../learning/options.js';
import { choice, other, positive, share, type Option } from '../option.js';
import type { Examples } from '../text/examples.js';
import { textOptions, textSettings, type TextOptions, type TextSettings } from '../text/options.js';
import { POOLINGS, type Pooling } from '../text/pooling.js';
import { slotsOf, type Normalisers, type SlotArity } from './record.js';
import type { Slots } from './types.js';

/** The sizes and parts of an extractor. */
export interface ExtractorModelOptions<S extends Slots = Slots> extends TextOptions {
  /** Numbers of a word vector. Default 100, or the size of `vectors`. */
  embeddingSize?: number;
  /** Numbers of the recurrent state **per direction**. Default 100. */
  hiddenSize?: number;
  /** How the characters of each word are read beside the word. Default `lstm`, or `none` as in a tagger. */
  characters?: 'lstm' | 'cnn' | 'none';
  /** Whether words are looked up in lower case. Default: when characters are read. */
  lowercase?: boolean;
  /** Words seen less often are unknown. Default 1. */
  minCount?: number;
  /** Share of all words that are read as unknown in training (Iyyer et al. 2015). Default 0. */
  wordDropout?: number;
  /** Tag scheme inside the model; data may be in any. Default `BIOES`. */
  scheme?: 'BIO' | 'BIOES' | 'BMES';
  /** How the states of all tokens become the vector that the intent is read from, as in a classifier. Default `max`. */
  pooling?: Pooling;
  /** Weight of the loss of intents, the cross-entropy of a request. Default 1. */
  intentWeight?: number;
  /** Weight of the loss of slots, the negative log-likelihood of the tags of a request. Default 1. */
  slotWeight?: number;
  /** How many values a slot has in records, by type: `{ DATE: 'one' }`. Default `many`. */
  slots?: S;
}

/** How an extractor learns. */
export interface ExtractorLearningOptions extends LearningOptions {
  /** Default 0.003, for `sgd` 0.1. */
  learningRate?: number;
  /** Most passes over the data. Default as many as a million tokens need, but 8 to 50. */
  epochs?: number;
  /** Requests a step. Default 16. */
  batchSize?: number;
  /**
   * Epochs without more records right on development data after which training ends. Default 6, or two
   * fifths of the epochs where these are more.
   */
  patience?: number;
}

/** Everything that `fit` takes. */
export interface ExtractorFitOptions extends ExtractorLearningOptions, LearningCallbacks<Extractor> {
  /** Development data, which says which epoch is the best. Default a tenth of the examples, held out. */
  dev?: Examples<RequestExample>;
  /** What the offsets of entities in texts count. Default `utf16`. */
  offsetUnit?: OffsetUnit;
}

/** What `load` takes. */
export interface ExtractorLoadOptions {
  /** Where the extractor is to live. Default the shared engine. */
  engine?: Engine;
  /** Functions that make values of the texts of slots, by type. Default none: the texts are the values. */
  normalisers?: Normalisers;
}

/** Everything that `train` takes. */
export interface ExtractorTrainOptions<S extends Slots = Slots, N extends Normalisers = Normalisers>
  extends ExtractorModelOptions<S>, ExtractorFitOptions {
  /** Where the extractor is to live. Default the shared engine. */
  engine?: Engine;
  /** Functions that make values of the texts of slots, by type. Default none: the texts are the values. */
  normalisers?: N;
}

/** Every model option with its value. */
export interface ExtractorSettings extends TextSettings {
  wordDropout: number;
  scheme: NonNullable<ExtractorModelOptions['scheme']>;
  pooling: Pooling;
  intentWeight: number;
  slotWeight: number;
  /** How many values each slot has. */
  slots: { readonly [type: string]: SlotArity };
}

/** Options that make the model. */
export const MODEL_OPTIONS = {
  ...textOptions({
    embeddingSize: 100,
    hiddenSize: 100,
    minCount: 1,
    characters: 'lstm, or none where most tokens are single characters',
    lowercase: 'when characters are read',
  }),
  wordDropout: share('share of all words that are read as unknown in training', { default: 0 }),
  scheme: choice('tag scheme inside the model; data may be in any', ['BIO', 'BIOES', 'BMES'], { default: 'BIOES' }),
  pooling: choice('how the states of all tokens become one vector for the intent', POOLINGS, { default: 'max' }),
  intentWeight: positive('weight of the loss of intents', { default: 1 }),
  slotWeight: positive('weight of the loss of slots', { default: 1 }),
  slots: other(
    'how many values a slot has in records',
    'one or many for types of slots, such as { DATE: "one" }',
    v.record(v.string(), v.picklist(['one', 'many'])),
    { otherwise: 'many' },
  ),
} as const satisfies { readonly [name in keyof ExtractorModelOptions]-?: Option };

/** How an extractor learns by itself. */
export const LEARNING_DEFAULTS: LearningDefaults = {
  learningRate: 0.003,
  batchSize: 16,
  score: 'record accuracy',
  tokens: 1_000_000,
  fewestEpochs: 8,
  mostEpochs: 50,
  patience: 6,
  patient: 0.4,
};

/** Options that steer learning. */
export const LEARNING_OPTIONS = learningOptions(LEARNING_DEFAULTS);

/** Normalisers, which are checked once the slots are known. */
export const NORMALISERS = other(
  'make values of the texts of slots',
  'functions by type of slot',
  v.record(v.string(), v.any()),
  { otherwise: 'none' },
);

/**
 * The model options with defaults filled in.
 *
 * @param types of the slots
 * @param meanTokenLength code points of an average token, as for a tagger
 * @param vectorSize size of the pretrained vectors, if there are any
 * @throws UsageError (`bad_option`) when `embeddingSize` is not that size, or for a slot that there is not
 */
export function modelSettings(
  options: ExtractorModelOptions,
  types: readonly string[],
  tokenizer: TokenizerConfig,
  meanTokenLength: number,
  vectorSize: number | undefined,
): ExtractorSettings {
  const characters = options.characters ?? (meanTokenLength < 1.5 ? 'none' : 'lstm');
  const slots = slotsOf(types, options.slots ?? {});
  const settings = textSettings<ExtractorSettings>(options, MODEL_OPTIONS, {
    tokenizer, characters, lowercase: characters !== 'none', vectorSize,
  });
  return { ...settings, slots };
}
