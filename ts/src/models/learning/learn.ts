/** How a model learns: epochs, patience and what is scored after each. */

import type { TrainingData } from '../../training/batching.js';
import type { FitOptions } from '../../training/fit.js';
import type { Model } from '../../training/model.js';
import type { DevScores, TrainingProgress, TrainingReport } from '../../training/progress.js';
import type { State } from '../../training/state.js';
import { Trainer } from '../../training/trainer.js';
import { batchingOf, trainerOptions } from './optimizer.js';
import { FALLBACK, type LearningDefaults, type LearningOptions } from './options.js';
import type { LearningReport } from './report.js';
import type { DevData } from './split.js';

/** What is learnt and how well it is. */
export interface LearningTask {
  readonly defaults: LearningDefaults;
  /** The rows of the entry `train`. */
  readonly data: TrainingData;
  readonly dev: DevData<unknown> | null;
  /** Scores the model on `dev`. */
  evaluate(): Promise<DevScores>;
  /** The score that says which epoch is the best. */
  readonly monitor: string;
  /** Whether a higher or a lower score is better. Default `max`. */
  readonly mode?: 'max' | 'min';
  /** Where each row is a batch by itself, in an order that is to be kept. */
  readonly ordered?: OrderedRows;
}

/** Rows that follow one another. */
export interface OrderedRows {
  /** How many texts they are of. */
  readonly texts: number;
  /** What is kept from one row to the next. */
  readonly state: State | undefined;
  /** See `FitOptions.averageAfter`. */
  readonly averageAfter: number | undefined;
}

/** What is called while a model learns. */
export interface LearningHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onBest?: ((report: LearningReport) => void | Promise<void>) | undefined;
}

/**
 * Trains the model; it ends with the best weights, or with the last where there is no `dev`.
 *
 * @throws CancelledError when the signal is aborted; the model then has the best weights so far
 */
export async function learn(
  model: Model,
  { defaults, data, dev, evaluate, monitor, mode = 'max', ordered }: LearningTask,
  options: LearningOptions,
  { signal, onProgress, onBest }: LearningHooks,
): Promise<LearningReport> {
  let tokens = 0;
  for (let row = 0; row < data.size; row += 1) tokens += data.length(row);
  const { seed = FALLBACK.seed } = options;
  const batching = batchingOf(ordered === undefined ? options : { batchSize: 1 }, defaults);
  const stepsAnEpoch =
    'batchTokens' in batching ? Math.ceil(tokens / batching.batchTokens) : Math.ceil(data.size / batching.batchSize);
  const { epochs = epochsFor(tokens, defaults) } = options;
  const { patience = Math.max(defaults.patience, Math.ceil(defaults.patient * epochs)) } = options;
  const reportOf = (report: TrainingReport): LearningReport => {
    const scores = report.epochs.find(({ epoch }) => epoch === report.bestEpoch)?.dev ?? {};
    const { source = 'given', heldOut = [], examples = [] } = dev ?? {};
    return {
      ...report,
      sentences: ordered?.texts ?? data.size,
      tokens,
      dev: dev && { source, sentences: examples.length, heldOut, scores },
    };
  };
  const trainer = new Trainer(model, { ...trainerOptions(options, { defaults, steps: epochs * stepsAnEpoch, mode }), seed });
  const training = trainer.fit(data, {
    ...(ordered === undefined ? batching : inOrder(ordered)),
    epochs,
    patience,
    ...(dev === null ? {} : { evaluate, monitor, mode }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onBest === undefined ? {} : { onBest: (best: TrainingReport) => onBest(reportOf(best)) }),
  });
  return reportOf(await training.finally(() => trainer.dispose()));
}

/** Rows one by one as they follow one another. */
function inOrder({ state, averageAfter }: OrderedRows): FitOptions {
  const single = state === undefined ? { batchSize: 1, shuffle: false, bucket: false } : { state };
  return averageAfter === undefined ? single : { ...single, averageAfter };
}

function epochsFor(tokens: number, { tokens: budget, fewestEpochs, mostEpochs }: LearningDefaults): number {
  return Math.min(mostEpochs, Math.max(fewestEpochs, Math.floor(budget / tokens)));
}
