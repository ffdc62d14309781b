import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEngine, type Engine, type EngineOptions } from '../../ts/src/engine.js';
import { DisposedError, PoisonedError, UnsupportedError } from '../../ts/src/errors.js';
import { SpecBuilder } from '../../ts/src/spec/specBuilder.js';
import type { Spec } from '../../ts/src/spec/spec.js';
import type { IdsValue } from '../../ts/src/spec/value.js';
import type { Batch } from '../../ts/src/training/batch.js';
import { Model } from '../../ts/src/training/model.js';
import { Draw, labelBatch, labelSpec, rejected, testTrainer, thrown } from '../boundary/graph.js';

const engines: Engine[] = [];

async function made(options: EngineOptions): Promise<Engine> {
  const engine = await createEngine(options);
  engines.push(engine);
  return engine;
}

afterEach(() => {
  for (const engine of engines.splice(0)) engine.dispose();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/**
 * A BiLSTM-CRF tagger large enough that its gradients and its optimiser are shared among threads, with all that
 * regularises.
 */
function taggerSpec(): Spec {
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const words = s.ids('words', { axis: tokens, size: 200 });
  const tags = s.ids('tags', { axis: tokens, size: 5 });
  const embedded = s.embedding(words, { embeddingSize: 40, dropout: 0.1, parameters: { weight: { sparse: true } } });
  const parameters = { weight_hh_l0: { drop: 0.3 } };
  const h = s.lstm(s.dropout(embedded, { p: 0.4 }), { hiddenSize: 48, bidirectional: true, parameters });
  const crf = s.crf(s.linear(h, { outputSize: 5 }));
  const softmax = s.adaptiveSoftmax(h, { outputSize: 5, cutoffs: [2] });
  const losses = [crf.loss(tags), softmax.loss(tags), s.activationRegularization(h), s.temporalActivationRegularization(h)];
  return s.entry('train', { loss: s.sum(losses) }).entry('predict', { path: crf.decode() }).build();
}

/** Batches of 1 to 40 rows, of unequal lengths. */
function taggerBatches(): Batch[] {
  const draw = new Draw(3);
  return [7, 40, 1, 12, 33, 40].map((rows, index) => {
    const lengths = Int32Array.from({ length: rows }, () => 1 + draw.below(6 * (index + 1)));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const words = Int32Array.from({ length: total }, () => draw.below(200));
    return { rows, lengths: { tokens: lengths }, inputs: { words, tags: words.map((word) => word % 5) } };
  });
}

/** A tagger over cells that run in loops, with dropout within one. */
function cellSpec(): Spec {
  const s = new SpecBuilder();
  const words = s.ids('words', { axis: s.axis('tokens'), size: 200 });
  const x = s.embedding(words, { embeddingSize: 12 });
  const h = s.slstm(x, { hiddenSize: 16, heads: 2, bidirectional: true, layers: 2, dropout: 0.2 });
  const loop = s.scan({ steps: { x: h }, states: { sum: { width: 32 } }, reverse: true }, (b, { x, sum }) => {
    const y = b.layerNorm(b.add(x, b.dropout(b.linear(sum, { outputSize: 32 }), { p: 0.3 })));
    return { outputs: { y }, next: { sum: y } };
  });
  const crf = s.crf(s.linear(loop.outputs.y, { outputSize: 5 }));
  const tags = s.ids('tags', { axis: { kind: 'axis', name: 'tokens' }, size: 5 });
  return s.entry('train', { loss: crf.loss(tags) }).entry('predict', { path: crf.decode() }).build();
}

/** Everything that training in this engine ends with. */
function trained(engine: Engine, spec = taggerSpec()): object {
  const model = new Model(engine, spec, { seed: 5 });
  const trainer = testTrainer(model, { averageFrom: 3 });
  const batches = taggerBatches();
  const reports = [...batches, ...batches].map((batch) => trainer.stepSync(batch));
  trainer.useAverageSync();
  const weights = model.parameters.map(({ name }) => [name, [...model.parameterSync(name)]]);
  const paths = batches.map((batch) => model.predictSync('predict', batch));
  return { reports, weights, paths };
}

describe('an engine with threads', () => {
  it('says what it is', async () => {
    expect(await made({ threads: 2 })).toMatchObject({ variant: 'threads', threads: 2, notice: null });
    expect(await made({ threads: 3, variant: 'threads' })).toMatchObject({ variant: 'threads', threads: 3, notice: null });
    expect(await made({ variant: 'threads' })).toMatchObject({ variant: 'threads', threads: 1, notice: null });
    expect(await made({ threads: 1 })).toMatchObject({ variant: 'relaxed', threads: 1, notice: null });
  });

  it('starts one worker fewer than threads, since the calling thread computes too', async () => {
    const started = vi.spyOn(Worker.prototype, 'postMessage');
    await made({ threads: 4 });
    expect(started).toHaveBeenCalledTimes(3);
    await made({ variant: 'threads' });
    expect(started).toHaveBeenCalledTimes(3);
  });

  it('gives the same bits at 1, 2, 3 and 4 threads', async () => {
    const alone = trained(await made({ variant: 'threads', threads: 1 }));
    expect(trained(await made({ threads: 2 }))).toEqual(alone);
    expect(trained(await made({ threads: 3 }))).toEqual(alone);
    expect(trained(await made({ threads: 4 }))).toEqual(alone);
  });

  it('gives the same bits of cells that run in loops', async () => {
    const alone = trained(await made({ variant: 'threads', threads: 1 }), cellSpec());
    for (const threads of [2, 4]) expect(trained(await made({ threads }), cellSpec())).toEqual(alone);
  });

  it('keeps states in the order of the rows, to the bit, at any number of threads', async () => {
    const run = (engine: Engine): object => {
      const s = new SpecBuilder();
      const tokens = s.axis('tokens');
      const [words, next] = ['words', 'next'].map((name) => s.ids(name, { axis: tokens, size: 200 })) as [IdsValue, IdsValue];
      const [h, c] = [s.state('h', { width: 96 }), s.state('c', { width: 96 })];
      const lstm = s.lstm(s.embedding(words, { embeddingSize: 40 }), { hiddenSize: 48, layers: 2, h0: h, c0: c });
      const logits = s.linear(lstm, { outputSize: 200 });
      const carry = { h: lstm.hN, c: lstm.cN };
      const spec = s.entry('train', { loss: s.crossEntropy(logits, next) }, { carry }).entry('predict', { logits }, { carry });
      const model = new Model(engine, spec.build(), { seed: 5 });
      const trainer = testTrainer(model);
      const state = model.stateSync();
      const draw = new Draw(9);
      const steps = Array.from({ length: 6 }, () => {
        const lengths = Array.from({ length: 37 }, () => draw.below(7));
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const ids = Int32Array.from({ length: total }, () => draw.below(200));
        const batch = { rows: 37, lengths: { tokens: lengths }, inputs: { words: ids, next: ids.map((id) => (id * 7) % 200) } };
        const report = trainer.stepSync(batch, 'train', { state });
        return [report, model.predictSync('predict', batch, { state }), state.readSync('h'), state.readSync('c')];
      });
      return { steps, weights: model.parameters.map(({ name }) => model.parameterSync(name)) };
    };
    const alone = run(await made({ variant: 'threads', threads: 1 }));
    expect(run(await made({ threads: 2 }))).toEqual(alone);
    expect(run(await made({ threads: 4 }))).toEqual(alone);
  });

  it('goes on while its memory grows', async () => {
    const engine = await made({ threads: 2 });
    const model = new Model(engine, labelSpec({ hiddenSize: 40 }));
    const trainer = testTrainer(model);
    const sizes = new Set<number>();
    let loss = Infinity;
    for (let length = 2; length < 1500; length *= 2) {
      ({ loss } = trainer.stepSync(labelBatch(new Array<number>(24).fill(length))));
      expect(loss).toBeGreaterThan(0);
      sizes.add(engine.memory().total);
    }
    expect(sizes.size).toBeGreaterThan(4);
  });

  it('lives beside others, made at once or one after another', async () => {
    const at = await Promise.all([made({ threads: 2 }), made({ threads: 2 }), made({ variant: 'relaxed' }), made({ threads: 3 })]);
    const last = await made({ threads: 2 });
    const [first, ...others] = [...at, last].map((engine) => trained(engine));
    // The relaxed build is compiled apart from the threaded one, so it is not held to the same bits.
    for (const other of others.filter((_, index) => index !== 1)) expect(other).toEqual(first);
    at[0]?.dispose();
    expect(trained(last)).toEqual(first);
  });
});

describe('the end of an engine with threads', () => {
  it('ends its workers, once', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const engine = await made({ threads: 3 });
    const model = new Model(engine, labelSpec());
    testTrainer(model).stepSync(labelBatch([3, 2, 5, 4, 6]));
    const workers = posted.mock.contexts as Worker[];
    const ended = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    engine.dispose();
    engine.dispose();
    await Promise.all(ended);
    expect(thrown(() => engine.memory())).toBeInstanceOf(DisposedError);
  });

  it('comes as an error, not as a hang, when a worker has gone', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage');
    const engine = await made({ threads: 2 });
    const model = new Model(engine, labelSpec());
    const trainer = testTrainer(model);
    const batch = labelBatch(new Array<number>(16).fill(5));
    trainer.stepSync(batch);
    const [worker] = posted.mock.contexts as Worker[];
    await worker?.terminate();
    expect(thrown(() => trainer.stepSync(batch))).toBeInstanceOf(PoisonedError);
    expect(thrown(() => trainer.stepSync(batch))).toBeInstanceOf(PoisonedError);
  });

  it('leaves nothing behind when its threads cannot be started', async () => {
    const posted = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(() => {
      throw new Error('no memory to share');
    });
    const error = await rejected(createEngine({ threads: 2 }));
    expect(error).toMatchObject({ code: 'pool_failed', message: 'thread 1 of 1 could not be started: Error: no memory to share' });
    posted.mockRestore();
    trained(await made({ threads: 2 }));
  });
});

describe('threads that cannot be had', () => {
  it.each<[EngineOptions, string]>([
    [{ threads: 0 }, 'option threads: expected a whole number from 1 to 255, given 0'],
    [{ threads: 1.5 }, 'option threads: expected a whole number from 1 to 255, given 1.5'],
    [{ threads: 256 }, 'option threads: expected a whole number from 1 to 255, given 256'],
    [{ threads: 2, variant: 'baseline' }, 'option threads: expected 1 with variant baseline; more take variant threads or auto, given 2'],
    [{ threads: 4, variant: 'relaxed' }, 'option threads: expected 1 with variant relaxed; more take variant threads or auto, given 4'],
  ])('%j', async (options, message) => {
    expect(await rejected(createEngine(options))).toMatchObject({ name: 'UsageError', code: 'bad_option', message });
  });

  /** A host that has Web Workers alone. */
  function browser(isolated: boolean): void {
    vi.stubGlobal('Worker', class {});
    vi.stubGlobal('crossOriginIsolated', isolated);
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  }

  it.each<[EngineOptions, string]>([
    [{ threads: 4 }, 'relaxed'],
    [{ threads: 4, variant: 'threads' }, 'threads'],
  ])('give one and a message in a page that is not isolated: %j', async (options, variant) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    browser(false);
    const engine = await made(options);
    expect(engine).toMatchObject({ variant, threads: 1 });
    expect(engine.notice).toMatch(/^threads 4: .*Cross-Origin-Opener-Policy: same-origin.*Cross-Origin-Embedder-Policy: require-corp/);
    expect(warn.mock.calls).toEqual([[`ostinato: ${engine.notice}`]]);
    expect(trained(engine)).toBeDefined();
  });

  it("are an error on a page's own thread, which names what to do", async () => {
    browser(true);
    vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new TypeError('Atomics.wait cannot be called in this context');
    });
    const error = await rejected(createEngine({ threads: 2 }));
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^threads 2: .*make the engine in a Web Worker/) });
  });

  it('are an error in a page that gives no script to workers, which names the header', async () => {
    browser(true);
    class Unserved extends EventTarget {
      postMessage(): void {
        queueMicrotask(() => this.dispatchEvent(new Event('error')));
      }
      terminate(): void {}
    }
    vi.stubGlobal('Worker', Unserved);
    expect(await rejected(createEngine({ threads: 2 }))).toMatchObject({
      code: 'pool_failed',
      message: expect.stringMatching(/^thread 1 of 1 could not be started: its script could not be loaded; .*"Cross-Origin-Embedder-Policy: require-corp"$/),
    });
  });

  it('are an error where there are no workers', async () => {
    browser(true);
    vi.stubGlobal('Worker', undefined);
    expect(await rejected(createEngine({ threads: 2 }))).toMatchObject({
      code: 'unsupported',
      message: 'threads 2: this host has no workers; use one thread',
    });
  });

  it('are an error where there is no relaxed SIMD', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const message = 'this host has no relaxed SIMD instructions (Node has them since 22)';
    expect(await rejected(createEngine({ threads: 2 }))).toMatchObject({ code: 'unsupported', message: `threads 2: ${message}; use one thread` });
    expect(await rejected(createEngine({ variant: 'threads' }))).toMatchObject({
      code: 'unsupported',
      message: `variant threads: ${message}; use baseline or auto`,
    });
  });
});
