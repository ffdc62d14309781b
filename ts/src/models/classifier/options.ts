/** What a classifier can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import type {
  ClassifiedExample,
  ClassifiedTokens,
  MultiClassifiedTokens,
} from '../../data/example.js';
import type { Engine } from '../../engine.js';
import { UsageError } from '../../errors.js';
import type { TokenizerConfig } from '../../text/tokenizer.js';
import type { Classifier } from '../classifier.js';
import { learningOptions, type LearningCallbacks, type LearningDefaults, type LearningOptions } from '../learning/options.js';
import { choice, flag, integer, other, share, type Option } from '../option.js';
import type { Examples } from '../text/examples.js';
import { textOptions, textSettings, type TextOptions, type TextSettings } from '../text/options.js';
import { POOLINGS, type Pooling } from '../text/pooling.js';

/** An example to learn from: a text, or the tokens of one, with its label or labels. */
export type ClassifierExample<L extends string = string> =
  | ClassifiedExample<L>
  | ClassifiedTokens<L>
  | MultiClassifiedTokens<L>;

/** Labelled examples: an array, or anything that gives one after another, such as a reader. */
export type ClassifierExamples<L extends string = string> = Examples<ClassifierExample<L>>;

/**
 * What a class counts for in the loss. `balanced` is scikit-learn's `n / (classes · n of the class)`; of kind
 * `multi`, where it is what having the label counts for against not having it, `n without / n with`.
 */
export type ClassWeights<L extends string = string> = 'balanced' | { readonly [label in L]?: number };

/** The sizes and parts of a classifier. */
export interface ClassifierModelOptions<L extends string = string> extends TextOptions {
  /**
   * `single`: each text has one label (softmax). `multi`: any number of them, each decided by itself
   * (sigmoid). `ordinal`: one of several levels in an order, such as stars (adjacent-categories logits,
   * Agresti 2010, §4.1). Default `multi` where the examples have `labels`, else `single`.
   */
  kind?: (typeof KINDS)[number];
  /** All labels; for `ordinal`, which needs them, from the lowest level up. Default those that occur. */
  labels?: readonly L[];
  /** Numbers of a word vector. Default 128, or the size of `vectors`. */
  embeddingSize?: number;
  /** Standard deviation of the normal distribution that word vectors start from. Default 0.1. */
  embeddingStd?: number;
  /** Whether a step moves the vectors of just those words that are in its batch. Default false. */
  sparseEmbedding?: boolean;
  /** Numbers of the recurrent state **per direction**. Default 128. */
  hiddenSize?: number;
  /** Whether the recurrent layers read backwards, too. Default true. */
  bidirectional?: boolean;
  /**
   * How the states of all tokens become one vector: `max`imum or `mean` over time, the `last` state of
   * each direction, or `attention` of a learnt query (Yang et al. 2016), which `explain` shows. The two
   * classic ways are `last`, whose outputs the label is the argmax of, and `mean`, average pooling.
   * Default `max`.
   */
  pooling?: Pooling;
  /**
   * Whether numbers are dropped behind pooling, from the one vector, rather than before it, from the states
   * of each token, where other tokens stand in for what is dropped. Default true.
   */
  pooledDropout?: boolean;
  /** Whether tokens are words or characters, where no `tokenizer` says more. Default `word`. */
  level?: 'word' | 'character';
  /** How the characters of each word are read beside the word. Default `none`. */
  characters?: 'lstm' | 'cnn' | 'none';
  /** Whether words are looked up in lower case. Default true. */
  lowercase?: boolean;
  /** Words seen less often are unknown. Default 2. */
  minCount?: number;
  /** Share of all words that are read as unknown in training (Iyyer et al. 2015). Default 0. */
  wordDropout?: number;
  /** Tokens of a text that are read; what comes behind them is not. Default 1,000. */
  maxTokens?: number;
  /** Part of the target that is spread over all labels, against wrong ones (Szegedy et al. 2016). Default 0. */
  labelSmoothing?: number;
  /** What each class counts for; classes that are not named count 1. Default all 1. */
  classWeights?: ClassWeights<L>;
  /** Probability from which on a label of kind `multi` is given. Default 0.5. */
  threshold?: number;
}

/** How a classifier learns. */
export interface ClassifierLearningOptions extends LearningOptions {
  /** Default 0.001, for `sgd` 0.1. */
  learningRate?: number;
  /** Most passes over the data. Default as many as a million tokens need, but 6 to 50. */
  epochs?: number;
  /** Texts a step. Default 32. */
  batchSize?: number;
  /**
   * Epochs without a better score on development data after which training ends. Default 3, or a quarter
   * of the epochs where these are more.
   */
  patience?: number;
  /** The score that says which epoch is the best. Default `accuracy`. */
  monitor?: (typeof MONITORS)[number];
}

/** Everything that `fit` takes. */
export interface ClassifierFitOptions<L extends string = string>
  extends ClassifierLearningOptions,
    LearningCallbacks<Classifier<L>> {
  /** Development data, which says which epoch is the best. Default a tenth of the examples, held out. */
  dev?: ClassifierExamples<L>;
}

/** Everything that `train` takes. */
export interface ClassifierTrainOptions<L extends string = string>
  extends ClassifierModelOptions<L>,
    ClassifierFitOptions<L> {
  /** Where the classifier is to live. Default the shared engine. */
  engine?: Engine;
}

/** Every model option with its value; the labels stand beside them. */
export interface ClassifierSettings extends TextSettings {
  kind: (typeof KINDS)[number];
  bidirectional: boolean;
  pooling: Pooling;
  pooledDropout: boolean;
  wordDropout: number;
  maxTokens: number;
  labelSmoothing: number;
  /** Null where all classes count the same. */
  classWeights: ClassWeights | null;
  threshold: number;
}

const KINDS = ['single', 'multi', 'ordinal'] as const;
const MONITORS = ['accuracy', 'macroF1'] as const;

const weight = v.pipe(v.number(), v.finite(), v.gtValue(0));

/** Options that stand among the settings. */
export const SETTINGS_OPTIONS = {
  ...textOptions({
    embeddingSize: 128,
    embeddingStd: 0.1,
    sparseEmbedding: false,
    hiddenSize: 128,
    minCount: 2,
    characters: 'none',
    lowercase: 'true',
  }),
  kind: choice('what labels are: one a text, any number, or levels in an order', KINDS, {
    otherwise: 'multi where examples have labels, else single',
  }),
  bidirectional: flag('read backwards, too', { default: true }),
  pooling: choice('how the states of all tokens become one vector', POOLINGS, { default: 'max' }),
  pooledDropout: flag('drop numbers behind pooling rather than before it', { default: true }),
  wordDropout: share('share of all words that are read as unknown in training', { default: 0 }),
  maxTokens: integer('tokens of a text that are read', 1, { default: 1000 }),
  labelSmoothing: share('part of the target that is spread over all labels', { default: 0 }),
  classWeights: other(
    'what each class counts for',
    'balanced, or an object of a number above 0 for each label',
    v.nullable(v.union([v.literal('balanced'), v.record(v.string(), weight)])),
    { default: null, otherwise: 'all the same' },
  ),
  threshold: share('probability from which on a label of kind multi is given', { default: 0.5 }, 1),
} as const satisfies { readonly [name in keyof (ClassifierSettings & TextOptions)]-?: Option };

/** Options that make the model. */
export const MODEL_OPTIONS = {
  ...SETTINGS_OPTIONS,
  labels: other(
    'all labels; of levels, from the lowest up',
    'an array of at least one label, none twice and none empty',
    v.pipe(
      v.array(v.pipe(v.string(), v.nonEmpty())),
      v.nonEmpty(),
      v.check((labels) => new Set(labels).size === labels.length),
    ),
    { otherwise: 'those that occur' },
  ),
  level: choice('what tokens are, where no tokenizer says more', ['word', 'character'], { default: 'word' }),
} as const satisfies { readonly [name in keyof ClassifierModelOptions]-?: Option };

/** How a classifier learns by itself. */
export const LEARNING_DEFAULTS: LearningDefaults = {
  learningRate: 0.001,
  batchSize: 32,
  score: 'score',
  tokens: 1_000_000,
  fewestEpochs: 6,
  mostEpochs: 50,
  patience: 3,
  patient: 0.25,
};

/** Options that steer learning. */
export const LEARNING_OPTIONS = {
  ...learningOptions(LEARNING_DEFAULTS),
  monitor: choice('the dev score that says which epoch is the best', MONITORS, { default: 'accuracy' }),
} as const satisfies { readonly [name in keyof ClassifierLearningOptions]-?: Option };

/**
 * How texts become tokens, as far as the options say.
 *
 * @throws UsageError (`bad_option`) for a level beside a tokenizer
 */
export function givenTokenizer({ tokenizer, level }: ClassifierModelOptions): TokenizerConfig | undefined {
  if (level === undefined) return tokenizer;
  if (tokenizer !== undefined) throw UsageError.option('level', level, 'it to be left out beside a tokenizer');
  return level === 'character' ? { type: 'character' } : { type: 'default' };
}

/**
 * The model options with defaults filled in.
 *
 * @param kind what the labels of the examples are, where no option says so
 * @param vectorSize size of the pretrained vectors, if there are any
 * @throws UsageError (`bad_option`) for options that do not go together
 */
export function modelSettings(
  options: ClassifierModelOptions,
  kind: ClassifierSettings['kind'],
  tokenizer: TokenizerConfig,
  vectorSize: number | undefined,
): ClassifierSettings {
  const settings = textSettings<ClassifierSettings>(options, SETTINGS_OPTIONS, {
    kind, tokenizer, characters: 'none', lowercase: true, vectorSize,
  });
  if (kind === 'ordinal' && options.labels === undefined) {
    throw UsageError.option('labels', undefined, 'all levels from the lowest up, for kind ordinal');
  }
  return settings;
}
