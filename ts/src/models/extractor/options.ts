/** What an extractor can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import type { RequestExample } from '../../data/example.js';
import type { Engine } from '../../engine.js';
import type { OffsetUnit } from '../../text/offsets.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import type { Extractor } from '../extractor.js';
import { learningOptions, type LearningCallbacks, type LearningDefaults } from '../learning/options.js';
import { choice, other, positive, type Option } from '../option.js';
import {
  LEARNING_DEFAULTS as TAGGER_LEARNING,
  MODEL_OPTIONS as TAGGER_OPTIONS,
  type TaggerLearningOptions,
  type TaggerModelOptions,
  type TaggerSettings,
} from '../tagger/options.js';
import type { Examples } from '../text/examples.js';
import { textSettings } from '../text/options.js';
import { POOLINGS, type Pooling } from '../text/pooling.js';
import { slotsOf, type Normalisers, type SlotArity } from './record.js';
import type { Slots } from './types.js';

/** The sizes and parts of an extractor: those of a tagger, and what reads intents. */
export interface ExtractorModelOptions<S extends Slots = Slots> extends TaggerModelOptions {
  /** Standard deviation of the normal distribution that word vectors start from. Default 0.1. */
  embeddingStd?: number;
  /** How the states of all tokens become the vector that the intent is read from, as in a classifier. Default `attention`. */
  pooling?: Pooling;
  /** Weight of the loss of intents, the cross-entropy of a request. Default 2. */
  intentWeight?: number;
  /** Weight of the loss of slots, the negative log-likelihood of the tags of a request. Default 1. */
  slotWeight?: number;
  /** How many values a slot has in records, by type: `{ DATE: 'one' }`. Default `many`. */
  slots?: S;
}

/** Everything that `fit` takes: an extractor learns as a tagger does. */
export interface ExtractorFitOptions extends TaggerLearningOptions, LearningCallbacks<Extractor> {
  /**
   * Epochs without more records right on development data after which training ends. Default 6, or two
   * fifths of the epochs where these are more.
   */
  patience?: number;
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
export interface ExtractorSettings extends TaggerSettings {
  pooling: Pooling;
  intentWeight: number;
  slotWeight: number;
  /** How many values each slot has. */
  slots: { readonly [type: string]: SlotArity };
}

/** Options that make the model. */
export const MODEL_OPTIONS = {
  ...TAGGER_OPTIONS,
  embeddingStd: positive('standard deviation that word vectors start with', { default: 0.1 }),
  pooling: choice('how the states of all tokens become one vector for the intent', POOLINGS, { default: 'attention' }),
  intentWeight: positive('weight of the loss of intents', { default: 2 }),
  slotWeight: positive('weight of the loss of slots', { default: 1 }),
  slots: other(
    'how many values a slot has in records',
    'one or many for types of slots, such as { DATE: "one" }',
    v.record(v.string(), v.picklist(['one', 'many'])),
    { otherwise: 'many' },
  ),
} as const satisfies { readonly [name in keyof ExtractorModelOptions]-?: Option };

/** How an extractor learns by itself. */
export const LEARNING_DEFAULTS: LearningDefaults = { ...TAGGER_LEARNING, score: 'record accuracy' };

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
