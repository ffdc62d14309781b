/** How a language model adapts to the text that it reads: the options of that. */

import * as v from 'valibot';
import { optimizer, type OptimizerSpec } from '../../spec/optimizer.js';
import { SIGNAL } from '../learning/options.js';
import { checkOptions, choice, integer, limit, other, positive, share, type Option } from '../option.js';

/** Dynamic evaluation: small steps of gradient descent on what was just read (Krause et al. 2018). */
export interface DynamicOptions {
  /** Optimiser; on a long text `rmsprop` gains more. Default `sgd`. */
  optimizer?: (typeof OPTIMIZERS)[number];
  /** Default 0.03; 0.0001 for other optimisers than `sgd`. */
  learningRate?: number;
  /** Tokens that are read between two steps. Default 20. */
  sequenceLength?: number;
  /** Largest global norm of the gradients; `null` for no limit. Default 5. */
  clipNorm?: number | null;
}

/** A continuous cache: what followed where the network's state was alike (Grave et al. 2017). */
export interface CacheOptions {
  /** How many of the last tokens it holds. Default 500. */
  size?: number;
  /** How much alike states must be: the factor of their product. Default 0.3. */
  theta?: number;
  /** Its share of the probability. Default 0.05. */
  share?: number;
}

/** How a text is read. */
export interface TextReadingOptions {
  /**
   * Whether the model learns from what it has read, for what is still to be read: `true`, or how. It is
   * as before when all is read. Default false.
   */
  dynamic?: boolean | DynamicOptions;
  /** Whether what came lately is expected again: `true`, or how. Default false. */
  cache?: boolean | CacheOptions;
  /** Stops the work; the promise then rejects with a CancelledError. */
  signal?: AbortSignal;
}

const OPTIMIZERS = ['sgd', 'rmsprop', 'adam'] as const;

/** Options of dynamic evaluation. */
export const DYNAMIC_OPTIONS = {
  optimizer: choice('optimiser of dynamic evaluation', OPTIMIZERS, { default: 'sgd' }),
  learningRate: positive('learning rate of dynamic evaluation', { otherwise: '0.03, for others than sgd 0.0001' }),
  sequenceLength: integer('tokens between two steps of dynamic evaluation', 1, { default: 20 }),
  clipNorm: limit('largest global norm of the gradients', { default: 5 }),
} as const satisfies { readonly [name in keyof DynamicOptions]-?: Option };

/** Options of a cache. */
export const CACHE_OPTIONS = {
  size: integer('tokens that the cache holds', 1, { default: 500 }),
  theta: positive('how much alike states must be', { default: 0.3 }),
  share: share("the cache's share of the probability", { default: 0.05 }),
} as const satisfies { readonly [name in keyof CacheOptions]-?: Option };

const either = (what: string) => [`true, false or options of ${what}`, v.union([v.boolean(), v.looseObject({})])] as const;

/** How a text is read, as a command line can say it. */
export const READING_FLAGS = {
  dynamic: { ...other('learn from what was read for what is still to be read', ...either('dynamic evaluation'), { default: false }), form: 'flag' },
  cache: { ...other('expect what came lately again', ...either('a cache'), { default: false }), form: 'flag' },
} as const satisfies { readonly [name in Exclude<keyof TextReadingOptions, 'signal'>]-?: Option };

/** How a text is read, with defaults filled in; undefined is not at all. */
export interface TextReadingSettings {
  readonly dynamic: DynamicSettings | undefined;
  readonly cache: Required<CacheOptions> | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Dynamic evaluation with defaults filled in. */
export interface DynamicSettings {
  readonly optimizer: OptimizerSpec;
  readonly sequenceLength: number;
  readonly clipNorm: number | null;
}

/**
 * Checks options of reading and fills in defaults.
 *
 * @throws UsageError (`bad_option`) naming the option, what was given and what was expected
 */
export function readingSettings(options: TextReadingOptions): TextReadingSettings {
  checkOptions(options, { ...READING_FLAGS, signal: SIGNAL });
  const { dynamic = false, cache = false, signal } = options;
  return {
    dynamic: dynamic === false ? undefined : dynamicSettings(dynamic === true ? {} : dynamic),
    cache: cache === false ? undefined : cacheSettings(cache === true ? {} : cache),
    signal,
  };
}

/** @throws UsageError (`bad_option`) */
export function dynamicSettings(options: DynamicOptions): DynamicSettings {
  checkOptions(options, DYNAMIC_OPTIONS);
  const { optimizer: kind = DYNAMIC_OPTIONS.optimizer.default, learningRate = kind === 'sgd' ? 0.03 : 0.0001 } = options;
  const { sequenceLength = DYNAMIC_OPTIONS.sequenceLength.default, clipNorm = DYNAMIC_OPTIONS.clipNorm.default } = options;
  return { optimizer: optimizer[kind]({ learningRate }), sequenceLength, clipNorm };
}

function cacheSettings(options: CacheOptions): Required<CacheOptions> {
  checkOptions(options, CACHE_OPTIONS);
  const { size = CACHE_OPTIONS.size.default, theta = CACHE_OPTIONS.theta.default, share: part = CACHE_OPTIONS.share.default } = options;
  return { size, theta, share: part };
}
