/** The training loop. */

import { breathe } from '#runtime';
import { CancelledError, describe, UsageError } from '../errors.js';
import { checkOptionNames, type OptionNames } from '../optionNames.js';
import { nonMonotone } from './averaging.js';
import type { Batch } from './batch.js';
import { BATCHING_NAMES, checkBatching, planEpoch, type BatchingOptions, type TrainingData } from './batching.js';
import type { Snapshot } from './model.js';
import type { DevScores, EpochReport, TrainingProgress, TrainingReport } from './progress.js';
import { STATE_NAMES, stateHandle, type State } from './state.js';
import type { StepReport, Trainer } from './trainer.js';

/** Options of `Trainer.fit`. */
export interface FitOptions extends BatchingOptions {
  /** Default 10. */
  epochs?: number;
  /** The entry that is trained. Default `train`. */
  entry?: string;
  /**
   * Carries each step's states into the next, for sequences that are trained in pieces. The data is then
   * taken in its order, a row of it at a time: a ready batch, or `batch([row])`. The state begins anew
   * with every epoch, and where `Batch.reset` says so.
   */
  state?: State;
  /** Scores the model on development data, after every epoch; of equal scores the latest is the best. */
  evaluate?: (epoch: number) => DevScores | Promise<DevScores>;
  /** The score that says which epoch is the best. Default the first of them. */
  monitor?: string;
  /** Whether a higher or a lower score is better. Default `max`. */
  mode?: 'max' | 'min';
  /** Training stops after so many epochs without a better score. Default never. */
  patience?: number;
  /**
   * The mean of the weights is kept from the first evaluation on whose score is worse than the best of
   * those more than so many before it, as by NT-ASGD (Merity et al. 2018, there 5). Default never.
   */
  averageAfter?: number;
  /**
   * Called after each epoch that is the best so far, with the report so far, and waited for: the model
   * then has the best weights, so this is the place to save them.
   */
  onBest?: (report: TrainingReport) => void | Promise<void>;
  /** Stops training when it is aborted; the model then has the best weights so far. */
  signal?: AbortSignal;
  /** Called when training begins, about ten times a second, and after every epoch. */
  onProgress?: (progress: TrainingProgress) => void;
}

const NAMES = {
  ...BATCHING_NAMES,
  ...STATE_NAMES,
  epochs: true,
  entry: true,
  evaluate: true,
  monitor: true,
  mode: true,
  patience: true,
  averageAfter: true,
  onBest: true,
  signal: true,
  onProgress: true,
} satisfies OptionNames<FitOptions>;

/** Milliseconds of work after which the event loop gets a turn. */
const BREATH = 8;
/** Milliseconds between two progress reports. */
const PROGRESS = 100;
/** Batches of an epoch that memory is planned for: the largest is among them. */
const RESERVED = 4;

/** Ready batches as training data: each is a row of its own. */
function ofBatches(batches: readonly Batch[]): TrainingData {
  const steps = ({ rows, lengths }: Batch): number => {
    const all = Object.values(lengths ?? {}).map((list) => Array.from(list).reduce((sum, n) => sum + n, 0));
    return all[0] ?? rows;
  };
  const sizes = batches.map(steps);
  return {
    size: batches.length,
    length: (row) => sizes[row] ?? 0,
    batch: (rows) => batches[rows[0] ?? 0] as Batch,
  };
}

/** Time and tokens of the whole training. */
class Pace {
  readonly #started = performance.now();
  #trained = 0;
  #evaluated = 0;
  #evaluations = 0;
  #tokens = 0;

  step(milliseconds: number, tokens: number): void {
    this.#trained += milliseconds;
    this.#tokens += tokens;
  }

  evaluation(milliseconds: number): void {
    this.#evaluated += milliseconds;
    this.#evaluations++;
  }

  get trainedSeconds(): number {
    return this.#trained / 1000;
  }

  get tokensPerSecond(): number {
    return this.#trained > 0 ? (this.#tokens / this.#trained) * 1000 : 0;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Estimated seconds for so many more tokens and evaluations. */
  secondsLeft(tokens: number, evaluations: number): number | null {
    if (this.#tokens === 0) return null;
    const perEvaluation = this.#evaluations > 0 ? this.#evaluated / this.#evaluations : 0;
    return tokens / this.tokensPerSecond + (perEvaluation * evaluations) / 1000;
  }
}

/** What an epoch's steps report: means of the losses, and the largest gradient. */
class StepSummary {
  readonly #sums: { [output: string]: number } = {};
  #sum = 0;
  #steps = 0;
  /** The largest so far. */
  gradientNorm = 0;

  add({ loss, losses, gradientNorm }: StepReport): void {
    this.#steps++;
    this.gradientNorm = Math.max(this.gradientNorm, gradientNorm);
    this.#sum += loss;
    for (const [name, value] of Object.entries(losses)) this.#sums[name] = (this.#sums[name] ?? 0) + value;
  }

  get loss(): number {
    return this.#sum / this.#steps;
  }

  get losses(): EpochReport['losses'] {
    return Object.fromEntries(Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#steps]));
  }
}

/** The best weights so far; among equal ones the latest, which have seen the most. */
class Best {
  epoch = 0;
  /** The epoch that was better than all before it, rather than as good. */
  improved = 0;
  score = NaN;
  #snapshot: Snapshot | undefined;
  readonly #trainer: Trainer;
  readonly #options: FitOptions;

  constructor(trainer: Trainer, options: FitOptions) {
    this.#trainer = trainer;
    this.#options = options;
  }

  /** The score that decides. */
  scoreOf(dev: DevScores): number {
    const name = this.#options.monitor ?? Object.keys(dev)[0];
    const score = name === undefined ? undefined : dev[name];
    if (typeof score === 'number') return score;
    const expected = `evaluate gave ${Object.keys(dev).join(', ') || 'no scores'}`;
    throw new UsageError(`option monitor: ${expected}, given ${describe(name)}`, { code: 'bad_option' });
  }

  /** Keeps the present weights, and says so, unless earlier ones were better. */
  offer(epoch: number, score: number): boolean {
    const better = this.#options.mode === 'min' ? score < this.score : score > this.score;
    const first = this.#snapshot === undefined || (Number.isNaN(this.score) && !Number.isNaN(score));
    if (!first && !better && score !== this.score) return false;
    this.#snapshot?.dispose();
    this.#snapshot = this.#trainer.model.snapshotSync();
    this.epoch = epoch;
    if (first || better) this.improved = epoch;
    this.score = score;
    return true;
  }

  /** Puts the best weights back. */
  restore(): void {
    if (this.#snapshot !== undefined) this.#trainer.model.restoreSync(this.#snapshot);
  }

  dispose(): void {
    this.#snapshot?.dispose();
  }
}

function check({ epochs = 10, patience, averageAfter = 0, mode = 'max', ...batching }: FitOptions, size: number): void {
  checkBatching(batching);
  if (!Number.isInteger(epochs) || epochs < 1) throw UsageError.option('epochs', epochs, 'a whole number above 0');
  if (patience !== undefined && !(patience >= 1)) throw UsageError.option('patience', patience, 'a number above 0');
  if (!Number.isInteger(averageAfter) || averageAfter < 0) {
    throw UsageError.option('averageAfter', averageAfter, 'a whole number of at least 0');
  }
  if (!['max', 'min'].includes(mode)) throw UsageError.option('mode', mode, 'max or min');
  if (size < 1) throw new UsageError('data: expected at least one row, given none', { code: 'no_data' });
}

/** Pieces are taken as they come: nothing else can be said of their order beside a state. */
function checkState(trainer: Trainer, { state, batchSize, batchTokens, shuffle, bucket }: FitOptions): void {
  if (state === undefined) return;
  stateHandle(trainer.model, { state });
  for (const [name, given] of Object.entries({ batchSize, batchTokens, shuffle, bucket })) {
    if (given !== undefined && given !== false) throw UsageError.option(name, given, 'none beside a state');
  }
}

/** See `Trainer.fit`. */
export async function fit(
  trainer: Trainer,
  given: TrainingData | readonly Batch[],
  options: FitOptions,
): Promise<TrainingReport> {
  checkOptionNames(options, NAMES);
  const ready = 'length' in given && typeof given.length === 'number';
  const data = ready ? ofBatches(given as readonly Batch[]) : (given as TrainingData);
  checkState(trainer, options);
  const inOrder = options.state === undefined ? {} : { shuffle: false };
  const single = ready || options.state !== undefined;
  const batching = single ? { ...options, ...inOrder, batchSize: 1, bucket: false } : options;
  check(batching, data.size);
  const best = new Best(trainer, options);
  trainer.useLatestSync();
  try {
    const report = await run(trainer, data, { ...options, ...batching }, best);
    if (options.evaluate === undefined && trainer.averaged > 0) trainer.useAverageSync();
    best.restore();
    return report;
  } catch (error) {
    // The engine may be what failed; the error that led here is what is told.
    if (trainer.usable) trainer.useLatestSync();
    if (trainer.model.usable) best.restore();
    throw error;
  } finally {
    best.dispose();
  }
}

async function run(trainer: Trainer, data: TrainingData, options: FitOptions, best: Best): Promise<TrainingReport> {
  const { epochs = 10, entry = 'train', evaluate, patience = Infinity, averageAfter = Infinity } = options;
  const { signal, onProgress, onBest, state } = options;
  let epochTokens = 0;
  for (let row = 0; row < data.size; row++) epochTokens += data.length(row);
  const pace = new Pace();
  const reports: EpochReport[] = [];
  const scores: number[] = [];
  let dev: DevScores | null = null;
  let steps = 0;
  let stoppedEarly = false;
  let lastBreath = performance.now();
  let lastProgress = -Infinity;
  const soFar = (): TrainingReport => ({
    epochs: [...reports],
    bestEpoch: evaluate === undefined ? reports.length : best.epoch,
    steps,
    stoppedEarly: stoppedEarly && reports.length < epochs,
    tokensPerSecond: pace.tokensPerSecond,
    seconds: pace.seconds,
  });

  for (let epoch = 1; epoch <= epochs && !stoppedEarly; epoch++) {
    CancelledError.check(signal);
    data.begin?.(epoch - 1);
    const batches = planEpoch(data, options, epoch - 1, (turn, count) => trainer.shuffleSync(turn, count));
    const tokensOf = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + data.length(row), 0);
    let step = 0;
    let tokens = 0;
    const summary = new StepSummary();
    let learningRate = NaN;
    const before = pace.trainedSeconds;
    const tell = (): void => {
      lastProgress = performance.now();
      onProgress?.({
        epoch,
        epochs,
        step,
        steps: batches.length,
        loss: step > 0 ? summary.loss : null,
        losses: summary.losses,
        gradientNorm: step > 0 ? summary.gradientNorm : null,
        dev,
        tokensPerSecond: pace.tokensPerSecond,
        secondsLeft: pace.secondsLeft(
          epochTokens - tokens + (epochs - epoch) * epochTokens,
          evaluate === undefined ? 0 : epochs - reports.length,
        ),
      });
    };
    if (epoch === 1) tell();
    const largest = [...batches].sort((a, b) => tokensOf(b) - tokensOf(a)).slice(0, RESERVED);
    for (const rows of largest) await trainer.model.reserve(entry, data.batch(rows));

    await state?.gather([]);
    const carried = state === undefined ? {} : { state };
    for (const rows of batches) {
      CancelledError.check(signal);
      const begun = performance.now();
      const [first = 0, ...others] = rows;
      const learningRateScale = others.length === 0 ? (data.learningRateScale?.(first) ?? 1) : 1;
      const report = await trainer.step(data.batch(rows), entry, { ...carried, learningRateScale });
      const stepTokens = tokensOf(rows);
      pace.step(performance.now() - begun, stepTokens);
      step++;
      steps++;
      tokens += stepTokens;
      summary.add(report);
      learningRate = report.learningRate;
      if (step < batches.length && performance.now() - lastProgress >= PROGRESS) tell();
      if (performance.now() - lastBreath >= BREATH) {
        await breathe();
        lastBreath = performance.now();
      }
    }

    let isBest = false;
    if (evaluate !== undefined) {
      const begun = performance.now();
      if (trainer.averaged > 0) await trainer.useAverage();
      dev = await evaluate(epoch);
      pace.evaluation(performance.now() - begun);
      const score = best.scoreOf(dev);
      isBest = best.offer(epoch, score);
      await trainer.observe(score);
      stoppedEarly = epoch - best.improved >= patience;
      scores.push(score);
      if (nonMonotone(scores, averageAfter, options.mode)) await trainer.startAveraging();
    }
    const seconds = pace.trainedSeconds - before;
    const { loss, losses, gradientNorm } = summary;
    reports.push({ epoch, loss, losses, gradientNorm, learningRate, dev, seconds });
    if (isBest) await onBest?.(soFar());
    await trainer.useLatest();
    tell();
  }
  return soFar();
}
