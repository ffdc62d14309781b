import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModelFile, Model, saveModelFile, Tagger, type Spec } from 'ostinato';
import { afterAll, describe, expect, it } from 'vitest';
import { engineForFile, trainSmall } from './engine.js';
import { test, training } from './sample.js';

const engine = await engineForFile();
const tagger = await trainSmall(engine, { epochs: 6 });
const bytes = await tagger.toBytes();
const folder = await mkdtemp(join(tmpdir(), 'ostinato-tagger-'));
afterAll(() => rm(folder, { recursive: true }));

const texts = test.map(({ text }) => text);
/** Copies of the file whose metadata has been changed. */
async function altered(change: (metadata: Record<string, unknown>, spec: Spec) => void): Promise<Uint8Array> {
  const { model, metadata } = await loadModelFile(bytes, { engine });
  const copy = structuredClone(metadata) as Record<string, unknown>;
  change(copy, model.spec);
  const saved = await saveModelFile(model, copy as typeof metadata);
  model.dispose();
  return saved;
}

describe('a saved tagger', () => {
  it('is the same from bytes, a path, a URL and a Blob', async () => {
    const path = join(folder, 'model.safetensors');
    expect(await tagger.save(path)).toEqual(bytes);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    const sources = [bytes, bytes.buffer, path, new URL(`file://${path}`), new Blob([bytes]), new Response(bytes)];
    const expected = await tagger.tagBatch(texts);
    for (const source of sources) {
      const loaded = await Tagger.load(source, { engine });
      expect(await loaded.tagBatch(texts)).toEqual(expected);
      expect(loaded.labels).toEqual(tagger.labels);
      expect(loaded.settings).toEqual(tagger.settings);
      expect(loaded.report).toEqual(tagger.report);
      expect(await loaded.toBytes()).toEqual(bytes);
      loaded.dispose();
    }
  });

  it('knows its n best, and is the same when it is saved after that', async () => {
    const loaded = await Tagger.load(bytes, { engine });
    const text = texts[0] ?? '';
    expect(await loaded.nBest(text, { n: 4 })).toEqual(await tagger.nBest(text, { n: 4 }));
    expect(await loaded.nBest(text, { n: 2 })).toEqual((await tagger.nBest(text, { n: 4 })).slice(0, 2));
    const again = await Tagger.load(await loaded.toBytes(), { engine });
    expect(await again.tagBatch(texts)).toEqual(await tagger.tagBatch(texts));
    expect(await again.nBest(text, { n: 3 })).toHaveLength(3);
    loaded.dispose();
    again.dispose();
  });

  it('goes on training just as the one that was not saved', async () => {
    const loaded = await Tagger.load(bytes, { engine });
    const kept = await Tagger.load(await tagger.toBytes(), { engine });
    const reports = [await loaded.fit(training, { epochs: 2, seed: 9 }), await kept.fit(training, { epochs: 2, seed: 9 })];
    expect(reports[1]?.epochs.map(({ loss }) => loss)).toEqual(reports[0]?.epochs.map(({ loss }) => loss));
    expect(await loaded.tagBatch(texts)).toEqual(await kept.tagBatch(texts));
    loaded.dispose();
    kept.dispose();
  });

  it('can be read by any safetensors library', () => {
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, { shape: number[]; dtype: string }>;
    expect(header['lstm.weight_ih_l0_reverse']).toMatchObject({ dtype: 'F32', shape: [64, 32] });
    expect(header['crf.transitions']).toMatchObject({ shape: [9, 9] });
    expect(header['__metadata__']).toMatchObject({ format: 'ostinato', format_version: '1', kind: '"tagger"', labels: '["PERSON","PLACE"]' });
  });
});

describe('a file that is no tagger', () => {
  it('is refused when it holds another kind of model', async () => {
    const spec: Spec = {
      version: 1, axes: {}, inputs: { x: { type: 'matrix', width: 1 } }, parameters: {},
      entries: { predict: { nodes: [{ name: 'linear', type: 'linear', inputs: ['x'], config: { output_size: 1 } }], outputs: { y: 'linear' } } },
    };
    const model = new Model(engine, spec);
    const file = await saveModelFile(model);
    await expect(Tagger.load(file, { engine })).rejects.toMatchObject({
      name: 'ModelFileError', code: 'wrong_kind', message: 'kind: expected a tagger, given a model that does not say',
    });
    const other = await saveModelFile(model, { kind: 'classifier' });
    await expect(Tagger.load(other, { engine })).rejects.toMatchObject({ code: 'wrong_kind', message: 'kind: expected a tagger, given "classifier"' });
    model.dispose();
  });

  it.each<[string, (metadata: Record<string, unknown>, spec: Spec) => void, string, RegExp]>([
    ['another version', (metadata) => (metadata['tagger_version'] = 2), 'wrong_version', /^tagger_version: expected 1, given 2$/],
    ['no settings', (metadata) => delete metadata['settings'], 'bad_metadata', /^settings: /],
    ['a setting out of range', (metadata) => ((metadata['settings'] as { hiddenSize: number }).hiddenSize = -1), 'bad_metadata', /^settings\.hiddenSize: /],
    ['a setting that is unknown', (metadata) => ((metadata['settings'] as { size: number }).size = 1), 'bad_metadata', /^settings/],
    ['labels that are no list', (metadata) => (metadata['labels'] = 'PERSON'), 'bad_metadata', /^labels: /],
    ['a label too many', (metadata) => (metadata['labels'] as string[]).push('X'), 'bad_metadata', /^spec\.inputs\.tags: expected 13 ids, given 9$/],
    ['a word too few', (metadata) => (metadata['words'] as { tokens: string[] }).tokens.shift(), 'bad_metadata', /^(spec\.inputs\.words|words): /],
    ['no vocabulary of characters', (metadata) => delete metadata['characters'], 'bad_metadata', /^characters: vocabulary\.tokens/],
    ['no report', (metadata) => delete metadata['report'], 'bad_metadata', /^report/],
    ['a tokenizer that there is not', (metadata) => ((metadata['settings'] as { tokenizer: object }).tokenizer = { type: 'magic' }), 'bad_option', /tokenizer\.type/],
  ])('is refused when it has %s', async (_, change, code, message) => {
    const file = await altered(change);
    const before = engine.memory().models;
    await expect(Tagger.load(file, { engine })).rejects.toMatchObject({ name: 'ModelFileError', code, message: expect.stringMatching(message) });
    expect(engine.memory().models).toBe(before);
  });

  it('is told by its name', async () => {
    const path = join(folder, 'other.safetensors');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, await altered((metadata) => (metadata['kind'] = 'reader')));
    await expect(Tagger.load(path, { engine })).rejects.toMatchObject({ message: `${path}: kind: expected a tagger, given "reader"`, source: path });
    await expect(Tagger.load(bytes.subarray(0, 1000), { engine })).rejects.toMatchObject({ name: 'ModelFileError' });
    await expect(Tagger.load(join(folder, 'none'), { engine })).rejects.toMatchObject({ name: 'ModelFileError', code: 'unreadable' });
  });
});

describe('a tagger that was disposed of', () => {
  it('says so, however it is used, and frees its memory', async () => {
    const before = engine.memory().models;
    const gone = await Tagger.load(bytes, { engine });
    expect(engine.memory().models).toBeGreaterThan(before);
    gone.dispose();
    gone.dispose();
    expect(gone.disposed).toBe(true);
    expect(engine.memory().models).toBe(before);
    const uses = [
      () => gone.tag('a'), () => gone.tagBatch([]), () => gone.marginals('a'), () => gone.nBest('a'), () => gone.evaluate(test),
      () => gone.fit(training), () => gone.save(), () => gone.toBytes(),
    ];
    for (const use of uses) await expect(use()).rejects.toMatchObject({ name: 'DisposedError', message: /^this Tagger has been disposed/ });
    expect(() => gone.tagSync('a')).toThrow(/^this Tagger has been disposed/);
  });
});
