import { describe, expect, it } from 'vitest';
import { SpecBuilder } from '../../ts/src/spec/specBuilder.js';
import type { Axis, IdsValue, MatrixValue, ScalarValue, Value } from '../../ts/src/spec/value.js';
import type { Batch } from '../../ts/src/training/batch.js';
import { output, rowOf, type Outputs } from '../../ts/src/training/output.js';
import { Model } from '../../ts/src/training/model.js';
import { Draw, testEngine, testTrainer, thrown } from './graph.js';

const WIDTH = 4;
const TAGS = 3;
const lengths = [4, 1, 3];
const total = 8;

/** What the blocks are made of. */
interface Parts {
  readonly s: SpecBuilder;
  readonly tokens: Axis;
  readonly ids: IdsValue;
  readonly tags: IdsValue;
  readonly x: MatrixValue;
  /** As many numbers as `x` has. */
  readonly target: MatrixValue;
  /** `WIDTH` numbers for each row. */
  readonly row: MatrixValue;
}

function parts(): Parts {
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const steps = { axis: tokens, width: WIDTH };
  return {
    s,
    tokens,
    ids: s.ids('ids', { axis: tokens, size: 6 }),
    tags: s.ids('tags', { axis: tokens, size: TAGS, ignoreIndex: -100 }),
    x: s.matrix('x', { ...steps, gradient: true }),
    target: s.matrix('target', steps),
    row: s.matrix('row', { width: WIDTH }),
  };
}

const draw = new Draw(3);
const reals = (count: number): number[] => Array.from({ length: count }, () => draw.real());
const batch: Batch = {
  rows: 3,
  lengths: { tokens: lengths },
  inputs: {
    ids: Array.from({ length: total }, () => draw.below(6)),
    tags: [0, 1, 2, 0, 1, 2, 2, 1],
    x: reals(total * WIDTH),
    target: reals(total * WIDTH).map((x) => (x + 1) / 2),
    row: reals(3 * WIDTH),
  },
};

type Make = (parts: Parts) => { readonly [output: string]: Value };

/** Runs what `make` asks for. */
async function run(make: Make, entry = 'predict'): Promise<{ model: Model; outputs: Outputs }> {
  const given = parts();
  const spec = given.s.entry(entry, make(given)).build();
  const model = new Model(await testEngine(), spec);
  return { model, outputs: model.predictSync(entry, batch) };
}

const matrices: { readonly [block: string]: (parts: Parts) => MatrixValue } = {
  embedding: ({ s, ids }) => s.embedding(ids, { embeddingSize: 2, paddingIdx: 0 }),
  embeddingDropout: ({ s, ids }) => s.embedding(ids, { embeddingSize: 2, dropout: 0.2 }),
  weightDrop: ({ s, x }) => s.gru(x, { hiddenSize: 3, parameters: { weight_hh_l0: { drop: 0.5 }, weight_ih_l0: { drop: 0.2 } } }),
  replaceIds: ({ s, ids }) => s.embedding(s.replaceIds(ids, { from: 2, with: 1, probability: 1 }), { embeddingSize: 2 }),
  dropout: ({ s, x }) => s.dropout(x, { p: 0.2, locked: true }),
  linear: ({ s, x }) => s.linear(x, { outputSize: 2, bias: false }),
  rnn: ({ s, x, row }) => s.rnn(x, { hiddenSize: WIDTH, nonlinearity: 'relu', h0: row }),
  gru: ({ s, x }) => s.gru(x, { hiddenSize: 3, layers: 2, bidirectional: true, dropout: 0.1, resetAfter: false }).hN,
  lstm: ({ s, x, row }) => s.lstm(x, { hiddenSize: WIDTH, h0: row, c0: row, forgetBias: 1 }).cN,
  projectedLstm: ({ s, x }) => s.lstm(x, { hiddenSize: 4, projSize: 2, bias: false }),
  layerNorm: ({ s, x }) => s.layerNorm(x, { eps: 1e-6 }),
  concat: ({ s, x, target }) => s.concat([x, target, x]),
  add: ({ s, x, target }) => s.add(x, target),
  mul: ({ s, x, target }) => s.mul(x, target),
  slice: ({ s, x }) => s.slice(x, { start: 1, end: 3 }),
  softmax: ({ s, x }) => s.softmax(x),
  logSoftmax: ({ s, x }) => s.logSoftmax(x),
  poolMean: ({ s, x }) => s.pool(x, { kind: 'mean' }),
  poolMax: ({ s, x }) => s.pool(x, { kind: 'max' }),
  poolLast: ({ s, x }) => s.pool(x, { kind: 'last' }),
  conv1d: ({ s, x }) => s.conv1d(x, { outputSize: 3, kernelSize: 3, padding: 'causal' }),
  additive: ({ s, x, row }) => s.attention(row, x, { kind: 'additive', attentionSize: 5 }),
  attentionPool: ({ s, x }) => s.attentionPool(x, { attentionSize: 5 }),
  general: ({ s, x, target }) => s.attention(x, target, { kind: 'general' }),
  dot: ({ s, x, target }) => s.attention(x, target, { kind: 'dot' }),
  scaledDot: ({ s, x, row }) => s.attention(row, x, { kind: 'scaled_dot' }),
  ...Object.fromEntries(
    (['exp', 'gelu', 'relu', 'sigmoid', 'silu', 'softplus', 'tanh'] as const).map((kind) => [
      kind,
      ({ s, x }: Parts) => s.activation(kind, x),
    ]),
  ),
};

const losses: { readonly [block: string]: (parts: Parts) => ScalarValue } = {
  crossEntropy: ({ s, x, tags }) =>
    s.crossEntropy(s.slice(x, { end: TAGS }), tags, { labelSmoothing: 0.1, classWeights: [1, 2, 3] }),
  bceWithLogits: ({ s, x, target }) => s.bceWithLogits(x, target, { reduction: 'sum' }),
  mse: ({ s, x, target }) => s.mse(x, target),
  l1: ({ s, x, target }) => s.l1(x, target),
  huber: ({ s, x, target }) => s.huber(x, target, { delta: 0.5 }),
  gaussianNll: ({ s, x, target }) => s.gaussianNll(x, s.activation('exp', x), target, { full: true, eps: 1e-5 }),
  studentTNll: ({ s, x, target }) =>
    s.studentTNll(s.activation('exp', x), x, s.activation('softplus', x), target),
  quantile: ({ s, x, target }) => s.quantile(s.concat([x, x]), target, { quantiles: [0.1, 0.9] }),
  adaptiveSoftmax: ({ s, x, tags }) =>
    s.adaptiveSoftmax(x, { outputSize: TAGS, cutoffs: [1], divValue: 2 }).loss(tags, { reduction: 'sum' }),
  activationRegularization: ({ s, x }) => s.activationRegularization(x),
  temporalActivationRegularization: ({ s, x }) => s.temporalActivationRegularization(x, { reduction: 'sum' }),
  crf: ({ s, x }) => {
    const own = s.ids('own', { axis: { kind: 'axis', name: 'tokens' }, size: WIDTH });
    return s.crf(x, { constraints: { scheme: 'bio', tags: ['O', 'B-A', 'I-A', 'B-B'] } }).loss(own, { reduction: 'token_mean' });
  },
};

describe('every block', () => {
  it.each(Object.entries(matrices))('%s predicts, and trains through JavaScript', async (_, make) => {
    const { model, outputs } = await run((given) => ({ y: make(given) }));
    const { data } = output(outputs, 'y', 'matrix');
    expect(data.length).toBeGreaterThan(0);
    expect(data.every(Number.isFinite)).toBe(true);
    const trainer = testTrainer(model);
    const loss = (): number => output(model.predictSync('predict', batch), 'y', 'matrix').data.reduce((sum, y) => sum + y * y, 0);
    const before = loss();
    for (let step = 0; step < 5; step++) {
      const tape = trainer.forwardSync('predict', batch);
      tape.backwardSync({ y: output(tape.outputs, 'y', 'matrix').data.map((y) => 2 * y) });
      trainer.applySync();
    }
    if (model.parameters.length > 0) expect(loss()).toBeLessThan(before);
    else expect(loss()).toBe(before);
  });

  it.each(Object.entries(losses))('%s is a loss that falls', async (_, make) => {
    const given = parts();
    // Something to train in front of the loss.
    const x = given.s.linear(given.x, { outputSize: WIDTH });
    const model = new Model(await testEngine(), given.s.entry('train', { loss: make({ ...given, x }) }).build());
    const trainer = testTrainer(model);
    const data = { ...batch, inputs: { ...batch.inputs, ...(model.spec.inputs['own'] ? { own: [0, 1, 2, 0, 3, 0, 1, 2] } : {}) } };
    const first = trainer.stepSync(data).loss;
    let last = first;
    for (let step = 0; step < 20; step++) last = trainer.stepSync(data).loss;
    expect(first).toSatisfy(Number.isFinite);
    expect(last).toBeLessThan(first);
  });
});

describe('attention with a learnt query', () => {
  it('weighs the steps of each row by what a hidden layer says of them', async () => {
    const { model, outputs } = await run(({ s, x }) => {
      const pooled = s.attentionPool(x, { name: 'pool', attentionSize: 2 });
      return { pooled, weights: pooled.weights };
    });
    const [key, bias, score] = ['key.weight', 'bias', 'score.weight'].map((name) => model.parameterSync(`pool.${name}`)) as [
      Float32Array, Float32Array, Float32Array,
    ];
    const x = batch.inputs['x'] as number[];
    let at = 0;
    lengths.forEach((length, row) => {
      const steps = Array.from({ length }, (_, t) => x.slice((at + t) * WIDTH, (at + t + 1) * WIDTH));
      const hidden = (step: readonly number[], unit: number): number =>
        Math.tanh(step.reduce((sum, number, j) => sum + number * (key[unit * WIDTH + j] ?? NaN), bias[unit] ?? NaN));
      const masses = steps.map((step) => Math.exp([0, 1].reduce((sum, unit) => sum + hidden(step, unit) * (score[unit] ?? NaN), 0)));
      const total = masses.reduce((sum, mass) => sum + mass, 0);
      const weights = rowOf(output(outputs, 'weights', 'matrix'), row);
      const pooled = rowOf(output(outputs, 'pooled', 'matrix'), row);
      expect(weights).toHaveLength(length);
      masses.forEach((mass, t) => expect(weights[t]).toBeCloseTo(mass / total, 5));
      for (let j = 0; j < WIDTH; j++) {
        const mean = steps.reduce((sum, step, t) => sum + ((masses[t] ?? NaN) / total) * (step[j] ?? NaN), 0);
        expect(pooled[j]).toBeCloseTo(mean, 5);
      }
      at += length;
    });
  });
});

describe('binary cross-entropy', () => {
  it('counts the targets of each column that are met as much as it is told', async () => {
    const weights = [0.5, 1, 2, 3];
    const { outputs } = await run(({ s, x, target }) => ({
      loss: s.bceWithLogits(x, target, { posWeight: weights, reduction: 'sum' }),
      plain: s.bceWithLogits(x, target, { reduction: 'sum' }),
    }));
    const [x, t] = [batch.inputs['x'], batch.inputs['target']] as [number[], number[]];
    const sum = (weight: (column: number) => number): number =>
      x.reduce((total, logit, at) => {
        const [met, missed] = [t[at] ?? NaN, 1 - (t[at] ?? NaN)];
        return total + weight(at % WIDTH) * met * Math.log1p(Math.exp(-logit)) + missed * Math.log1p(Math.exp(logit));
      }, 0);
    expect(output(outputs, 'loss', 'scalar').value).toBeCloseTo(sum((column) => weights[column] ?? NaN), 4);
    expect(output(outputs, 'plain', 'scalar').value).toBeCloseTo(sum(() => 1), 4);
  });

  it('refuses weights that are not one for each column', async () => {
    const loss = (posWeight: readonly number[]) => run(({ s, x, target }) => ({ loss: s.bceWithLogits(x, target, { posWeight }) }));
    await expect(loss([1, 2])).rejects.toThrow('config.pos_weight: expected 4 numbers of at least 0');
    await expect(loss([1, 2, -3, 4])).rejects.toThrow('config.pos_weight: expected 4 numbers of at least 0');
  });
});

describe('an adaptive softmax', () => {
  const CLASSES = 6;

  it('gives the loss of its probabilities, which it reads from one set of parameters', async () => {
    const { model, outputs } = await run(({ s, x, ids }) => {
      const softmax = s.adaptiveSoftmax(x, { outputSize: CLASSES, cutoffs: [2, 3], divValue: 2 });
      return { loss: softmax.loss(ids), logProb: softmax.logProb() };
    });
    expect(model.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['adaptive_softmax.head.weight', [4, WIDTH]],
      ['adaptive_softmax.tail.0.0.weight', [2, WIDTH]],
      ['adaptive_softmax.tail.0.1.weight', [1, 2]],
      ['adaptive_softmax.tail.1.0.weight', [1, WIDTH]],
      ['adaptive_softmax.tail.1.1.weight', [3, 1]],
    ]);
    const { data } = output(outputs, 'logProb', 'matrix');
    const ids = batch.inputs['ids'] as number[];
    for (let step = 0; step < total; step++) {
      const row = data.subarray(step * CLASSES, (step + 1) * CLASSES);
      expect(row.reduce((sum, each) => sum + Math.exp(each), 0)).toBeCloseTo(1, 5);
    }
    const mean = ids.reduce((sum, id, step) => sum - (data[step * CLASSES + id] ?? NaN), 0) / total;
    expect(output(outputs, 'loss', 'scalar').value).toBeCloseTo(mean, 5);
  });

  it('names what it cannot be', async () => {
    const loss = (cutoffs: readonly number[]) =>
      run(({ s, x, ids }) => ({ loss: s.adaptiveSoftmax(x, { outputSize: CLASSES, cutoffs }).loss(ids) }));
    await expect(loss([3, 2])).rejects.toThrow('config.cutoffs: expected rising whole numbers from 1 to below output_size');
    await expect(loss([2, 4, 5])).rejects.toThrow('config.div_value: missing, expected one that leaves each tail a number a row');
  });
});

describe('a field', () => {
  it('agrees with an enumeration of all paths', async () => {
    const { model, outputs } = await run(({ s, x }) => {
      const crf = s.crf(s.slice(x, { end: TAGS }));
      const path = crf.decode();
      const { marginals, logPartition, conditionals } = crf.marginals(path);
      return { path, best: path.bestScore, marginals, logPartition, conditionals };
    });
    await model.addEntry('best', nBestEntry());
    const best = await model.predict('best', batch);
    const [transitions, start, end] = ['transitions', 'start_transitions', 'end_transitions'].map((name) =>
      model.parameterSync(`crf.${name}`),
    ) as [Float32Array, Float32Array, Float32Array];
    const x = batch.inputs['x'] as number[];
    let at = 0;
    lengths.forEach((length, row) => {
      const emission = (t: number, tag: number): number => x[(at + t) * WIDTH + tag] ?? NaN;
      const paths = Array.from({ length: TAGS ** length }, (_, n) =>
        Array.from({ length }, (__, t) => Math.floor(n / TAGS ** t) % TAGS),
      );
      const score = (path: readonly number[]): number =>
        path.reduce(
          (sum, tag, t) => sum + emission(t, tag) + (t === 0 ? (start[tag] ?? NaN) : (transitions[(path[t - 1] ?? 0) * TAGS + tag] ?? NaN)),
          end[path.at(-1) ?? 0] ?? NaN,
        );
      const ranked = paths.map((path) => ({ path, score: score(path) })).sort((a, b) => b.score - a.score);
      const logZ = Math.log(ranked.reduce((sum, { score: each }) => sum + Math.exp(each), 0));
      const bestPath = ranked[0] ?? { path: [], score: NaN };
      expect([...rowOf(output(outputs, 'path', 'ids'), row)]).toEqual(bestPath.path);
      expect(rowOf(output(outputs, 'best', 'matrix'), row)[0]).toBeCloseTo(bestPath.score, 4);
      expect(rowOf(output(outputs, 'logPartition', 'matrix'), row)[0]).toBeCloseTo(logZ, 4);
      const marginals = rowOf(output(outputs, 'marginals', 'matrix'), row);
      for (let t = 0; t < length; t++) {
        for (let tag = 0; tag < TAGS; tag++) {
          const mass = ranked.filter(({ path }) => path[t] === tag).reduce((sum, { score: each }) => sum + Math.exp(each - logZ), 0);
          expect(marginals[t * TAGS + tag]).toBeCloseTo(mass, 4);
        }
      }
      const [first, second] = [0, 1].map((k) => ranked[k]);
      const found = rowOf(output(best, 'logProbability', 'matrix'), row);
      expect(found[0]).toBeCloseTo((first?.score ?? NaN) - logZ, 4);
      expect(found[1]).toBeCloseTo((second?.score ?? NaN) - logZ, 4);
      at += length;
    });
  });

  /** The two best paths, as an entry for a model whose field is called `crf`. */
  function nBestEntry(): Parameters<Model['addEntry']>[1] {
    const { s, x } = parts();
    const { paths, logProbability } = s.crf(s.slice(x, { end: TAGS })).nBest(2);
    return s.entry('best', { paths, logProbability }).build().entries['best'] ?? { nodes: [], outputs: {} };
  }

  it('is not trained by its probabilities, which have no gradient', async () => {
    const engine = await testEngine();
    const refused = (lossOf: (part: ReturnType<typeof parts>) => ScalarValue): unknown => {
      const part = parts();
      return thrown(() => new Model(engine, part.s.entry('train', { loss: lossOf(part) }).build()));
    };
    expect(refused(({ s, x, target }) => s.mse(s.crf(s.linear(x, { outputSize: WIDTH })).marginals().marginals, target))).toMatchObject({
      code: 'invalid_spec',
      message: expect.stringMatching(/this loss depends on "crf/),
    });
    expect(refused(({ s, x }) => s.mse(x, s.linear(x, { outputSize: WIDTH })))).toMatchObject({
      code: 'invalid_spec',
      message: expect.stringContaining('inputs[1]: expected a target that depends on nothing trained'),
    });
  });

  it('refuses more best paths than anybody wants', async () => {
    const { s, x } = parts();
    const spec = s.entry('predict', { paths: s.crf(x).nBest(2 ** 20).paths }).build();
    const engine = await testEngine();
    expect(thrown(() => new Model(engine, spec))).toMatchObject({ code: 'invalid_spec', message: expect.stringContaining('config.n') });
  });
});

describe('attention', () => {
  it('gives weights for each query, over the keys of its row', async () => {
    const { outputs } = await run(({ s, x, row, target }) => {
      const [byRow, byStep] = [s.attention(row, x, { kind: 'dot' }), s.attention(x, target, { kind: 'general' })];
      return { rows: byRow.weights, steps: byStep.weights };
    });
    const rows = output(outputs, 'rows', 'matrix');
    expect([...rows.offsets]).toEqual([0, 4, 5, 8]);
    const steps = output(outputs, 'steps', 'matrix');
    expect([...steps.offsets]).toEqual([0, 4, 8, 12, 16, 17, 20, 23, 26]);
    for (const weights of [rows, steps]) {
      for (let query = 0; query + 1 < weights.offsets.length; query++) {
        expect(rowOf(weights, query).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      }
    }
  });
});
