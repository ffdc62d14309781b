import { Tagger } from 'ostinato';
import { describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { small, test, training } from './sample.js';

const engine = await engineForFile();

describe('fit', () => {
  it('goes on where training stopped, on words it does not know, too', async () => {
    const tagger = await trainSmall(engine, { epochs: 1 });
    const before = await tagger.evaluate(test);
    const report = await tagger.fit(training, { epochs: 12, learningRate: 0.02 });
    const after = await tagger.evaluate(test);
    expect(after.f1).toBeGreaterThan(before.f1);
    expect(after.f1).toBeGreaterThanOrEqual(0.95);
    expect(tagger.report).toBe(report);
    const words = await tagger.fit([{ text: 'ring up Zuzana in Zagreb', entities: [{ type: 'PERSON', text: 'Zuzana' }] }], { epochs: 2 });
    expect(words.sentences).toBe(1);
    tagger.dispose();
  });

  it('refuses a label that is new, naming it and its place', async () => {
    const tagger = await trainSmall(engine, { epochs: 1 });
    const examples = [...training, { text: 'on Monday', entities: [{ type: 'DATE', text: 'Monday' }], line: 4, source: 'more.jsonl' }];
    await expect(tagger.fit(examples)).rejects.toMatchObject({
      name: 'DataError', code: 'unknown_label',
      message: 'more.jsonl:4: training data: expected the labels that this tagger knows (PERSON, PLACE), given "DATE"',
    });
    tagger.dispose();
  });

  it('takes one training at a time', async () => {
    const tagger = await trainSmall(engine, { epochs: 1 });
    const first = tagger.fit(training, { epochs: 3 });
    await expect(tagger.fit(training)).rejects.toMatchObject({ name: 'UsageError', code: 'busy' });
    await first;
    await tagger.fit(training, { epochs: 1 });
    tagger.dispose();
  });

  it('refuses options that make a model', async () => {
    const tagger = await trainSmall(engine, { epochs: 1 });
    await expect(tagger.fit(training, { hiddenSize: 3 } as object)).rejects.toMatchObject({
      code: 'bad_option', message: expect.stringMatching(/^option hiddenSize: there is no such option; there are batchSize/),
    });
    tagger.dispose();
  });
});

describe('cancelling', () => {
  it('rejects, after the best tagger so far has been offered', async () => {
    const controller = new AbortController();
    let saved: Uint8Array<ArrayBuffer> | undefined;
    const before = engine.memory();
    const training = trainSmall(engine, {
      epochs: 50,
      patience: 50,
      signal: controller.signal,
      onBest: async (tagger) => void (saved = await tagger.toBytes()),
      onProgress: ({ epoch, step, steps }) => {
        if (epoch === 4 && step === steps) controller.abort('enough');
      },
    });
    await expect(training).rejects.toMatchObject({ name: 'CancelledError', code: 'cancelled', cause: 'enough' });
    // Nothing is left behind by the tagger that nobody has.
    expect(engine.memory().models).toBe(before.models);
    expect(engine.memory().snapshots).toBe(before.snapshots);
    expect(engine.memory().optimizers).toBe(before.optimizers);
    const best = await Tagger.load(saved as Uint8Array, { engine });
    expect(best.report.epochs.length).toBeLessThanOrEqual(4);
    expect((await best.evaluate(test)).f1).toBeGreaterThan(0.3);
    best.dispose();
  });

  it('leaves a tagger that goes on training with the best weights so far', async () => {
    const tagger = await trainSmall(engine, { epochs: 1 });
    const dev = test.slice(0, 30);
    const controller = new AbortController();
    let best = 0;
    let last = 0;
    // Steps far too large, so that scores go up and down.
    const going = tagger.fit(training, {
      epochs: 50,
      patience: 50,
      learningRate: 0.3,
      dev,
      signal: controller.signal,
      onBest: ({ report }) => void (best = report.dev?.scores['f1'] ?? 0),
      onProgress: ({ step, steps, dev: scores }) => {
        last = scores?.['f1'] ?? 0;
        if (step === steps && last < best) controller.abort();
      },
    });
    await expect(going).rejects.toMatchObject({ code: 'cancelled' });
    expect(best).toBeGreaterThan(last);
    expect((await tagger.evaluate(dev)).f1).toBe(best);
    tagger.dispose();
  });

  it('does nothing when the signal is aborted from the start', async () => {
    const signal = AbortSignal.abort();
    await expect(Tagger.train(training, { ...small, engine, signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('wrong data', () => {
  const person = { text: 'with Ana', entities: [{ type: 'PERSON', text: 'Ana' }] };
  it.each<[string, unknown, object, string, RegExp]>([
    ['no examples', [], {}, 'no_data', /^training data: expected at least one example, given none$/],
    ['no labels at all', [{ tokens: ['a'], tags: ['O'] }], {}, 'no_labels', /^training data: expected at least one entity, given 1 examples without any$/],
    ['an unknown tag scheme', [{ tokens: ['a'], tags: ['X'] }], {}, 'unknown_scheme', /unknown tag scheme/],
    ['a label only in dev', [person], { dev: [{ text: 'in Oslo', entities: [{ type: 'PLACE', text: 'Oslo' }] }] }, 'unknown_label', /^development data: expected the labels of the training data \(PERSON\), given "PLACE"$/],
    ['an empty sentence', [person, { tokens: [], tags: [] }], {}, 'empty_sentence', /^training data, example 2: an empty sentence/],
    ['an empty dev set', [person], { dev: [] }, 'no_data', /^development data: expected at least one example/],
    ['a span that cuts a token', [{ text: 'Anastasia', entities: [{ type: 'PERSON', start: 0, end: 3 }] }], {}, 'cut_span', /the nearest that does not is 0–9 "Anastasia"/],
    ['a text that is no list', 'with Ana', {}, 'bad_input', /^training data: expected an array or an async iterable of examples, given "with Ana"$/],
  ])('%s', async (_, examples, options, code, message) => {
    await expect(Tagger.train(examples as typeof training, { engine, ...options })).rejects.toMatchObject({
      code, message: expect.stringMatching(message),
    });
  });

  it('leaves nothing in the engine', async () => {
    const before = engine.memory();
    await expect(Tagger.train([person], { engine, dev: [] })).rejects.toThrow();
    expect(engine.memory().models).toBe(before.models);
  });

  it('lists every span that cuts a token, with its line', async () => {
    const cut = (line: number) => ({ text: 'Anastasia sings', entities: [{ type: 'PERSON', start: 0, end: 3 }], line, source: 'a.jsonl' });
    await expect(Tagger.train([cut(3), cut(9)], { engine })).rejects.toMatchObject({
      code: 'cut_span',
      problems: [expect.stringMatching(/^line 3: PERSON at 0–3/), expect.stringMatching(/^line 9: PERSON at 0–3/)],
    });
  });
});

describe('evaluate', () => {
  it('repairs malformed tags or, when it is strict, leaves them out', async () => {
    const tagger = await trainSmall(engine, { seed: 3 });
    const good = { tokens: ['call', 'Bruno', 'before', 'the', 'flight', 'to', 'Lima'], tags: ['O', 'B-PERSON', 'O', 'O', 'O', 'O', 'B-PLACE'] };
    const malformed = { ...good, tags: ['O', 'B-PERSON', 'O', 'O', 'O', 'O', 'I-PLACE'] };
    expect(await tagger.evaluate([good, malformed])).toMatchObject({ gold: 4, predicted: 4, correct: 4, f1: 1, accuracy: 1, sentences: 2, tokens: 14 });
    expect(await tagger.evaluate([good, malformed], { mode: 'strict' })).toMatchObject({ gold: 3, predicted: 4, correct: 3, precision: 0.75, recall: 1 });
    tagger.dispose();
  });

  it('counts a label that the tagger does not know as missed', async () => {
    const tagger = await trainSmall(engine, { seed: 3 });
    const { gold, correct, recall, types, tokensPerSecond, seconds } = await tagger.evaluate([
      { text: 'call Bruno on Monday', entities: [{ type: 'PERSON', text: 'Bruno' }, { type: 'DATE', text: 'Monday' }] },
    ]);
    expect({ gold, correct, recall }).toEqual({ gold: 2, correct: 1, recall: 0.5 });
    expect(types.map(({ type, gold: of }) => [type, of])).toContainEqual(['DATE', 1]);
    expect(tokensPerSecond).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThan(0);
    tagger.dispose();
  });

  it('scores whole documents, not their sentences', async () => {
    const tagger = await trainSmall(engine, { seed: 3 });
    const text = 'Call Bruno before the flight to Lima. Hana comes from Oslo today.';
    const entities = (await tagger.tag(text)).map(({ type, start, end }) => ({ type, start, end }));
    const { sentences, f1, gold } = await tagger.evaluate([{ text, entities }]);
    expect({ sentences, f1, gold }).toEqual({ sentences: 1, f1: 1, gold: entities.length });
    tagger.dispose();
  });

  it('refuses a mode that there is not', async () => {
    const tagger = await trainSmall(engine, { epochs: 1 });
    await expect(tagger.evaluate(test, { mode: 'loose' as 'strict' })).rejects.toMatchObject({
      message: 'option mode: expected conlleval or strict, given "loose"',
    });
    tagger.dispose();
  });
});
