import { describe, expect, it } from 'vitest';
import { coreOf } from '../../ts/src/engine.js';
import { optimizer, schedule } from '../../ts/src/spec/optimizer.js';
import type { Json, Spec } from '../../ts/src/spec/spec.js';
import { Model } from '../../ts/src/training/model.js';
import { Trainer, type TrainerOptions } from '../../ts/src/training/trainer.js';
import type { CoreExports } from '../../ts/src/wasm/exports.js';
import { Draw, labelBatch, labelSpec, testEngine, testModel, testTrainer, thrown } from './graph.js';

/** A copy of a JSON value with one place in it changed. */
function changed(value: Json, path: readonly (string | number)[], to: Json | undefined): Json {
  const [first, ...rest] = path;
  if (first === undefined) return to ?? null;
  const copy = structuredClone(value) as { [name: string | number]: Json };
  if (rest.length === 0 && to === undefined) delete copy[first];
  else copy[first] = changed(copy[first] ?? {}, rest, to);
  return copy as Json;
}

const train = ['entries', 'train', 'nodes'] as const;

describe('a spec that', () => {
  it.each<[string, readonly (string | number)[], Json | undefined, string]>([
    ['has no version', ['version'], undefined, 'spec.version: missing'],
    ['has another version', ['version'], 2, 'spec.version: expected 1, got 2'],
    ['has no inputs', ['inputs'], undefined, 'spec.inputs: missing'],
    ['has no entries', ['entries'], undefined, 'spec.entries: missing'],
    ['has a field too many', ['optimiser'], {}, 'spec.optimiser: unknown field'],
    ['has an axis of nothing', ['axes', 'chars'], { of: 'words' }, 'spec.axes.chars.of: no axis "words"'],
    ['has an input without a size', ['inputs', 'words', 'size'], undefined, 'spec.inputs.words.size: missing'],
    ['has an input of size 0', ['inputs', 'words', 'size'], 0, 'spec.inputs.words.size: expected at least 1'],
    ['has a size that is no number', ['inputs', 'words', 'size'], 'many', 'expected a whole number, got "many"'],
    ['has a size beyond all sizes', ['inputs', 'words', 'size'], 2 ** 40, 'expected a whole number'],
    ['has an unknown block', [...train, 0, 'type'], 'embeding', 'there is no block "embeding"'],
    ['has a node without a name', [...train, 0, 'name'], undefined, 'entries.train.nodes[0].name: missing'],
    ['has a node of another name', [...train, 0, 'name'], 'words', 'expected a name that is not empty, has no dot and is not taken'],
    ['refers to nothing', [...train, 1, 'inputs', 0], 'nothing', '"nothing" is neither an input nor an output of an earlier node'],
    ['gives a node too few inputs', [...train, 1, 'inputs'], [], 'inputs: expected'],
    ['gives a node ids for numbers', [...train, 2, 'inputs', 0], 'words', 'inputs[0]: expected a matrix, got ids'],
    ['misspells an option', [...train, 3, 'config', 'hiden_size'], 3, 'config.hiden_size: unknown field'],
    ['has a hidden size of 0', [...train, 3, 'config', 'hidden_size'], 0, 'config.hidden_size: expected at least 1'],
    ['drops more than all', [...train, 2, 'config', 'p'], 1.5, 'config.p: expected a number from 0 to 1, got 1.5'],
    ['has no outputs', ['entries', 'train', 'outputs'], {}, 'expected at least one output'],
    ['shares what is not there', [...train, 3, 'share'], { weight_ih_l0: 'gru.weight' }, 'no parameter "gru.weight"'],
    ['shares another shape', [...train, 4, 'share'], { weight: 'lstm.weight_hh_l0' }, 'expected shape'],
    ['speaks of a parameter that is not there', ['parameters', 'lstm.weight'], {}, 'parameters.lstm.weight: no node has this parameter'],
    ['makes a dense weight sparse', ['parameters', 'linear.weight'], { sparse: true }, 'only a weight that is used for lookups'],
    ['starts a weight in no way', ['parameters', 'linear.weight'], { init: 'random' }, 'expected one of zeros, ones'],
  ])('%s is refused', async (_, path, to, message) => {
    const engine = await testEngine();
    const spec = changed(labelSpec() as unknown as Json, path, to) as unknown as Spec;
    expect(thrown(() => new Model(engine, spec))).toMatchObject({
      name: 'UsageError',
      code: 'invalid_spec',
      message: expect.stringContaining(message),
    });
    expect(engine.memory().models).toBe(0);
  });

  it.each<[string, readonly (string | number)[], Json]>([
    ['a table', ['inputs', 'words', 'size'], 2 ** 31],
    ['a hidden size', [...train, 3, 'config', 'hidden_size'], 2 ** 31],
    ['a hidden size that is sound', [...train, 3, 'config', 'hidden_size'], 20_000],
    ['a width', [...train, 0, 'config', 'embedding_size'], 2 ** 30],
    ['a number of layers', [...train, 3, 'config', 'num_layers'], 2 ** 31],
    ['a width of an input', ['inputs', 'features', 'width'], 2 ** 21],
    ['inputs', [...train, 1, 'inputs'], Array(300).fill('features')],
    ['inputs side by side', [...train, 1, 'inputs'], Array(5000).fill('features')],
  ])('is beyond all memory (%s) is refused', async (_, path, to) => {
    const engine = await testEngine();
    const { predict: _predict, ...entries } = labelSpec().entries;
    const wide = { ...labelSpec().inputs, features: { type: 'matrix', axis: 'tokens', width: 2 ** 20 } };
    const base = { ...labelSpec(), entries, ...(Array.isArray(to) ? { inputs: wide } : {}) };
    const spec = changed(base as unknown as Json, path, to) as unknown as Spec;
    expect(thrown(() => new Model(engine, spec))).toMatchObject({ code: expect.stringMatching(/^(out_of_memory|invalid_spec)$/) });
    expect(new Model(engine, labelSpec()).entries).toHaveLength(2);
  });

  it('is no spec at all is refused', async () => {
    const engine = await testEngine();
    for (const spec of [null, 7, 'spec', [], {}, { version: 1, inputs: [], entries: [] }]) {
      expect(thrown(() => new Model(engine, spec as unknown as Spec))).toMatchObject({ code: 'invalid_spec' });
    }
    let deep: Json = 1;
    for (let i = 0; i < 500; i++) deep = [deep];
    expect(thrown(() => new Model(engine, deep as unknown as Spec))).toMatchObject({ code: 'invalid_json' });
  });

  it('was added to a model and is refused leaves the model as it was', async () => {
    const model = await testModel();
    const { predict } = labelSpec().entries;
    const nodes = [...(predict?.nodes ?? []), { name: 'extra', type: 'linear', inputs: ['linear'], config: { output_size: 2 } }];
    const act = (outputs: { [name: string]: string }): void => model.addEntrySync('more', { nodes, outputs });
    expect(thrown(() => act({ y: 'nothing' }))).toMatchObject({ code: 'invalid_spec' });
    expect(model.parameters.map(({ name }) => name)).not.toContain('extra.weight');
    act({ y: 'extra' });
    expect(model.parameterSync('extra.weight')).toHaveLength(8);
    expect(model.spec.entries['more']?.outputs).toEqual({ y: 'extra' });
    // A trainer that was there before trains the new parameters, too.
    expect(model.predictSync('more', labelBatch([2]))['y']).toMatchObject({ width: 2 });
  });
});

describe('a trainer', () => {
  it('that is told nothing is refused', async () => {
    const model = await testModel();
    expect(thrown(() => new Trainer(model, undefined as unknown as TrainerOptions))).toMatchObject({
      code: 'bad_option', message: 'option options: expected an object with an optimizer, given undefined',
    });
  });

  it.each<[string, object, string]>([
    ['without an optimiser', { optimizer: undefined }, 'trainer.optimizer: missing'],
    ['of an unknown kind', { optimizer: { kind: 'lamb' } }, 'trainer.optimizer.kind: expected one of'],
    ['with a negative rate', { optimizer: optimizer.sgd({ learningRate: -1 }) }, 'trainer.optimizer.learning_rate: expected'],
    ['with a rate that is none', { optimizer: optimizer.sgd({ learningRate: NaN }) }, 'learning_rate: expected a finite number, given NaN'],
    ['without an end of its norm', { clipNorm: Infinity }, 'clip_norm: expected a finite number, given Infinity'],
    ['with a beta of 1', { optimizer: optimizer.adam({ betas: [1, 0.9] }) }, 'trainer.optimizer.betas'],
    ['with an unknown option', { optimizer: { kind: 'sgd', beta: 1 } }, 'trainer.optimizer.beta: unknown field'],
    ['with a schedule of no steps', { schedule: schedule.step({ stepSize: 0 }) }, 'trainer.schedule.step_size'],
    ['with a norm of 0', { clipNorm: 0 }, 'trainer.clip_norm: expected a number above 0'],
    ['with a value below 0', { clipValue: -1 }, 'trainer.clip_value: expected a number above 0'],
  ])('%s is refused', async (_, options, message) => {
    const model = await testModel();
    const make = (): Trainer => new Trainer(model, { optimizer: optimizer.adam(), ...options });
    expect(thrown(make)).toMatchObject({ code: 'invalid_spec', message: expect.stringContaining(message) });
  });

  it('with a seed that is no whole number is refused', async () => {
    const model = await testModel();
    for (const seed of [-1, 0.5, NaN, 2 ** 53, Infinity]) {
      expect(thrown(() => testTrainer(model, { seed }))).toMatchObject({ code: 'invalid_number' });
      expect(thrown(() => new Model(model.engine, labelSpec(), { seed }))).toMatchObject({ code: 'invalid_number' });
    }
  });

  it('refuses an entry that is not there, or has no loss', async () => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const batch = labelBatch([1]);
    expect(thrown(() => trainer.stepSync(batch, 'test'))).toMatchObject({
      code: 'no_entry',
      message: 'entry: expected one of train, predict, given "test"',
    });
    expect(thrown(() => trainer.stepSync(batch, 'predict'))).toMatchObject({
      code: 'invalid_state',
      message: expect.stringContaining('expected an output "loss"'),
    });
  });

  it('refuses a loss or a gradient that is not finite, and changes nothing', async () => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const batch = labelBatch([2, 1]);
    trainer.stepSync(batch);
    const bias = model.parameterSync('linear.bias');
    const poisoned = { ...batch, inputs: { ...batch.inputs, features: new Float32Array(9).fill(NaN) } };
    expect(thrown(() => trainer.stepSync(poisoned))).toMatchObject({
      name: 'OstinatoError',
      code: 'not_finite',
      message: expect.stringMatching(/^loss of step 1: expected a finite number, got NaN/),
    });
    model.setGradientSync('linear.bias', [0, Infinity, 0, 0]);
    expect(thrown(() => trainer.applySync())).toMatchObject({
      code: 'not_finite',
      message: expect.stringContaining('gradient norm'),
    });
    expect(model.parameterSync('linear.bias')).toEqual(bias);
    expect(trainer.stepSync(batch).step).toBe(2);
  });
});

describe('a parameter', () => {
  it('reads and writes in its own shape, and its gradient likewise', async () => {
    const model = await testModel();
    for (const { name, shape } of model.parameters) {
      const count = shape.reduce((n, size) => n * size, 1);
      const values = Float32Array.from({ length: count }, (_, i) => i / 7 - 3);
      model.setParameterSync(name, values);
      expect(model.parameterSync(name)).toEqual(values);
      expect(model.gradientSync(name)).toEqual(new Float32Array(count));
      model.setGradientSync(name, values);
      expect(model.gradientSync(name)).toEqual(values);
      for (const wrong of [[], [1], [...values, 0]]) {
        const error = { code: 'invalid_parameter', message: expect.stringContaining(`expected ${count} numbers`) };
        expect(thrown(() => model.setParameterSync(name, wrong))).toMatchObject(error);
        expect(thrown(() => model.setGradientSync(name, wrong))).toMatchObject(error);
      }
    }
    model.clearGradientsSync();
    expect(model.gradientSync('linear.bias')).toEqual(new Float32Array(4));
    expect(thrown(() => model.parameterSync('bias'))).toMatchObject({ code: 'no_parameter' });
  });

  it('that is not trained has no gradient and stays as it is', async () => {
    const spec = changed(labelSpec() as unknown as Json, ['parameters', 'linear.bias'], { trainable: false });
    const model = await testModel(spec as unknown as Spec);
    const before = model.parameterSync('linear.bias');
    testTrainer(model).stepSync(labelBatch([3]));
    expect(model.parameterSync('linear.bias')).toEqual(before);
    expect(model.gradientSync('linear.bias')).toEqual(new Float32Array(4));
    expect(thrown(() => model.setGradientSync('linear.bias', [1, 1, 1, 1]))).toMatchObject({ code: 'invalid_parameter' });
  });
});

describe('the exports', () => {
  it('refuse numbers that mean nothing', async () => {
    const model = await testModel();
    const core = coreOf(model.engine);
    const refused = (make: (exports: CoreExports) => number): unknown => thrown(() => core.call(make));
    const { handle } = model.forwardSync('predict', labelBatch([1]));
    expect(refused((x) => x.output(handle, 3, 0))).toMatchObject({ code: 'invalid_state' });
    expect(refused((x) => x.output(handle, 3, 1))).toMatchObject({ code: 'invalid_state' });
    expect(refused((x) => x.forward(model.handle, 9, 1, 0, 0, 1, 0))).toMatchObject({ code: 'invalid_state' });
    expect(refused((x) => x.forward(model.handle, 0, 2 ** 30, 0, 0, 1, 0))).toMatchObject({ code: 'not_staged' });
    expect(refused((x) => x.forward(model.handle, 0, 1, handle, 0, 1, 0))).toMatchObject({ code: 'stale_handle' });
    expect(refused((x) => x.read(model.handle, 99, 0))).toMatchObject({ code: 'invalid_parameter' });
    expect(refused((x) => x.read(model.stateSync().handle, 0, 0))).toMatchObject({ code: 'invalid_state' });
    expect(refused((x) => x.stage(2 ** 32 - 8))).toMatchObject({ code: 'out_of_memory' });
    core.stageBytes(Uint8Array.of(0xff, 0xfe));
    expect(refused((x) => x.model_create(2, 0, 0))).toMatchObject({ code: 'invalid_json' });
  });

  it('refuse more objects than there are handles', async () => {
    const model = await testModel();
    const core = coreOf(model.engine);
    const handles = Array.from({ length: 2 ** 14 }, () => core.call((x) => x.snapshot(model.handle)));
    expect(thrown(() => model.snapshotSync())).toMatchObject({ code: 'too_many_handles' });
    handles.forEach((handle) => core.release(handle));
    model.snapshotSync().dispose();
  });

  it('never trap, whatever numbers they are given', async () => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const core = coreOf(model.engine);
    const draw = new Draw(11);
    const calls: { [name: string]: number } = {};
    const { exports } = await instanceOf(core);
    const names = Object.keys(exports).filter((name) => typeof exports[name] === 'function' && !hidden.test(name));
    expect(names.length).toBeGreaterThan(25);
    const odd = [0, 1, 2, 3, 7, 64, 1000, -1, -2, 2 ** 31, 2 ** 32 - 1, 0.5, NaN, Infinity, 1e300];
    const handles = (): number[] => [model.handle, trainer.handle, model.snapshotSync().handle];
    for (let round = 0; round < 4000; round++) {
      const name = names[draw.below(names.length)] ?? '';
      // Sizes of what is staged are kept small: memory that is really there is not what this is about.
      if (name === 'stage' || name === 'shuffle') continue;
      if (name === 'dispose') continue;
      const given = [...odd, ...handles()];
      core.stageWords(16).ints.forEach((_, i, ints) => (ints[i] = draw.below(5)));
      const values = Array.from({ length: 6 }, () => given[draw.below(given.length)] ?? 0);
      try {
        core.call(() => (exports[name] as (...values: number[]) => number)(...values) | 0);
      } catch (error) {
        expect(error).not.toMatchObject({ code: 'poisoned' });
      }
      calls[name] = (calls[name] ?? 0) + 1;
    }
    expect(core.usable).toBe(true);
    expect(model.predictSync('predict', labelBatch([2, 1]))).toHaveProperty('logits');
    expect(Object.keys(calls).length).toBe(names.length - 3);
  });
});

/** What the glue adds, what is said once of the host, and what threads are told by their pool. */
const hidden = /^(__|memory|prefer_|pool_|initThreadPool|wbg_)/;

async function instanceOf(core: ReturnType<typeof coreOf>): Promise<{ exports: { [name: string]: unknown } }> {
  let found: CoreExports | undefined;
  core.call((exports) => {
    found = exports;
    return 0;
  });
  return { exports: found as unknown as { [name: string]: unknown } };
}
