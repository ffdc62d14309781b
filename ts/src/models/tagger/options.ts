/** What a tagger can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import { UsageError } from '../../errors.js';
import { Engine } from '../../engine.js';
import type { TaggedExample } from '../../data/example.js';
import type { TextSource } from '../../data/lines.js';
import type { WordVectors } from '../../data/vectors.js';
import type { OptimizerSpec, ScheduleSpec } from '../../spec/optimizer.js';
import type { OffsetUnit } from '../../text/offsets.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import type { TrainingProgress } from '../../training/progress.js';
import { amount, choice, flag, integer, limit, other, positive, preset, share, type Option, type OptionTable } from '../option.js';
import type { Tagger } from '../tagger.js';

/** Labelled examples: an array, or anything that gives one after another, such as a reader. */
export type TaggedExamples = Iterable<TaggedExample> | AsyncIterable<TaggedExample>;

/** The sizes and parts of a tagger. */
export interface TaggerModelOptions {
  /** Recurrent cell. Default `lstm`. */
  cell?: 'lstm' | 'gru' | 'rnn';
  /** Numbers of a word vector. Default 100, or the size of `vectors`. */
  embeddingSize?: number;
  /** Numbers of the recurrent state **per direction**. Default 100. */
  hiddenSize?: number;
  /** Recurrent layers. Default 1. */
  layers?: number;
  /** Share of the numbers dropped before, between and after the recurrent layers. Default 0.5. */
  dropout?: number;
  /**
   * How the characters of each word are read beside the word: by a bidirectional LSTM (Lample et al.
   * 2016), by a convolution (Ma and Hovy 2016), or not at all. Default `lstm`, or `none` where most
   * tokens are single characters, as in Chinese.
   */
  characters?: 'lstm' | 'cnn' | 'none';
  /** Numbers of a character vector. Default 25. */
  characterEmbeddingSize?: number;
  /** Numbers that the characters of a word become, per direction for `lstm`. Default 25. */
  characterHiddenSize?: number;
  /** Whether words are looked up in lower case. Default: when characters are read. */
  lowercase?: boolean;
  /** Words seen less often are unknown. Default 1. */
  minCount?: number;
  /** Share of the words seen once that are read as unknown in training. Default 0.5. */
  unknownProbability?: number;
  /** Pretrained word vectors in the text format of GloVe or word2vec: a path, a URL, or a source. */
  vectors?: string | URL | Exclude<TextSource, string> | WordVectors;
  /** Whether word vectors stay as they are. Default false. */
  freezeVectors?: boolean;
  /** Tag scheme inside the model; data may be in any. Default `BIOES`. */
  scheme?: 'BIO' | 'BIOES' | 'BMES';
  /**
   * How a text becomes tokens. Default `{ type: 'default' }`, or `{ type: 'character' }` where the
   * examples are tokens, each a single character.
   */
  tokenizer?: TokenizerConfig;
}

/** How a tagger learns. */
export interface TaggerLearningOptions {
  /** Optimiser: a kind, or one made by `optimizer.adam({ … })` and its like. Default `adam`. */
  optimizer?: 'adam' | 'adamw' | 'sgd' | 'rmsprop' | 'adagrad' | OptimizerSpec;
  /** Default 0.003, for `sgd` 0.1. */
  learningRate?: number;
  /** Default 0, for `adamw` 0.01. */
  weightDecay?: number;
  /**
   * How the learning rate changes: `cosine` down to 0, `oneCycle` up and down, `linearWarmup` up in
   * the first tenth and down to 0, `reduceOnPlateau` halved after two epochs without a better F1; or
   * one made by `schedule.step({ … })` and its like. Default `constant`.
   */
  schedule?: (typeof SCHEDULES)[number] | ScheduleSpec;
  /** Largest global norm of the gradients; `null` for no limit. Default 5. */
  clipNorm?: number | null;
  /** Most passes over the data. Default as many as a million tokens need, but 8 to 50. */
  epochs?: number;
  /** Sentences a step. Default 16. */
  batchSize?: number;
  /** Tokens a step at most, in place of a number of sentences. */
  batchTokens?: number;
  /**
   * Epochs without a better F1 on development data after which training ends. Default 6, or two fifths
   * of the epochs where these are more.
   */
  patience?: number;
  /** Decides initialisation, shuffling, dropout and which tenth is held out. Default 1. */
  seed?: number;
}

/** Everything that `fit` takes. */
export interface TaggerFitOptions extends TaggerLearningOptions {
  /** Development data, which says which epoch is the best. Default a tenth of the examples, held out. */
  dev?: TaggedExamples;
  /** What the offsets of entities in texts count; readers give `utf16`, the default, whatever a file counts. */
  offsetUnit?: OffsetUnit;
  /** Stops training; the promise then rejects with a CancelledError. */
  signal?: AbortSignal;
  /** Called when training begins, about ten times a second, and after every epoch. */
  onProgress?: (progress: TrainingProgress) => void;
  /**
   * Called after each epoch that is the best so far, with the tagger as it is then, and waited for:
   * the place to save a checkpoint.
   */
  onBest?: (tagger: Tagger) => void | Promise<void>;
}

/** Everything that `train` takes. */
export interface TaggerTrainOptions extends TaggerModelOptions, TaggerFitOptions {
  /** Where the tagger is to live. Default the shared engine. */
  engine?: Engine;
}

/** Every model option with its value. */
export type TaggerSettings = Required<Omit<TaggerModelOptions, 'vectors'>>;

/** Options that make the model. */
export const MODEL_OPTIONS = {
  cell: choice('recurrent cell', ['lstm', 'gru', 'rnn'], { default: 'lstm' }),
  embeddingSize: integer('numbers of a word vector', 1, { default: 100, otherwise: '100, or the size of the vectors' }),
  hiddenSize: integer('numbers of the recurrent state, per direction', 1, { default: 100 }),
  layers: integer('recurrent layers', 1, { default: 1 }),
  dropout: share('share dropped before, between and after the recurrent layers', { default: 0.5 }),
  characters: choice('how the characters of words are read', ['lstm', 'cnn', 'none'], {
    otherwise: 'lstm, or none where most tokens are single characters',
  }),
  characterEmbeddingSize: integer('numbers of a character vector', 1, { default: 25 }),
  characterHiddenSize: integer('numbers that the characters of a word become, per direction', 1, { default: 25 }),
  lowercase: flag('look words up in lower case', { otherwise: 'when characters are read' }),
  minCount: integer('words seen less often are unknown', 1, { default: 1 }),
  unknownProbability: share('share of the words seen once that are read as unknown in training', { default: 0.5 }),
  vectors: other(
    'pretrained word vectors, in the text format of GloVe or word2vec',
    'a path, a URL or a source',
    v.union([v.string(), v.looseObject({})]),
    { otherwise: 'none' },
  ),
  freezeVectors: flag('keep word vectors as they are', { default: false }),
  scheme: choice('tag scheme inside the model; data may be in any', ['BIO', 'BIOES', 'BMES'], { default: 'BIOES' }),
  tokenizer: other(
    'how a text becomes tokens',
    'a tokenizer configuration such as { type: "character" }',
    v.looseObject({ type: v.string() }),
    { otherwise: 'default, or character where all tokens given are single characters' },
  ),
} as const satisfies { readonly [name in keyof TaggerModelOptions]-?: Option };

const SCHEDULES = ['constant', 'cosine', 'oneCycle', 'linearWarmup', 'reduceOnPlateau'] as const;

/** Options that steer learning. */
export const LEARNING_OPTIONS = {
  optimizer: preset('optimiser', ['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'], { default: 'adam' }),
  learningRate: positive('learning rate', { otherwise: '0.003, for sgd 0.1' }),
  weightDecay: amount('weight decay', { otherwise: '0, for adamw 0.01' }),
  schedule: preset('how the learning rate changes', SCHEDULES, { default: 'constant' }),
  clipNorm: limit('largest global norm of the gradients', { default: 5 }),
  epochs: integer('most passes over the data', 1, { otherwise: 'as many as a million tokens need, but 8 to 50' }),
  batchSize: integer('sentences a step', 1, { default: 16 }),
  batchTokens: integer('tokens a step at most, in place of a number of sentences', 1, { otherwise: 'by sentences' }),
  patience: integer('epochs without a better dev F1 after which training ends', 1, {
    otherwise: '6, or two fifths of the epochs where these are more',
  }),
  seed: integer('decides initialisation, shuffling, dropout and what is held out', 0, { default: 1 }),
} as const satisfies { readonly [name in keyof TaggerLearningOptions]-?: Option };

/** What stops work. */
export const SIGNAL = other(
  'stops the work',
  'an AbortSignal',
  v.looseObject({ aborted: v.boolean() }),
  { otherwise: 'none' },
);

/** Options of a training that no command line can give. */
export const CALLBACKS = {
  dev: other('development data', 'an array or an async iterable of examples', v.any(), { otherwise: 'a tenth of the examples' }),
  signal: SIGNAL,
  onProgress: other('told where training stands', 'a function', v.function(), { otherwise: 'none' }),
  onBest: other('told of each tagger that is the best so far', 'a function', v.function(), { otherwise: 'none' }),
} as const satisfies OptionTable;

/** Where a tagger lives. */
export const ENGINE = other('where the tagger lives', 'an engine made by createEngine', v.instance(Engine), {
  otherwise: 'the shared one',
});

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
  const { embeddingSize } = options;
  if (vectorSize !== undefined && embeddingSize !== undefined && embeddingSize !== vectorSize) {
    throw UsageError.option('embeddingSize', embeddingSize, `${vectorSize}, the size of the vectors`);
  }
  const characters = options.characters ?? (meanTokenLength < 1.5 ? 'none' : 'lstm');
  const fixed = <K extends keyof TaggerSettings>(name: K): TaggerSettings[K] => {
    const { default: value } = MODEL_OPTIONS[name] as { default?: unknown };
    return (options[name] ?? value) as TaggerSettings[K];
  };
  return {
    cell: fixed('cell'),
    embeddingSize: vectorSize ?? fixed('embeddingSize'),
    hiddenSize: fixed('hiddenSize'),
    layers: fixed('layers'),
    dropout: fixed('dropout'),
    characters,
    characterEmbeddingSize: fixed('characterEmbeddingSize'),
    characterHiddenSize: fixed('characterHiddenSize'),
    lowercase: options.lowercase ?? characters !== 'none',
    minCount: fixed('minCount'),
    unknownProbability: fixed('unknownProbability'),
    freezeVectors: fixed('freezeVectors'),
    scheme: fixed('scheme'),
    tokenizer,
  };
}
