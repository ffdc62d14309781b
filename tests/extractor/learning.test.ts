import { Extractor, type RequestExample } from 'ostinato';
import { describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { small, test, training } from './sample.js';

const engine = await engineForFile();

/** Every number of an extractor's model, as bits. */
async function weightsOf({ model }: Extractor): Promise<Record<string, number[]>> {
  const all = await Promise.all(model.parameters.map(async ({ name }) => [name, await model.parameter(name)] as const));
  return Object.fromEntries(all.map(([name, values]) => [name, [...new Uint32Array(values.buffer)]]));
}

describe('training', () => {
  it('learns what requests want, and their details', async () => {
    const extractor = await trainSmall(engine, { slots: { DATE: 'one' } });
    const scores = await extractor.evaluate(test);
    expect(scores.intentAccuracy).toBeGreaterThanOrEqual(0.97);
    expect(scores.slotF1).toBeGreaterThanOrEqual(0.95);
    expect(scores.recordAccuracy).toBeGreaterThanOrEqual(0.9);
    expect(scores.slots.types.map(({ type }) => type)).toEqual(['DATE', 'PERSON']);
    expect(scores).toMatchObject({ examples: test.length, slotF1: scores.slots.f1 });

    const text = 'book a table for Hana and Chen Wei Thursday';
    const extraction = await extractor.extract(text);
    expect(extraction).toMatchObject({
      intent: 'create',
      record: { person: ['Hana', 'Chen Wei'], date: 'Thursday' },
      spans: [
        { type: 'PERSON', start: 17, end: 21, text: 'Hana', value: 'Hana' },
        { type: 'PERSON', start: 26, end: 34, text: 'Chen Wei' },
        { type: 'DATE', start: 35, end: 43 },
      ],
    });
    expect(extraction.score).toBe(extraction.intents[0]?.score);
    expect(extraction.intents.map(({ label }) => label).sort()).toEqual(['ask', 'cancel', 'create']);
    expect(extraction.intents.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
    expect(extractor.extractSync(text)).toEqual(extraction);
    expect(await extractor.extract('what is on the list ?')).toMatchObject({ intent: 'ask', record: { person: [], date: null }, spans: [] });
    extractor.dispose();
  });

  it('learns each task from the examples that have its answer', async () => {
    const halves = training.map(({ text, intent, entities }, index): RequestExample => (index % 2 === 0 ? { text, intent } : { text, entities }));
    const extractor = await Extractor.train(halves, { ...small, engine });
    const { intentAccuracy, slotF1 } = await extractor.evaluate(test);
    expect(intentAccuracy).toBeGreaterThanOrEqual(0.9);
    expect(slotF1).toBeGreaterThanOrEqual(0.85);
    // No example has both, so that there is no whole record to go by.
    expect(Object.keys(extractor.report.dev?.scores ?? {})).toEqual(['recordAccuracy', 'intentAccuracy', 'slotF1']);
    expect(extractor.report.dev?.scores['recordAccuracy']).toBe(0);
    const best = Math.max(...extractor.report.epochs.map(({ dev }) => dev?.['slotF1'] ?? 0));
    expect(extractor.report.dev?.scores['slotF1']).toBe(best);
    extractor.dispose();
  });

  it('learns the same from tokens with tags', async () => {
    const tagged = training.map(({ text, intent, entities }): RequestExample => {
      const tokens = text.split(' ');
      const tags = tokens.map(() => 'O');
      for (const { type, text: value } of entities as { type: string; text: string }[]) {
        const words = value.split(' ');
        const start = tokens.findIndex((_, at) => words.every((word, index) => tokens[at + index] === word));
        words.forEach((_, index) => (tags[start + index] = `${index === 0 ? 'B' : 'I'}-${type}`));
      }
      return { tokens, tags, intent };
    });
    const extractor = await Extractor.train(tagged, { ...small, engine, tokenizer: { type: 'whitespace' } });
    expect((await extractor.evaluate(test)).recordAccuracy).toBeGreaterThanOrEqual(0.9);
    expect(extractor.extractSync(['when', 'do', 'I', 'see', 'Chen', 'Wei', '?'])).toMatchObject({
      intent: 'ask', record: { person: ['Chen Wei'] }, spans: [{ start: 4, end: 6 }],
    });
    extractor.dispose();
  });

  it('ends with the same bits from the same seed, and with others from another', async () => {
    const weights = await Promise.all([5, 5, 6].map(async (seed) => weightsOf(await trainSmall(engine, { seed, epochs: 3 }))));
    expect(weights[1]).toEqual(weights[0]);
    expect(weights[2]).not.toEqual(weights[0]);
  });

  it('tells the loss of each task, which the weights weigh', async () => {
    const extractor = await trainSmall(engine, { epochs: 2, intentWeight: 3, slotWeight: 0.5 });
    for (const { loss, losses } of extractor.report.epochs) {
      expect(Object.keys(losses)).toEqual(['intent', 'slots']);
      expect(loss).toBeCloseTo(3 * (losses['intent'] ?? NaN) + 0.5 * (losses['slots'] ?? NaN), 4);
    }
    expect(extractor.settings).toMatchObject({ intentWeight: 3, slotWeight: 0.5, slots: { DATE: 'many', PERSON: 'many' } });
    extractor.dispose();
  });
});

describe('evaluation', () => {
  it('counts a record as right when nothing of it is wrong', async () => {
    const extractor = await trainSmall(engine);
    const text = 'put lunch with Ana on Monday';
    const found = await extractor.extract(text);
    const own = { text, intent: found.intent, entities: found.spans };
    const rate = async (...examples: RequestExample[]) => (await extractor.evaluate(examples)).recordAccuracy;
    expect(found.spans).toHaveLength(2);
    expect(await rate(own)).toBe(1);
    expect(await rate({ ...own, intent: found.intents[1]?.label })).toBe(0);
    expect(await rate({ ...own, entities: found.spans.slice(1) })).toBe(0);
    expect(await rate({ ...own, entities: [...found.spans, { type: 'DATE', text: 'lunch' }] })).toBe(0);
    // What is known in part counts for that part alone.
    const parts = await extractor.evaluate([own, { text, intent: 'nonsense' }, { text, entities: [] }]);
    expect(parts).toMatchObject({ recordAccuracy: 1, intentAccuracy: 0.5, slots: { gold: 2, predicted: 4, correct: 2 } });
    extractor.dispose();
  });

  it('compares the values that normalisers make', async () => {
    const extractor = await trainSmall(engine);
    const text = 'put lunch with Ana on Monday';
    const { intent, spans } = await extractor.extract(text);
    const loaded = await Extractor.load(await extractor.toBytes(), {
      engine,
      normalisers: { PERSON: async (name, { input }) => (input === text ? 'somebody' : name), DATE: (day) => ({ day: day.length }) },
    });
    // Other borders and words, but the same values.
    const moved = spans.map((span) => (span.type === 'PERSON' ? { type: 'PERSON', text: 'lunch' } : span));
    expect(await loaded.evaluate([{ text, intent, entities: moved }])).toMatchObject({ recordAccuracy: 1, slots: { correct: 1 } });
    expect(await extractor.evaluate([{ text, intent, entities: moved }])).toMatchObject({ recordAccuracy: 0 });
    const big = await Extractor.load(await extractor.toBytes(), { engine, normalisers: { DATE: () => 1n } });
    await expect(big.evaluate([{ text, intent, entities: spans }])).rejects.toMatchObject({
      name: 'OstinatoError', code: 'normaliser_failed', message: expect.stringMatching(/^the normaliser of DATE gave what is no JSON for "Monday": /),
    });
    big.dispose();
    extractor.dispose();
    loaded.dispose();
  });
});
