/** Optimisers and learning-rate schedules as plain data, with PyTorch's definitions and defaults. */

import type { Json } from './spec.js';
import { toWire } from './wire.js';

/** An optimiser, made by one of the functions of {@link optimizer}. */
export interface OptimizerSpec {
  readonly kind: 'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad';
  readonly [option: string]: Json;
}

/** Options of every optimiser. */
export interface OptimizerOptions {
  /** Default 0.001; 0.01 for RMSprop and Adagrad. */
  learningRate?: number;
  /** Default 0; 0.01 for AdamW. A parameter with `decay: false` does without. */
  weightDecay?: number;
}

/** Options of stochastic gradient descent. */
export interface SgdOptions extends OptimizerOptions {
  /** Default 0. */
  momentum?: number;
  /** Nesterov's momentum in place of Polyak's. Default false. */
  nesterov?: boolean;
}

/** Options of Adam and AdamW. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay of the two moments. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Default 1e-8. */
  eps?: number;
}

/** Options of RMSprop. */
export interface RmspropOptions extends OptimizerOptions {
  /** Decay of the mean square. Default 0.99. */
  alpha?: number;
  /** Default 1e-8. */
  eps?: number;
}

/** Options of Adagrad. */
export interface AdagradOptions extends OptimizerOptions {
  /** Default 1e-10. */
  eps?: number;
}

/**
 * Optimisers. Rows of a sparse parameter that a batch does not touch keep value and moments.
 *
 * @example
 * new Trainer(model, { optimizer: optimizer.adamw({ learningRate: 2e-3, weightDecay: 0.01 }) });
 */
export const optimizer = {
  /** Stochastic gradient descent, with momentum (Sutskever et al. 2013). */
  sgd: (options: SgdOptions = {}): OptimizerSpec => ({ kind: 'sgd', ...toWire(options) }),
  /** Adam (Kingma & Ba 2015); weight decay goes through the gradient. */
  adam: (options: AdamOptions = {}): OptimizerSpec => ({ kind: 'adam', ...toWire(options) }),
  /** Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
  adamw: (options: AdamOptions = {}): OptimizerSpec => ({ kind: 'adamw', ...toWire(options) }),
  /** RMSprop (Hinton 2012). */
  rmsprop: (options: RmspropOptions = {}): OptimizerSpec => ({ kind: 'rmsprop', ...toWire(options) }),
  /** Adagrad (Duchi et al. 2011). */
  adagrad: (options: AdagradOptions = {}): OptimizerSpec => ({ kind: 'adagrad', ...toWire(options) }),
};

/** A schedule, made by one of the functions of {@link schedule}. */
export interface ScheduleSpec {
  readonly kind: 'constant' | 'step' | 'cosine' | 'one_cycle' | 'linear_warmup' | 'reduce_on_plateau';
  readonly [option: string]: Json;
}

/** Options of `schedule.step`. */
export interface StepScheduleOptions {
  /** Steps between two changes. */
  stepSize: number;
  /** What the rate is multiplied by. Default 0.1. */
  gamma?: number;
}

/** Options of `schedule.cosine`. */
export interface CosineScheduleOptions {
  /** Steps down to the lowest rate. */
  tMax: number;
  /** The lowest rate. Default 0. */
  etaMin?: number;
}

/** Options of `schedule.oneCycle`. */
export interface OneCycleScheduleOptions {
  /** Steps of the whole cycle. */
  totalSteps: number;
  /** The highest rate. Default the optimiser's. */
  maxLr?: number;
  /** Part of the cycle that goes up. Default 0.3. */
  pctStart?: number;
  /** The first rate is the highest divided by this. Default 25. */
  divFactor?: number;
  /** The last rate is the first divided by this. Default 10,000. */
  finalDivFactor?: number;
  /** Goes back down to the first rate before it goes to the last. Default false. */
  threePhase?: boolean;
  /** Default `cos`. */
  annealStrategy?: 'cos' | 'linear';
}

/** Options of `schedule.linearWarmup`. */
export interface LinearWarmupScheduleOptions {
  /** Steps up to the full rate. */
  warmupSteps: number;
  /** What part of the rate the first step has. Default 0. */
  startFactor?: number;
  /** What comes then: the full rate, or down to 0 at `totalSteps`. Default `constant`. */
  decay?: 'constant' | 'linear' | 'cosine';
  /** Needed where the rate goes down. */
  totalSteps?: number;
}

/** Options of `schedule.reduceOnPlateau`. */
export interface PlateauScheduleOptions {
  /** Whether a lower or a higher metric is better. Default `min`. */
  mode?: 'min' | 'max';
  /** What the rate is multiplied by. Default 0.1. */
  factor?: number;
  /** Observations without improvement that are waited for. Default 10. */
  patience?: number;
  /** Observations after a reduction that do not count. Default 0. */
  cooldown?: number;
  /** The least improvement. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a part of the best metric or a difference. Default `rel`. */
  thresholdMode?: 'rel' | 'abs';
  /** Default 0. */
  minLr?: number;
}

/**
 * Learning-rate schedules. They count steps, not epochs.
 *
 * @example
 * new Trainer(model, {
 *   optimizer: optimizer.adam({ learningRate: 1e-3 }),
 *   schedule: schedule.linearWarmup({ warmupSteps: 100, decay: 'linear', totalSteps: 2000 }),
 * });
 */
export const schedule = {
  /** The optimiser's rate throughout. */
  constant: (): ScheduleSpec => ({ kind: 'constant' }),
  /** The rate is multiplied by `gamma` every `stepSize` steps. */
  step: (options: StepScheduleOptions): ScheduleSpec => ({ kind: 'step', ...toWire(options) }),
  /** Half a cosine down to `etaMin` at `tMax`, then up again (Loshchilov & Hutter 2017). */
  cosine: (options: CosineScheduleOptions): ScheduleSpec => ({ kind: 'cosine', ...toWire(options) }),
  /** Up, then down below the start (Smith & Topin 2018). */
  oneCycle: (options: OneCycleScheduleOptions): ScheduleSpec => ({ kind: 'one_cycle', ...toWire(options) }),
  /** Up to the full rate, then constant or down to 0. */
  linearWarmup: (options: LinearWarmupScheduleOptions): ScheduleSpec => ({
    kind: 'linear_warmup',
    ...toWire(options),
  }),
  /** Down when a metric stops improving: `fit` feeds it the score that it monitors. */
  reduceOnPlateau: (options: PlateauScheduleOptions = {}): ScheduleSpec => ({
    kind: 'reduce_on_plateau',
    ...toWire(options),
  }),
};
