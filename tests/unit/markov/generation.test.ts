import { describe, expect, test } from 'vitest';
import { MarkovModel, trainBpe } from '../../../ts/src/index.js';
import { MarkovChain } from '../../../ts/src/models/markov/chain.js';
import { MarkovTokens } from '../../../ts/src/models/markov/tokens.js';

const RHYME = 'One, two, buckle my shoe. Three, four, shut the door. Five, six, pick up sticks. Seven, eight, lay them straight.';
const NAMES = ['Anna', 'Hanna', 'Johanna', 'Susanna', 'Anneli', 'Annika', 'Marianne', 'Annabel'];

describe('texts that run on', () => {
  test('are generated as they were read', async () => {
    const model = await MarkovModel.train(RHYME);
    expect(await model.generate('Five', { temperature: 0, maxTokens: 22 })).toMatchObject({ text: ', six, pick up sticks.', end: 'length' });
    expect((await model.generate('My shoe: T', { temperature: 0, stop: '.' })).text).toBe('hree, four, shut the door');
  });

  test('have the probability that they are scored with', async () => {
    const model = await MarkovModel.train(RHYME);
    for (const prompt of ['', 'Eight', 'Zwölf 🙂']) {
      const { text, logProb } = await model.generate(prompt, { seed: 3, maxTokens: 40 });
      expect([...text]).toHaveLength(40);
      const { tokens } = await model.score(prompt + text);
      const own = tokens.slice(-40);
      expect(own.map((token) => token.text).join('')).toBe(text);
      // Unknown tokens are left out before drawing, so that the others are a little likelier.
      expect(logProb).toBeGreaterThan(own.reduce((sum, token) => sum + token.logProb, 0));
      expect(logProb).toBeCloseTo(own.reduce((sum, token) => sum + token.logProb, 0), 0);
    }
  });

  test('are the same for the same seed, at once and as they come', async () => {
    const model = await MarkovModel.train(RHYME);
    const whole = await model.generate('Si', { seed: 5, maxTokens: 50 });
    let text = '';
    for await (const piece of model.generateStream('Si', { seed: 5, maxTokens: 50 })) text += piece.text;
    expect(text).toBe(whole.text);
    expect((await model.generate('Si', { seed: 6, maxTokens: 50 })).text).not.toBe(text);
  });
});

test('texts with an end come to it', async () => {
  const model = await MarkovModel.train(Array<string[]>(20).fill(NAMES).flat(), { order: 4 });
  const ends = new Set<string>();
  for (let seed = 1; seed <= 30; seed += 1) {
    const { text, end } = await model.generate('', { seed, minP: 0.2 });
    expect(text).toMatch(/^[AHJSM][a-z]+$/);
    expect(end).toBe('token');
    ends.add(text.slice(-1));
  }
  expect(ends.size).toBeGreaterThan(1);
});

test('beam search finds texts more probable than the greedy one', async () => {
  const model = await MarkovModel.train(NAMES, { order: 3 });
  const greedy = await model.generate('', { temperature: 0 });
  const [best, second] = await model.beamSearch('', { beams: 6, nBest: 2, lengthPenalty: 0 });
  expect(best?.logProb).toBeGreaterThanOrEqual(greedy.logProb);
  expect(best?.logProb).toBeGreaterThan(second?.logProb as number);
  expect(best?.logProb).toBeCloseTo(await model.logProb(best?.text as string), 1);
});

test('words and pieces are put together', async () => {
  const words = await MarkovModel.train(['to be or not to be'], { level: 'word', minCount: 1 });
  expect((await words.generate('or not', { temperature: 0 })).text).toBe(' to be');
  const tokenizer = await trainBpe([RHYME], { vocabSize: 290 });
  const pieces = await MarkovModel.train(RHYME, { tokenizer: tokenizer.config });
  expect((await pieces.generate('shut', { temperature: 0, stop: 'ick' })).text).toBe(' the door. Five, six, p');
});

describe('rows', () => {
  const parts = { settings: { smoothing: 'kneserNey', order: 3 }, size: 6, documents: false } as const;

  test('go their own ways, are doubled and left out', async () => {
    const chain = MarkovChain.empty(parts);
    await chain.count([Int32Array.of(2, 3, 4, 2, 3, 5, 2, 4, 4)], {});
    const after = (...ids: number[]): Float32Array => new MarkovTokens(chain, 6, [ids]).scores();
    const next = new MarkovTokens(chain, 6, [[2], [3, 5]]);
    expect([...next.scores()]).toEqual([...after(2), ...after(3, 5)]);
    expect([...(await next.feed(Int32Array.of(3, 2)))]).toEqual([...after(2, 3), ...after(3, 5, 2)]);
    await next.select([1, 0, 1]);
    expect([...(await next.feed(Int32Array.of(4, 4, 3)))]).toEqual([...after(5, 2, 4), ...after(2, 3, 4), ...after(5, 2, 3)]);
    await next.select([2]);
    expect([...(await next.feed(Int32Array.of(4)))]).toEqual([...after(2, 3, 4)]);
    // Neither the boundary, which is in no text here, nor the unknown.
    expect([...next.scores()].map((score) => score === -Infinity)).toEqual([true, true, false, false, false, false]);
    const sum = [...next.scores()].reduce((total, score) => total + Math.exp(score), 0);
    expect(sum).toBeLessThan(1);
    expect(sum).toBeGreaterThan(0.9);
  });
});
