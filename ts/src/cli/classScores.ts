/** Scores of labels for people. */

import type { ClassifierEvaluation } from '../models/classifier/evaluation.js';
import { confusionLines } from './confusion.js';
import { count, percent, table, type Screen } from './output.js';
import { shorten } from './width.js';

/** Widest label in a table. */
const LABEL = 32;

/** A headline, a row for each label, and which were taken for which. */
export function classScores(scores: ClassifierEvaluation, screen: Screen): string[] {
  const rows = [
    ['label', 'precision', 'recall', 'F1', 'texts'],
    ...scores.classes.map(({ label, precision, recall, f1, gold }) => [
      shorten(label, LABEL), percent(precision), percent(recall), percent(f1), count(gold),
    ]),
  ];
  const confusion = scores.confusion === undefined ? [] : ['', ...confusionLines(scores.confusion, screen)];
  return [rates(scores), ...table(rows), ...confusion];
}

function rates(scores: ClassifierEvaluation): string {
  const { accuracy, macroF1, microF1, hammingLoss, calibrationError, meanAbsoluteError, quadraticWeightedKappa } = scores;
  const parts = [
    `${hammingLoss === undefined ? 'accuracy' : 'all labels right'} ${percent(accuracy)}`,
    ...(hammingLoss === undefined ? [] : [`micro F1 ${percent(microF1)}`]),
    `macro F1 ${percent(macroF1)}`,
    ...(hammingLoss === undefined ? [] : [`Hamming loss ${percent(hammingLoss)}`]),
    ...(meanAbsoluteError === undefined ? [] : [`mean absolute error ${meanAbsoluteError.toFixed(3)}`]),
    ...(quadraticWeightedKappa === undefined ? [] : [`weighted kappa ${quadraticWeightedKappa.toFixed(3)}`]),
    `calibration error ${percent(calibrationError)}`,
  ];
  return `${parts.join(', ')} on ${count(scores.examples)} examples, at ${count(scores.tokensPerSecond)} tokens/s`;
}
