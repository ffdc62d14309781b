/** How models learn: the options that all of them have. */

import * as v from 'valibot';
import { Engine } from '../../engine.js';
import type { OptimizerSpec, ScheduleSpec } from '../../spec/optimizer.js';
import type { TrainingProgress } from '../../training/progress.js';
import { amount, integer, limit, other, positive, preset, share, type Option, type OptionTable } from '../option.js';

/** How a model learns. What depends on the kind of model is said there. */
export interface LearningOptions {
  /** Optimiser: a kind, or one made by `optimizer.adam({ … })` and its like. Default `adam`. */
  optimizer?: (typeof OPTIMIZERS)[number] | OptimizerSpec;
  /** Default by the model; for `sgd` 0.1. */
  learningRate?: number;
  /** Default 0, for `adamw` 0.01. */
  weightDecay?: number;
  /**
   * How the learning rate changes: `cosine` down to 0, `oneCycle` up and down, `linearWarmup` up in
   * the first tenth and down to 0, `reduceOnPlateau` halved after two epochs without a better score; or
   * one made by `schedule.step({ … })` and its like. Default `constant`.
   */
  schedule?: (typeof SCHEDULES)[number] | ScheduleSpec;
  /** Largest global norm of the gradients; `null` for no limit. Default 5. */
  clipNorm?: number | null;
  /** Most passes over the data. Default as many as a million tokens need, within limits. */
  epochs?: number;
  /** Sentences a step. */
  batchSize?: number;
  /** Tokens a step at most, in place of a number of sentences. */
  batchTokens?: number;
  /** Epochs without a better score on development data after which training ends. */
  patience?: number;
  /**
   * Share of the examples that are held out to tell the best epoch where no `dev` data is given.
   * Default 0.1. With 0 nothing tells: every epoch is run and the last one kept.
   */
  holdOut?: number;
  /** Decides initialisation, shuffling, dropout and what is held out. Default 1. */
  seed?: number;
}

/** What is called while a model `M` learns. */
export interface LearningCallbacks<M> {
  /** Stops training; the promise then rejects with a CancelledError. */
  signal?: AbortSignal;
  /** Called when training begins, about ten times a second, and after every epoch. */
  onProgress?: (progress: TrainingProgress) => void;
  /**
   * Called after each epoch that is the best so far, with the model as it is then, and waited for:
   * the place to save a checkpoint.
   */
  onBest?(model: M): void | Promise<void>;
}

/** What a kind of model does when it is told nothing. */
export interface LearningDefaults {
  readonly learningRate: number;
  readonly batchSize: number;
  /** The score on development data that says which epoch is the best, as a help page puts it. */
  readonly score: string;
  /** Tokens that the number of epochs is chosen for, between the fewest and the most. */
  readonly tokens: number;
  readonly fewestEpochs: number;
  readonly mostEpochs: number;
  /** Patience, and the share of the epochs that it is at least. */
  readonly patience: number;
  readonly patient: number;
}

const OPTIMIZERS = ['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'] as const;
const SCHEDULES = ['constant', 'cosine', 'oneCycle', 'linearWarmup', 'reduceOnPlateau'] as const;

/** What every kind of model does when it is told nothing. */
export const FALLBACK = { optimizer: 'adam', schedule: 'constant', clipNorm: 5, holdOut: 0.1, seed: 1 } as const;
/** Rate of plain gradient descent, which that of other optimisers says nothing about. */
export const SGD_RATE = 0.1;

/** The table of the options of learning. */
export function learningOptions(defaults: LearningDefaults) {
  const { learningRate, batchSize, score, tokens, fewestEpochs, mostEpochs, patience, patient } = defaults;
  return {
    optimizer: preset('optimiser', OPTIMIZERS, { default: FALLBACK.optimizer }),
    learningRate: positive('learning rate', { otherwise: `${learningRate}, for sgd ${SGD_RATE}` }),
    weightDecay: amount('weight decay', { otherwise: '0, for adamw 0.01' }),
    schedule: preset('how the learning rate changes', SCHEDULES, { default: FALLBACK.schedule }),
    clipNorm: limit('largest global norm of the gradients', { default: FALLBACK.clipNorm }),
    epochs: integer('most passes over the data', 1, {
      otherwise: `as many as ${tokens.toLocaleString('en')} tokens need, but ${fewestEpochs} to ${mostEpochs}`,
    }),
    batchSize: integer('sentences a step', 1, { default: batchSize }),
    batchTokens: integer('tokens a step at most, in place of a number of sentences', 1, { otherwise: 'by sentences' }),
    patience: integer(`epochs without a better dev ${score} after which training ends`, 1, {
      otherwise: `${patience}, or ${Math.round(100 * patient)} % of the epochs where these are more`,
    }),
    holdOut: share('share of the examples held out where no dev data is given; 0 keeps the last epoch', { default: FALLBACK.holdOut }),
    seed: integer('decides initialisation, shuffling, dropout and what is held out', 0, { default: FALLBACK.seed }),
  } as const satisfies { readonly [name in keyof LearningOptions]-?: Option };
}

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
  onBest: other('told of each model that is the best so far', 'a function', v.function(), { otherwise: 'none' }),
} as const satisfies OptionTable;

/** Where a model lives. */
export const ENGINE = other('where the model lives', 'an engine made by createEngine', v.instance(Engine), {
  otherwise: 'the shared one',
});
