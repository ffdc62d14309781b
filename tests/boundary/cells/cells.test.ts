import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../ts/src/engine.js';
import { SpecBuilder } from '../../../ts/src/spec/specBuilder.js';
import { Model } from '../../../ts/src/training/model.js';
import { output, rowOf } from '../../../ts/src/training/output.js';
import { Draw, testEngine, testTrainer } from '../graph.js';
import { cellCases, cellSpec, stateWidth, type CellCase } from './cases.js';
import { reference, type States } from './reference.js';

const LENGTHS = [3, 1, 6, 0, 2, 4, 5];

let engine: Engine;

beforeAll(async () => {
  engine = await testEngine();
});

/** The largest difference between what a model of the case computes and the reference, over all numbers. */
function difference(of: CellCase, given: readonly string[]): number {
  const model = new Model(engine, cellSpec(of, given), { seed: 3 });
  const draw = new Draw(5);
  const numbers = (length: number): number[] => Array.from({ length }, () => draw.real());
  for (const { name, shape } of model.parameters) model.setParameterSync(name, numbers(shape.reduce((a, b) => a * b)));
  const rows = LENGTHS.map((length) => Array.from({ length }, () => numbers(of.width)));
  const zeros = (): number[] => new Array<number>(stateWidth(of)).fill(0);
  const initial = LENGTHS.map((): States => Object.fromEntries(of.states.map((state) => [state, given.includes(state) ? numbers(stateWidth(of)) : zeros()])));
  // A normaliser is above zero.
  for (const states of initial) if (given.includes('n')) states['n'] = states['n']!.map((n) => Math.abs(n) + 0.1);
  const inputs = given.map((state) => [`${state}0`, initial.flatMap((states) => states[state]!)]);
  const outputs = model.predictSync('cell', {
    rows: LENGTHS.length,
    lengths: { tokens: LENGTHS },
    inputs: { x: rows.flat(2), ...(Object.fromEntries(inputs) as { [name: string]: number[] }) },
  });
  const parameters = new Map(model.parameters.map(({ name }) => [name, model.parameterSync(name)]));
  let most = 0;
  const compare = (name: string, row: number, expected: readonly number[]): void => {
    const computed = rowOf(output(outputs, name, 'matrix'), row);
    expect(computed.length).toBe(expected.length);
    expected.forEach((value, j) => (most = Math.max(most, Math.abs(value - computed[j]!) || (Number.isNaN(computed[j]!) ? Infinity : 0))));
  };
  LENGTHS.forEach((_, row) => {
    const [ys, finals] = reference(of, (name) => parameters.get(name)!, rows[row]!, initial[row]!);
    compare('y', row, ys.flat());
    for (const state of of.states) compare(`${state}N`, row, finals[state]!);
  });
  model.dispose();
  return most;
}

describe.each(Object.entries(cellCases))('the cell %s', (_, of) => {
  it('is what its paper says, step by step, from given states', () => {
    expect(difference(of, of.states)).toBeLessThan(3e-5);
  });

  it('and from zeros', () => {
    expect(difference(of, [])).toBeLessThan(3e-5);
  });
});

describe('a loop of one’s own', () => {
  it('reads ids, hands states of any name on, and is trained', () => {
    const s = new SpecBuilder();
    const tokens = s.axis('tokens');
    const words = s.ids('words', { axis: tokens, size: 7 });
    const target = s.ids('target', { size: 2 });
    const { outputs, finals } = s.scan(
      { name: 'count', steps: { words }, states: { runningSum: { width: 4 } } },
      (b, { words, runningSum }) => {
        const embedded = b.embedding(words, { embeddingSize: 4, parameters: { weight: { init: 'ones' } } });
        const next = b.add(runningSum, embedded);
        return { outputs: { newSum: next, before: runningSum }, next: { runningSum: next } };
      },
    );
    const loss = s.crossEntropy(s.linear(finals.runningSum, { outputSize: 2 }), target);
    s.entry('train', { loss }).entry('sums', { sums: outputs.newSum, before: outputs.before, last: finals.runningSum });
    const model = new Model(engine, s.build());
    expect(model.parameters.map(({ name }) => name)).toContain('count.embedding.weight');
    const batch = { rows: 2, lengths: { tokens: [3, 1] }, inputs: { words: [1, 2, 3, 6], target: [0, 1] } };
    const sums = model.predictSync('sums', batch);
    expect([...output(sums, 'sums', 'matrix').data].filter((_, j) => j % 4 === 0)).toEqual([1, 2, 3, 1]);
    expect([...output(sums, 'before', 'matrix').data].filter((_, j) => j % 4 === 0)).toEqual([0, 1, 2, 0]);
    expect([...output(sums, 'last', 'matrix').data].filter((_, j) => j % 4 === 0)).toEqual([3, 1]);
    const trainer = testTrainer(model);
    const losses = Array.from({ length: 60 }, () => trainer.stepSync(batch).loss);
    expect(losses.at(-1)!).toBeLessThan(0.1 * losses[0]!);
    model.dispose();
  });

  it('has rows that are the same at each step', () => {
    const s = new SpecBuilder();
    const x = s.matrix('x', { axis: s.axis('tokens'), width: 1 });
    const row = s.matrix('row', { width: 1 });
    const loop = s.scan({ steps: { x }, rows: { perStep: row }, states: { sum: { width: 1, initial: row } } }, (b, { x, perStep, sum }) => {
      const y = b.sum([sum, x, perStep]);
      return { outputs: { y }, next: { sum: y } };
    });
    const model = new Model(engine, s.entry('sums', { y: loop.outputs.y, last: loop.finals.sum }).build());
    const outputs = model.predictSync('sums', { rows: 3, lengths: { tokens: [2, 0, 1] }, inputs: { x: [1, 2, 4], row: [10, 20, 30] } });
    expect([...output(outputs, 'y', 'matrix').data]).toEqual([21, 33, 64]);
    expect([...output(outputs, 'last', 'matrix').data]).toEqual([33, 20, 64]);
    model.dispose();
  });

  it('stays finite where an input gate underflows in the first step', () => {
    const s = new SpecBuilder();
    const x = s.matrix('x', { axis: s.axis('tokens'), width: 2 });
    const y = s.slstm(x, { hiddenSize: 3 });
    const target = s.matrix('target', { width: 3 });
    const model = new Model(engine, s.entry('train', { loss: s.mse(y.hN, target) }).entry('predict', { y }).build());
    const batch = { rows: 2, lengths: { tokens: [2, 1] }, inputs: { x: [1000, -1000, 1, 2, -1000, 1000], target: new Array<number>(6).fill(0) } };
    expect(output(model.predictSync('predict', batch), 'y', 'matrix').data.every(Number.isFinite)).toBe(true);
    expect(testTrainer(model).stepSync(batch).gradientNorm).toBeLessThan(Infinity);
    model.dispose();
  });

  it('goes on from a state that outlives the call', () => {
    const s = new SpecBuilder();
    const x = s.matrix('x', { axis: s.axis('tokens'), width: 2 });
    const states = Object.fromEntries(['h', 'c', 'n', 'm'].map((name) => [`${name}0`, s.state(name, { width: 6 })]));
    const y = s.slstm(x, { hiddenSize: 3, layers: 2, ...states });
    const spec = s.entry('predict', { y }, { carry: { h: y.hN, c: y.cN, n: y.nN, m: y.mN } }).build();
    const model = new Model(engine, spec);
    const draw = new Draw(2);
    const numbers = Array.from({ length: 12 }, () => draw.real());
    const run = (from: number, to: number, more = {}): number[] => {
      const inputs = { x: numbers.slice(2 * from, 2 * to) };
      return [...output(model.predictSync('predict', { rows: 1, lengths: { tokens: [to - from] }, inputs }, more), 'y', 'matrix').data];
    };
    const state = model.stateSync();
    expect([...run(0, 2, { state }), ...run(2, 6, { state })]).toEqual(run(0, 6));
    model.dispose();
  });

  it('refuses a value from outside that was not handed in', () => {
    const s = new SpecBuilder();
    const x = s.matrix('x', { axis: s.axis('tokens'), width: 2 });
    const other = s.activation('tanh', x);
    const scan = (): unknown => s.scan({ steps: { x }, states: {} }, (b, { x }) => ({ outputs: { y: b.add(x, other) }, next: {} }));
    expect(scan).toThrow(expect.objectContaining({ code: 'invalid_spec', message: expect.stringMatching(/^scan "scan": expected values of its body, given "tanh" from outside/) }));
  });
});

describe('options of cells', () => {
  const x = (s: SpecBuilder) => s.matrix('x', { axis: s.axis('tokens'), width: 4 });

  it.each<[string, (s: SpecBuilder) => unknown]>([
    ['option layers: expected a whole number of at least 1, given 0', (s) => s.minGru(x(s), { hiddenSize: 4, layers: 0 })],
    ['option rounds: expected a whole number of at least 1, given -1', (s) => s.mogrifierLstm(x(s), { inputSize: 4, hiddenSize: 4, rounds: -1 })],
    ['option window: expected 1 or 2 in both directions, given 3', (s) => s.qrnn(x(s), { hiddenSize: 4, window: 3, bidirectional: true })],
    ['option heads: expected a divisor of hiddenSize 4, given 3', (s) => s.slstm(x(s), { hiddenSize: 4, heads: 3 })],
    [
      'option layers: expected 1 in both directions, as its input is as wide as its state, given 2',
      (s) => s.rgLru(x(s), { hiddenSize: 4, layers: 2, bidirectional: true }),
    ],
  ])('%s', (message, link) => {
    expect(() => link(new SpecBuilder())).toThrow(expect.objectContaining({ code: 'bad_option', message }));
  });

  it('names that are taken are counted up', () => {
    const s = new SpecBuilder();
    const input = x(s);
    const y = s.minGru(s.minGru(input, { hiddenSize: 4, dropout: 0.2, layers: 2 }), { hiddenSize: 4 });
    const names = s.entry('predict', { y }).build().entries['predict']!.nodes.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['min_gru_l0_input', 'min_gru_l0', 'min_gru_l0_dropout', 'min_gru_l1', 'min_gru_2_l0']));
  });
});
