/** How a tagger learns from documents. */

import { UsageError } from '../../errors.js';
import { holdOut } from '../../data/split.js';
import { optimizer, schedule, type OptimizerSpec, type ScheduleSpec } from '../../spec/optimizer.js';
import type { Model } from '../../training/model.js';
import type { DevScores, TrainingProgress, TrainingReport } from '../../training/progress.js';
import { Trainer, type TrainerOptions } from '../../training/trainer.js';
import type { TaggerEncoder } from './encoder.js';
import { evaluateDocuments } from './evaluation.js';
import { sentencesOf, typesOf, type LabelledDocument, type LabelledSentence } from './labelled.js';
import { LEARNING_OPTIONS, type TaggerLearningOptions, type TaggerSettings } from './options.js';
import type { Predictor } from './prediction.js';

/** What a training did, as it stands in a model file, too. */
export interface TaggerReport extends TrainingReport {
  /** Sentences that were trained on. */
  readonly sentences: number;
  /** Tokens that were trained on. */
  readonly tokens: number;
  /** What said which epoch is the best; null where nothing could, as there were too few examples. */
  readonly dev: {
    /** Whether it was given as `dev`, or held out from the examples. */
    readonly source: 'given' | 'held out';
    /** Number of examples. */
    readonly sentences: number;
    /** Which examples were held out, counted from 0; empty where dev data was given. */
    readonly heldOut: readonly number[];
    /** Scores of the best epoch: `f1`, `precision`, `recall` and `accuracy`, as fractions of one. */
    readonly scores: DevScores;
  } | null;
}

/** The report of a tagger that has not been trained yet. */
export const NO_REPORT: TaggerReport = {
  epochs: [], bestEpoch: 0, steps: 0, stoppedEarly: false, tokensPerSecond: 0, seconds: 0, sentences: 0, tokens: 0, dev: null,
};

/** What is learnt from. */
export interface LearningData {
  readonly sentences: readonly LabelledSentence[];
  readonly dev: {
    readonly documents: readonly LabelledDocument[];
    readonly source: 'given' | 'held out';
    readonly heldOut: readonly number[];
  } | null;
}

/** A tenth is held out. */
const HELD_OUT = 0.1;
/** Tokens that the number of epochs is chosen for, within limits. */
const TOKENS = 1_000_000;
const FEWEST_EPOCHS = 8;
const MOST_EPOCHS = 50;
/** Patience, and the share of the epochs that it is at least: a few sentences take many epochs to find anything. */
const PATIENCE = 6;
const PATIENT = 0.4;

/** Training and development data; without the latter, a tenth of the former in its place. */
export function learningData(
  train: readonly LabelledDocument[],
  dev: readonly LabelledDocument[] | undefined,
  seed: number,
): LearningData {
  if (dev !== undefined) {
    return { sentences: sentencesOf(train), dev: { documents: dev, source: 'given', heldOut: [] } };
  }
  const options = { fraction: HELD_OUT, seed, labelsOf: typesOf };
  const { train: kept, heldOut } = holdOut(train, options);
  if (heldOut.length === 0) return { sentences: sentencesOf(train), dev: null };
  const places = new Map(train.map((document, index) => [document, index]));
  return {
    sentences: sentencesOf(kept),
    dev: { documents: heldOut, source: 'held out', heldOut: heldOut.map((document) => places.get(document) ?? 0) },
  };
}

/** What is called while a tagger learns. */
export interface LearningCallbacks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  readonly onBest?: ((report: TaggerReport) => void | Promise<void>) | undefined;
}

/**
 * Trains the model; it ends with the best weights.
 *
 * @throws CancelledError when the signal is aborted; the model then has the best weights so far
 */
export async function learn(
  parts: { model: Model; encoder: TaggerEncoder; predictor: Predictor; settings: TaggerSettings },
  { sentences, dev }: LearningData,
  options: TaggerLearningOptions,
  { signal, onProgress, onBest }: LearningCallbacks,
): Promise<TaggerReport> {
  const { model, encoder, predictor, settings } = parts;
  const tokens = sentences.reduce((sum, sentence) => sum + sentence.tokens.length, 0);
  const { seed = LEARNING_OPTIONS.seed.default } = options;
  const batching = batchingOf(options);
  const stepsAnEpoch =
    'batchTokens' in batching ? Math.ceil(tokens / batching.batchTokens) : Math.ceil(sentences.length / batching.batchSize);
  const epochs = options.epochs ?? Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, Math.floor(TOKENS / tokens)));
  const { patience = Math.max(PATIENCE, Math.ceil(PATIENT * epochs)) } = options;
  const reportOf = (report: TrainingReport): TaggerReport => {
    const scores = report.epochs.find(({ epoch }) => epoch === report.bestEpoch)?.dev ?? {};
    const { source = 'given', heldOut = [], documents = [] } = dev ?? {};
    return {
      ...report,
      sentences: sentences.length,
      tokens,
      dev: dev && { source, sentences: documents.length, heldOut, scores },
    };
  };
  const evaluate = async (): Promise<DevScores> => {
    const scores = await evaluateDocuments(predictor, encoder, settings.scheme, dev?.documents ?? [], signal);
    const { f1, precision, recall, accuracy } = scores;
    return { f1, precision, recall, accuracy };
  };
  const trainer = new Trainer(model, { ...trainerOptions(options, epochs * stepsAnEpoch), seed });
  const training = trainer.fit(
    {
      size: sentences.length,
      length: (row) => sentences[row]?.tokens.length ?? 0,
      batch: (rows) => encoder.labelledBatch(rows.map((row) => sentences[row] as LabelledSentence)),
    },
    {
      ...batching,
      epochs,
      patience,
      ...(dev === null ? {} : { evaluate, monitor: 'f1' }),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(onBest === undefined ? {} : { onBest: (best: TrainingReport) => onBest(reportOf(best)) }),
    },
  );
  return reportOf(await training.finally(() => trainer.dispose()));
}

/** @throws UsageError (`bad_option`) when both ways to batch are asked for */
function batchingOf({ batchSize, batchTokens }: TaggerLearningOptions): { batchSize: number } | { batchTokens: number } {
  if (batchTokens === undefined) return { batchSize: batchSize ?? LEARNING_OPTIONS.batchSize.default };
  if (batchSize === undefined) return { batchTokens };
  throw new UsageError('options batchSize and batchTokens: expected one of them, given both', { code: 'bad_option' });
}

/** @throws UsageError (`bad_option`) for a rate beside an optimiser that has its own */
function trainerOptions(options: TaggerLearningOptions, steps: number): TrainerOptions {
  const clipNorm = options.clipNorm === undefined ? LEARNING_OPTIONS.clipNorm.default : options.clipNorm;
  return {
    optimizer: optimizerOf(options),
    schedule: scheduleOf(options.schedule ?? LEARNING_OPTIONS.schedule.default, steps),
    ...(clipNorm === null ? {} : { clipNorm }),
  };
}

function optimizerOf({ optimizer: given = LEARNING_OPTIONS.optimizer.default, learningRate, weightDecay }: TaggerLearningOptions): OptimizerSpec {
  if (typeof given === 'object') {
    for (const [name, value] of Object.entries({ learningRate, weightDecay })) {
      if (value !== undefined) throw UsageError.option(name, value, 'it to stand in the optimizer that is given');
    }
    return given;
  }
  return optimizer[given]({
    learningRate: learningRate ?? (given === 'sgd' ? 0.1 : 0.003),
    weightDecay: weightDecay ?? (given === 'adamw' ? 0.01 : 0),
  });
}

function scheduleOf(given: NonNullable<TaggerLearningOptions['schedule']>, steps: number): ScheduleSpec {
  if (typeof given === 'object') return given;
  switch (given) {
    case 'constant':
      return schedule.constant();
    case 'cosine':
      return schedule.cosine({ tMax: steps });
    case 'oneCycle':
      return schedule.oneCycle({ totalSteps: steps });
    case 'linearWarmup':
      return schedule.linearWarmup({ warmupSteps: Math.ceil(steps / 10), decay: 'linear', totalSteps: steps });
    case 'reduceOnPlateau':
      return schedule.reduceOnPlateau({ mode: 'max', factor: 0.5, patience: 2 });
  }
}
