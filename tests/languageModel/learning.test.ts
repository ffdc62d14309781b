import { createEngine, LanguageModel, type LanguageModelTrainOptions, type TrainingProgress } from 'ostinato';
import { describe, expect, test } from 'vitest';
import { variant } from '../variant.js';
import { bits, engineForFile, sentences, small, text, trainSmall, unseen } from './sample.js';

const engine = await engineForFile();

/** What a model can at best know: which of the words comes, by the number of characters. */
const bound = Math.log(5 * 4 * 4) / (unseen.length / 40);

describe('a small language is learnt', () => {
  test.each<[string, LanguageModelTrainOptions]>([
    ['by an LSTM', {}],
    ['by a GRU of two layers', { architecture: 'gru', layers: 2, dropout: 0.1 }],
    ['by a simple network', { architecture: 'rnn', learningRate: 0.01, epochs: 12 }],
    ['from the last characters', { architecture: 'feedForward', context: 10, epochs: 15 }],
    ['from the last characters, directly too', { architecture: 'feedForward', context: 10, direct: true, layers: 2, epochs: 15 }],
    ['with tied weights', { tieWeights: true, epochs: 20 }],
    ['with tied weights of one size', { tieWeights: true, embeddingSize: 24, epochs: 12 }],
    ['with locked dropout everywhere', { layers: 2, dropout: 0.05, inputDropout: 0.05, outputDropout: 0.05, lockedDropout: true, epochs: 12 }],
    ['in pieces of other lengths', { variableLength: true }],
    ['regularised as an AWD-LSTM', {
      dropout: 0.05, lockedDropout: true, embeddingDropout: 0.02, weightDrop: 0.05, activationRegularization: 0.02,
      temporalActivationRegularization: 0.02, variableLength: true, averageAfter: 1, epochs: 20,
    }],
    ['by an adaptive softmax', { level: 'word', minCount: 1, cutoffs: [8, 16], sequenceLength: 10, batchSize: 4, epochs: 12 }],
    ['in words', { level: 'word', minCount: 1, sequenceLength: 10, batchSize: 4, epochs: 12 }],
  ])('%s', async (_, options) => {
    const model = await trainSmall(engine, options);
    const { natsPerToken, tokens, characters, perplexity, bitsPerCharacter } = await model.evaluate(unseen);
    expect((natsPerToken * tokens) / characters).toBeLessThan(1.35 * bound);
    expect(perplexity).toBeCloseTo(Math.exp(natsPerToken), 6);
    expect(bitsPerCharacter).toBeCloseTo((natsPerToken * tokens) / characters / Math.LN2, 6);
    model.dispose();
  });

  test('to the same bits again, and to others from another seed', async () => {
    const models = await Promise.all([1, 1, 2].map((seed) => trainSmall(engine, { seed, epochs: 1 })));
    const [first, again, other] = models.map(bits);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  if (variant === 'threads') {
    test('to the same bits on any number of threads', async () => {
      const trained = async (threads: number): Promise<number[]> => {
        const other = await createEngine({ variant, threads });
        const model = await trainSmall(other, { epochs: 1, layers: 2, batchSize: 20 });
        const found = bits(model);
        other.dispose();
        return found;
      };
      const one = await trained(1);
      expect(await trained(2)).toEqual(one);
      expect(await trained(4)).toEqual(one);
    });
  }
});

describe('texts with ends', () => {
  const texts = sentences(200, 1);

  test('are learnt to begin and to end', async () => {
    const model = await LanguageModel.train(texts, { ...small, engine });
    const { tokens } = await model.score('the cat sees the moon.');
    expect(tokens.at(-1)).toMatchObject({ text: '', start: 22, end: 22 });
    expect(tokens.at(-1)?.surprisal).toBeLessThan(0.2);
    const { text: made, end } = await model.generate('', { seed: 3 });
    expect(end).toBe('token');
    expect(made).toMatch(/^(the|a|my) .*\.$/);
    // Each text by itself, however many are read together.
    const { logProb, tokens: count } = await model.evaluate(texts.slice(0, 40));
    let sum = 0;
    for (const one of texts.slice(0, 40)) sum += (await model.score(one)).logProb;
    expect(logProb).toBeCloseTo(sum, 3);
    expect(count).toBe(texts.slice(0, 40).join('').length + 40);
  });

  test('come from anywhere', async () => {
    async function* stream() {
      yield* texts;
    }
    const [streamed, given] = [await LanguageModel.train(stream(), { ...small, engine, epochs: 1 }), await LanguageModel.train(texts, { ...small, engine, epochs: 1 })];
    expect(bits(streamed)).toEqual(bits(given));
    expect(given.report).toMatchObject({ sentences: 180, dev: { sentences: 20, source: 'held out' } });
  });
});

describe('training', () => {
  test('holds the end of the text out, keeps the best epoch, and tells of the gradients', async () => {
    const seen: TrainingProgress[] = [];
    const model = await trainSmall(engine, { onProgress: (progress) => seen.push(progress), clipNorm: 0.05, epochs: 3 });
    const { dev, epochs, bestEpoch, tokens, sentences: texts } = model.report;
    expect(texts).toBe(1);
    expect(tokens).toBe(Math.floor(text.length * 0.9));
    const perplexities = epochs.map(({ dev: scores }) => scores?.['perplexity'] ?? NaN);
    expect(dev?.scores['perplexity']).toBe(Math.min(...perplexities));
    expect(perplexities[bestEpoch - 1]).toBe(Math.min(...perplexities));
    const held = await model.evaluate(text.slice(tokens));
    expect(dev?.scores['perplexity']).toBeCloseTo(held.perplexity, 2);
    // What is told is the norm before it is clipped.
    expect(Math.max(...epochs.map(({ gradientNorm }) => gradientNorm))).toBeGreaterThan(0.05);
    expect(seen.at(-1)?.gradientNorm).toBeGreaterThan(0);
  });

  test('takes development text, stops when that does not get better, and can be stopped', async () => {
    const { report } = await trainSmall(engine, { dev: unseen, epochs: 40, patience: 1, learningRate: 0.1 });
    expect(report).toMatchObject({ stoppedEarly: true, dev: { source: 'given', sentences: 1 }, tokens: text.length });
    const stop = new AbortController();
    const stopped = trainSmall(engine, { epochs: 50, signal: stop.signal, onProgress: ({ epoch }) => epoch > 1 && stop.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('goes on with more text', async () => {
    const model = await trainSmall(engine, { epochs: 2 });
    const before = await model.perplexity(unseen);
    const report = await model.update(unseen);
    expect(report).toMatchObject({ dev: null, tokens: unseen.length, bestEpoch: 1 });
    expect(await model.perplexity(unseen)).toBeLessThan(before);
    const unsaid: object = { epochs: undefined, holdOut: undefined };
    expect(await model.update(unseen, unsaid)).toMatchObject({ dev: null, bestEpoch: 1 });
    await model.fit(text, { epochs: 3 });
    expect(await model.perplexity(unseen)).toBeLessThan(before);
  });

  test('is not forgotten where it was stopped', async () => {
    const model = await trainSmall(engine, { epochs: 1 });
    await model.adapt(unseen);
    const stop = new AbortController();
    const stopped = model.fit(text, { epochs: 9, signal: stop.signal, onProgress: ({ epoch }) => epoch > 1 && stop.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    const learnt = bits(model);
    await model.forget();
    expect(bits(model)).toEqual(learnt);
    // Training that never began leaves what was adapted to be forgotten.
    await model.adapt(unseen);
    await expect(model.fit(text, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    await model.forget();
    expect(bits(model)).toEqual(learnt);
  });

  test.each<[string, unknown, LanguageModelTrainOptions, string, RegExp]>([
    ['an empty text', '', {}, 'no_data', /^training text: expected a text, found nothing to read$/],
    ['no text', [], {}, 'no_data', /found nothing to read$/],
    ['an empty development text', 'a text', { dev: '' }, 'no_data', /^development text: expected a text, found nothing to read$/],
    ['a number', 3, {}, 'bad_input', /^training text: expected a text, or an array or an async iterable of texts, given 3$/],
    ['numbers', ['a', 3], {}, 'bad_input', /^training text: text 2: expected a string, given 3$/],
    ['an unknown option', 'a text', { cell: 'lstm' } as object, 'bad_option', /^option cell: there is no such option/],
    ['options that do not go together', 'a text', { context: 3 }, 'bad_option', /^option context: expected architecture feedForward/],
  ])('refuses %s', async (_, given, options, code, message) => {
    await expect(LanguageModel.train(given as string, { ...options, engine })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('takes the shortest of texts', async () => {
    const model = await LanguageModel.train('a', { engine, epochs: 1 });
    expect(model.report).toMatchObject({ dev: null, tokens: 1 });
  });
});
