import { Extractor } from 'ostinato';
import { describe, expect, it, vi } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { test } from './sample.js';

const engine = await engineForFile();
const bytes = await (await trainSmall(engine)).toBytes();
const extractor = await Extractor.load(bytes, { engine });
const texts = test.map(({ text }) => text);

describe('extracting', () => {
  it('gives the same one by one, all at once, and at once or waiting', async () => {
    const all = await extractor.extractBatch(texts);
    expect(extractor.extractBatchSync(texts)).toEqual(all);
    for (const [index, extraction] of (await Promise.all(texts.slice(0, 9).map((text) => extractor.extract(text)))).entries()) {
      const { intents, spans, ...rest } = all[index] as typeof extraction;
      expect(extraction).toMatchObject({ intent: rest.intent, record: rest.record });
      extraction.intents.forEach(({ label, score }, place) => {
        expect(label).toBe(intents[place]?.label);
        expect(score).toBeCloseTo(intents[place]?.score ?? NaN, 5);
      });
      expect(extraction.spans.map(({ start, end }) => [start, end])).toEqual(spans.map(({ start, end }) => [start, end]));
    }
    expect(await extractor.extractBatch([])).toEqual([]);
  });

  it('has an intent for a text that says nothing', async () => {
    for (const empty of ['', ' \n', []]) {
      const { intent, score, intents, record, spans } = await extractor.extract(empty);
      expect(extractor.intents).toContain(intent);
      expect(score).toBeGreaterThan(0.3);
      expect(intents.reduce((sum, each) => sum + each.score, 0)).toBeCloseTo(1, 6);
      expect({ record, spans }).toEqual({ record: { date: [], person: [] }, spans: [] });
    }
  });

  it('reads several sentences as one request, and one that is very long in parts', async () => {
    const [asks, puts] = ['when do I see Ana ?', 'put lunch with Ana on Monday'];
    const two = await extractor.extract(`${asks} ${puts}`);
    expect(two.spans.map(({ text }) => text)).toEqual(expect.arrayContaining(['Monday']));

    const many = 'book a table for Ana and Bruno and Hana and Emre and Ivo and Jun and Goran tomorrow';
    const long = `${`${asks}\n`.repeat(60)}${many}`;
    const { intent, intents, spans } = await extractor.extract(long);
    expect(intent).toBe('ask');
    // The mean over the tokens of all parts.
    const [ask, put] = extractor.extractBatchSync([asks, many]).map((each) => each.intents.find(({ label }) => label === 'create')?.score ?? NaN);
    const expected = (60 * 6 * (ask ?? NaN) + 18 * (put ?? NaN)) / (60 * 6 + 18);
    expect(intents.find(({ label }) => label === 'create')?.score).toBeCloseTo(expected, 5);
    expect(spans.length).toBeGreaterThanOrEqual(61);
    for (const { start, end, text } of spans) expect(long.slice(start, end)).toBe(text);
  });

  it('refuses what is no text', async () => {
    await expect(extractor.extract(5 as never)).rejects.toMatchObject({ code: 'bad_input' });
    await expect(extractor.extract(['a', ''])).rejects.toMatchObject({ code: 'bad_input' });
    await expect(extractor.extractBatch('a text' as never)).rejects.toMatchObject({ code: 'bad_option' });
    expect(() => extractor.extractSync(null as never)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  });

  it('stops when it is asked to', async () => {
    const controller = new AbortController();
    controller.abort('enough');
    await expect(extractor.extractBatch(texts, { signal: controller.signal })).rejects.toMatchObject({ name: 'CancelledError' });
    await expect(extractor.evaluate(test, { signal: controller.signal })).rejects.toMatchObject({ name: 'CancelledError' });
  });
});

describe('normalisers', () => {
  const text = 'put lunch with Ana on Monday';
  const withNormalisers = (normalisers: NonNullable<Parameters<typeof Extractor.load>[1]>['normalisers']) =>
    Extractor.load(bytes, { engine, ...(normalisers && { normalisers }) });

  it('make the values of records and spans, and are told what there is', async () => {
    const DATE = vi.fn((day: string) => day.toUpperCase());
    const loaded = await withNormalisers({ DATE, PERSON: async (name) => ({ name }) });
    const { record, spans, intent } = await loaded.extract(text);
    expect(record).toEqual({ date: ['MONDAY'], person: [{ name: 'Ana' }] });
    expect(spans.map(({ text: covered, value }) => [covered, value])).toEqual([['Ana', { name: 'Ana' }], ['Monday', 'MONDAY']]);
    const plain = await extractor.extract(text);
    const entities = plain.spans.map(({ value: _, ...entity }) => entity);
    expect(DATE).toHaveBeenCalledExactlyOnceWith('Monday', { input: text, intent, span: entities[1], spans: entities });
    loaded.dispose();
  });

  it('are named when they fail', async () => {
    const broken = new RangeError('no such day');
    const normalisers = [
      () => { throw broken; },
      () => Promise.reject(broken),
    ];
    for (const DATE of normalisers) {
      const loaded = await withNormalisers({ DATE });
      await expect(loaded.extract(text)).rejects.toMatchObject({
        name: 'OstinatoError', code: 'normaliser_failed', message: 'the normaliser of DATE failed on "Monday": no such day', cause: broken,
      });
      loaded.dispose();
    }
    const loaded = await withNormalisers({ DATE: normalisers[0] as () => never });
    expect(() => loaded.extractSync(text)).toThrow(expect.objectContaining({ code: 'normaliser_failed', cause: broken }));
    loaded.dispose();
  });

  it('may not keep a call waiting that does not wait', async () => {
    const loaded = await withNormalisers({ DATE: () => Promise.reject(new Error('nobody hears this')) });
    expect(() => loaded.extractSync(text)).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'async_normaliser', message: expect.stringMatching(/^the normaliser of DATE answers with a promise/) }),
    );
    loaded.dispose();
  });

  it('are of slots that there are', async () => {
    const before = engine.memory().models;
    await expect(withNormalisers({ TIME: (time) => time })).rejects.toMatchObject({
      code: 'bad_option', message: 'option normalisers: expected types of slots, which are DATE, PERSON, given "TIME"',
    });
    await expect(withNormalisers({ DATE: 'date' as never })).rejects.toMatchObject({
      code: 'bad_option', message: 'option normalisers.DATE: expected a function, given "date"',
    });
    expect(engine.memory().models).toBe(before);
  });
});
