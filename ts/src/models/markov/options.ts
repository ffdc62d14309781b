/** What a Markov model can be told, and what it does when it is told nothing. */

import * as v from 'valibot';
import { areWords, LEVEL_OPTIONS, LEVEL_SETTINGS, levelSettings, type LevelOptions, type LevelSettings } from '../language/level.js';
import { SIGNAL } from '../learning/options.js';
import { choice, integer, other, type Option, type OptionTable } from '../option.js';
import { LONGEST } from './ngrams.js';

/** What makes a Markov model. */
export interface MarkovModelOptions extends LevelOptions {
  /** Tokens of the longest n-grams: one more than it looks back. From 1 to 20. Default 6, for words 3. */
  order?: number;
  /**
   * How much is left to what was never seen: interpolated `kneserNey` (Kneser and Ney 1995) with one
   * discount for n-grams of each length, `modifiedKneserNey` (Chen and Goodman 1999) with three, or
   * `wittenBell` (Witten and Bell 1991). Default `modifiedKneserNey`.
   */
  smoothing?: 'kneserNey' | 'modifiedKneserNey' | 'wittenBell';
}

/** Where counting stands. */
export interface MarkovProgress {
  /** Tokens counted so far. */
  readonly done: number;
  /** Tokens there are. */
  readonly total: number;
}

/** Everything that `update` takes. */
export interface MarkovUpdateOptions {
  /** Stops counting; the promise then rejects with a CancelledError. */
  signal?: AbortSignal;
  /** Called as counting goes on, and at its end. */
  onProgress?: (progress: MarkovProgress) => void;
}

/** Everything that `train` takes. */
export interface MarkovTrainOptions extends MarkovModelOptions, MarkovUpdateOptions {}

/** Every model option with its value. */
export interface MarkovSettings extends LevelSettings {
  order: number;
  smoothing: NonNullable<MarkovModelOptions['smoothing']>;
}

const OWN_OPTIONS = {
  order: integer('tokens of the longest n-grams', 1, { otherwise: '6, for words 3' }, LONGEST),
  smoothing: choice('how much is left to what was never seen', ['modifiedKneserNey', 'kneserNey', 'wittenBell'], { default: 'modifiedKneserNey' }),
} as const satisfies { readonly [name in Exclude<keyof MarkovModelOptions, keyof LevelOptions>]-?: Option };

/** Options that make the model. */
export const MODEL_OPTIONS = { ...LEVEL_OPTIONS, ...OWN_OPTIONS } as const satisfies OptionTable;

/** Options that stand among the settings. */
export const SETTINGS_OPTIONS = { ...LEVEL_SETTINGS, ...OWN_OPTIONS } as const satisfies { readonly [name in keyof MarkovSettings]-?: Option };

/** Options of counting. */
export const UPDATE_OPTIONS = {
  signal: SIGNAL,
  onProgress: other('told where counting stands', 'a function', v.function(), { otherwise: 'none' }),
} as const satisfies OptionTable;

/**
 * The model options with defaults filled in.
 *
 * @throws UsageError (`bad_option`) for options that do not go together
 */
export function modelSettings(options: MarkovModelOptions): MarkovSettings {
  const level = levelSettings(options);
  const { order = areWords(level.tokenizer) ? 3 : 6, smoothing = OWN_OPTIONS.smoothing.default } = options;
  return { order, smoothing, ...level };
}
