import { describe, expect, test } from 'vitest';
import {
  confusionMatrix,
  expectedCalibrationError,
  scoreClassification,
  scoreMultiLabel,
  scoreOrdinal,
} from '../../../ts/src/metrics/classification.js';

// Expected figures are scikit-learn's (1.9) for the same data.
const truth = [...'4033313240042101101430302301333011102433'];
const predicted = [...'2033313242143301341431214301333000303040'];

describe('scoreClassification', () => {
  const report = scoreClassification(truth, predicted);

  test('counts as scikit-learn does', () => {
    expect(report.examples).toBe(40);
    expect(report.accuracy).toBeCloseTo(0.55, 12);
    expect(report.microF1).toBeCloseTo(0.55, 12);
    expect(report.macroPrecision).toBeCloseTo(0.503968253968254, 12);
    expect(report.macroRecall).toBeCloseTo(0.5088888888888888, 12);
    expect(report.macroF1).toBeCloseTo(0.5028156054471843, 12);
    expect(report.classes.map(({ label, gold }) => [label, gold])).toEqual([['0', 10], ['1', 9], ['2', 4], ['3', 12], ['4', 5]]);
    [0.52631579, 0.5, 0.25, 0.69230769, 0.54545455].forEach((f1, at) => expect(report.classes[at]?.f1).toBeCloseTo(f1, 8));
  });

  test('has the truth in rows', () => {
    expect(report.confusion).toEqual({
      labels: ['0', '1', '2', '3', '4'],
      counts: [[5, 3, 1, 0, 1], [2, 4, 0, 3, 0], [0, 0, 1, 2, 1], [1, 0, 1, 9, 1], [1, 0, 1, 0, 3]],
    });
  });

  test('leaves a class that nowhere occurs out of the means, and takes 0 for what cannot be divided', () => {
    const few = scoreClassification(['a', 'a'], ['a', 'b'], ['c', 'b', 'a']);
    expect(few.classes.map(({ label, precision, recall, f1 }) => [label, precision, recall, f1])).toEqual([
      ['c', 0, 0, 0],
      ['b', 0, 0, 0],
      ['a', 1, 0.5, 2 / 3],
    ]);
    expect(few.macroF1).toBeCloseTo(1 / 3, 12);
    expect(few.confusion.counts).toEqual([[0, 0, 0], [0, 0, 0], [0, 1, 1]]);
  });

  test.each([
    [['a'], [], undefined, 'bad_length', 'expected as many predictions as truths, given 0 for 1'],
    [['a'], ['b'], ['a'], 'bad_label', 'expected one of the labels a, given "b"'],
  ])('%j against %j', (gold, found, labels, code, message) => {
    expect(() => confusionMatrix(gold, found, labels)).toThrow(expect.objectContaining({ name: 'UsageError', code, message }));
  });
});

describe('scoreOrdinal', () => {
  test('weighs by distance as scikit-learn does', () => {
    const { meanAbsoluteError, quadraticWeightedKappa } = scoreOrdinal(confusionMatrix(truth, predicted));
    expect(meanAbsoluteError).toBeCloseTo(0.8, 12);
    expect(quadraticWeightedKappa).toBeCloseTo(0.5441946412072682, 12);
  });

  test('goes by the order of the labels', () => {
    const far = confusionMatrix(['low', 'high'], ['high', 'high'], ['low', 'middle', 'high']);
    expect(scoreOrdinal(far).meanAbsoluteError).toBe(1);
    const near = confusionMatrix(['low', 'high'], ['high', 'high'], ['middle', 'low', 'high']);
    expect(scoreOrdinal(near).meanAbsoluteError).toBe(0.5);
  });

  test('is 1 for what agrees, 0 for chance, below for worse', () => {
    expect(scoreOrdinal(confusionMatrix(['1', '2'], ['1', '2'])).quadraticWeightedKappa).toBe(1);
    expect(scoreOrdinal(confusionMatrix(['1', '1'], ['1', '1'])).quadraticWeightedKappa).toBe(1);
    expect(scoreOrdinal(confusionMatrix(['1', '2'], ['1', '1'])).quadraticWeightedKappa).toBe(0);
    expect(scoreOrdinal(confusionMatrix(['1', '2'], ['2', '1'])).quadraticWeightedKappa).toBe(-1);
  });
});

describe('scoreMultiLabel', () => {
  const sets = (...rows: string[]): string[][] => rows.map((row) => [...row]);
  const gold = sets('01', '03', '', '2', '23', '', '01', '23', '23', '02', '0123', '1');
  const found = sets('013', '3', '01', '12', '23', '012', '01', '13', '123', '012', '3', '1');

  test('counts as scikit-learn does', () => {
    const report = scoreMultiLabel(gold, found);
    expect(report.accuracy).toBeCloseTo(0.25, 12);
    expect(report.hammingLoss).toBeCloseTo(0.3125, 12);
    expect(report.microPrecision).toBeCloseTo(0.6, 12);
    expect(report.microRecall).toBeCloseTo(0.75, 12);
    expect(report.microF1).toBeCloseTo(2 / 3, 12);
    expect(report.macroPrecision).toBeCloseTo(0.6416666666666667, 12);
    expect(report.macroRecall).toBeCloseTo(0.7541666666666667, 12);
    expect(report.macroF1).toBeCloseTo(0.6744755244755245, 12);
  });

  test('counts a label that is named twice once, and labels that never occur as decisions', () => {
    const report = scoreMultiLabel([['a', 'a']], [['a']], ['a', 'b']);
    expect([report.accuracy, report.hammingLoss, report.macroF1]).toEqual([1, 0, 1]);
    expect(scoreMultiLabel([['a']], [[]], ['a', 'b']).hammingLoss).toBe(0.5);
  });
});

describe('expectedCalibrationError', () => {
  test('is the gap of each bin, weighted by how many are in it', () => {
    // Bins of a third: (1/3, 2/3] holds .5 and .6, of which one is right; (2/3, 1] holds .9, which is not.
    expect(expectedCalibrationError([0.5, 0.6, 0.9], [true, false, false], 3)).toBeCloseTo((2 * 0.05 + 0.9) / 3, 12);
  });

  test('is 0 where confidence is how often one is right', () => {
    expect(expectedCalibrationError([0.75, 0.75, 0.75, 0.75], [true, true, false, true])).toBeCloseTo(0, 12);
    expect(expectedCalibrationError([1, 0], [true, false])).toBe(0);
    expect(expectedCalibrationError([], [])).toBe(0);
  });

  test('has bins that are open to the left', () => {
    // 1/3 lies in the first bin of three, just above in the second.
    expect(expectedCalibrationError([1 / 3, 0.2], [true, false], 3)).toBeCloseTo(Math.abs(1 / 3 + 0.2 - 1) / 2, 12);
    expect(expectedCalibrationError([0.34, 0.2], [true, false], 3)).toBeCloseTo((0.66 + 0.2) / 2, 12);
  });
});
