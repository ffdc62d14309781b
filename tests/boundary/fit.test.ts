import { describe, expect, it } from 'vitest';
import { optimizer, schedule } from '../../ts/src/spec/optimizer.js';
import type { Batch } from '../../ts/src/training/batch.js';
import type { TrainingData } from '../../ts/src/training/batching.js';
import { output } from '../../ts/src/training/output.js';
import type { Model } from '../../ts/src/training/model.js';
import type { TrainingProgress } from '../../ts/src/training/progress.js';
import { Draw, labelBatch, labelSpec, rejected, testModel, testTrainer, thrown, WIDTH } from './graph.js';

/** Sentences of varying lengths as data that batches itself. */
function sentences(count: number, seed = 1): TrainingData {
  const draw = new Draw(seed);
  const rows = Array.from({ length: count }, (_, i) => labelBatch([1 + draw.below(12)], seed * 1000 + i));
  const lengthOf = (row: number): number => (rows[row]?.lengths?.['tokens'] as number[])[0] ?? 0;
  const joined = (indices: readonly number[], input: string): number[] =>
    indices.flatMap((row) => Array.from(rows[row]?.inputs[input] ?? []));
  return {
    size: count,
    length: lengthOf,
    batch: (indices) => ({
      rows: indices.length,
      lengths: { tokens: indices.map(lengthOf) },
      inputs: Object.fromEntries(['words', 'features', 'labels'].map((name) => [name, joined(indices, name)])),
    }),
  };
}

const data = sentences(60);

function accuracy(model: Model): number {
  const batch = data.batch([...Array(data.size).keys()]);
  const logits = output(model.predictSync('predict', batch), 'logits', 'matrix');
  const labels = batch.inputs['labels'] ?? [];
  let right = 0;
  for (let step = 0; step < labels.length; step++) {
    const row = [...logits.data.subarray(step * logits.width, (step + 1) * logits.width)];
    right += Number(row.indexOf(Math.max(...row)) === labels[step]);
  }
  return right / labels.length;
}

describe('fit', () => {
  it('learns, tells how it goes, and reports', async () => {
    const model = await testModel();
    const seen: TrainingProgress[] = [];
    const begun = performance.now();
    let firstAfter = Infinity;
    const report = await testTrainer(model).fit(data, {
      epochs: 15,
      batchSize: 10,
      evaluate: () => ({ accuracy: accuracy(model) }),
      onProgress: (progress) => {
        firstAfter = Math.min(firstAfter, performance.now() - begun);
        seen.push(progress);
      },
    });
    expect(accuracy(model)).toBeGreaterThan(0.95);
    expect(report.epochs).toHaveLength(15);
    expect(report.steps).toBe(15 * 6);
    expect(report.stoppedEarly).toBe(false);
    const losses = report.epochs.map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
    expect(report.epochs[report.bestEpoch - 1]?.dev).toEqual({ accuracy: accuracy(model) });
    expect(report.tokensPerSecond).toBeGreaterThan(100);

    expect(firstAfter).toBeLessThan(1000);
    expect(seen[0]).toMatchObject({ epoch: 1, epochs: 15, step: 0, steps: 6, loss: null, dev: null, secondsLeft: null });
    expect(seen.at(-1)).toMatchObject({ epoch: 15, step: 6, steps: 6, secondsLeft: 0 });
    expect(seen.filter(({ step, steps }) => step === steps).length).toBeGreaterThanOrEqual(15);
    for (const { loss, tokensPerSecond, secondsLeft } of seen.slice(1)) {
      expect(loss).toBeGreaterThan(0);
      expect(tokensPerSecond).toBeGreaterThan(0);
      expect(secondsLeft).toBeGreaterThanOrEqual(0);
    }
  });

  it('gives the same bits for the same seed, and others for another', async () => {
    const trained = async (seed: number): Promise<Float32Array> => {
      const model = await testModel();
      await testTrainer(model, { seed }).fit(data, { epochs: 2, batchTokens: 40 });
      return model.parameterSync('lstm.weight_hh_l0');
    };
    const [first, again, other] = [await trained(1), await trained(1), await trained(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('ends on the best weights, early where patience runs out', async () => {
    const model = await testModel();
    const scores = [0.2, 0.5, 0.4, NaN, 0.5, 0.9];
    const weights: Float32Array[] = [];
    const report = await testTrainer(model).fit(data, {
      epochs: 6,
      patience: 3,
      evaluate: (epoch) => {
        weights.push(model.parameterSync('linear.weight'));
        return { other: epoch, f1: scores[epoch - 1] ?? 0 };
      },
      monitor: 'f1',
    });
    // The fifth epoch is as good as the second, but none has been better since.
    expect(report).toMatchObject({ bestEpoch: 5, stoppedEarly: true });
    expect(report.epochs).toHaveLength(5);
    expect(model.parameterSync('linear.weight')).toEqual(weights[4]);
    expect(model.engine.memory().snapshots).toBe(0);
    const saved: number[] = [];
    const lowest = await testTrainer(model).fit(data, {
      epochs: 4,
      mode: 'min',
      evaluate: (epoch) => ({ loss: [NaN, 3, 1, 2][epoch - 1] ?? 0 }),
      onBest: ({ bestEpoch, epochs }) => {
        expect(epochs).toHaveLength(bestEpoch);
        saved.push(bestEpoch);
      },
    });
    expect(lowest.bestEpoch).toBe(3);
    expect(saved).toEqual([1, 2, 3]);
  });

  it('feeds schedules that wait for a metric', async () => {
    const model = await testModel();
    const trainer = testTrainer(model, {
      optimizer: optimizer.sgd({ learningRate: 0.1 }),
      schedule: schedule.reduceOnPlateau({ mode: 'max', factor: 0.5, patience: 0 }),
    });
    const report = await trainer.fit(data, { epochs: 4, evaluate: () => ({ f1: 0.5 }) });
    expect(report.epochs.map(({ learningRate }) => learningRate)).toEqual([0.1, 0.1, 0.05, 0.025]);
  });

  it('stops when it is asked to, with the best weights so far, and gives others a turn', async () => {
    const model = await testModel();
    const stop = new AbortController();
    const weights: Float32Array[] = [];
    let turns = 0;
    // Only a loop that gives others a turn can be stopped by one of them.
    const timer = setInterval(() => {
      turns += weights.length > 2 ? 1 : 0;
      if (turns === 3) stop.abort(new Error('enough'));
    }, 1);
    const error = await rejected(
      testTrainer(model).fit(data, {
        epochs: 100_000,
        evaluate: (epoch) => {
          weights.push(model.parameterSync('linear.weight'));
          return { score: -Math.abs(epoch - 2) };
        },
        signal: stop.signal,
      }),
    );
    clearInterval(timer);
    expect(error).toMatchObject({ name: 'CancelledError', code: 'cancelled', cause: new Error('enough') });
    expect(model.parameterSync('linear.weight')).toEqual(weights[1]);
    expect(model.engine.memory().snapshots).toBe(0);
    expect(turns).toBe(3);
    const already = AbortSignal.abort();
    expect(await rejected(testTrainer(model).fit(data, { signal: already }))).toMatchObject({ code: 'cancelled' });
  });

  it('survives a loss that is not a number, with the best weights so far', async () => {
    const model = await testModel();
    let poisoned = false;
    const weights: Float32Array[] = [];
    const turning: TrainingData = {
      ...data,
      batch: (rows) => {
        const batch = data.batch(rows);
        const features = Array(batch.inputs['words']?.length ?? 0).fill(NaN).flatMap((x) => Array(WIDTH).fill(x));
        return poisoned ? { ...batch, inputs: { ...batch.inputs, features } } : batch;
      },
    };
    const error = await rejected(
      testTrainer(model).fit(turning, {
        evaluate: (epoch) => {
          weights.push(model.parameterSync('linear.weight'));
          poisoned = epoch === 3;
          return { score: -epoch };
        },
      }),
    );
    expect(error).toMatchObject({ code: 'not_finite', message: expect.stringContaining('got NaN') });
    expect(model.parameterSync('linear.weight')).toEqual(weights[0]);
    expect(accuracy(model)).toBeGreaterThan(0);
  });

  it('passes errors of callbacks on', async () => {
    const model = await testModel();
    const evaluate = (): never => {
      throw new RangeError('mine');
    };
    expect(await rejected(testTrainer(model).fit(data, { evaluate }))).toEqual(new RangeError('mine'));
    expect(await rejected(testTrainer(model).fit(data, { epochs: 1, evaluate: () => ({}) }))).toMatchObject({
      code: 'bad_option',
    });
  });

  it('takes ready batches', async () => {
    const model = await testModel(labelSpec({ dropout: 0 }));
    const batches: Batch[] = [labelBatch([3, 2], 1), labelBatch([1, 4], 2), labelBatch([6], 3)];
    const report = await testTrainer(model).fit(batches, { epochs: 30 });
    expect(report.steps).toBe(90);
    expect(report.epochs.at(-1)?.loss).toBeLessThan(0.5);
  });

  it.each([
    ['epochs', { epochs: 0 }],
    ['batchSize', { batchSize: 1.5 }],
    ['batchTokens', { batchTokens: -1 }],
    ['batchSize and batchTokens', { batchSize: 1, batchTokens: 1 }],
    ['patience', { patience: 0 }],
    ['mode', { mode: 'best' as 'max' }],
  ])('names the option that is wrong: %s', async (name, options) => {
    const model = await testModel();
    expect(await rejected(testTrainer(model).fit(data, options))).toMatchObject({
      code: 'bad_option',
      message: expect.stringContaining(name),
    });
  });

  it('needs data', async () => {
    expect(await rejected(testTrainer(await testModel()).fit([]))).toMatchObject({ code: 'no_data' });
  });

  it('begins each epoch with a word to the data, and tells the largest gradient', async () => {
    const model = await testModel();
    const begun: number[] = [];
    const drawn: TrainingData = { ...data, begin: (epoch) => begun.push(epoch), batch: (rows) => (expect(begun.length).toBeGreaterThan(0), data.batch(rows)) };
    const norms: number[] = [];
    const trainer = testTrainer(model);
    const step = trainer.step.bind(trainer);
    trainer.step = async (...given) => {
      const report = await step(...given);
      norms.push(report.gradientNorm);
      return report;
    };
    const { epochs } = await trainer.fit(drawn, { epochs: 2, batchSize: 10 });
    expect(begun).toEqual([0, 1]);
    expect(epochs.map(({ gradientNorm }) => gradientNorm)).toEqual([Math.max(...norms.slice(0, 6)), Math.max(...norms.slice(6))]);
  });

  it('weighs the steps of rows that are batches by themselves', async () => {
    const trained = async (learningRate: number, scale: number): Promise<number[]> => {
      const model = await testModel(labelSpec({ dropout: 0 }));
      const trainer = testTrainer(model, { optimizer: optimizer.sgd({ learningRate }) });
      const { epochs } = await trainer.fit({ ...data, learningRateScale: () => scale }, { epochs: 1, batchSize: 1, shuffle: false, bucket: false });
      expect(epochs[0]?.learningRate).toBeCloseTo(learningRate * scale, 10);
      return model.parameters.flatMap(({ name }) => [...model.parameterSync(name)]);
    };
    expect(await trained(0.02, 0.5)).toEqual(await trained(0.01, 1));
    expect(await trained(0.02, 0.5)).not.toEqual(await trained(0.02, 1));
    const trainer = testTrainer(await testModel());
    const wrong = thrown(() => trainer.stepSync(data.batch([0]), 'train', { learningRateScale: 0 }));
    expect(wrong).toMatchObject({ code: 'bad_option', message: 'option learningRateScale: expected a number above 0, given 0' });
  });
});
