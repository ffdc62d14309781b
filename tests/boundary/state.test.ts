import { describe, expect, it } from 'vitest';
import { DisposedError } from '../../ts/src/errors.js';
import { loadModelFile, saveModelFile } from '../../ts/src/io/modelFile.js';
import { entryOf } from '../../ts/src/spec/builder.js';
import type { Spec } from '../../ts/src/spec/spec.js';
import { SpecBuilder } from '../../ts/src/spec/specBuilder.js';
import type { Batch } from '../../ts/src/training/batch.js';
import { Model } from '../../ts/src/training/model.js';
import { output } from '../../ts/src/training/output.js';
import { State } from '../../ts/src/training/state.js';
import { CLASSES, Draw, rejected, testModel, testTrainer, thrown } from './graph.js';

const WORDS = 20;
const HIDDEN = 5;

/** An LSTM that goes on from where it was, and its next class for each word. */
function streamSpec(): Spec {
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const words = s.ids('words', { axis: tokens, size: WORDS });
  const next = s.ids('next', { axis: tokens, size: CLASSES });
  const [h, c] = [s.state('h', { width: HIDDEN }), s.state('c', { width: HIDDEN })];
  const x = s.embedding(words, { embeddingSize: 4 });
  const lstm = s.lstm(x, { hiddenSize: HIDDEN, h0: h, c0: c });
  const logits = s.linear(lstm, { outputSize: CLASSES });
  const carry = { h: lstm.hN, c: lstm.cN };
  return s
    .entry('train', { loss: s.crossEntropy(logits, next) }, { carry })
    .entry('predict', { logits, final: lstm.hN }, { carry })
    .entry('peek', { logits })
    .build();
}

/** Rows of these lengths; the class of each word is that of the word before it. */
function streams(lengths: readonly number[], seed = 1): { words: number[][]; next: number[][] } {
  const draw = new Draw(seed);
  const words = lengths.map((length) => Array.from({ length }, () => draw.below(WORDS)));
  const next = words.map((row) => row.map((_, at) => (row[at - 1] ?? 0) % CLASSES));
  return { words, next };
}

/** Steps `from` to before `to` of every row. */
function piece(rows: ReturnType<typeof streams>, from: number, to: number, more: Partial<Batch> = {}): Batch {
  const words = rows.words.map((row) => row.slice(from, to));
  return {
    rows: words.length,
    lengths: { tokens: words.map((row) => row.length) },
    inputs: { words: words.flat(), next: rows.next.flatMap((row) => row.slice(from, to)) },
    ...more,
  };
}

const three = streams([9, 2, 6]);

/** Each row's logits of every step, put together from pieces. */
function inPieces(model: Model, state: State, size: number): number[][] {
  const rows: number[][] = [[], [], []];
  for (let from = 0; from < 9; from += size) {
    const { data, offsets, width } = output(
      model.predictSync('predict', piece(three, from, from + size), { state }),
      'logits',
      'matrix',
    );
    rows.forEach((row, at) => row.push(...data.subarray((offsets[at] ?? 0) * width, (offsets[at + 1] ?? 0) * width)));
  }
  return rows;
}

describe('a state', () => {
  it('makes pieces of a sequence the sequence', async () => {
    const model = await testModel(streamSpec());
    const whole = output(model.predictSync('predict', piece(three, 0, 9)), 'logits', 'matrix').data;
    for (const size of [1, 2, 4]) {
      const state = await model.state();
      expect(state.rows).toBe(0);
      inPieces(model, state, size)
        .flat()
        .forEach((x, i) => expect(x).toBeCloseTo(whole[i] ?? NaN, 5));
      expect(state.rows).toBe(3);
    }
  });

  it('is left alone by an entry that carries nothing, and by calls without it', async () => {
    const model = await testModel(streamSpec());
    const state = model.stateSync();
    const first = output(await model.predict('predict', piece(three, 0, 3), { state }), 'final', 'matrix').data;
    expect(await state.read('h')).toEqual(first);
    const peek = (): Float32Array => output(model.predictSync('peek', piece(three, 3, 4), { state }), 'logits', 'matrix').data;
    const logits = peek();
    expect(peek()).toEqual(logits);
    const without = output(model.predictSync('predict', piece(three, 3, 4)), 'logits', 'matrix').data;
    expect(without).not.toEqual(logits);
    expect(state.readSync('h')).toEqual(first);
    // An entry that was added carries what it says.
    const s = new SpecBuilder();
    const [h, c] = [s.state('h', { width: HIDDEN }), s.state('c', { width: HIDDEN })];
    await model.addEntry('swap', entryOf({ h, c }, { carry: { h: c, c: h } }));
    const cells = state.readSync('c');
    await model.predict('swap', { rows: 3, inputs: {} }, { state });
    expect([state.readSync('h'), state.readSync('c')]).toEqual([cells, first]);
  });

  it('has rows that are reset, gathered, copied, restored, read and written', async () => {
    const model = await testModel(streamSpec());
    const state = await model.state();
    const numbers = Float32Array.from({ length: 3 * HIDDEN }, (_, i) => i + 1);
    const row = (at: number): number[] => [...numbers.subarray(at * HIDDEN, (at + 1) * HIDDEN)];
    const zeros = Array(HIDDEN).fill(0) as number[];
    await state.write('h', numbers);
    expect(state.rows).toBe(3);
    expect(state.readSync('c')).toEqual(new Float32Array(3 * HIDDEN));
    const copy = await state.copy();
    await state.reset([1]);
    expect([...state.readSync('h')]).toEqual([row(0), zeros, row(2)].flat());
    await state.gather([2, 0, 2, -1]);
    expect([...state.readSync('h')]).toEqual([row(2), row(0), row(2), zeros].flat());
    await state.reset();
    expect([...state.readSync('h')]).toEqual(Array(4 * HIDDEN).fill(0));
    await state.restore(copy);
    expect([...state.readSync('h')]).toEqual([...numbers]);
    await state.gather([]);
    expect([state.rows, state.readSync('h').length]).toEqual([0, 0]);
    expect(copy.rows).toBe(3);
  });

  it('is as a beam wants it: a row that is taken twice goes on twice', async () => {
    const model = await testModel(streamSpec());
    const state = model.stateSync();
    model.predictSync('predict', piece(three, 0, 2), { state });
    state.gatherSync([2, 0, 2]);
    const after = { words: [[3], [3], [3]], next: [[0], [0], [0]] };
    const { data } = output(model.predictSync('predict', piece(after, 0, 1), { state }), 'logits', 'matrix');
    expect(data.subarray(0, CLASSES)).toEqual(data.subarray(2 * CLASSES));
    expect(data.subarray(0, CLASSES)).not.toEqual(data.subarray(CLASSES, 2 * CLASSES));
  });

  it('is the same for a built-in loss, and one in JavaScript', async () => {
    const [one, two] = [await testModel(streamSpec()), await testModel(streamSpec())];
    const [inRust, inScript] = [testTrainer(one), testTrainer(two)];
    const [a, b] = [one.stateSync(), two.stateSync()];
    for (let from = 0; from < 9; from += 3) {
      const batch = piece(three, from, from + 3);
      const { loss } = await inRust.step(batch, 'train', { state: a });
      const tape = await inScript.forward('train', batch, { state: b });
      expect(output(tape.outputs, 'loss', 'scalar').value).toBeCloseTo(loss, 6);
      await tape.backward({ loss: 1 });
      await inScript.apply();
      expect(b.readSync('h')).toEqual(a.readSync('h'));
    }
    expect(two.parameterSync('lstm.weight_hh_l0')).toEqual(one.parameterSync('lstm.weight_hh_l0'));
  });

  it('stays as it was when a call fails', async () => {
    const model = await testModel(streamSpec());
    const trainer = testTrainer(model);
    const state = model.stateSync();
    const batch = piece(three, 0, 3);
    trainer.stepSync(batch, 'train', { state });
    const before = state.readSync('h');
    const two = streams([3, 3]);
    const said = 'state: expected 3 rows, as in the calls before, got 2';
    for (const act of [
      () => trainer.stepSync(piece(two, 0, 3), 'train', { state }),
      () => model.predictSync('predict', piece(two, 0, 3), { state }),
      () => model.forwardSync('predict', piece(two, 0, 3), { state }),
    ]) {
      expect(thrown(act)).toMatchObject({ name: 'UsageError', code: 'invalid_state', message: said });
    }
    const wrong = { ...batch, inputs: { ...batch.inputs, words: [1, 2, 99, 4, 5, 6, 7, 8] } };
    expect(thrown(() => trainer.stepSync(wrong, 'train', { state }))).toMatchObject({ code: 'invalid_batch' });
    model.setParameterSync('linear.bias', [Infinity, 0, 0, 0]);
    expect(thrown(() => trainer.stepSync(batch, 'train', { state }))).toMatchObject({ code: 'not_finite' });
    expect(state.readSync('h')).toEqual(before);
  });

  it('takes no data from a batch, and gives no gradient', async () => {
    const model = await testModel(streamSpec());
    const batch = piece(three, 0, 3);
    const given = { ...batch, inputs: { ...batch.inputs, h: new Float32Array(15) } };
    expect(thrown(() => model.predictSync('predict', given))).toMatchObject({
      code: 'invalid_batch',
      message: expect.stringContaining('batch.inputs.h: expected no data for a state'),
    });
    const tape = model.forwardSync('train', batch, { state: model.stateSync() });
    expect(tape.backwardSync({ loss: 1 })).toEqual({});
  });

  it('refuses what is not its own', async () => {
    const model = await testModel(streamSpec());
    const other = new Model(model.engine, streamSpec());
    const state = model.stateSync();
    const batch = piece(three, 0, 3);
    const foreign = { state: other.stateSync() };
    for (const act of [
      () => model.predictSync('predict', batch, foreign),
      () => testTrainer(model).stepSync(batch, 'train', foreign),
      () => state.restoreSync(foreign.state),
      () => model.predictSync('predict', batch, { state: {} as State }),
      () => state.readSync('x'),
      () => state.writeSync('h', [1, 2, 3]),
      () => state.gatherSync([0]),
      () => state.gatherSync([0.5]),
      () => state.resetSync([0]),
    ]) {
      expect(thrown(act)).toMatchObject({ name: 'UsageError', code: 'invalid_state' });
    }
    expect(await rejected(model.predict('predict', batch, foreign))).toMatchObject({
      message: 'option state: expected a state of this model, it is of another',
    });
    expect(state.rows).toBe(0);
  });

  it('needs nothing but the spec to be in a model file', async () => {
    const model = await testModel(streamSpec());
    const { model: loaded } = await loadModelFile(await saveModelFile(model, {}), { engine: model.engine });
    const [a, b] = [model.stateSync(), loaded.stateSync()];
    expect(inPieces(loaded, b, 2)).toEqual(inPieces(model, a, 2));
    expect(b.readSync('c')).toEqual(a.readSync('c'));
  });

  it('is gone after dispose, and with its model', async () => {
    const model = await testModel(streamSpec());
    const [state, kept] = [model.stateSync(), model.stateSync()];
    const batch = piece(three, 0, 3);
    model.predictSync('predict', batch, { state });
    expect(model.engine.memory().snapshots).toBe(4 * 3 * 2 * HIDDEN);
    state.dispose();
    state.dispose();
    expect(model.engine.memory().snapshots).toBe(0);
    for (const act of [
      () => state.rows,
      () => state.readSync('h'),
      () => state.copySync(),
      () => kept.restoreSync(state),
      () => model.predictSync('predict', batch, { state }),
    ]) {
      expect(thrown(act)).toMatchObject({ name: 'DisposedError', message: expect.stringContaining('this State') });
    }
    model.dispose();
    expect(thrown(() => kept.rows)).toBeInstanceOf(DisposedError);
    kept.dispose();
  });

  it('keeps memory the same over 1,000 steps', async () => {
    const model = await testModel(streamSpec());
    const trainer = testTrainer(model);
    const draw = new Draw(5);
    const rows = streams([50, 50, 50, 50, 50, 50]);
    const state = model.stateSync();
    const round = (): void => {
      const from = draw.below(40);
      trainer.stepSync(piece(rows, from, from + 10), 'train', { state });
      model.predictSync('predict', piece(rows, from, from + 10), { state });
      state.gatherSync([1, 0, 2, -1, 4, 4]);
      const copy = state.copySync();
      state.resetSync([draw.below(6)]);
      state.restoreSync(copy);
      copy.dispose();
    };
    for (let warm = 0; warm < 20; warm++) round();
    const { total } = model.engine.memory();
    for (let step = 0; step < 1000; step++) round();
    expect(model.engine.memory().total).toBe(total);
  });
});

describe('fit with a state', () => {
  it('takes pieces in their order, each from where the one before ended', async () => {
    const [fitted, stepped] = [await testModel(streamSpec()), await testModel(streamSpec())];
    const pieces = [piece(three, 0, 3), piece(three, 3, 6), piece(three, 6, 9), piece(streams([4, 4]), 0, 4, { reset: true })];
    const [one, two] = [testTrainer(fitted), testTrainer(stepped)];
    const [a, b] = [fitted.stateSync(), stepped.stateSync()];
    // What it has before does not matter.
    a.writeSync('h', Array(HIDDEN).fill(1));
    const report = await one.fit(pieces, { epochs: 2, state: a });
    const losses = [1, 2].map(() => {
      b.gatherSync([]);
      return pieces.map((batch) => two.stepSync(batch, 'train', { state: b }).loss);
    });
    const means = losses.map((of) => of.reduce((sum, loss) => sum + loss, 0) / of.length);
    report.epochs.forEach(({ loss }, epoch) => expect(loss).toBeCloseTo(means[epoch] ?? NaN, 10));
    expect(fitted.parameterSync('lstm.weight_hh_l0')).toEqual(stepped.parameterSync('lstm.weight_hh_l0'));
    expect(a.readSync('h')).toEqual(b.readSync('h'));
    expect(a.rows).toBe(2);
  });

  it('begins rows anew where a batch says so', async () => {
    const model = await testModel(streamSpec());
    const state = model.stateSync();
    const run = (reset: Batch['reset']): Float32Array => {
      state.gatherSync([]);
      model.predictSync('predict', piece(three, 0, 2, { reset: [1] }), { state });
      const batch = piece(three, 2, 4, reset === undefined ? {} : { reset });
      model.predictSync('predict', batch, { state });
      return state.readSync('c');
    };
    const kept = run(undefined);
    const some = run([2]);
    expect(some.subarray(0, 2 * HIDDEN)).toEqual(kept.subarray(0, 2 * HIDDEN));
    expect(some.subarray(2 * HIDDEN)).not.toEqual(kept.subarray(2 * HIDDEN));
    expect(run(false)).toEqual(kept);
    const all = run(true);
    model.predictSync('predict', piece(three, 2, 4, { reset: true }), { state });
    expect(state.readSync('c')).toEqual(all);
    expect(thrown(() => run([3]))).toMatchObject({ code: 'invalid_state' });
  });

  it('evaluates, is patient, tells how it goes and stops', async () => {
    const model = await testModel(streamSpec());
    const state = model.stateSync();
    const rows = streams(Array.from({ length: 8 }, () => 24), 4);
    const pieces = [0, 6, 12, 18].map((from) => piece(rows, from, from + 6));
    const evaluate = (): { loss: number } => {
      const own = model.stateSync();
      const losses = pieces.map((batch) => {
        const tape = model.forwardSync('train', batch, { training: false, state: own });
        tape.dispose();
        return output(tape.outputs, 'loss', 'scalar').value;
      });
      own.dispose();
      return { loss: losses.reduce((sum, loss) => sum + loss, 0) };
    };
    const told: number[] = [];
    const report = await testTrainer(model).fit(pieces, {
      epochs: 60,
      state,
      evaluate,
      mode: 'min',
      patience: 5,
      onProgress: ({ step }) => told.push(step),
    });
    const [first, last] = [report.epochs[0], report.epochs.at(-1)];
    expect(last?.loss).toBeLessThan(0.6 * (first?.loss ?? 0));
    expect(evaluate().loss).toBeCloseTo(Math.min(...report.epochs.map(({ dev }) => dev?.['loss'] ?? NaN)), 6);
    expect(told[0]).toBe(0);

    const stop = new AbortController();
    const stopped = testTrainer(model).fit(pieces, { state, signal: stop.signal, onProgress: () => stop.abort() });
    expect(await rejected(stopped)).toMatchObject({ name: 'CancelledError' });
    expect(state.rows).toBe(0);
  });

  it('makes pieces when they are needed', async () => {
    const [ready, made] = [await testModel(streamSpec()), await testModel(streamSpec())];
    const pieces = [piece(three, 0, 4), piece(three, 4, 9)];
    const data = { size: 2, length: () => 8, batch: ([at]: readonly number[]) => pieces[at ?? 0] as Batch };
    await testTrainer(ready).fit(pieces, { epochs: 3, state: ready.stateSync() });
    await testTrainer(made).fit(data, { epochs: 3, state: made.stateSync() });
    expect(made.parameterSync('linear.weight')).toEqual(ready.parameterSync('linear.weight'));
  });

  it('refuses another order, and a state that is not its own', async () => {
    const model = await testModel(streamSpec());
    const trainer = testTrainer(model);
    const state = model.stateSync();
    const pieces = [piece(three, 0, 3)];
    for (const option of [{ shuffle: true }, { batchSize: 2 }, { batchTokens: 9 }, { bucket: true }]) {
      const [name] = Object.keys(option);
      expect(await rejected(trainer.fit(pieces, { state, ...option }))).toMatchObject({
        code: 'bad_option',
        message: expect.stringContaining(`option ${name}: expected none beside a state`),
      });
    }
    const foreign = (await testModel(streamSpec())).stateSync();
    expect(await rejected(trainer.fit(pieces, { state: foreign }))).toMatchObject({ code: 'invalid_state' });
    state.dispose();
    expect(await rejected(trainer.fit(pieces, { state }))).toBeInstanceOf(DisposedError);
  });
});
