import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../ts/src/engine.js';
import { ModelFileError } from '../../ts/src/errors.js';
import { loadModelFile, readModelFileInfo, saveModelFile, type ModelSource } from '../../ts/src/io/modelFile.js';
import { MarkovModel } from '../../ts/src/models/markovModel.js';
import type { Json } from '../../ts/src/spec/spec.js';
import { Model } from '../../ts/src/training/model.js';
import { Draw, labelBatch, labelSpec, rejected, testEngine, testTrainer } from './graph.js';

const metadata = { task: 'labels', labels: ['O', 'B-人', 'I-人'], report: { f1: 0.5, epochs: [1, 2] } };

let engine: Engine;
let model: Model;
let bytes: Uint8Array<ArrayBuffer>;
let folder: string;

beforeAll(async () => {
  engine = await testEngine();
  model = new Model(engine, labelSpec());
  testTrainer(model).stepSync(labelBatch([3, 2]));
  bytes = await saveModelFile(model, metadata);
  folder = await mkdtemp(join(tmpdir(), 'model-file-'));
});

afterAll(() => rm(folder, { recursive: true }));

interface Header {
  [name: string]: { dtype?: Json; shape?: Json; data_offsets?: Json } & { [text: string]: Json };
}

const headerLength = (): number => Number(new DataView(bytes.buffer).getBigUint64(0, true));
const headerOf = (): Header => JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength()))) as Header;

/** A file of a header and the model's data, or other data. */
function fileOf(header: unknown, data: Uint8Array = bytes.subarray(8 + headerLength())): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

/** The model's file with one thing in its header changed. */
function withHeader(change: (header: Header) => void): Uint8Array {
  const header = headerOf();
  change(header);
  return fileOf(header);
}

const tensor = (header: Header, name: string): { [field: string]: Json } => header[name] as { [field: string]: Json };
const texts = (header: Header): { [name: string]: Json } => header['__metadata__'] as { [name: string]: Json };

/** The model must be refused, and the engine be as good as before. */
async function refused(source: ModelSource): Promise<unknown> {
  const error = await rejected(loadModelFile(source, { engine }));
  expect(error).toBeInstanceOf(ModelFileError);
  expect(engine.memory().files).toBe(0);
  return error;
}

describe('a model file', () => {
  it('holds everything, and comes back from every kind of source', async () => {
    const path = join(folder, 'model.safetensors');
    expect(await saveModelFile(model, metadata, path)).toEqual(bytes);
    const { buffer } = bytes;
    const url = URL.createObjectURL(new Blob([bytes]));
    const sources = [path, new URL(`file://${path}`), bytes, buffer, new Blob([bytes]), new Response(bytes), url];
    for (const source of sources) {
      const loaded = await loadModelFile(source, { engine });
      expect(loaded.metadata).toEqual(metadata);
      expect(loaded.model.spec).toEqual(model.spec);
      for (const { name } of model.parameters) {
        expect(loaded.model.parameterSync(name)).toEqual(model.parameterSync(name));
      }
      const batch = labelBatch([4, 1]);
      expect(loaded.model.predictSync('predict', batch)).toEqual(model.predictSync('predict', batch));
      expect(testTrainer(loaded.model).stepSync(batch).step).toBe(1);
      loaded.model.dispose();
    }
    URL.revokeObjectURL(url);
    expect(engine.memory().files).toBe(0);
  });

  it('is one that any safetensors library reads', () => {
    const { __metadata__: own, ...tensors } = headerOf();
    expect(Object.keys(own ?? {})).toEqual(['format', 'format_version', 'spec', 'task', 'labels', 'report']);
    expect(JSON.parse(String(own?.['labels']))).toEqual(metadata.labels);
    expect(Object.keys(tensors).sort()).toEqual(model.parameters.map(({ name }) => name).sort());
    const weight = tensor(headerOf(), 'lstm.weight_ih_l0_reverse');
    expect(weight).toMatchObject({ dtype: 'F32', shape: [24, 8] });
    const [begin] = weight['data_offsets'] as [number, number];
    const data = new Float32Array(bytes.slice(8 + headerLength() + begin).buffer, 0, 24 * 8);
    expect(data).toEqual(model.parameterSync('lstm.weight_ih_l0_reverse'));
  });

  it('tells what it holds without a model being made', async () => {
    const before = engine.memory().models;
    const info = await readModelFileInfo(bytes, { engine });
    expect(info).toMatchObject({ formatVersion: 1, metadata, spec: model.spec, bytes: bytes.length });
    expect(info.tensors.find(({ name }) => name === 'linear.weight')).toEqual({
      name: 'linear.weight',
      dtype: 'F32',
      shape: [4, 12],
    });
    expect(engine.memory().models).toBe(before);
  });

  it('may hold numbers of other precisions', async () => {
    const halves = withHeader((header) => {
      tensor(header, 'linear.bias')['dtype'] = 'F64';
      tensor(header, 'linear.bias')['shape'] = [2];
    });
    // Two F64 take the bytes of four F32, but are two numbers.
    expect(await refused(halves)).toMatchObject({ code: 'wrong_tensor', message: 'linear.bias: shape [2], expected [4]' });
  });

  it('uses names of its own that metadata cannot take', async () => {
    for (const name of ['format', 'format_version', 'spec']) {
      expect(await rejected(saveModelFile(model, { [name]: 1 }))).toMatchObject({ code: 'bad_option' });
    }
  });

  it('of counts is read as such, and makes no network', async () => {
    const counts = await (await MarkovModel.train('abab', { order: 2 })).save();
    const { spec, metadata: texts, tensors } = await readModelFileInfo(counts, { engine });
    expect([spec, texts['kind'], texts['documents']]).toEqual([null, 'markov', false]);
    expect(tensors).toEqual(['parents', 'symbols', 'counts'].map((name) => ({ name, dtype: 'I32', shape: [4] })));
    expect(await refused(counts)).toMatchObject({ code: 'wrong_kind', message: 'kind: expected a network, given "markov"' });
  });
});

describe('a malformed model file', () => {
  it('that ends early is refused, wherever it ends', async () => {
    const places = [0, 1, 7, 8, 9, 100, headerLength() + 7, headerLength() + 8, headerLength() + 9, bytes.length - 1];
    for (let length = 50; length < bytes.length; length += 211) places.push(length);
    for (const length of places) {
      expect(await refused(bytes.subarray(0, length)), `${length} bytes`).toMatchObject({ code: 'file_truncated' });
    }
  });

  it('that goes on after its end is refused', async () => {
    const longer = new Uint8Array(bytes.length + 3);
    longer.set(bytes);
    expect(await refused(longer)).toMatchObject({ code: 'invalid_offsets' });
  });

  it('with a wrong header length is refused', async () => {
    const length = BigInt(headerLength());
    const lengths = [0n, 1n, length - 1n, length + 1n, BigInt(bytes.length), 2n ** 31n, 2n ** 32n + length, 2n ** 63n, 2n ** 64n - 1n];
    for (const wrong of lengths) {
      const file = bytes.slice();
      new DataView(file.buffer).setBigUint64(0, wrong, true);
      expect(await refused(file), String(wrong)).toMatchObject({
        code: expect.stringMatching(/^(file_truncated|invalid_header|invalid_offsets|header_too_large)$/),
      });
    }
  });

  it.each<[string, (header: Header) => void, string]>([
    ['overlapping tensors', (h) => (tensor(h, 'linear.bias')['data_offsets'] = tensor(h, 'lstm.bias_ih_l0')['data_offsets'] ?? 0), 'invalid_shape'],
    ['offsets shifted by one', (h) => (tensor(h, 'embedding.weight')['data_offsets'] = [1, 1001]), 'invalid_offsets'],
    ['offsets the wrong way round', (h) => (tensor(h, 'linear.bias')['data_offsets'] as Json[]).reverse(), 'invalid_shape'],
    ['offsets beyond the file', (h) => (tensor(h, 'linear.bias')['data_offsets'] = [2 ** 40, 2 ** 40 + 16]), 'invalid_'],
    ['offsets that are NaN', (h) => (tensor(h, 'linear.bias')['data_offsets'] = [null, null]), 'invalid_shape'],
    ['one offset', (h) => (tensor(h, 'linear.bias')['data_offsets'] = [0]), 'invalid_header'],
    ['sizes that are NaN', (h) => (tensor(h, 'linear.bias')['shape'] = [null]), 'invalid_shape'],
    ['sizes below zero', (h) => (tensor(h, 'linear.bias')['shape'] = [-4]), 'invalid_shape'],
    ['sizes that are fractions', (h) => (tensor(h, 'linear.bias')['shape'] = [4.5]), 'invalid_shape'],
    ['sizes that wrap around', (h) => (tensor(h, 'linear.bias')['shape'] = [2 ** 31, 2 ** 31, 4]), 'invalid_shape'],
    ['sizes beyond all whole numbers', (h) => (tensor(h, 'linear.bias')['shape'] = [1e300]), 'invalid_shape'],
    ['an unknown element type', (h) => (tensor(h, 'linear.bias')['dtype'] = 'F33'), 'unknown_dtype'],
    ['whole numbers for a weight', (h) => (tensor(h, 'linear.bias')['dtype'] = 'I32'), 'wrong_tensor'],
    ['another shape for a weight', (h) => (tensor(h, 'linear.weight')['shape'] = [12, 4]), 'wrong_tensor'],
    ['a tensor under another name', (h) => Object.assign(h, { other: h['linear.bias'] }) && delete h['linear.bias'], 'missing_tensor'],
    ['an entry that is no object', (h) => (h['linear.bias'] = 7 as never), 'invalid_header'],
    ['a tensor too many', (h) => (h['extra'] = { dtype: 'F32', shape: [0], data_offsets: [0, 0] }), 'wrong_tensor'],
    ['no metadata', (h) => delete h['__metadata__'], 'not_a_model'],
    ['metadata that is no text', (h) => (texts(h)['spec'] = {}), 'invalid_header'],
    ['another format', (h) => (texts(h)['format'] = 'pt'), 'not_a_model'],
    ['no version', (h) => delete texts(h)['format_version'], 'wrong_version'],
    ['a later version', (h) => (texts(h)['format_version'] = '2'), 'wrong_version'],
    ['no spec', (h) => delete texts(h)['spec'], 'bad_metadata'],
    ['a spec that is no JSON', (h) => (texts(h)['spec'] = '{'), 'bad_metadata'],
    ['metadata that is no JSON', (h) => (texts(h)['labels'] = '[1,'), 'bad_metadata'],
    ['a spec that is none', (h) => (texts(h)['spec'] = '[]'), 'invalid_spec'],
    ['a spec of a larger model', (h) => (texts(h)['spec'] = JSON.stringify(labelSpec({ hiddenSize: 7 }))), 'wrong_tensor'],
    ['a spec beyond all memory', (h) => (texts(h)['spec'] = JSON.stringify(labelSpec({ hiddenSize: 5000 }))), 'wrong_tensor'],
  ])('with %s is refused', async (_, change, code) => {
    const before = engine.memory().total;
    expect(await refused(withHeader(change))).toMatchObject({ code: expect.stringContaining(code) });
    // Nothing that the file claims is allocated before it has been found true.
    expect(engine.memory().total - before).toBeLessThan(2 ** 21);
  });

  it('whose header is no header is refused', async () => {
    const twice = `{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`;
    for (const [header, code] of [
      ['', 'invalid_header'],
      ['[]', 'invalid_header'],
      ['null', 'invalid_header'],
      ['{"a":1', 'invalid_header'],
      ['{"a":1e999}', 'invalid_header'],
      [twice, 'duplicate_name'],
      [`${'['.repeat(50_000)}`, 'header_too_large'],
      [`{"a":[${'0,'.repeat(2 ** 20 + 1)}0]}`, 'header_too_large'],
    ] as const) {
      expect(await refused(fileOf(header, new Uint8Array())), header.slice(0, 20)).toMatchObject({ code });
    }
    const invalid = fileOf('{"a":"xx"}', new Uint8Array());
    invalid.set([0xff, 0xfe], 14);
    expect(await refused(invalid)).toMatchObject({ code: 'invalid_header' });
  });

  it('that is something else says so', async () => {
    const html = '<!DOCTYPE html>\n<html><body>404</body></html>';
    const page = join(folder, 'page.safetensors');
    await writeFile(page, html);
    expect(await refused(page)).toMatchObject({ code: 'file_is_html', source: page, message: expect.stringContaining('HTML') });
    expect(await refused(new Response(html))).toMatchObject({ code: 'file_is_html' });
    expect(await refused(`data:text/html,${encodeURIComponent(html)}`)).toMatchObject({
      message: expect.stringContaining('HTML'),
    });
    expect(await refused(new Response('gone', { status: 404 }))).toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('404'),
    });
    expect(await refused(join(folder, 'nowhere'))).toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('there is no such file'),
    });
    expect(await refused(folder)).toMatchObject({ message: expect.stringContaining('folder') });
    expect(await refused(new TextEncoder().encode('a,b\n1,2\n'.repeat(50)))).toMatchObject({ code: 'header_too_large' });
    expect(await rejected(loadModelFile(7 as unknown as string, { engine }))).toMatchObject({ code: 'bad_option' });
  });

  it('of 100 random mutations never traps', async () => {
    const draw = new Draw(42);
    const outcomes = { refused: 0, loaded: 0 };
    for (let mutation = 0; mutation < 100; mutation++) {
      const file = bytes.slice();
      // Most of them where it hurts: in the length and the header.
      const reach = mutation % 4 === 3 ? file.length : mutation % 4 === 2 ? 16 : 8 + headerLength();
      for (let change = 0; change <= draw.below(4); change++) file[draw.below(reach)] = draw.below(256);
      try {
        const loaded = await loadModelFile(file, { engine });
        loaded.model.predictSync('predict', labelBatch([2, 3]));
        loaded.model.dispose();
        outcomes.loaded++;
      } catch (error) {
        expect(error).toMatchObject({ name: expect.stringMatching(/^(ModelFileError|UsageError)$/) });
        outcomes.refused++;
      }
    }
    // A changed weight loads; a changed header does not.
    expect(outcomes.refused).toBeGreaterThan(50);
    expect(outcomes.loaded).toBeGreaterThan(0);
    expect(engine.memory().files).toBe(0);
    const { model: whole } = await loadModelFile(bytes, { engine });
    expect(whole.parameterSync('linear.bias')).toEqual(model.parameterSync('linear.bias'));
  });
});

it('writes whole files only', async () => {
  const path = join(folder, 'again.safetensors');
  await writeFile(path, 'old');
  await saveModelFile(model, {}, path);
  expect((await readFile(path)).length).toBeGreaterThan(1000);
});
