/** How an extractor learns from requests. */

import type { LearningTask } from '../learning/learn.js';
import { splitLearning, type DevData, type LearningData } from '../learning/split.js';
import { evaluateRequests, type ScoringParts } from './evaluation.js';
import { partsOf, typesIn, type LabelledPart, type LabelledRequest } from './labelled.js';
import { LEARNING_DEFAULTS, LEARNING_OPTIONS, type ExtractorFitOptions } from './options.js';
import { RecordBuilder } from './record.js';

/** Training and development data; without the latter, a tenth of the former in its place. */
export function learningData(
  train: readonly LabelledRequest[],
  dev: readonly LabelledRequest[] | undefined,
  { seed = LEARNING_OPTIONS.seed.default, holdOut: fraction = LEARNING_OPTIONS.holdOut.default }: ExtractorFitOptions,
): LearningData<LabelledRequest> {
  const labelsOf = (request: LabelledRequest): string[] => {
    const types = [...typesIn(request)].map((type) => `slot ${type}`);
    return request.intent === undefined ? types : [`intent ${request.intent}`, ...types];
  };
  return splitLearning(train, dev, { fraction, seed, labelsOf });
}

/** The task of an extractor that learns from the data. Records are compared by the texts of their slots. */
export function extractionTask(
  parts: Omit<ScoringParts, 'builder'>,
  { train, dev }: LearningData<LabelledRequest>,
  signal: AbortSignal | undefined,
): LearningTask {
  const { encoder, settings } = parts;
  const rows = partsOf(train);
  const builder = new RecordBuilder(settings.slots, {});
  return {
    defaults: LEARNING_DEFAULTS,
    data: {
      size: rows.length,
      length: (row) => rows[row]?.tokens.length ?? 0,
      batch: (indices) => encoder.requestBatch(indices.map((row) => rows[row] as LabelledPart)),
    },
    dev,
    evaluate: async () => {
      const scores = await evaluateRequests({ ...parts, builder }, dev?.examples ?? [], signal);
      const { recordAccuracy, intentAccuracy, slotF1 } = scores;
      return { recordAccuracy, intentAccuracy, slotF1 };
    },
    monitor: monitorOf(dev),
  };
}

/** The score that tells the best epoch: of whole records where there are such, else of what is known. */
function monitorOf(dev: DevData<LabelledRequest> | null): string {
  const requests = dev?.examples ?? [];
  if (requests.some(({ intent, spans }) => intent !== undefined && spans !== undefined)) return 'recordAccuracy';
  return requests.some(({ spans }) => spans !== undefined) ? 'slotF1' : 'intentAccuracy';
}
