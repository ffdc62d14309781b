import { describe, expect, test } from 'vitest';
import { Random } from '../../../ts/src/data/random.js';
import { beamSearch } from '../../../ts/src/generation/beamSearch.js';
import { generateTexts } from '../../../ts/src/generation/generate.js';
import type { BeamSearchOptions } from '../../../ts/src/generation/options.js';
import { letters, logs, Toy, type Scores } from './toy.js';

const AB = 'ab';
const LANGUAGE = letters(AB, { end: true });

/** A table of random probabilities of `a`, `b` and the end after each text. */
function table(seed: number): Scores {
  const known = new Map<string, number[]>();
  const random = new Random(seed);
  const all = (ids: number[]): void => {
    known.set(ids.join(), Array.from({ length: 3 }, () => 4 * random.fraction() - 2));
    if (ids.length < 9) for (const id of [0, 1]) all([...ids, id]);
  };
  all([]);
  return (ids) => known.get(ids.join()) as number[];
}

interface Found {
  ids: number[];
  logProb: number;
  score: number;
}

/** All texts that there are, by falling score. */
function exhaustive(scores: Scores, { maxTokens = 6, lengthPenalty = 1 }: BeamSearchOptions, allowed = (_: readonly number[]): boolean => true): Found[] {
  const found: Found[] = [];
  const grow = (ids: number[], logProb: number): void => {
    if (ids.length === maxTokens || ids.at(-1) === 2) {
      found.push({ ids, logProb, score: logProb / ids.length ** lengthPenalty });
      return;
    }
    const next = scores(ids);
    const whole = Math.log(next.reduce((sum, score) => sum + Math.exp(score), 0));
    next.forEach((score, id) => allowed([...ids, id]) && grow([...ids, id], logProb + score - whole));
  };
  grow([], 0);
  return found.sort((a, b) => b.score - a.score);
}

async function search(scores: Scores, options: BeamSearchOptions, language = LANGUAGE) {
  const toy = new Toy(scores, language.prompts);
  const found = await beamSearch(toy, toy.now(), options, language);
  expect(toy.disposals).toBe(1);
  return { found, toy };
}

const close = (found: readonly Found[]) =>
  found.map(({ ids, logProb, score }) => expect.objectContaining({ ids, logProb: expect.closeTo(logProb, 5), score: expect.closeTo(score, 5) }));

describe('beam search', () => {
  test.each([0, 0.5, 1, 2])('with beams enough finds the best of all texts, length penalty %d', async (lengthPenalty) => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const options = { beams: 64, nBest: 5, maxTokens: 6, lengthPenalty };
      const { found } = await search(table(seed), options);
      expect(found).toEqual([close(exhaustive(table(seed), options).slice(0, 5))]);
    }
  });

  test('ends as soon as nothing can become better', async () => {
    const scores: Scores = (ids) => (ids.length < 2 ? logs(0.5, 0.3, 0.2) : logs(0.005, 0.005, 0.99));
    const { toy } = await search(scores, { beams: 2, lengthPenalty: 0, maxTokens: 9 });
    expect(toy.calls.filter((call) => call.startsWith('feed'))).toHaveLength(2);
  });

  test('keeps constraints', async () => {
    const texts = (ids: readonly number[]): string => ids.map((id) => 'ab.'[id]).join('');
    const repeats = (text: string): boolean => [...text].some((_, at) => at > 1 && text.slice(0, at).includes(text.slice(at - 1, at + 1)));
    const options = { beams: 64, nBest: 3, maxTokens: 6, noRepeatNgram: 2, badWords: ['bab'], minTokens: 2, forcedPrefix: 'b' };
    for (let seed = 1; seed <= 12; seed += 1) {
      const { found } = await search(table(seed), options);
      const expected = exhaustive(table(seed), options, (ids) => {
        const text = texts(ids);
        return text.startsWith('b') && text.indexOf('.') !== 1 && !text.includes('bab') && !repeats(text);
      });
      expect(found).toEqual([close(expected.slice(0, 3))]);
    }
  });

  test('with one beam and no choice of ends is greedy', async () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const language = { ...LANGUAGE, endIds: [], decode: (ids: readonly number[]) => ids.join('') };
      const known = table(seed);
      const scores: Scores = (ids) => known(ids.map((id) => id % 2));
      const { found } = await search(scores, { beams: 1, maxTokens: 8 }, language);
      const toy = new Toy(scores);
      const [greedy] = await generateTexts(toy, toy.now(), { temperature: 0, maxTokens: 8 }, language);
      expect(found[0]?.[0]).toMatchObject({ text: greedy?.text, ids: greedy?.ids, logProb: expect.closeTo(greedy?.logProb ?? 0, 9) });
    }
  });

  test('finds what greedy search misses', async () => {
    // The way over `b` is worth 0.4 · 0.9, that over `a` 0.6 · 0.5.
    const scores: Scores = (ids) => (ids.length === 0 ? logs(0.6, 0.4, 1e-9) : ids[0] === 0 ? logs(0.5, 0.5, 1e-9) : logs(0.9, 0.1, 1e-9));
    const { found } = await search(scores, { beams: 2, maxTokens: 2, nBest: 2 });
    expect(found[0]?.map(({ text }) => text)).toEqual(['ba', 'aa']);
    expect(found[0]?.[0]?.logProb).toBeCloseTo(Math.log(0.36), 5);
    expect(found[0]?.[0]?.score).toBeCloseTo(Math.log(0.36) / 2, 5);
  });

  test('prefers the earlier beam, then the smaller id, of equal ones', async () => {
    const { found } = await search(() => [0, 0, -9], { beams: 4, maxTokens: 3, nBest: 4 });
    expect(found[0]?.map(({ text }) => text)).toEqual(['aaa', 'aab', 'aba', 'abb']);
    const single = await search(() => [0, 0, 0], { beams: 1, maxTokens: 2 }, letters('abc'));
    expect(single.found[0]?.map(({ text }) => text)).toEqual(['aa']);
  });

  test('stops at strings, which are not in the text', async () => {
    const scores: Scores = (ids) => (ids.length % 2 === 0 ? logs(0.8, 0.1, 0.1) : logs(0.1, 0.8, 0.1));
    const { found } = await search(scores, { beams: 2, stop: ['bab'], maxTokens: 12, lengthPenalty: 0 });
    expect(found[0]).toEqual([expect.objectContaining({ text: 'a', ids: [0, 1, 0, 1], logProb: expect.closeTo(4 * Math.log(0.8), 5) })]);
  });

  test('ends early when it may', async () => {
    const scores: Scores = (ids) => (ids.length === 0 ? logs(0.3, 0.3, 0.4) : logs(0.3, 0.1, 0.6));
    const early = await search(scores, { beams: 2, earlyStopping: true, maxTokens: 8, lengthPenalty: 2 });
    const late = await search(scores, { beams: 2, maxTokens: 8, lengthPenalty: 2 });
    expect(early.toy.calls.length).toBeLessThan(late.toy.calls.length);
    expect(late.found[0]?.[0]?.score).toBeGreaterThan(early.found[0]?.[0]?.score ?? 0);
  });

  test('takes several prompts at once', async () => {
    const prompts = ['a', '', 'bb'];
    const options = { beams: 3, nBest: 2, maxTokens: 5, noRepeatNgram: 2 };
    const { found } = await search(table(4), options, letters(AB, { end: true, prompts }));
    for (const [row, prompt] of prompts.entries()) {
      const alone = await search(table(4), options, letters(AB, { end: true, prompts: [prompt] }));
      expect([found[row]]).toEqual(alone.found);
    }
    expect((await search(table(4), options, letters(AB, { end: true, prompts: [] }))).found).toEqual([]);
  });

  test('lets rows go that are done', async () => {
    const scores: Scores = (ids) => (ids[0] === 0 ? [0, -1, -9] : [-9, -9, 0]);
    const { found, toy } = await search(scores, { beams: 1, maxTokens: 2 }, letters(AB, { end: true, prompts: ['a', 'b'] }));
    expect(found.map((texts) => texts.map(({ ids }) => ids))).toEqual([[[0, 0]], [[2]]]);
    expect(toy.calls).toEqual(['select 0', 'feed 0']);
  });

  test('joins on to the prompt, and gives no text of an end token', async () => {
    const words = { ...letters('abc', { prompts: ['a'] }), decode: (ids: readonly number[]) => ids.map((id) => 'abc'.charAt(id)).join(' '), endIds: [2] };
    const { found } = await search((ids) => (ids.length === 1 ? [0, 5, 0] : [0, 0, 5]), { beams: 2 }, words);
    expect(found[0]).toEqual([expect.objectContaining({ text: ' b', ids: [1, 2] })]);
  });

  test('selects rows only where they change', async () => {
    const { toy } = await search(() => [0, -1, -9], { beams: 1, maxTokens: 3 });
    expect(toy.calls).toEqual(['feed 0', 'feed 0']);
    const wide = await search(() => [0, -1, -9], { beams: 2, maxTokens: 3 });
    expect(wide.toy.calls).toEqual(['select 0 0', 'feed 0 1', 'select 0 0', 'feed 0 1']);
  });

  test('disposes of the model whatever happens', async () => {
    const failing = async (scores: Scores, options: BeamSearchOptions): Promise<unknown> => {
      const toy = new Toy(scores);
      const error: unknown = await beamSearch(toy, toy.now(), options, LANGUAGE).catch((reason: unknown) => reason);
      expect(toy.disposals).toBe(1);
      return error;
    };
    expect(await failing(table(1), { signal: AbortSignal.abort() })).toMatchObject({ name: 'CancelledError' });
    expect(await failing(table(1), { nBest: 5 })).toMatchObject({
      code: 'bad_option', message: 'option nBest: expected at most 4, the number of beams, given 5',
    });
    expect(await failing(() => [0, 0, 0], { noRepeatNgram: 1, badWords: [[2]] })).toMatchObject({ code: 'nothing_allowed' });
    expect(await failing(() => [0, -Infinity, 0], { forcedPrefix: 'ab' })).toMatchObject({ code: 'bad_option', message: expect.stringMatching(/token 2 is none$/) });
    expect(await failing(() => [0, NaN, 0], {})).toMatchObject({ code: 'not_finite' });
  });
});
