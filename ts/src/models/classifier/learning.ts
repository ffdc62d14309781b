/** How a classifier learns from texts. */

import type { LearningTask } from '../learning/learn.js';
import type { LearningOptions } from '../learning/options.js';
import { splitLearning, type LearningData } from '../learning/split.js';
import type { Predictor } from '../text/prediction.js';
import type { Decision } from './classification.js';
import type { ClassifierEncoder } from './encoder.js';
import { evaluateTexts } from './evaluation.js';
import { labelsOf } from './labels.js';
import type { LabelledText } from './labelled.js';
import { LEARNING_DEFAULTS, LEARNING_OPTIONS, type ClassifierFitOptions } from './options.js';

/** Training and development data; without the latter, a part of the former in its place. */
export function learningData(
  train: readonly LabelledText[],
  dev: readonly LabelledText[] | undefined,
  { seed = LEARNING_OPTIONS.seed.default, holdOut: fraction = LEARNING_OPTIONS.holdOut.default }: LearningOptions = {},
): LearningData<LabelledText> {
  return splitLearning(train, dev, { fraction, seed, labelsOf });
}

/** The task of a classifier that learns from the data. */
export function classificationTask(
  { encoder, predictor, decision }: { encoder: ClassifierEncoder; predictor: Predictor; decision: Decision },
  { train, dev }: LearningData<LabelledText>,
  { signal, monitor = LEARNING_OPTIONS.monitor.default }: Pick<ClassifierFitOptions, 'signal' | 'monitor'>,
): LearningTask {
  const lengths = train.map(({ document }) => document.words().length);
  return {
    defaults: LEARNING_DEFAULTS,
    data: {
      size: train.length,
      length: (row) => lengths[row] ?? 0,
      batch: (rows) => encoder.labelledBatch(rows.map((row) => train[row] as LabelledText)),
    },
    dev,
    evaluate: async () => {
      const { accuracy, macroF1 } = await evaluateTexts(predictor, decision, dev?.examples ?? [], signal);
      return { accuracy, macroF1 };
    },
    monitor,
  };
}
