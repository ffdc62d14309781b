/** Cross-validation: what a classifier of certain options can be expected to do. */

import * as v from 'valibot';
import { stratifiedFolds } from '../../data/folds.js';
import type { Classifier } from '../classifier.js';
import { CALLBACKS, ENGINE } from '../learning/options.js';
import { checkOptions, integer, other } from '../option.js';
import { collectExamples } from '../text/examples.js';
import type { ClassifierEvaluation } from './evaluation.js';
import { noExamples } from './labelled.js';
import {
  LEARNING_OPTIONS,
  MODEL_OPTIONS,
  type ClassifierExample,
  type ClassifierExamples,
  type ClassifierTrainOptions,
} from './options.js';

/** Options of `crossValidate`: those of `train`, but for `dev` and `onBest`. */
export interface CrossValidationOptions<L extends string = string> extends Omit<ClassifierTrainOptions<L>, 'dev' | 'onBest'> {
  /** How many parts take turns in being tested on. Default 5. */
  folds?: number;
  /** Called after each fold. */
  onFold?: (evaluation: ClassifierEvaluation, fold: number) => void;
}

/** Scores that are told as mean and spread, as far as the kind of labels has them. */
const SCORES = [
  'accuracy', 'macroPrecision', 'macroRecall', 'macroF1', 'microF1', 'calibrationError', 'hammingLoss', 'meanAbsoluteError',
  'quadraticWeightedKappa',
] as const;

/** Scores by name. */
export type FoldScores = Pick<ClassifierEvaluation, (typeof SCORES)[number]>;

/** What `crossValidate` gives. */
export interface CrossValidation {
  /** The evaluation of each fold, on what it was not trained on. */
  folds: ClassifierEvaluation[];
  mean: FoldScores;
  /** Sample standard deviation over the folds. */
  sd: FoldScores;
}

const OPTIONS = {
  ...MODEL_OPTIONS,
  ...LEARNING_OPTIONS,
  engine: ENGINE,
  signal: CALLBACKS.signal,
  onProgress: CALLBACKS.onProgress,
  folds: integer('how many parts take turns in being tested on', 2, { default: 5 }),
  onFold: other('told of each fold', 'a function', v.function(), { otherwise: 'none' }),
};

/** See `Classifier.crossValidate`. */
export async function crossValidate<L extends string>(
  examples: ClassifierExamples<L>,
  options: CrossValidationOptions<L>,
  train: (examples: readonly ClassifierExample<L>[], options: ClassifierTrainOptions<L>) => Promise<Classifier<L>>,
): Promise<CrossValidation> {
  checkOptions(options, OPTIONS);
  const { folds = OPTIONS.folds.default, onFold, ...training } = options;
  const { seed = LEARNING_OPTIONS.seed.default, signal } = options;
  const what = 'examples';
  const all = await collectExamples(examples, what);
  if (all.length === 0) throw noExamples(what);
  const parts = stratifiedFolds(all, { folds, seed, classOf: (example) => labelsIn(example).sort().join('\n') });
  // So that a label whose only example is tested on is known, if not learnt.
  const found = [...new Set(all.flatMap(labelsIn))].sort();
  const labels = found.length === 0 ? {} : { labels: found };
  const evaluations: ClassifierEvaluation[] = [];
  for (const part of parts) {
    const tested = new Set(part);
    const classifier = await train(all.filter((_, index) => !tested.has(index)), { ...labels, ...training });
    try {
      const evaluation = await classifier.evaluate(part.map((index) => all[index] as ClassifierExample<L>), signal ? { signal } : {});
      evaluations.push(evaluation);
      onFold?.(evaluation, evaluations.length);
    } finally {
      classifier.dispose();
    }
  }
  return { folds: evaluations, ...spread(evaluations) };
}

/** The labels of an example that may not be one: training is what checks it. */
function labelsIn<L extends string>(example: ClassifierExample<L>): L[] {
  const { label, labels } = Object(example) as { label?: L; labels?: readonly L[] };
  const given = Array.isArray(labels) ? (labels as readonly L[]) : [label];
  return given.filter((each) => typeof each === 'string' && each !== '') as L[];
}

function spread(evaluations: readonly ClassifierEvaluation[]): Pick<CrossValidation, 'mean' | 'sd'> {
  const mean: { [name: string]: number } = {};
  const sd: { [name: string]: number } = {};
  for (const name of SCORES) {
    const scores = evaluations.flatMap((evaluation) => evaluation[name] ?? []);
    if (scores.length === 0) continue;
    const centre = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    mean[name] = centre;
    sd[name] = Math.sqrt(scores.reduce((sum, score) => sum + (score - centre) ** 2, 0) / (scores.length - 1));
  }
  return { mean, sd } as unknown as Pick<CrossValidation, 'mean' | 'sd'>;
}
