/** Entity scores for people. */

import type { TaggerEvaluation } from '../models/tagger/evaluation.js';
import type { EntityReport, EntityScore } from '../metrics/entity.js';
import { count, percent, table } from './output.js';

/** A headline, and a row for each type. */
export function entityScores(report: TaggerEvaluation): string[] {
  const headline =
    `F1 ${percent(report.f1)}, accuracy ${percent(report.accuracy)} on ${count(report.sentences)} examples, ` +
    `${count(report.tokens)} tokens, at ${count(report.tokensPerSecond)} tokens/s`;
  return [headline, ...entityTable(report)];
}

/** A row for each type, and one for all. */
export function entityTable(report: EntityReport): string[] {
  const rates = ({ precision, recall, f1, gold }: EntityScore): string[] => [
    percent(precision), percent(recall), percent(f1), count(gold),
  ];
  return table([
    ['type', 'precision', 'recall', 'F1', 'entities'],
    ...report.types.map((type) => [type.type, ...rates(type)]),
    ['all', ...rates(report)],
  ]);
}
