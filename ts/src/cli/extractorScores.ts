/** Scores of an extractor for people. */

import type { ExtractorEvaluation } from '../models/extractor/evaluation.js';
import { confusionLines } from './confusion.js';
import { entityTable } from './entityScores.js';
import { count, percent, type Screen } from './output.js';

/** A headline, a row for each type of slot, and which intents were taken for which. */
export function extractorScores(scores: ExtractorEvaluation, screen: Screen): string[] {
  const { recordAccuracy, intentAccuracy, slotF1, intents, slots, examples, tokensPerSecond } = scores;
  return [
    `whole records ${percent(recordAccuracy)}, intents ${percent(intentAccuracy)}, slot F1 ${percent(slotF1)} ` +
      `on ${count(examples)} examples, at ${count(tokensPerSecond)} tokens/s`,
    ...entityTable(slots),
    '',
    ...confusionLines(intents.confusion, screen),
  ];
}
