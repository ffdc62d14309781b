import { describe, expect, test } from 'vitest';
import type { LanguageModel } from 'ostinato';
import { pieceOf } from '../../ts/src/models/languageModel/pieces.js';
import { output } from '../../ts/src/training/output.js';
import { bits, engineForFile, text, trainSmall, unseen } from './sample.js';

const engine = await engineForFile();
const models: [string, LanguageModel][] = [
  ['an LSTM', await trainSmall(engine, { layers: 2, epochs: 2 })],
  ['a GRU', await trainSmall(engine, { architecture: 'gru', epochs: 2 })],
  ['a feed-forward network', await trainSmall(engine, { architecture: 'feedForward', context: 6, epochs: 2 })],
];

describe.each(models)('a text that is read by %s', (_, model) => {
  test('is told token by token', async () => {
    const { tokens, logProb, natsPerToken } = await model.score(unseen);
    expect(tokens.map((token) => token.text).join('')).toBe(unseen);
    expect(tokens.every(({ start, end, text: token }) => unseen.slice(start, end) === token)).toBe(true);
    expect(tokens.reduce((sum, token) => sum + token.logProb, 0)).toBeCloseTo(logProb, 8);
    expect(-logProb / tokens.length).toBeCloseTo(natsPerToken, 10);
    expect(tokens[5]?.surprisal).toBeCloseTo(-(tokens[5]?.logProb ?? NaN) / Math.LN2, 10);
    expect(await model.logProb(unseen)).toBeCloseTo(logProb, 8);
  });

  test('has the same scores wherever it is cut into pieces', async () => {
    // More than a piece, in one go.
    const long = text.slice(0, 700);
    const { tokens } = await model.score(long);
    const ids = Int32Array.from([0, ...[...long].map((character) => model.vocabulary.id(character))]);
    const whole = output(await model.model.predict('score', pieceOf([ids], 0, 700, 0)), 'logProbs', 'matrix');
    tokens.forEach((token, step) => {
      expect(token.logProb).toBeCloseTo(whole.data[step * whole.width + (ids[step + 1] as number)] as number, 4);
    });
  });

  test('has the same scores beside others', async () => {
    const texts = [unseen.slice(0, 300), text.slice(0, 20), 'x', unseen.slice(10, 400)];
    const { logProb } = await model.evaluate(texts);
    let sum = 0;
    for (const one of texts) sum += (await model.score(one)).logProb;
    expect(logProb).toBeCloseTo(sum, 2);
  });

  test('may hold what was never learnt', async () => {
    const odd = 'the Ωcat 👩‍👩‍👧 sees\u0000';
    const { tokens, perplexity } = await model.score(odd);
    expect(tokens.map((token) => token.text).join('')).toBe(odd);
    expect(tokens.find((token) => token.text === '👩‍👩‍👧')?.surprisal).toBeGreaterThan(2);
    expect(perplexity).toBeGreaterThan(1);
    const { text: made } = await model.generate(odd, { maxTokens: 300, temperature: 50 });
    expect(made).not.toContain('\ufffd');
    expect((await model.score('')).tokens).toEqual([]);
  });

  test('goes on the same in one go and as it comes', async () => {
    const options = { maxTokens: 40, temperature: 0.7, seed: 5 };
    const whole = await model.generate('the cat', options);
    let streamed = '';
    for await (const piece of model.generateStream('the cat', options)) streamed += piece.text;
    expect(streamed).toBe(whole.text);
    // What is carried gives the probabilities of one reading.
    const { tokens } = await model.score(`the cat${whole.text}`);
    expect(whole.logProb).toBeCloseTo(tokens.slice(7).reduce((sum, token) => sum + token.logProb, 0), 1);
    const [best] = await model.beamSearch('the cat', { beams: 4, maxTokens: 12 });
    const greedy = await model.generate('the cat', { temperature: 0, maxTokens: 12 });
    expect(best?.logProb).toBeGreaterThanOrEqual(greedy.logProb - 1e-3);
  });

  test('teaches the model, for as long as it is read', async () => {
    const repeated = 'zebras quiz jumpy vexed waxy. '.repeat(40);
    const before = bits(model);
    const plain = await model.perplexity(repeated);
    const dynamic = await model.perplexity(repeated, { dynamic: { learningRate: 0.05 } });
    expect(dynamic).toBeLessThan(0.9 * plain);
    expect(bits(model)).toEqual(before);
    expect(await model.perplexity(repeated, { cache: true })).toBeLessThan(plain);
    const both = await model.score(repeated, { dynamic: { learningRate: 0.05 }, cache: { size: 60 } });
    expect(both.perplexity).toBeLessThan(plain);
    expect(await model.perplexity(repeated)).toBe(plain);
  });

  test('teaches the model until it forgets', async () => {
    const before = bits(model);
    const odd = 'the fox the fox the fox the fox the fox ';
    const plain = await model.perplexity(odd);
    for (let time = 0; time < 3; time += 1) await model.adapt(odd, { learningRate: 0.05 });
    expect(await model.perplexity(odd)).toBeLessThan(plain);
    await model.forget();
    expect(bits(model)).toEqual(before);
    await model.forget();
    expect(bits(model)).toEqual(before);
  });
});

test('work that is stopped leaves the model as it was', async () => {
  const [, model] = models[0] as (typeof models)[number];
  const before = bits(model);
  const stop = new AbortController();
  const reading = model.evaluate(text, { dynamic: true, signal: stop.signal });
  stop.abort();
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  expect(bits(model)).toEqual(before);
  await expect(model.evaluate(text, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  await expect(model.generate('a', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
});

test('a long prompt lets others have a turn, and is stopped by its signal', async () => {
  const [, model] = models[0] as (typeof models)[number];
  const prompt = text.repeat(60);
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  await model.generate(prompt, { maxTokens: 1 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1);
  await expect(model.generate(prompt, { maxTokens: 1, signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
});

test('a feed-forward network sees all of a long context', async () => {
  const model = await trainSmall(engine, { architecture: 'feedForward', context: 280, epochs: 1 });
  const seen = text.slice(0, 300);
  const { logProb } = await model.generate(seen, { maxTokens: 1, forcedPrefix: text.charAt(300) });
  // Only characters of the text may follow, so that they are a little likelier.
  expect(logProb).toBeCloseTo((await model.score(text.slice(0, 301))).tokens[300]?.logProb ?? NaN, 1);
  const next = await model.generate(`${'z'.repeat(280)}${seen.slice(280)}`, { maxTokens: 1, forcedPrefix: text.charAt(300) });
  expect(Math.abs(next.logProb - logProb)).toBeGreaterThan(0.001);
});

test('one thing at a time changes a model', async () => {
  const [, model] = models[0] as (typeof models)[number];
  const first = model.adapt('the cat');
  await expect(model.adapt('the dog')).rejects.toMatchObject({ code: 'busy' });
  await expect(model.score('the dog', { dynamic: true })).rejects.toMatchObject({ code: 'busy' });
  await first;
  await model.forget();
  // The first that is called, be it the longer to prepare.
  const fit = model.fit(text, { epochs: 1 });
  await expect(model.adapt('the cat')).rejects.toMatchObject({ code: 'busy' });
  await fit;
});
