/** Scores of a classifier on texts whose labels are known. */

import {
  expectedCalibrationError,
  scoreClassification,
  scoreMultiLabel,
  scoreOrdinal,
  type ClassScore,
  type ConfusionMatrix,
  type MacroRates,
  type MultiLabelReport,
  type OrdinalReport,
} from '../../metrics/classification.js';
import type { Predictor } from '../text/prediction.js';
import { classificationOf, ProbabilityCollector, type Classification, type Decision } from './classification.js';
import type { LabelledText } from './labelled.js';

/** What `evaluate` reports: scores as fractions of one, and what they took. */
export interface ClassifierEvaluation
  extends MacroRates,
    Partial<OrdinalReport>,
    Partial<Pick<MultiLabelReport, 'microPrecision' | 'microRecall' | 'hammingLoss'>> {
  /** Share of the examples whose label is right; of kind `multi`, all of whose labels are. */
  accuracy: number;
  /** F1 over all decisions; of one label a text, it is the accuracy. */
  microF1: number;
  /**
   * Expected calibration error over 15 bins (Guo et al. 2017): how far scores are from how often they are
   * right. Of kind `multi`, over the decisions on each label.
   */
  calibrationError: number;
  /** Precision, recall and F1 of each label. */
  classes: ClassScore[];
  /** How often each label was taken for each; not of kind `multi`. */
  confusion?: ConfusionMatrix;
  /** Number of examples. */
  examples: number;
  /** Tokens classified a second. */
  tokensPerSecond: number;
  /** Time of the classification. */
  seconds: number;
}

/**
 * Classifies the texts as `classify` would and compares.
 *
 * @throws CancelledError when the signal is aborted
 */
export async function evaluateTexts(
  predictor: Predictor,
  decision: Decision,
  texts: readonly LabelledText[],
  signal: AbortSignal | undefined,
): Promise<ClassifierEvaluation> {
  const documents = texts.map(({ document }) => document);
  const collector = new ProbabilityCollector();
  const begun = performance.now();
  await predictor.run('predict', documents, collector.visit, signal);
  const seconds = (performance.now() - begun) / 1000;
  const tokens = documents.reduce((sum, document) => sum + document.words().length, 0);
  const scores = decision.settings.kind === 'multi' ? scoreMany(decision, texts, collector.rows) : scoreOne(decision, texts, collector.rows);
  return { ...scores, tokensPerSecond: tokens / Math.max(seconds, 1e-6), seconds };
}

type Scores = Omit<ClassifierEvaluation, 'tokensPerSecond' | 'seconds'>;

function scoreOne(decision: Decision, texts: readonly LabelledText[], rows: readonly Float32Array[]): Scores {
  const found = rows.map((row) => classificationOf(row, decision));
  const truth = texts.map(({ labels: [label] }) => label as string);
  const predicted = found.map(({ label }) => label);
  const report = scoreClassification(truth, predicted, decision.labels);
  const calibrationError = expectedCalibrationError(found.map(({ score }) => score), predicted.map((label, at) => label === truth[at]));
  const distance = decision.settings.kind === 'ordinal' ? scoreOrdinal(report.confusion) : {};
  return { ...report, calibrationError, ...distance };
}

function scoreMany(decision: Decision, texts: readonly LabelledText[], rows: readonly Float32Array[]): Scores {
  const found = rows.map((row): Classification => classificationOf(row, decision));
  const report = scoreMultiLabel(
    texts.map(({ labels }) => labels),
    found.map(({ labels }) => labels.map(({ label }) => label)),
    decision.labels,
  );
  const decisions = texts.flatMap(({ labels }, at) =>
    decision.labels.map((label, id) => {
      const probability = rows[at]?.[id] ?? 0;
      const given = probability >= decision.settings.threshold;
      return { confidence: given ? probability : 1 - probability, right: given === labels.includes(label) };
    }),
  );
  const calibrationError = expectedCalibrationError(
    decisions.map(({ confidence }) => confidence),
    decisions.map(({ right }) => right),
  );
  return { ...report, calibrationError };
}
