/** Trainers: an optimiser at work on a model. */

import { UsageError } from '../errors.js';
import { Owned } from '../memory/owned.js';
import { checkOptionNames } from '../optionNames.js';
import type { OptimizerSpec, ScheduleSpec } from '../spec/optimizer.js';
import { coreOf } from '../engine.js';
import type { Batch } from './batch.js';
import type { TrainingData } from './batching.js';
import type { EntryInfo } from './encode.js';
import { fit, type FitOptions } from './fit.js';
import type { Model } from './model.js';
import type { TrainingReport } from './progress.js';
import { STATE_NAMES, type StateOptions } from './state.js';
import type { Tape } from './tape.js';

/** Options of a {@link Trainer}. */
export interface TrainerOptions {
  /** Made by `optimizer.adam({ … })` and its like. */
  optimizer: OptimizerSpec;
  /** How the learning rate changes, made by `schedule.cosine({ … })` and its like. Default constant. */
  schedule?: ScheduleSpec;
  /** Gradients are scaled down to this global norm, which is computed over all parameters. */
  clipNorm?: number;
  /** Each number of a gradient is held within plus and minus this, before `clipNorm`. */
  clipValue?: number;
  /**
   * How many steps are taken before those over which the mean of the weights is kept, for
   * {@link Trainer.useAverage}. Default none is kept until {@link Trainer.startAveraging}.
   */
  averageFrom?: number;
  /** Decides dropout and shuffling. Default 1. */
  seed?: number;
}

/** Options of a step. */
export interface StepOptions extends StateOptions {
  /** Factor on the learning rate of this step. Default 1. */
  learningRateScale?: number;
}

/** What one step reports. */
export interface StepReport {
  /** The loss before the step; 0 for a step with gradients from JavaScript. */
  readonly loss: number;
  /** The other scalar outputs of the entry, by name: the losses of several tasks, for instance. */
  readonly losses: { readonly [output: string]: number };
  /** Global norm of all gradients before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  /** Steps taken so far, this one included. */
  readonly step: number;
}

/**
 * Trains a model. Every method that computes also exists with `Sync` at its end, but for `fit`.
 *
 * @example
 * const trainer = new Trainer(model, { optimizer: optimizer.adam({ learningRate: 1e-3 }), clipNorm: 5 });
 * for (const batch of batches) console.log((await trainer.step(batch)).loss);
 */
export class Trainer extends Owned {
  /** What it trains. */
  readonly model: Model;
  /** Decides dropout and shuffling. */
  readonly seed: number;
  #steps = 0;
  #averageFrom: number;

  /** @throws UsageError (`invalid_spec`) naming the field of the optimiser or schedule that is wrong, (`bad_option`) */
  constructor(model: Model, options: TrainerOptions) {
    if (typeof options !== 'object' || options === null) throw UsageError.option('options', options, 'an object with an optimizer');
    checkOptionNames(options, {
      optimizer: true,
      schedule: true,
      clipNorm: true,
      clipValue: true,
      averageFrom: true,
      seed: true,
    });
    const { optimizer, schedule, clipNorm, clipValue, averageFrom, seed = 1 } = options;
    const core = coreOf(model.engine);
    const clipping = { clip_norm: clipNorm, clip_value: clipValue };
    const length = core.stageJson({ optimizer, schedule, ...clipping, average_from: averageFrom });
    const handle = core.call((exports) => exports.trainer_create(model.handle, length, seed));
    super(core, handle, 'this Trainer', true);
    this.model = model;
    this.seed = seed;
    this.#averageFrom = averageFrom ?? Infinity;
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Steps that the mean of the weights is of; 0 where none is kept. */
  get averaged(): number {
    return Math.max(0, this.#steps - this.#averageFrom);
  }

  /** What the core says of a step, whose entry had these outputs. */
  #report(outputs: EntryInfo['outputs']): StepReport {
    const scalars = outputs.filter(({ type }) => type === 'scalar').map(({ name }) => name);
    const [loss = NaN, gradientNorm = NaN, learningRate = NaN, step = NaN, ...values] = this.core.report(4 + scalars.length);
    this.#steps = step;
    const losses = scalars.map((name, at): [string, number] => [name, values[at] ?? NaN]);
    const others = Object.fromEntries(losses.filter(([name]) => name !== 'loss'));
    return { loss, losses: others, gradientNorm, learningRate, step };
  }

  /**
   * One step: forward, backward, clipping, optimiser. The entry's output `loss` is a scalar.
   *
   * @throws UsageError (`invalid_batch`); (`invalid_state`) when the state is of another model or has
   *   another number of rows
   * @throws OstinatoError (`not_finite`) when loss or gradients are infinite or not a number; the
   *   parameters and the state stay as they were
   */
  stepSync(batch: Batch, entry = 'train', options: StepOptions = {}): StepReport {
    checkOptionNames(options, { ...STATE_NAMES, learningRateScale: true });
    const { model, handle } = this;
    const { learningRateScale = 1 } = options;
    if (!(learningRateScale > 0 && learningRateScale < Infinity)) {
      throw UsageError.option('learningRateScale', learningRateScale, 'a number above 0');
    }
    const { index, info, words, state } = model.stage(entry, batch, options);
    // A disposed model must say so, rather than this trainer, which went with it.
    void model.handle;
    this.core.call((exports) => exports.train_step(handle, index, words, state, learningRateScale));
    return this.#report(info.outputs);
  }

  /** See {@link stepSync}. */
  async step(batch: Batch, entry = 'train', options: StepOptions = {}): Promise<StepReport> {
    return this.stepSync(batch, entry, options);
  }

  /** `Model.forward` for training, with the dropout that this trainer's next step would use. */
  forwardSync(entry: string, batch: Batch, options: StateOptions = {}): Tape {
    checkOptionNames(options, STATE_NAMES);
    void this.handle;
    return this.model.forwardSync(entry, batch, { ...options, training: true, seed: this.seed, step: this.#steps });
  }

  /** See {@link forwardSync}. */
  async forward(entry: string, batch: Batch, options: StateOptions = {}): Promise<Tape> {
    return this.forwardSync(entry, batch, options);
  }

  /**
   * One step with the gradients that the model has, which are zero afterwards.
   *
   * @throws OstinatoError (`not_finite`) when one of them is infinite or not a number
   */
  applySync(): StepReport {
    const { handle } = this;
    void this.model.handle;
    this.core.call((exports) => exports.trainer_apply(handle));
    return this.#report([]);
  }

  /** See {@link applySync}. */
  async apply(): Promise<StepReport> {
    return this.applySync();
  }

  /** Tells a schedule that waits for a metric, such as `reduceOnPlateau`, how things stand. */
  observeSync(metric: number): void {
    const { handle } = this;
    this.core.call((exports) => exports.trainer_observe(handle, metric));
  }

  /** See {@link observeSync}. */
  async observe(metric: number): Promise<void> {
    this.observeSync(metric);
  }

  #average(what: 0 | 1 | 2): void {
    const { handle } = this;
    void this.model.handle;
    this.core.call((exports) => exports.trainer_average(handle, what));
  }

  /**
   * Keeps the mean of all weights over the steps from now on, unless it is being kept: averaged
   * stochastic gradient descent (Polyak & Juditsky 1992), with any optimiser. {@link nonMonotone} says
   * when AWD-LSTM does so.
   */
  startAveragingSync(): void {
    this.#average(0);
    this.#averageFrom = Math.min(this.#averageFrom, this.#steps);
  }

  /** See {@link startAveragingSync}. */
  async startAveraging(): Promise<void> {
    this.startAveragingSync();
  }

  /**
   * Gives the model the mean of its weights, to be evaluated or saved. Before the next step it must have
   * the latest back: {@link useLatest}.
   *
   * @throws UsageError (`invalid_state`) when no step was taken since averaging began
   *
   * @example
   * await trainer.useAverage();
   * console.log(await perplexityOn(dev));
   * await trainer.useLatest();
   */
  useAverageSync(): void {
    this.#average(1);
  }

  /** See {@link useAverageSync}. */
  async useAverage(): Promise<void> {
    this.useAverageSync();
  }

  /** Gives the model its latest weights back, if it has their mean. */
  useLatestSync(): void {
    this.#average(2);
  }

  /** See {@link useLatestSync}. */
  async useLatest(): Promise<void> {
    this.useLatestSync();
  }

  /** The numbers from 0 to below `count`, in an order that the seed and `turn` decide. */
  shuffleSync(turn: number, count: number): Int32Array {
    this.core.call((exports) => exports.shuffle(this.seed, turn, count));
    return this.core.ints();
  }

  /** See {@link shuffleSync}. */
  async shuffle(turn: number, count: number): Promise<Int32Array> {
    return this.shuffleSync(turn, count);
  }

  /**
   * Trains over the data for a number of epochs; see {@link FitOptions}. Training ends on the weights
   * of the best epoch where there is an `evaluate`, also when it ends with an error. Where the mean of
   * the weights is kept, it is what is evaluated, and what training ends on.
   *
   * @throws UsageError (`bad_option`)
   * @throws CancelledError when the signal is aborted
   * @throws OstinatoError (`not_finite`) when the loss or a gradient is infinite or not a number
   *
   * @example
   * const report = await trainer.fit(data, {
   *   epochs: 20,
   *   batchSize: 32,
   *   evaluate: async () => ({ f1: await f1On(dev) }),
   *   patience: 3,
   *   onProgress: ({ epoch, loss }) => console.log(epoch, loss),
   * });
   */
  fit(data: TrainingData | readonly Batch[], options: FitOptions = {}): Promise<TrainingReport> {
    return fit(this, data, options);
  }
}
