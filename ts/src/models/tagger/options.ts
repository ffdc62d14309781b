/** What a tagger can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import { UsageError } from '../../errors.js';
import type { OffsetUnit } from '../../text/offsets.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import type { TextSource } from '../../data/lines.js';

/** How characters of a word are read: by a bidirectional LSTM, by a convolution, or not at all. */
export type CharacterEncoder = 'lstm' | 'cnn' | 'none';

/** Schemes that a tagger can use inside; data may come in any scheme. */
export type ModelScheme = 'BIO' | 'BIOES' | 'BMES';

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
  /** Share of numbers dropped before and after the recurrent layers while training. Default 0.5. */
  dropout?: number;
  /**
   * Reads the characters of each word too. Default `lstm`, or `none` where most tokens are single
   * characters, as in Chinese.
   */
  characters?: CharacterEncoder;
  /** Numbers of a character vector. Default 25. */
  characterEmbeddingSize?: number;
  /** Numbers that the characters of a word become, per direction for `lstm`. Default 25. */
  characterHiddenSize?: number;
  /** Whether words are looked up in lower case. Default: when characters are read. */
  lowercase?: boolean;
  /** Words seen less often are unknown. Default 1. */
  minCount?: number;
  /** Share of words seen once that is read as unknown while training. Default 0.5. */
  unknownProbability?: number;
  /** Pretrained word vectors in the text format of GloVe or word2vec: a path, URL, or their text. */
  vectors?: string | URL | TextSource;
  /** Whether pretrained vectors stay as they are. Default false. */
  freezeVectors?: boolean;
  /** Tag scheme inside the model. Default `BIOES`. */
  scheme?: ModelScheme;
  /** How a text becomes tokens. Default `{ type: 'default' }`. */
  tokenizer?: TokenizerConfig;
}

/** How a tagger learns. */
export interface TaggerFitOptions {
  /** Optimiser. Default `adam`. */
  optimizer?: 'adam' | 'adamw' | 'sgd' | 'rmsprop' | 'adagrad';
  /** Default 0.003 (0.015 for `sgd`). */
  learningRate?: number;
  /** Default 0. */
  weightDecay?: number;
  /** How the learning rate goes over the training. Default `constant`. */
  schedule?: 'constant' | 'cosine' | 'one_cycle' | 'linear_warmup' | 'reduce_on_plateau';
  /** Largest global norm of the gradients. Default 5; `null` for no limit. */
  clipNorm?: number | null;
  /** Most passes over the data. Default 30. */
  epochs?: number;
  /** Sentences a step. Default 16. */
  batchSize?: number;
  /** Tokens a step at most, instead of a number of sentences. */
  batchTokens?: number;
  /** Epochs without a better F1 on dev data before training ends. Default 6. */
  patience?: number;
  /** Decides initialisation, shuffling, dropout and the held-out part. Default 1. */
  seed?: number;
  /** What the offsets of entities in training texts count. Default `utf16`. */
  offsetUnit?: OffsetUnit;
}

/** Every option with its value. */
export type TaggerModelSettings = Required<Omit<TaggerModelOptions, 'vectors'>>;

/** Every training option with its value. */
export type TaggerFitSettings = Required<Omit<TaggerFitOptions, 'batchTokens'>> & { batchTokens?: number };

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(0.95));

/** What each option must be, in words and as a check. */
const CHECKS: { readonly [option: string]: readonly [string, v.GenericSchema] } = {
  cell: ['lstm, gru or rnn', v.picklist(['lstm', 'gru', 'rnn'])],
  embeddingSize: ['an integer of at least 1', count],
  hiddenSize: ['an integer of at least 1', count],
  layers: ['an integer of at least 1', count],
  dropout: ['a number from 0 to 0.95', share],
  characters: ['lstm, cnn or none', v.picklist(['lstm', 'cnn', 'none'])],
  characterEmbeddingSize: ['an integer of at least 1', count],
  characterHiddenSize: ['an integer of at least 1', count],
  lowercase: ['true or false', v.boolean()],
  minCount: ['an integer of at least 1', count],
  unknownProbability: ['a number from 0 to 0.95', share],
  freezeVectors: ['true or false', v.boolean()],
  scheme: ['BIO, BIOES or BMES', v.picklist(['BIO', 'BIOES', 'BMES'])],
  optimizer: ['adam, adamw, sgd, rmsprop or adagrad', v.picklist(['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'])],
  learningRate: ['a number above 0', v.pipe(v.number(), v.gtValue(0), v.finite())],
  weightDecay: ['a number of at least 0', v.pipe(v.number(), v.minValue(0), v.finite())],
  schedule: [
    'constant, cosine, one_cycle, linear_warmup or reduce_on_plateau',
    v.picklist(['constant', 'cosine', 'one_cycle', 'linear_warmup', 'reduce_on_plateau']),
  ],
  clipNorm: ['a number above 0, or null', v.nullable(v.pipe(v.number(), v.gtValue(0), v.finite()))],
  epochs: ['an integer of at least 1', count],
  batchSize: ['an integer of at least 1', count],
  batchTokens: ['an integer of at least 1', count],
  patience: ['an integer of at least 1', count],
  seed: ['an integer of at least 0', v.pipe(v.number(), v.safeInteger(), v.minValue(0))],
  offsetUnit: ['utf16 or codePoint', v.picklist(['utf16', 'codePoint'])],
};

/** Options that are taken as they are, since other parts check them. */
const OTHERS = ['vectors', 'tokenizer', 'dev', 'engine', 'signal', 'onProgress'];

/**
 * Checks every option that is given.
 *
 * @param allowed names that this call takes, beside those of another part
 * @throws UsageError (`bad_option`) naming the option, what was given and what was expected
 */
export function checkOptions(options: object, allowed: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!allowed.includes(name)) {
      const known = [...allowed].sort().join(', ');
      throw new UsageError(`option ${name}: there is no such option; there are ${known}`, { code: 'bad_option' });
    }
    const [expected, schema] = CHECKS[name] ?? [];
    if (expected !== undefined && schema !== undefined && !v.is(schema, value)) {
      throw UsageError.option(name, value, expected);
    }
  }
}

const MODEL_OPTIONS = [
  'cell', 'embeddingSize', 'hiddenSize', 'layers', 'dropout', 'characters', 'characterEmbeddingSize',
  'characterHiddenSize', 'lowercase', 'minCount', 'unknownProbability', 'vectors', 'freezeVectors', 'scheme',
  'tokenizer',
];

/** Names of the options of `fit`. */
export const FIT_OPTIONS = [
  'optimizer', 'learningRate', 'weightDecay', 'schedule', 'clipNorm', 'epochs', 'batchSize', 'batchTokens',
  'patience', 'seed', 'offsetUnit', 'dev', 'signal', 'onProgress',
];

/** Names of the options of `train`. */
export const TRAIN_OPTIONS = [...MODEL_OPTIONS, ...FIT_OPTIONS, ...OTHERS];

/**
 * The training options with defaults filled in.
 *
 * @throws UsageError (`bad_option`)
 */
export function fitSettings(options: TaggerFitOptions): TaggerFitSettings {
  const optimizer = options.optimizer ?? 'adam';
  return {
    optimizer,
    learningRate: options.learningRate ?? (optimizer === 'sgd' ? 0.015 : 0.003),
    weightDecay: options.weightDecay ?? 0,
    schedule: options.schedule ?? 'constant',
    clipNorm: options.clipNorm === undefined ? 5 : options.clipNorm,
    epochs: options.epochs ?? 30,
    batchSize: options.batchSize ?? 16,
    ...(options.batchTokens === undefined ? {} : { batchTokens: options.batchTokens }),
    patience: options.patience ?? 6,
    seed: options.seed ?? 1,
    offsetUnit: options.offsetUnit ?? 'utf16',
  };
}

/**
 * The model options with defaults filled in.
 *
 * @param meanTokenLength code points of an average token: where it is near one, characters of a
 *   word say nothing that the word does not
 * @param vectorSize size of the pretrained vectors, if there are any
 */
export function modelSettings(
  options: TaggerModelOptions,
  meanTokenLength: number,
  vectorSize: number | undefined,
): TaggerModelSettings {
  if (vectorSize !== undefined && options.embeddingSize !== undefined && options.embeddingSize !== vectorSize) {
    throw UsageError.option('embeddingSize', options.embeddingSize, `${vectorSize}, the size of the vectors`);
  }
  const characters = options.characters ?? (meanTokenLength < 1.5 ? 'none' : 'lstm');
  return {
    cell: options.cell ?? 'lstm',
    embeddingSize: options.embeddingSize ?? vectorSize ?? 100,
    hiddenSize: options.hiddenSize ?? 100,
    layers: options.layers ?? 1,
    dropout: options.dropout ?? 0.5,
    characters,
    characterEmbeddingSize: options.characterEmbeddingSize ?? 25,
    characterHiddenSize: options.characterHiddenSize ?? 25,
    lowercase: options.lowercase ?? characters !== 'none',
    minCount: options.minCount ?? 1,
    unknownProbability: options.unknownProbability ?? 0.5,
    freezeVectors: options.freezeVectors ?? false,
    scheme: options.scheme ?? 'BIOES',
    tokenizer: options.tokenizer ?? { type: 'default' },
  };
}
