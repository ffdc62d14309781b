import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { banSequences } from '../../../ts/src/generation/badWords.js';
import { keepMinP } from '../../../ts/src/generation/minP.js';
import { banRepeats } from '../../../ts/src/generation/noRepeatNgram.js';
import { penaliseRepeats } from '../../../ts/src/generation/repetitionPenalty.js';
import { logSumExp, softmax } from '../../../ts/src/generation/softmax.js';
import { temper } from '../../../ts/src/generation/temperature.js';
import { keepTopK } from '../../../ts/src/generation/topK.js';
import { keepTopP } from '../../../ts/src/generation/topP.js';
import { keepTypical } from '../../../ts/src/generation/typicalP.js';
import { logs } from './toy.js';

const SIZES = [1, 2, 3, 7, 20, 65];

/** Scores as models have them, some ruled out already, and so coarse in every third row that many are equal. */
function* rows(): Generator<Float32Array> {
  const random = new Random(3);
  for (let round = 0; round < 300; round += 1) {
    const scores = Float32Array.from({ length: SIZES[round % SIZES.length] as number }, () => {
      const score = 12 * (random.fraction() - 0.5);
      return round % 3 === 0 ? Math.round(score / 3) : score;
    });
    scores.forEach((_, id) => random.below(5) === 0 && (scores[id] = -Infinity));
    if (scores.some((score) => score > -Infinity)) yield scores;
  }
}

/** In plain numbers, as the definition says. */
function probabilitiesOf(scores: Float32Array): number[] {
  const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
  return [...scores].map((score) => Math.exp(score) / sum);
}

const keptBy = (scores: Float32Array, rule: (scores: Float32Array) => void): number[] => {
  const changed = scores.slice();
  rule(changed);
  changed.forEach((score, id) => expect(score === scores[id] || score === -Infinity).toBe(true));
  return [...changed.keys()].filter((id) => (changed[id] as number) > -Infinity);
};

const possible = (scores: Float32Array): number[] => [...scores.keys()].filter((id) => (scores[id] as number) > -Infinity);

describe('softmax', () => {
  test('is that of Math.exp, and its normaliser that of Math.log', () => {
    for (const scores of rows()) {
      const expected = probabilitiesOf(scores);
      softmax(scores).forEach((probability, id) => expect(Math.abs(probability - (expected[id] as number))).toBeLessThan(1e-14));
      expect(logSumExp(scores)).toBeCloseTo(Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)), 12);
    }
  });

  test('stands scores of any size', () => {
    expect(logSumExp(Float32Array.of(1e30, 1e30))).toBeCloseTo(Math.fround(1e30), -22);
    expect([...softmax(Float32Array.of(-1e30, -1e30, -3e38))]).toEqual([0.5, 0.5, 0]);
  });

  test.each([[[NaN, 1]], [[Infinity, 1]], [[-Infinity, -Infinity]]])('rejects %j', (scores) => {
    expect(() => logSumExp(Float32Array.from(scores))).toThrow(expect.objectContaining({ name: 'OstinatoError', code: 'not_finite' }));
  });
});

describe('temperature', () => {
  test('divides scores, but for what all have in common', () => {
    for (const scores of rows()) {
      const changed = scores.slice();
      temper(changed, 0.7);
      const expected = probabilitiesOf(scores.map((score) => score / 0.7));
      softmax(changed).forEach((probability, id) => expect(probability).toBeCloseTo(expected[id] as number, 5));
    }
  });

  test('may be next to nothing', () => {
    const scores = Float32Array.of(30, 31, -Infinity, 29);
    temper(scores, 1e-300);
    expect([...scores]).toEqual([-Infinity, 0, -Infinity, -Infinity]);
  });
});

describe('topK', () => {
  test.each([1, 2, 5, 64, 65, 1000])('keeps %d, and what equals the last', (k) => {
    for (const scores of rows()) {
      const least = [...scores].sort((a, b) => b - a)[Math.min(k, scores.length) - 1] as number;
      expect(keptBy(scores, (row) => keepTopK(row, k))).toEqual(possible(scores).filter((id) => (scores[id] as number) >= least));
    }
  });
});

describe('topP', () => {
  test.each([0, 0.01, 0.3, 0.5, 0.9, 0.999])('keeps the fewest that add up to %d', (p) => {
    for (const scores of rows()) {
      const probabilities = probabilitiesOf(scores);
      const descending = [...probabilities.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b);
      const expected: number[] = [];
      let sum = 0;
      for (const id of descending) {
        if (expected.length > 0 && sum >= p - 1e-12) break;
        sum += probabilities[id] as number;
        expected.push(id);
      }
      expect(keptBy(scores, (row) => keepTopP(row, p))).toEqual(expected.sort((a, b) => a - b).filter((id) => (scores[id] as number) > -Infinity));
    }
  });

  test('keeps the smaller ids of those that are as probable', () => {
    const even = new Float32Array(10).fill(-3);
    expect(keptBy(even, (row) => keepTopP(row, 0.35))).toEqual([0, 1, 2, 3]);
    expect(keptBy(Float32Array.of(...logs(0.2, 0.4, 0.2, 0.2)), (row) => keepTopP(row, 0.55))).toEqual([0, 1]);
  });
});

describe('minP', () => {
  test.each([0.001, 0.05, 0.5, 1])('keeps what has %d of the largest probability', (share) => {
    for (const scores of rows()) {
      const probabilities = probabilitiesOf(scores);
      const least = share * Math.max(...probabilities);
      expect(keptBy(scores, (row) => keepMinP(row, share))).toEqual(
        possible(scores).filter((id) => (probabilities[id] as number) >= least * (1 - 1e-12)),
      );
    }
  });
});

describe('typicalP', () => {
  test.each([0, 0.2, 0.5, 0.95])('keeps the fewest typical ones that add up to %d', (mass) => {
    for (const scores of rows()) {
      const probabilities = probabilitiesOf(scores);
      const entropy = probabilities.reduce((sum, probability) => sum - (probability > 0 ? probability * Math.log(probability) : 0), 0);
      const distance = (id: number): number => Math.abs(-Math.log(probabilities[id] as number) - entropy);
      const sorted = possible(scores).sort((a, b) => distance(a) - distance(b));
      let sum = 0;
      const last = sorted.find((id) => (sum += probabilities[id] as number) >= mass - 1e-12) ?? (sorted.at(-1) as number);
      expect(keptBy(scores, (row) => keepTypical(row, mass))).toEqual(possible(scores).filter((id) => distance(id) <= distance(last) + 1e-12));
    }
  });

  test('may leave out the most probable token', () => {
    // The entropy is 1.64 nats: a surprisal of 1.61 is nearer to it than one of 0.69.
    const scores = Float32Array.of(...logs(0.5, 0.2, 0.06, 0.06, 0.06, 0.06, 0.06));
    expect(keptBy(scores, (row) => keepTypical(row, 0.15))).toEqual([1]);
  });
});

describe('repetitionPenalty', () => {
  test('divides scores above 0 and multiplies those below, once', () => {
    const scores = Float32Array.of(2, -2, 3, -Infinity, 5);
    penaliseRepeats(scores, [0, 1, 0, 3, 0], 2);
    expect([...scores]).toEqual([1, -4, 3, -Infinity, 5]);
  });
});

/** Whether a sequence ends with another. */
const endsWith = (ids: readonly number[], end: readonly number[]): boolean =>
  ids.length >= end.length && end.every((id, place) => id === ids[ids.length - end.length + place]);

/** The ids of an alphabet of three that may follow. */
const allowed = (rule: (scores: Float32Array) => void): number[] => keptBy(new Float32Array(3), rule);

describe('noRepeatNgram', () => {
  test.each([1, 2, 3, 5])('rules out what would be %d tokens again', (n) => {
    const random = new Random(n);
    for (let round = 0; round < 300; round += 1) {
      const history = Array.from({ length: random.below(12) }, () => random.below(3));
      const expected = [0, 1, 2].filter((id) => {
        const longer = [...history, id];
        return longer.length < n || !history.some((_, end) => end + 1 >= n && endsWith(longer, history.slice(end + 1 - n, end + 1)));
      });
      expect(allowed((scores) => banRepeats(scores, history, n))).toEqual(expected);
    }
  });
});

describe('badWords', () => {
  test('rules out what would complete one', () => {
    const random = new Random(8);
    for (let round = 0; round < 500; round += 1) {
      const history = Array.from({ length: random.below(6) }, () => random.below(3));
      const banned = Array.from({ length: random.below(4) }, () => Array.from({ length: 1 + random.below(3) }, () => random.below(3)));
      const expected = [0, 1, 2].filter((id) => !banned.some((sequence) => endsWith([...history, id], sequence)));
      expect(allowed((scores) => banSequences(scores, history, banned))).toEqual(expected);
    }
  });
});
