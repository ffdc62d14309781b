/** What a model tells of its training, and keeps in its file. */

import * as v from 'valibot';
import type { DevScores, TrainingReport } from '../../training/progress.js';

/** What a training did, as it stands in a model file, too. */
export interface LearningReport extends TrainingReport {
  /** Sentences (or texts that are read as a whole) that were trained on. */
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
    /** Scores of the best epoch by name, as fractions of one. */
    readonly scores: DevScores;
  } | null;
}

/** The report of a model that has not been trained yet. */
export const NO_REPORT: LearningReport = {
  epochs: [], bestEpoch: 0, steps: 0, stoppedEarly: false, tokensPerSecond: 0, seconds: 0, sentences: 0, tokens: 0, dev: null,
};

const scores = v.record(v.string(), v.number());

/** The report of a training, as far as it is looked at. */
export const REPORT = v.looseObject({
  epochs: v.array(v.looseObject({ epoch: v.number(), loss: v.number(), dev: v.nullable(scores) })),
  bestEpoch: v.number(),
  sentences: v.number(),
  tokens: v.number(),
  seconds: v.number(),
  dev: v.nullable(v.looseObject({ source: v.string(), sentences: v.number(), scores })),
});
