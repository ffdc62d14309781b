import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { MarkovChain } from '../../../ts/src/models/markov/chain.js';
import { naiveModel } from './naive.js';

const SMOOTHINGS = ['kneserNey', 'modifiedKneserNey', 'wittenBell'] as const;
const SIZE = 9;

/** Texts of ids from 2 to 7, some far more frequent; 1 is unknown, 8 is never seen. */
function drawTexts(seed: number, count: number, length: number): Int32Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () =>
    Int32Array.from({ length: random.below(length) + 1 }, () => (random.below(20) === 0 ? 1 : 2 + Math.min(random.below(6), random.below(6), random.below(6)))),
  );
}

interface Case {
  smoothing: (typeof SMOOTHINGS)[number];
  order: number;
  documents: boolean;
}

async function trained({ smoothing, order, documents }: Case, texts: readonly Int32Array[]): Promise<MarkovChain> {
  const chain = MarkovChain.empty({ settings: { smoothing, order }, size: SIZE, documents });
  await chain.count(documents ? texts.map((ids) => Int32Array.of(...ids, 0)) : texts, {});
  return chain;
}

const cases: Case[] = SMOOTHINGS.flatMap((smoothing) =>
  [1, 2, 3, 5, 20].flatMap((order) => [true, false].map((documents) => ({ smoothing, order, documents }))),
);

describe.each(cases)('$smoothing of order $order, documents $documents', (which) => {
  const { smoothing, order, documents } = which;
  const texts = drawTexts(order, 12, 60);
  const first = documents ? 0 : 1;
  // Text that was seen, and text that was not.
  const probes = [texts[0] as Int32Array, ...drawTexts(99, 3, 30), Int32Array.of(8, 2, 1, 8, 8, 2, 2)];

  test('is what the definitions say', async () => {
    const chain = await trained(which, texts);
    const probability = naiveModel(texts.map((ids) => [...ids]), order, smoothing, first, SIZE);
    for (const ids of probes) {
      const before = documents ? [0] : [];
      for (const [index, logProb] of chain.logProbs(ids, chain.start()).entries()) {
        const expected = probability(ids[index] as number, [...before, ...ids.slice(0, index)]);
        expect(Math.abs(logProb - Math.log(expected))).toBeLessThan(1e-12);
      }
    }
  });

  test('sums to one over the vocabulary, in every context', async () => {
    const chain = await trained(which, texts);
    for (const ids of probes) {
      const contexts = chain.start();
      for (const id of ids) {
        const all = chain.distribution(contexts);
        expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        if (!documents) expect(all[0]).toBe(0);
        for (let symbol = first; symbol < SIZE; symbol += 1) {
          const [logProb = 0] = chain.logProbs(Int32Array.of(symbol), contexts.slice());
          expect(Math.abs(Math.exp(logProb) - (all[symbol] as number))).toBeLessThan(1e-13);
          expect(logProb).toBeLessThan(0);
        }
        chain.advance(contexts, id);
      }
    }
  });

  test('is the same from its table, and counted in two turns', async () => {
    const [half, whole] = [await trained(which, texts.slice(0, 6)), await trained(which, texts)];
    await half.count(documents ? texts.slice(6).map((ids) => Int32Array.of(...ids, 0)) : texts.slice(6), {});
    expect(half.table()).toEqual(whole.table());
    const read = MarkovChain.fromTable({ settings: { smoothing, order }, size: SIZE, documents }, whole.table());
    for (const ids of probes) {
      const expected = whole.logProbs(ids, whole.start());
      expect(read?.logProbs(ids, read.start())).toEqual(expected);
      expect(half.logProbs(ids, half.start())).toEqual(expected);
    }
    await read?.count(texts, {});
    await whole.count(texts, {});
    expect(read?.table()).toEqual(whole.table());
  });
});

test.each([
  ['a parent behind its child', { parents: [2, 0], symbols: [2, 3], counts: [1, 1] }],
  ['a parent below the root', { parents: [-1], symbols: [2], counts: [1] }],
  ['a symbol that there is not', { parents: [0], symbols: [SIZE], counts: [1] }],
  ['a symbol below the first', { parents: [0], symbols: [-1], counts: [1] }],
  ['a count below nothing', { parents: [0], symbols: [2], counts: [-1] }],
  ['more than can be counted', { parents: [0, 0], symbols: [2, 3], counts: [2 ** 31 - 1, 1] }],
  ['an n-gram twice', { parents: [0, 0], symbols: [2, 2], counts: [1, 1] }],
  ['an n-gram longer than the order', { parents: [0, 1, 2], symbols: [2, 2, 2], counts: [3, 2, 1] }],
  ['lists of several lengths', { parents: [0, 0], symbols: [2, 3], counts: [1] }],
])('refuses a table with %s', (_, { parents, symbols, counts }) => {
  const parts = { settings: { smoothing: 'wittenBell', order: 2 }, size: SIZE, documents: false } as const;
  const table = { parents: Int32Array.from(parents), symbols: Int32Array.from(symbols), counts: Int32Array.from(counts) };
  expect(MarkovChain.fromTable(parts, table)).toBeUndefined();
});
