/** What a language model can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import type { Engine } from '../../engine.js';
import { UsageError } from '../../errors.js';
import { LEVEL_OPTIONS, LEVEL_SETTINGS, levelSettings, type LevelOptions } from '../language/level.js';
import type { LanguageTexts } from '../language/texts.js';
import type { LanguageModel } from '../languageModel.js';
import { learningOptions, type LearningCallbacks, type LearningDefaults, type LearningOptions } from '../learning/options.js';
import { amount, choice, flag, integer, other, share, type Option } from '../option.js';
import { ARCHITECTURES, CELLS, type Architecture } from './architecture.js';

/** The sizes and parts of a language model. */
export interface LanguageModelOptions extends LevelOptions {
  /**
   * What reads the text: a stack of recurrent layers, which the methods of `SpecBuilder` of the same names
   * explain, or `feedForward`, which sees the last `context` tokens alone (Bengio et al. 2003). Default `lstm`.
   */
  architecture?: Architecture;
  /** How often a token seen once is read, and expected, as unknown in training. Default 0.5. */
  unknownProbability?: number;
  /** Numbers of a token's vector. Default 128. */
  embeddingSize?: number;
  /** Numbers of the state of each layer. Default 256. */
  hiddenSize?: number;
  /** Layers on top of each other. Default 2; 1 for `feedForward`. */
  layers?: number;
  /** Share of numbers dropped between layers in training. Default 0.2. */
  dropout?: number;
  /** Share of numbers of the tokens' vectors dropped in training. Default 0. */
  inputDropout?: number;
  /** Share of numbers dropped behind the last layer in training. Default 0. */
  outputDropout?: number;
  /** Whether all steps of a piece drop the same numbers (Gal & Ghahramani 2016). Default false. */
  lockedDropout?: boolean;
  /** Share of the tokens that a training step reads as zeros wherever they occur (Gal & Ghahramani 2016). Default 0. */
  embeddingDropout?: number;
  /** Share of the weights between a layer's states that a training step does without (Merity et al. 2018). Default 0. */
  weightDrop?: number;
  /** What the squares of the last layer's states count for in training (AR, Merity et al. 2018: 2). Default 0. */
  activationRegularization?: number;
  /** What the squares of their changes from step to step count for (TAR, there: 1). Default 0. */
  temporalActivationRegularization?: number;
  /** Whether tokens are told apart by the vectors that they are read as (Press & Wolf 2017). Default false. */
  tieWeights?: boolean;
  /**
   * Where the ids of the vocabulary, the most frequent first, are parted for an adaptive softmax (Grave et
   * al. 2017), which makes training on a large vocabulary fast: `[2000, 10_000]` for some ten thousand
   * words. Those beyond the vocabulary are left out. Default none: all in one.
   */
  cutoffs?: readonly number[] | null;
  /** Tokens that `feedForward` sees. Default 5. */
  context?: number;
  /** Whether the vectors that `feedForward` sees count for the next token directly, too. Default false. */
  direct?: boolean;
}

/** How a language model learns. */
export interface LanguageModelLearningOptions extends Omit<LearningOptions, 'batchTokens'> {
  /** Default 0.002, for `sgd` 0.1. */
  learningRate?: number;
  /** Most passes over the text. Default as many as three million tokens need, but 3 to 50. */
  epochs?: number;
  /**
   * Streams that the text is cut into, which are read side by side. Default 50, less where an epoch
   * would have fewer than 20 steps.
   */
  batchSize?: number;
  /** Tokens of each stream that a step reads, and that gradients go back over. Default 100. */
  sequenceLength?: number;
  /**
   * Whether that length varies from step to step: mostly around `sequenceLength`, now and then around
   * half of it (Merity et al. 2018). Default false.
   */
  variableLength?: boolean;
  /**
   * Training goes on with the mean of the weights from the first epoch on whose perplexity is worse than
   * the best of those more than so many before it (NT-ASGD, Merity et al. 2018: 5). Default never.
   */
  averageAfter?: number | null;
  /** Epochs without a better perplexity after which training ends. Default 3, or a quarter of the epochs. */
  patience?: number;
  /** Share of the text, at its end, that tells the best epoch where no `dev` text is given. Default 0.1. */
  holdOut?: number;
}

/** Everything that `fit` takes. */
export interface LanguageModelFitOptions extends LanguageModelLearningOptions, LearningCallbacks<LanguageModel> {
  /** Text that tells the best epoch. Default the end of the training text, held out. */
  dev?: LanguageTexts;
}

/** Everything that `train` takes. */
export interface LanguageModelTrainOptions extends LanguageModelOptions, LanguageModelFitOptions {
  /** Where the model is to live. Default the shared engine. */
  engine?: Engine;
}

/** Every model option with its value. */
export type LanguageModelSettings = Required<Omit<LanguageModelOptions, 'level'>>;

/** Options that stand among the settings. */
export const SETTINGS_OPTIONS = {
  architecture: choice('what reads the text', ARCHITECTURES, { default: 'lstm' }),
  ...LEVEL_SETTINGS,
  unknownProbability: share('how often a token seen once is unknown in training', { default: 0.5 }),
  embeddingSize: integer("numbers of a token's vector", 1, { default: 128 }),
  hiddenSize: integer('numbers of the state of each layer', 1, { default: 256 }),
  layers: integer('layers on top of each other', 1, { otherwise: '2, for feedForward 1' }),
  dropout: share('share dropped between layers', { default: 0.2 }),
  inputDropout: share("share of the tokens' vectors dropped", { default: 0 }),
  outputDropout: share('share dropped behind the last layer', { default: 0 }),
  lockedDropout: flag('drop the same numbers in all steps of a piece', { default: false }),
  embeddingDropout: share('share of the tokens that are read as zeros wherever they occur', { default: 0 }),
  weightDrop: share("share of the weights between a layer's states that are dropped", { default: 0 }),
  activationRegularization: amount("what the squares of the last layer's states count for", { default: 0 }),
  temporalActivationRegularization: amount('what the squares of their changes count for', { default: 0 }),
  tieWeights: flag('tell tokens apart by the vectors that they are read as', { default: false }),
  cutoffs: other(
    'where the ids of the vocabulary are parted for an adaptive softmax',
    'an array of rising whole numbers above 2, or null for none',
    v.nullable(v.pipe(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(3))), v.minLength(1), v.check(isRising))),
    { default: null, otherwise: 'none' },
  ),
  context: integer('tokens that feedForward sees', 1, { default: 5 }),
  direct: flag('let the vectors that feedForward sees count directly, too', { default: false }),
} as const satisfies { readonly [name in keyof LanguageModelSettings]-?: Option };

/** Options that make the model. */
export const MODEL_OPTIONS = {
  ...SETTINGS_OPTIONS,
  ...LEVEL_OPTIONS,
} as const satisfies { readonly [name in keyof LanguageModelOptions]-?: Option };

/** How a language model learns by itself. */
export const LEARNING_DEFAULTS: LearningDefaults = {
  learningRate: 0.002,
  batchSize: 50,
  score: 'perplexity',
  tokens: 3_000_000,
  fewestEpochs: 3,
  mostEpochs: 50,
  patience: 3,
  patient: 0.25,
};

const { batchTokens: _, ...LEARNING } = learningOptions(LEARNING_DEFAULTS);

/** Options that steer learning. */
export const LEARNING_OPTIONS = {
  ...LEARNING,
  batchSize: integer('streams that the text is cut into', 1, { otherwise: '50, less where an epoch would have fewer than 20 steps' }),
  holdOut: share('share of the text, at its end, held out where no dev text is given; 0 keeps the last epoch', { default: 0.1 }),
  sequenceLength: integer('tokens of each stream that a step reads', 1, { default: 100 }),
  averageAfter: other(
    'average weights from the first epoch on that is worse than the best of those more than so many before it',
    'a whole number of at least 0, or null for never',
    v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    { default: null, otherwise: 'never' },
  ),
  variableLength: flag('vary that length from step to step', { default: false }),
} as const satisfies { readonly [name in keyof LanguageModelLearningOptions]-?: Option };

/** Options of feed-forward models alone. */
const FEED_FORWARD = ['context', 'direct'] as const;
/** Options that there are no weights for beside an adaptive softmax. */
const FULL_SOFTMAX = ['tieWeights', 'direct'] as const;

function isRising(numbers: number[]): boolean {
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] as number));
}

/**
 * The model options with defaults filled in.
 *
 * @throws UsageError (`bad_option`) for options that do not go together
 */
export function modelSettings(options: LanguageModelOptions): LanguageModelSettings {
  const { architecture = SETTINGS_OPTIONS.architecture.default } = options;
  if (architecture !== 'feedForward') {
    const foreign = FEED_FORWARD.find((name) => options[name] !== undefined);
    if (foreign !== undefined) throw UsageError.option(foreign, options[foreign], 'architecture feedForward beside it');
  }
  const weighed = architecture !== 'feedForward' && CELLS[architecture].recurrent.length > 0;
  if (!weighed && (options.weightDrop ?? 0) > 0) {
    throw UsageError.option('weightDrop', options.weightDrop, `0 beside architecture ${architecture}, which weighs no states`);
  }
  const given: { readonly [name: string]: unknown } = { ...options };
  const full = FULL_SOFTMAX.find((name) => given[name] === true);
  if (full !== undefined && (options.cutoffs ?? null) !== null) throw UsageError.option('cutoffs', options.cutoffs, `none beside ${full}`);
  const facts: { readonly [name: string]: unknown } = { ...levelSettings(options), layers: architecture === 'feedForward' ? 1 : 2 };
  const settings = Object.entries<Option>(SETTINGS_OPTIONS).map(([name, option]) => [name, given[name] ?? facts[name] ?? option.default]);
  return Object.fromEntries(settings) as LanguageModelSettings;
}
