import { describe, expect, it } from 'vitest';
import { coreOf, createEngine, defaultEngine, type Engine } from '../../ts/src/engine.js';
import { DisposedError, PoisonedError, UsageError } from '../../ts/src/errors.js';
import { loadModelFile, readModelFileInfo } from '../../ts/src/io/modelFile.js';
import { output } from '../../ts/src/training/output.js';
import { Model } from '../../ts/src/training/model.js';
import type { Instance } from '../../ts/src/wasm/bindings.js';
import { Core } from '../../ts/src/wasm/core.js';
import { variant } from '../variant.js';
import { labelBatch, labelSpec, rejected, testEngine, testModel, testTrainer, thrown } from './graph.js';

const batch = labelBatch([3, 1]);

describe('engines', () => {
  it('live beside each other in one realm', async () => {
    const [a, b] = await Promise.all([testModel(), testModel()]);
    expect(a.engine).not.toBe(b.engine);
    const [one, two] = [testTrainer(a), testTrainer(b)];
    for (let i = 0; i < 5; i++) one.stepSync(batch);
    expect(a.parameterSync('linear.bias')).not.toEqual(b.parameterSync('linear.bias'));
    for (let i = 0; i < 5; i++) two.stepSync(batch);
    expect(a.parameterSync('linear.bias')).toEqual(b.parameterSync('linear.bias'));
    a.engine.dispose();
    expect(output(b.predictSync('predict', batch), 'logits', 'matrix').data).toHaveLength(16);
  });

  it('refuse handles of others', async () => {
    const [a, b] = await Promise.all([testModel(), testModel()]);
    const other = new Model(b.engine, labelSpec());
    const snapshot = other.snapshotSync();
    // The same number means another object, or none, in another engine.
    expect(thrown(() => a.restoreSync(snapshot))).toBeInstanceOf(DisposedError);
    expect(thrown(() => b.restoreSync(snapshot))).toMatchObject({ code: 'invalid_state' });
  });

  it('throw after dispose, which may be called twice', async () => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const tape = model.forwardSync('predict', batch);
    model.engine.dispose();
    model.engine.dispose();
    for (const act of [
      () => model.engine.memory(),
      () => model.predictSync('predict', batch),
      () => trainer.stepSync(batch),
      () => tape.backwardSync({}),
      () => new Model(model.engine, labelSpec()),
    ]) {
      expect(thrown(act)).toMatchObject({ name: 'DisposedError', message: expect.stringContaining('this Engine') });
    }
    tape.dispose();
    trainer.dispose();
    model.dispose();
  });

  it('are made anew when the shared one is gone', async () => {
    const [first, again] = await Promise.all([defaultEngine(), defaultEngine()]);
    expect(first).toBe(again);
    first.dispose();
    const [second, third] = await Promise.all([defaultEngine(), defaultEngine()]);
    expect(second).not.toBe(first);
    expect(second).toBe(third);
    expect((await Model.create(labelSpec())).engine).toBe(second);
  });

  it('say what cannot be had', async () => {
    expect(await rejected(createEngine({ threads: 0 }))).toBeInstanceOf(UsageError);
    expect(await rejected(createEngine({ variant: 'fast' as 'auto' }))).toMatchObject({ code: 'bad_option' });
    expect(await rejected(createEngine(null as never))).toMatchObject({
      message: 'option options: expected an object, given null',
    });
    const bytes = new Uint8Array();
    expect(await rejected(createEngine({ bytes, url: 'x.wasm' }))).toMatchObject({ code: 'bad_option' });
    expect((await createEngine()).variant).toMatch(/baseline|relaxed/);
    expect(await createEngine({ variant })).toMatchObject({ variant, threads: 1, notice: null });
  });
});

describe('what is no engine', () => {
  it.each<[string, (engine: Engine) => unknown]>([
    ['new Model', (engine) => new Model(engine, labelSpec())],
    ['Model.create', (engine) => Model.create(labelSpec(), { engine })],
    ['loadModelFile', (engine) => loadModelFile(new Uint8Array(8), { engine })],
    ['readModelFileInfo', (engine) => readModelFileInfo(new Uint8Array(8), { engine })],
  ])('is named by %s', async (_, call) => {
    for (const [given, said] of [[testEngine(), 'a promise'], [{}, 'an empty object'], [2, '2']] as const) {
      expect(await rejected((async () => call(given as unknown as Engine))())).toMatchObject({
        name: 'UsageError',
        code: 'bad_option',
        message: `option engine: expected an engine made by createEngine, given ${said}`,
      });
    }
  });
});

describe('objects', () => {
  it('throw after dispose, which may be called twice', async () => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const tape = model.forwardSync('predict', batch);
    const snapshot = model.snapshotSync();
    for (const [object, name, use] of [
      [tape, 'this Tape', () => tape.backwardSync({})],
      [snapshot, 'this Snapshot', () => model.restoreSync(snapshot)],
      [trainer, 'this Trainer', () => trainer.stepSync(batch)],
      [model, 'this Model', () => model.predictSync('predict', batch)],
    ] as const) {
      expect(object.disposed).toBe(false);
      object.dispose();
      object[Symbol.dispose]();
      expect(object.disposed).toBe(true);
      expect(thrown(use)).toMatchObject({ name: 'DisposedError', message: expect.stringContaining(name) });
    }
  });

  it('go with the model that they belong to', async () => {
    const model = await testModel();
    const [trainer, tape, snapshot] = [testTrainer(model), model.forwardSync('predict', batch), model.snapshotSync()];
    const other = new Model(model.engine, labelSpec());
    model.dispose();
    expect(thrown(() => trainer.stepSync(batch))).toMatchObject({ message: expect.stringContaining('this Model') });
    expect(thrown(() => trainer.applySync())).toBeInstanceOf(DisposedError);
    expect(thrown(() => trainer.observeSync(1))).toBeInstanceOf(DisposedError);
    expect(thrown(() => tape.backwardSync({}))).toBeInstanceOf(DisposedError);
    expect(thrown(() => other.restoreSync(snapshot))).toBeInstanceOf(DisposedError);
    for (const object of [trainer, tape, snapshot]) object.dispose();
    expect(testTrainer(other).stepSync(batch).step).toBe(1);
  });

  it('never answer to the handle of another', async () => {
    const model = await testModel();
    const core = coreOf(model.engine);
    const handles = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const snapshot = model.snapshotSync();
      expect(handles.has(snapshot.handle)).toBe(false);
      handles.add(snapshot.handle);
      snapshot.dispose();
    }
    for (const handle of handles) {
      const error = thrown(() => core.call((exports) => exports.restore(model.handle, handle)));
      expect(error).toMatchObject({ code: 'stale_handle' });
    }
    expect(thrown(() => core.call((exports) => exports.model_describe(testTrainer(model).handle)))).toMatchObject({
      code: 'stale_handle',
    });
  });
});

describe('a trap', () => {
  /** An instance whose `forward` traps. */
  function trapping(): Core {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const forward = (): number => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    return new Core({ exports: { memory, forward }, memory } as unknown as Instance);
  }

  it('poisons the engine: this call and all that follow throw', () => {
    const core = trapping();
    const predict = (): number => core.call((exports) => exports.forward(0, 0, 0, 0, 0, 0, 0));
    const told = { code: 'poisoned', message: expect.stringContaining('unreachable, with 65536 bytes in use') };
    const first = thrown(predict);
    expect(first).toBeInstanceOf(PoisonedError);
    expect(first).toMatchObject(told);
    expect(core.usable).toBe(false);
    expect(thrown(predict)).toMatchObject(told);
    expect(thrown(() => core.memory())).toBeInstanceOf(PoisonedError);
    core.dispose();
    expect(thrown(predict)).toBeInstanceOf(DisposedError);
  });
});
