import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { DataError, UsageError } from '../../../ts/src/errors.js';
import { EntityScorer, scoreEntities, type EntityMatching } from '../../../ts/src/metrics/entity.js';

const sentences = (...texts: string[]): string[][] => texts.map((text) => text.split(' '));

/** Gold, predicted and correct entities. */
function counts(gold: string[][], predicted: string[][], matching?: EntityMatching): number[] {
  const report = scoreEntities(gold, predicted, matching);
  return [report.gold, report.predicted, report.correct];
}

describe('conlleval mode', () => {
  // Expected figures are the output of the CoNLL shared tasks' script for the same columns.
  test('a worked example over three sentences', () => {
    const gold = sentences('B-PER I-PER O B-LOC O', 'B-ORG I-ORG I-ORG O', 'O I-PER I-PER B-PER');
    const predicted = sentences('B-PER I-PER O I-LOC O', 'B-ORG I-ORG O B-ORG', 'B-LOC I-PER I-PER I-PER');
    const report = scoreEntities(gold, predicted);
    expect([report.tokens, report.gold, report.predicted, report.correct]).toEqual([13, 5, 6, 2]);
    expect(report.accuracy).toBeCloseTo(0.6154, 4);
    expect(report.precision).toBeCloseTo(0.3333, 4);
    expect(report.recall).toBeCloseTo(0.4, 4);
    expect(report.f1).toBeCloseTo(0.3636, 4);
    expect(report.types.map(({ type, gold: g, predicted: p, correct }) => [type, g, p, correct])).toEqual([
      ['LOC', 1, 2, 1],
      ['ORG', 1, 2, 0],
      ['PER', 3, 2, 1],
    ]);
  });

  test.each([
    ['I opens an entity', 'B-A O', 'I-A O', [1, 1, 1]],
    ['another type opens an entity', 'B-A B-B', 'B-A I-B', [2, 2, 2]],
    ['B closes one', 'B-A I-A', 'B-A B-A', [1, 2, 0]],
    ['a border too far', 'B-A I-A O', 'B-A I-A I-A', [1, 1, 0]],
    ['right borders, wrong type', 'B-A I-A', 'B-B I-B', [1, 1, 0]],
    ['IOB1 against IOB2', 'I-A I-A B-A O I-B', 'B-A I-A B-A O B-B', [3, 3, 3]],
    ['BIOES against BMES', 'B-A I-A E-A S-B', 'B-A M-A E-A S-B', [2, 2, 2]],
    ['a BIOES entity left open', 'B-A E-A O', 'B-A I-A O', [1, 1, 1]],
    ['nothing on either side', 'O O', 'O O', [0, 0, 0]],
  ])('%s', (_, gold, predicted, expected) => {
    expect(counts(sentences(gold), sentences(predicted))).toEqual(expected);
  });

  test('an entity does not go on in the next sentence', () => {
    expect(counts(sentences('B-A', 'I-A'), sentences('B-A', 'B-A'))).toEqual([2, 2, 2]);
    expect(counts(sentences('B-A I-A'), sentences('B-A B-A'))).toEqual([1, 2, 0]);
  });
});

describe('strict mode', () => {
  // From seqeval's own tests of its strict mode.
  test('scores by type and in all', () => {
    const report = scoreEntities(sentences('B-A B-B O B-A'), sentences('O B-B B-C B-A'), { mode: 'strict', scheme: 'BIO' });
    expect(report.types.map(({ type, precision, recall, f1, gold }) => [type, precision, recall, f1, gold])).toEqual([
      ['A', 1, 0.5, 2 / 3, 2],
      ['B', 1, 1, 1, 1],
      ['C', 0, 0, 0, 0],
    ]);
    expect([report.precision, report.recall, report.f1, report.gold]).toEqual([2 / 3, 2 / 3, 2 / 3, 3]);
  });

  test.each<['BIO' | 'BIOES' | 'BMES', string, string, number[]]>([
    ['BIO', 'B-A O', 'I-A O', [1, 0, 0]],
    ['BIO', 'I-A O', 'I-A O', [0, 0, 0]],
    ['BIO', 'B-A I-A', 'B-A I-B', [1, 1, 0]],
    ['BIOES', 'B-A E-A O', 'B-A I-A O', [1, 0, 0]],
    ['BIOES', 'S-A B-A E-A', 'S-A B-A E-A', [2, 2, 2]],
    ['BMES', 'B-A M-A E-A', 'B-A M-A M-A', [1, 0, 0]],
  ])('%s: %s, predicted %s', (scheme, gold, predicted, expected) => {
    expect(counts(sentences(gold), sentences(predicted), { mode: 'strict', scheme })).toEqual(expected);
  });

  test('refuses tags of another scheme', () => {
    expect(() => scoreEntities(sentences('E-A'), sentences('O'), { mode: 'strict', scheme: 'BIO' })).toThrow(DataError);
  });
});

describe('reports', () => {
  test('no sentences, and sentences without tokens', () => {
    const zero = { gold: 0, predicted: 0, correct: 0, precision: 0, recall: 0, f1: 0 };
    expect(scoreEntities([], [])).toEqual({ ...zero, accuracy: 0, tokens: 0, types: [] });
    expect(scoreEntities([[]], [[]])).toEqual({ ...zero, accuracy: 0, tokens: 0, types: [] });
  });

  test('equal tags score one', () => {
    const tags = sentences('B-A I-A O B-B', 'O');
    const report = scoreEntities(tags, tags);
    expect([report.precision, report.recall, report.f1, report.accuracy, report.tokens]).toEqual([1, 1, 1, 1, 5]);
  });

  test('accuracy compares whole tags', () => {
    expect(scoreEntities(sentences('B-A I-A O O'), sentences('B-A I-B O B-A')).accuracy).toBe(0.5);
  });

  test('types like __proto__ are types', () => {
    const [score] = scoreEntities([['B-__proto__']], [['B-__proto__']]).types;
    expect([score?.type, score?.f1]).toEqual(['__proto__', 1]);
  });

  test('spans count once, in any order', () => {
    const scorer = new EntityScorer();
    const a = { type: 'A', start: 0, end: 2 };
    const b = { type: 'B', start: 3, end: 4 };
    scorer.addSpans([a, b], [b, a, a]);
    expect(scorer.report()).toMatchObject({ gold: 2, predicted: 2, correct: 2, f1: 1, tokens: 0, accuracy: 0 });
  });

  test('sums over sentences in any order', () => {
    const random = new Random(43);
    const tags = ['O', 'B-A', 'I-A', 'B-B', 'I-B'];
    const draw = (length: number): string[] => Array.from({ length }, () => tags[random.below(5)] as string);
    const pairs = Array.from({ length: 200 }, () => {
      const length = random.below(9);
      return { gold: draw(length), predicted: draw(length) };
    });
    const report = (order: typeof pairs) => scoreEntities(order.map((pair) => pair.gold), order.map((pair) => pair.predicted));
    const expected = report(pairs);
    expect(report(random.shuffle([...pairs]))).toEqual(expected);
    const { precision, recall, f1 } = expected;
    expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 12);
  });

  test('refuses sides of different lengths', () => {
    expect(() => scoreEntities([['O']], [])).toThrow(UsageError);
    expect(() => scoreEntities([['O']], [['O', 'O']])).toThrow('expected as many predicted tags as reference tags, given 2 for 1');
  });
});
