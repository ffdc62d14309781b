import { optimizer, schedule, Tagger, type TaggerTrainOptions, type TrainingProgress } from 'ostinato';
import { describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { small, tagged, test, training } from './sample.js';

const engine = await engineForFile();

/** Every number of a tagger's model, as bits. */
async function weightsOf(tagger: Tagger): Promise<Record<string, number[]>> {
  const { model } = tagger;
  const all = await Promise.all(model.parameters.map(async ({ name }) => [name, await model.parameter(name)] as const));
  return Object.fromEntries(all.map(([name, values]) => [name, [...new Uint32Array(values.buffer)]]));
}

describe('training', () => {
  it('learns to tag texts that it has not seen', async () => {
    const tagger = await trainSmall(engine, { seed: 3 });
    const { f1, sentences, tokens, types } = await tagger.evaluate(test);
    expect(f1).toBeGreaterThanOrEqual(0.97);
    expect({ sentences, tokens: tokens > 300, types: types.map(({ type }) => type) }).toEqual({
      sentences: test.length, tokens: true, types: ['PERSON', 'PLACE'],
    });
    expect(await tagger.tag('dinner with Farah in Kyoto')).toMatchObject([
      { type: 'PERSON', start: 12, end: 17, text: 'Farah' },
      { type: 'PLACE', start: 21, end: 26, text: 'Kyoto' },
    ]);
    tagger.dispose();
  });

  it('learns the same from tokens with tags', async () => {
    const tagger = await Tagger.train(tagged(training), { ...small, engine, tokenizer: { type: 'whitespace' } });
    expect((await tagger.evaluate(tagged(test))).f1).toBeGreaterThanOrEqual(0.97);
    expect((await tagger.evaluate(test)).f1).toBeGreaterThanOrEqual(0.97);
    tagger.dispose();
  });

  it('takes examples that stream in', async () => {
    async function* stream() {
      yield* training;
    }
    const [streamed, given] = [await Tagger.train(stream(), { ...small, engine, epochs: 2 }), await trainSmall(engine, { epochs: 2 })];
    expect(await weightsOf(streamed)).toEqual(await weightsOf(given));
    streamed.dispose();
    given.dispose();
  });

  it('ends with the same bits from the same seed, and with others from another', async () => {
    const weights = await Promise.all([5, 5, 6].map(async (seed) => weightsOf(await trainSmall(engine, { seed, epochs: 3 }))));
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).not.toEqual(weights[0]);
  });

  it('reports what it did and names what it held out', async () => {
    const tagger = await trainSmall(engine, { epochs: 4 });
    const { report } = tagger;
    expect(report).toMatchObject({ sentences: 126, dev: { source: 'held out', sentences: 14 }, stoppedEarly: false });
    expect(report.dev?.heldOut).toHaveLength(14);
    expect(report.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(report.steps).toBe(4 * Math.ceil(126 / 16));
    const scores = report.epochs.map(({ dev }) => dev?.['f1'] ?? 0);
    const best = Math.max(...scores);
    expect(report.bestEpoch).toBe(scores.lastIndexOf(best) + 1);
    expect(report.dev?.scores['f1']).toBe(best);
    // The weights are those of that epoch.
    const held = (report.dev?.heldOut ?? []).map((index) => training[index] as (typeof training)[number]);
    expect((await tagger.evaluate(held)).f1).toBe(best);
    tagger.dispose();
  });

  it('stops when development data says so, and returns to the best epoch', async () => {
    const dev = test.slice(0, 40);
    // Steps far too large, so that scores go up and down; whether they end down depends on rounding, and on the seed.
    let tagger: Tagger;
    let scores: number[];
    let best: number;
    let seed = 0;
    do {
      tagger = await trainSmall(engine, { dev, epochs: 50, patience: 2, learningRate: 0.3, seed: ++seed });
      scores = tagger.report.epochs.map((epoch) => epoch.dev?.['f1'] ?? 0);
      best = Math.max(...scores);
    } while ((scores.at(-1) ?? 0) === best && seed < 10);
    const { report } = tagger;
    expect(report.dev).toMatchObject({ source: 'given', sentences: 40, heldOut: [] });
    expect(scores.at(-1)).toBeLessThan(best);
    expect(report).toMatchObject({ stoppedEarly: true, bestEpoch: scores.lastIndexOf(best) + 1 });
    expect(scores.length - 1 - scores.indexOf(best)).toBe(2);
    expect((await tagger.evaluate(dev)).f1).toBe(best);
    tagger.dispose();
  });

  it('is patient where many epochs go by before anything is found', async () => {
    const { patience: _, ...sizes } = small;
    const tagger = await Tagger.train(training, { ...sizes, engine, learningRate: 0.0015 });
    const scores = tagger.report.epochs.map((epoch) => epoch.dev?.['f1'] ?? 0);
    // Six epochs and none better than the first two.
    expect(Math.max(...scores.slice(2, 8))).toBeLessThan(Math.max(...scores.slice(0, 2)));
    expect(Math.max(...scores)).toBeGreaterThan(0.8);
    tagger.dispose();
  });

  it('does without development data where there is one example', async () => {
    const tagger = await Tagger.train(training.slice(0, 1), { ...small, engine, epochs: 20 });
    expect(tagger.report.dev).toBeNull();
    expect(await tagger.tag(training[0]?.text ?? '')).toMatchObject([{ text: 'Ana' }, { text: 'Oslo' }]);
    tagger.dispose();
  });

  it.each([
    [10, 50],
    [400, 13],
    [2000, 8],
  ])('goes over %d sentences of 200 tokens %d times at most', async (count, expected) => {
    const tokens = Array.from({ length: 200 }, (_, index) => `w${index}`);
    const tags = tokens.map((_, index) => (index === 0 ? 'B-X' : 'O'));
    const controller = new AbortController();
    let epochs = 0;
    const stopped = Tagger.train(Array.from({ length: count }, () => ({ tokens, tags })), {
      ...small,
      engine,
      characters: 'none',
      signal: controller.signal,
      onProgress: (progress) => {
        epochs = progress.epochs;
        controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(epochs).toBe(expected);
  });
});

describe('progress', () => {
  it('is told from the first moment to the end of each epoch', async () => {
    const told: TrainingProgress[] = [];
    const begun = performance.now();
    let first = Infinity;
    const tagger = await trainSmall(engine, {
      epochs: 3,
      onProgress: (progress) => {
        first = Math.min(first, performance.now() - begun);
        told.push(progress);
      },
    });
    expect(first).toBeLessThan(1000);
    expect(told[0]).toEqual({ epoch: 1, epochs: 3, step: 0, steps: 8, loss: null, losses: {}, gradientNorm: null, dev: null, tokensPerSecond: 0, secondsLeft: null });
    const ends = told.filter(({ step, steps }) => step === steps);
    expect(ends.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    for (const { loss, dev, tokensPerSecond, secondsLeft } of ends) {
      expect(loss).toBeGreaterThan(0);
      expect(Object.keys(dev ?? {})).toEqual(['f1', 'precision', 'recall', 'accuracy']);
      expect(tokensPerSecond).toBeGreaterThan(0);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
    }
    expect(ends.at(-1)?.loss).toBeLessThan(ends[0]?.loss ?? 0);
    tagger.dispose();
  });

  it('offers the tagger at every best epoch', async () => {
    const offered: { epoch: number; f1: number; told: number | undefined }[] = [];
    const dev = test.slice(0, 20);
    const tagger = await trainSmall(engine, {
      epochs: 4,
      dev,
      onBest: async (best) => {
        const { f1 } = await best.evaluate(dev);
        // Whatever it is used for in between, training goes on.
        expect(await best.nBest('call Bruno before noon', { n: 2 })).toHaveLength(2);
        offered.push({ epoch: best.report.bestEpoch, f1, told: best.report.dev?.scores['f1'] });
      },
    });
    expect(offered.length).toBeGreaterThan(0);
    for (const { f1, told } of offered) expect(told).toBe(f1);
    expect(offered.at(-1)?.epoch).toBe(tagger.report.bestEpoch);
    tagger.dispose();
  });
});

describe('parts', () => {
  const options: [string, TaggerTrainOptions][] = [
    ['a GRU', { cell: 'gru' }],
    ['a simple recurrent layer', { cell: 'rnn' }],
    ['two layers', { layers: 2 }],
    ['characters by convolution', { characters: 'cnn' }],
    ['no characters', { characters: 'none' }],
    ['no dropout', { dropout: 0, unknownProbability: 0 }],
    ['BIO inside', { scheme: 'BIO' }],
    ['BMES inside', { scheme: 'BMES' }],
    ['batches by tokens', { batchTokens: 64 }],
    ['AdamW, going down along a cosine', { optimizer: 'adamw', schedule: 'cosine', weightDecay: 0.1 }],
    ['RMSprop, one cycle', { optimizer: 'rmsprop', schedule: 'oneCycle', clipNorm: null }],
    ['Adagrad, warming up', { optimizer: 'adagrad', schedule: 'linearWarmup', learningRate: 0.1 }],
    ['SGD, waiting on a plateau', { optimizer: 'sgd', schedule: 'reduceOnPlateau', learningRate: 0.5 }],
    ['an optimiser and a schedule of the caller', {
      optimizer: optimizer.sgd({ learningRate: 0.2, momentum: 0.9 }), schedule: schedule.step({ stepSize: 50, gamma: 0.5 }),
    }],
  ];
  it.each(options)('learn with %s', async (_, option) => {
    const settings: TaggerTrainOptions = { epochs: 25, patience: 25, ...option };
    const { learningRate, ...sizes } = small;
    const own = typeof option.optimizer === 'object' ? {} : { learningRate };
    const tagger = await Tagger.train(training, { ...sizes, ...own, engine, ...settings });
    expect((await tagger.evaluate(test)).f1).toBeGreaterThanOrEqual(0.9);
    tagger.dispose();
  });

  it('come to nothing when two options contradict each other', async () => {
    await expect(trainSmall(engine, { batchSize: 4, batchTokens: 64 })).rejects.toMatchObject({
      code: 'bad_option', message: 'options batchSize and batchTokens: expected one of them, given both',
    });
    await expect(trainSmall(engine, { optimizer: { kind: 'sgd' } })).rejects.toMatchObject({
      code: 'bad_option', message: expect.stringContaining('option learningRate: expected it to stand in the optimizer'),
    });
  });
});
