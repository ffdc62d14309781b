import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Extractor, loadModelFile, saveModelFile, type RequestExample } from 'ostinato';
import { afterAll, describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { test, training } from './sample.js';

const engine = await engineForFile();
const extractor = await trainSmall(engine, { epochs: 5, slots: { DATE: 'one' } });
const bytes = await extractor.toBytes();
const folder = await mkdtemp(join(tmpdir(), 'ostinato-extractor-'));
afterAll(() => rm(folder, { recursive: true }));

const texts = test.map(({ text }) => text);
type Metadata = Record<string, unknown>;
type Settings = { slots: Record<string, string>; pooling: string; intentWeight: number };

/** A copy of the file whose metadata has been changed. */
async function altered(change: (metadata: Metadata, settings: Settings) => void): Promise<Uint8Array> {
  const { model, metadata } = await loadModelFile(bytes, { engine });
  const copy = structuredClone(metadata) as Metadata;
  change(copy, copy['settings'] as Settings);
  const saved = await saveModelFile(model, copy as typeof metadata);
  model.dispose();
  return saved;
}

describe('a saved extractor', () => {
  it('is the same from bytes and from a path', async () => {
    const path = join(folder, 'model.safetensors');
    expect(await extractor.save(path)).toEqual(bytes);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    const expected = await extractor.extractBatch(texts);
    for (const source of [bytes, path, new Blob([bytes])]) {
      const loaded = await Extractor.load(source, { engine });
      expect(await loaded.extractBatch(texts)).toEqual(expected);
      expect([loaded.labels, loaded.intents]).toEqual([['DATE', 'PERSON'], ['ask', 'cancel', 'create']]);
      expect([loaded.settings, loaded.report]).toEqual([extractor.settings, extractor.report]);
      expect(await loaded.toBytes()).toEqual(bytes);
      loaded.dispose();
    }
  });

  it('goes on training just as the one that was not saved', async () => {
    const [loaded, kept] = [await Extractor.load(bytes, { engine }), await Extractor.load(await extractor.toBytes(), { engine })];
    const reports = [await loaded.fit(training, { epochs: 2, seed: 9 }), await kept.fit(training, { epochs: 2, seed: 9 })];
    expect(reports[1]?.epochs.map(({ losses }) => losses)).toEqual(reports[0]?.epochs.map(({ losses }) => losses));
    expect(await loaded.extractBatch(texts)).toEqual(await kept.extractBatch(texts));
    loaded.dispose();
    kept.dispose();
  });
});

describe('a file that is no extractor', () => {
  it.each<[string, (metadata: Metadata, settings: Settings) => void, string, RegExp]>([
    ['another kind', (metadata) => (metadata['kind'] = 'tagger'), 'wrong_kind', /^kind: expected an extractor, given "tagger"$/],
    ['another version', (metadata) => (metadata['extractor_version'] = 2), 'wrong_version', /^extractor_version: expected 1, given 2$/],
    ['an intent too many', (metadata) => (metadata['intents'] as string[]).push('x'), 'bad_metadata', /^spec\.inputs\.intent: expected 4 ids, given 3$/],
    ['intents that are no list', (metadata) => (metadata['intents'] = { ask: 1 }), 'bad_metadata', /^intents: /],
    ['a slot too few', (_, { slots }) => delete slots['DATE'], 'bad_metadata', /^settings\.slots: expected the slots DATE, PERSON, given PERSON$/],
    ['a slot of no known arity', (_, { slots }) => (slots['DATE'] = 'two'), 'bad_metadata', /^settings\.slots\.DATE: /],
    ['a pooling that there is not', (_, settings) => (settings.pooling = 'sum'), 'bad_metadata', /^settings\.pooling: /],
    ['a weight that is none', (_, settings) => (settings.intentWeight = 0), 'bad_metadata', /^settings\.intentWeight: /],
  ])('is refused when it has %s', async (_, change, code, message) => {
    const file = await altered(change);
    const before = engine.memory().models;
    await expect(Extractor.load(file, { engine })).rejects.toMatchObject({ name: 'ModelFileError', code, message: expect.stringMatching(message) });
    expect(engine.memory().models).toBe(before);
  });

  it('is told by its name', async () => {
    const path = join(folder, 'other.safetensors');
    await writeFile(path, await altered((metadata) => (metadata['kind'] = 'tagger')));
    await expect(Extractor.load(path, { engine })).rejects.toMatchObject({ message: `${path}: kind: expected an extractor, given "tagger"` });
    await expect(Extractor.load(bytes.subarray(0, 900), { engine })).rejects.toMatchObject({ name: 'ModelFileError' });
  });
});

describe('an extractor that was disposed of', () => {
  it('says so, however it is used, and frees its memory', async () => {
    const before = engine.memory().models;
    const gone = await Extractor.load(bytes, { engine });
    expect(engine.memory().models).toBeGreaterThan(before);
    gone.dispose();
    gone.dispose();
    expect(engine.memory().models).toBe(before);
    const uses = [
      () => gone.extract('a'), () => gone.extractBatch([]), () => gone.evaluate(test), () => gone.fit(training), () => gone.save(),
    ];
    for (const use of uses) await expect(use()).rejects.toMatchObject({ name: 'DisposedError', message: /^this Extractor has been disposed/ });
    expect(() => gone.extractSync('a')).toThrow(/^this Extractor has been disposed/);
  });
});

describe('going on training', () => {
  it('refuses an intent or a slot that is new', async () => {
    const loaded = await Extractor.load(bytes, { engine });
    const examples = (more: RequestExample) => [...training, { ...more, line: 4, source: 'more.jsonl' }];
    await expect(loaded.fit(examples({ text: 'on Monday', intent: 'move', entities: [] }))).rejects.toMatchObject({
      name: 'DataError', code: 'unknown_label',
      message: 'more.jsonl:4: training data, intents: expected the labels that this extractor knows (ask, cancel, create), given "move"',
    });
    const place = { text: 'in Oslo', intent: 'ask', entities: [{ type: 'PLACE', text: 'Oslo' }] };
    await expect(loaded.fit(examples(place))).rejects.toMatchObject({ code: 'unknown_label', message: expect.stringContaining('given "PLACE"') });
    await expect(loaded.fit(training, { dev: [place] })).rejects.toMatchObject({ code: 'unknown_label' });
    await expect(loaded.fit(training, { slots: { DATE: 'many' } } as object)).rejects.toMatchObject({ code: 'bad_option' });
    const first = loaded.fit(training, { epochs: 2 });
    await expect(loaded.fit(training)).rejects.toMatchObject({ code: 'busy' });
    await first;
    loaded.dispose();
  });

  it('ends on the best weights when it is cancelled, which have been offered', async () => {
    const controller = new AbortController();
    const offered: number[] = [];
    const before = engine.memory();
    const cancelled = trainSmall(engine, {
      epochs: 50, patience: 50, signal: controller.signal,
      onBest: ({ report }) => void offered.push(report.bestEpoch),
      onProgress: ({ epoch, step, steps }) => void (epoch === 4 && step === steps && controller.abort('enough')),
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledError', cause: 'enough' });
    expect(offered[0]).toBe(1);
    expect(engine.memory()).toMatchObject({ models: before.models, snapshots: before.snapshots, optimizers: before.optimizers });
  });

  it('names what the data lacks', async () => {
    const lacking = (examples: RequestExample[]) => Extractor.train(examples, { engine });
    await expect(lacking([])).rejects.toMatchObject({ code: 'no_data' });
    await expect(lacking(training.map(({ text, intent }) => ({ text, intent })))).rejects.toMatchObject({ code: 'no_labels' });
    await expect(lacking(training.map(({ text, entities }) => ({ text, entities })))).rejects.toMatchObject({ code: 'no_intents' });
    await expect(trainSmall(engine, { slots: { TIME: 'one' } })).rejects.toMatchObject({ code: 'bad_option', message: expect.stringMatching(/^option slots/) });
    await expect(trainSmall(engine, { slots: { DATE: 'two' as 'one' } })).rejects.toMatchObject({
      message: 'option slots: expected one or many for types of slots, such as { DATE: "one" }, given an object with DATE',
    });
    await expect(trainSmall(engine, { normalisers: { TIME: (text) => text } })).rejects.toMatchObject({ message: expect.stringMatching(/^option normalisers/) });
  });
});
