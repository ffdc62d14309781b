/** How a tagger learns from documents. */

import type { LearningTask } from '../learning/learn.js';
import type { LearningOptions } from '../learning/options.js';
import { splitLearning, type DevData } from '../learning/split.js';
import type { Predictor } from '../text/prediction.js';
import type { TaggerEncoder } from './encoder.js';
import { evaluateDocuments } from './evaluation.js';
import { sentencesOf, typesOf, type LabelledDocument, type LabelledSentence } from './labelled.js';
import { LEARNING_DEFAULTS, LEARNING_OPTIONS, type TaggerSettings } from './options.js';

/** What is learnt from. */
export interface LearningData {
  readonly sentences: readonly LabelledSentence[];
  readonly dev: DevData<LabelledDocument> | null;
}

/** Training and development data; without the latter, a tenth of the former in its place. */
export function learningData(
  train: readonly LabelledDocument[],
  dev: readonly LabelledDocument[] | undefined,
  { seed = LEARNING_OPTIONS.seed.default, holdOut: fraction = LEARNING_OPTIONS.holdOut.default }: LearningOptions = {},
): LearningData {
  const { train: kept, dev: scored } = splitLearning(train, dev, { fraction, seed, labelsOf: typesOf });
  return { sentences: sentencesOf(kept), dev: scored };
}

/** The task of a tagger that learns from the data. */
export function taggingTask(
  parts: { encoder: TaggerEncoder; predictor: Predictor; settings: TaggerSettings },
  { sentences, dev }: LearningData,
  signal: AbortSignal | undefined,
): LearningTask {
  const { encoder, predictor, settings } = parts;
  return {
    defaults: LEARNING_DEFAULTS,
    data: {
      size: sentences.length,
      length: (row) => sentences[row]?.tokens.length ?? 0,
      batch: (rows) => encoder.labelledBatch(rows.map((row) => sentences[row] as LabelledSentence)),
    },
    dev,
    evaluate: async () => {
      const scores = await evaluateDocuments(predictor, encoder, settings.scheme, dev?.examples ?? [], signal);
      const { f1, precision, recall, accuracy } = scores;
      return { f1, precision, recall, accuracy };
    },
    monitor: 'f1',
  };
}
