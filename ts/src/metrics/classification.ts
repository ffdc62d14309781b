/** Scores of classes: accuracy, precision, recall, F1, confusion, calibration, distance between levels. */

import { UsageError } from '../errors.js';
import { ratesOf, ratio, type Rates } from './rates.js';

/** Scores of one class. */
export interface ClassScore extends Rates {
  label: string;
}

/** How often each class was taken for each. */
export interface ConfusionMatrix {
  /** Classes in the order of rows and columns. */
  labels: string[];
  /** `counts[truth][prediction]`. */
  counts: number[][];
}

/** Rates as means over the classes that occur in the reference or the prediction. */
export interface MacroRates {
  macroPrecision: number;
  macroRecall: number;
  macroF1: number;
}

/** Scores where each example has one class. */
export interface ClassificationReport extends MacroRates {
  /** Share of examples whose class is right. It is the micro-averaged F1, too. */
  accuracy: number;
  /** F1 over all decisions. */
  microF1: number;
  /** Number of examples. */
  examples: number;
  /** The scores of each class, in the order of the labels. */
  classes: ClassScore[];
  confusion: ConfusionMatrix;
}

/** Scores where each example has any number of classes. */
export interface MultiLabelReport extends MacroRates {
  /** Share of examples all of whose classes are right, with none too many: subset accuracy. */
  accuracy: number;
  /** Precision, recall and F1 over all decisions. */
  microPrecision: number;
  microRecall: number;
  microF1: number;
  /** Share of the decisions, one for each example and class, that are wrong. */
  hammingLoss: number;
  /** Number of examples. */
  examples: number;
  /** The scores of each class, in the order of the labels. */
  classes: ClassScore[];
}

/** How far predictions are from the truth where classes are levels, in their order. */
export interface OrdinalReport {
  /** Mean of the number of levels between prediction and truth. */
  meanAbsoluteError: number;
  /**
   * Agreement beyond chance, with disagreement counted by the square of its distance (Cohen 1968): 1 is
   * perfect, 0 is chance.
   */
  quadraticWeightedKappa: number;
}

/**
 * How often each class was taken for each.
 *
 * @param labels order of rows and columns. Default all that occur, in code unit order
 * @throws UsageError (`bad_length`) when there are not as many predictions as truths, (`bad_label`) for
 *   a class that is not among the labels
 *
 * @example
 * confusionMatrix(['ham', 'spam', 'spam'], ['ham', 'ham', 'spam']).counts; // [[1, 0], [1, 1]]
 */
export function confusionMatrix(
  truth: readonly string[],
  predicted: readonly string[],
  labels: readonly string[] = sorted([...truth, ...predicted]),
): ConfusionMatrix {
  checkLengths(truth, predicted);
  const place = placesOf(labels);
  const counts = labels.map(() => labels.map(() => 0));
  truth.forEach((label, index) => {
    const [row, column] = [counts[place(label)] as number[], place(predicted[index] as string)];
    row[column] = (row[column] as number) + 1;
  });
  return { labels: [...labels], counts };
}

/**
 * Scores where each example has one class, as scikit-learn counts them.
 *
 * @param labels as in {@link confusionMatrix}, which see for errors, too
 *
 * @example
 * scoreClassification(['a', 'b', 'b', 'c'], ['a', 'b', 'c', 'c']).accuracy; // 0.75
 */
export function scoreClassification(
  truth: readonly string[],
  predicted: readonly string[],
  labels?: readonly string[],
): ClassificationReport {
  const confusion = confusionMatrix(truth, predicted, labels);
  const { counts } = confusion;
  const classes = confusion.labels.map((label, at) => ({
    label,
    ...ratesOf({
      gold: sum(counts[at] as number[]),
      predicted: sum(counts.map((row) => row[at] as number)),
      correct: counts[at]?.[at] as number,
    }),
  }));
  const accuracy = ratio(sum(classes.map(({ correct }) => correct)), truth.length);
  return { accuracy, ...macroOf(classes), microF1: accuracy, examples: truth.length, classes, confusion };
}

/**
 * Scores where each example has any number of classes, as scikit-learn counts them.
 *
 * @param labels order of the classes, and which there are. Default all that occur, in code unit order
 * @throws UsageError (`bad_length`, `bad_label`) as {@link confusionMatrix}
 *
 * @example
 * scoreMultiLabel([['a'], ['a', 'b']], [['a'], ['b']]).hammingLoss; // 0.25
 */
export function scoreMultiLabel(
  truth: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
  labels: readonly string[] = sorted([...truth, ...predicted].flat()),
): MultiLabelReport {
  checkLengths(truth, predicted);
  const place = placesOf(labels);
  const counts = labels.map(() => ({ gold: 0, predicted: 0, correct: 0 }));
  let exact = 0;
  truth.forEach((given, index) => {
    const gold = new Set(given.map(place));
    const found = new Set((predicted[index] ?? []).map(place));
    for (const at of gold) (counts[at] as Rates).gold += 1;
    for (const at of found) (counts[at] as Rates).predicted += 1;
    const shared = [...found].filter((at) => gold.has(at));
    for (const at of shared) (counts[at] as Rates).correct += 1;
    if (shared.length === gold.size && shared.length === found.size) exact += 1;
  });
  const classes = counts.map((count, at) => ({ label: labels[at] as string, ...ratesOf(count) }));
  const total = (name: 'gold' | 'predicted' | 'correct'): number => sum(counts.map((count) => count[name]));
  const micro = ratesOf({ gold: total('gold'), predicted: total('predicted'), correct: total('correct') });
  return {
    accuracy: ratio(exact, truth.length),
    ...macroOf(classes),
    microPrecision: micro.precision,
    microRecall: micro.recall,
    microF1: micro.f1,
    hammingLoss: ratio(micro.gold + micro.predicted - 2 * micro.correct, truth.length * labels.length),
    examples: truth.length,
    classes,
  };
}

/**
 * How far predictions are from the truth where classes are levels.
 *
 * @param confusion with labels in the order of the levels
 *
 * @example
 * scoreOrdinal(confusionMatrix(['1', '2', '3'], ['1', '3', '3'], ['1', '2', '3'])).meanAbsoluteError; // 1/3
 */
export function scoreOrdinal({ counts }: ConfusionMatrix): OrdinalReport {
  const rows = counts.map(sum);
  const columns = counts.map((_, at) => sum(counts.map((row) => row[at] as number)));
  const examples = sum(rows);
  let [distance, observed, expected] = [0, 0, 0];
  counts.forEach((row, truth) =>
    row.forEach((count, prediction) => {
      const gap = Math.abs(truth - prediction);
      distance += gap * count;
      observed += gap * gap * count;
      expected += gap * gap * (((rows[truth] as number) * (columns[prediction] as number)) / examples);
    }),
  );
  // Without any distance to expect, all truths and predictions are one level: they agree.
  const quadraticWeightedKappa = expected > 0 ? 1 - observed / expected : 1;
  return { meanAbsoluteError: ratio(distance, examples), quadraticWeightedKappa };
}

/**
 * Expected calibration error (Guo et al. 2017): the mean difference between confidence and accuracy over
 * bins of equal width in confidence, weighted by how many predictions lie in each.
 *
 * @param confidences probability of each prediction, from 0 to 1
 * @param correct whether each was right
 * @param bins number of bins
 * @throws UsageError (`bad_length`)
 *
 * @example
 * expectedCalibrationError([0.9, 0.9], [true, false]); // 0.4
 */
export function expectedCalibrationError(
  confidences: readonly number[],
  correct: readonly boolean[],
  bins = 15,
): number {
  checkLengths(correct, confidences);
  const gaps = new Float64Array(bins);
  confidences.forEach((confidence, index) => {
    // Bins are open to the left, as in the paper: (0, 1/15], (1/15, 2/15] …
    const bin = Math.max(0, Math.min(bins, Math.ceil(confidence * bins)) - 1);
    gaps[bin] = (gaps[bin] as number) + confidence - Number(correct[index]);
  });
  return ratio(sum([...gaps].map(Math.abs)), confidences.length);
}

/** As in scikit-learn, a class that is neither in the reference nor in the prediction does not count. */
function macroOf(classes: readonly Rates[]): MacroRates {
  const seen = classes.filter(({ gold, predicted }) => gold + predicted > 0);
  const mean = (name: 'precision' | 'recall' | 'f1'): number => ratio(sum(seen.map((rates) => rates[name])), seen.length);
  return { macroPrecision: mean('precision'), macroRecall: mean('recall'), macroF1: mean('f1') };
}

function checkLengths(truth: readonly unknown[], predicted: readonly unknown[]): void {
  if (truth.length === predicted.length) return;
  throw new UsageError(`expected as many predictions as truths, given ${predicted.length} for ${truth.length}`, {
    code: 'bad_length',
  });
}

function placesOf(labels: readonly string[]): (label: string) => number {
  const places = new Map(labels.map((label, at) => [label, at]));
  return (label) => {
    const at = places.get(label);
    if (at !== undefined) return at;
    throw new UsageError(`expected one of the labels ${labels.join(', ')}, given ${JSON.stringify(label)}`, { code: 'bad_label' });
  };
}

function sorted(labels: readonly string[]): string[] {
  return [...new Set(labels)].sort();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
