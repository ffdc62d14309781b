import { describe, expect, it } from 'vitest';
import { coreOf } from '../../ts/src/engine.js';
import { output, rowOf } from '../../ts/src/training/output.js';
import { Model } from '../../ts/src/training/model.js';
import { Draw, labelBatch, labelSpec, testModel, testTrainer } from './graph.js';

describe('memory', () => {
  it('may grow between any two calls', async () => {
    const model = await testModel();
    const { engine } = model;
    const batch = labelBatch([3, 5, 1]);
    const before = model.predictSync('predict', batch);
    const copy = output(before, 'logits', 'matrix').data.slice();
    const size = engine.memory().total;
    // A model of several megabytes cannot be made without growth.
    const large = new Model(engine, labelSpec({ hiddenSize: 600 }));
    expect(engine.memory().total).toBeGreaterThan(size + 2 ** 22);
    expect(output(before, 'logits', 'matrix').data).toEqual(copy);
    expect(output(model.predictSync('predict', batch), 'logits', 'matrix').data).toEqual(copy);
    expect(large.parameterSync('linear.bias')).toHaveLength(4);
  });

  it('may grow between staging and reading', async () => {
    const model = await testModel(labelSpec({ dropout: 0 }));
    const core = coreOf(model.engine);
    const batch = labelBatch([4, 2]);
    const expected = output(model.predictSync('predict', batch), 'logits', 'matrix').data;
    const tape = model.forwardSync('predict', batch);
    const words = core.stageBytes(new Uint8Array(16));
    expect(words).toBe(16);
    // Staging itself grows the memory: what was staged before is gone, what the core keeps is not.
    core.stageWords(5_000_000).ints.fill(7);
    expect(output(tape.outputs, 'logits', 'matrix').data).toEqual(expected);
    expect(output(model.predictSync('predict', batch), 'logits', 'matrix').data).toEqual(expected);
    tape.backwardSync({ logits: expected });
  });

  it('stays the same over 1,000 steps of varying lengths, after the largest', async () => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const draw = new Draw(7);
    const lengths = (rows: number, most: number): number[] => Array.from({ length: rows }, () => draw.below(most + 1));
    const largest = labelBatch(Array.from({ length: 20 }, () => 30), 3);
    trainer.stepSync(largest);
    model.predictSync('predict', largest);
    trainer.forwardSync('predict', largest).dispose();
    model.snapshotSync().dispose();
    const { total } = model.engine.memory();
    for (let step = 0; step < 1000; step++) {
      const batch = labelBatch(lengths(1 + draw.below(20), 30), step);
      trainer.stepSync(batch);
      if (step % 10 === 0) model.predictSync('predict', batch);
      if (step % 10 === 5) {
        trainer.forwardSync('predict', batch).dispose();
        const snapshot = model.snapshotSync();
        model.restoreSync(snapshot);
        snapshot.dispose();
      }
    }
    const grown = model.engine.memory().total - total;
    expect(grown).toBe(0);
    expect(trainer.steps).toBe(1001);
  });

  it('is planned for the batches that are reserved for', async () => {
    const [planned, unplanned] = [await testModel(), await testModel()];
    const sizes = [40, 80, 160, 320, 640, 1280].map((length) => labelBatch([length, length, 1, 0, 5]));
    for (const batch of sizes) planned.reserveSync('train', batch);
    expect(planned.engine.memory().arena).toBe(0);
    for (const model of [planned, unplanned]) {
      const trainer = testTrainer(model);
      const arenas = sizes.map((batch) => {
        trainer.stepSync(batch);
        return model.engine.memory().arena;
      });
      // One allocation for all, or one for each.
      expect(new Set(arenas).size).toBe(model === planned ? 1 : sizes.length);
    }
    expect(planned.parameterSync('linear.weight')).toEqual(unplanned.parameterSync('linear.weight'));
  });

  it('is accounted for', async () => {
    const model = await testModel();
    const { engine } = model;
    const trainer = testTrainer(model);
    trainer.stepSync(labelBatch([3, 3, 3, 3, 3, 3]));
    const numbers = model.parameters.reduce((sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1), 0);
    const before = engine.memory();
    expect(before.models).toBeGreaterThan(8 * numbers);
    expect(before.optimizers).toBeGreaterThanOrEqual(8 * numbers);
    for (const part of ['staging', 'arena', 'shardGradients'] as const) expect(before[part]).toBeGreaterThan(0);
    const snapshot = model.snapshotSync();
    const tape = model.forwardSync('predict', labelBatch([2]));
    expect(engine.memory().snapshots).toBeGreaterThanOrEqual(4 * numbers);
    expect(engine.memory().tapes).toBeGreaterThan(0);
    snapshot.dispose();
    tape.dispose();
    model.dispose();
    const after = engine.memory();
    expect([after.snapshots, after.models, after.optimizers, after.files]).toEqual([0, 0, 0, 0]);
    const { staging, models, optimizers, arena, shardGradients, tapes, snapshots, files } = before;
    expect(staging + models + optimizers + arena + shardGradients + tapes + snapshots + files).toBeLessThan(before.total);
  });
});

describe('outputs', () => {
  it('are ragged, in the order of the batch', async () => {
    const model = await testModel();
    const lengths = [2, 0, 5, 1];
    const whole = model.predictSync('predict', labelBatch(lengths));
    const logits = output(whole, 'logits', 'matrix');
    expect([...logits.offsets]).toEqual([0, 2, 2, 7, 8]);
    expect(rowOf(logits, 1)).toHaveLength(0);
    expect(rowOf(logits, 2)).toHaveLength(5 * logits.width);
    const final = output(whole, 'final', 'matrix');
    expect([...final.offsets]).toEqual([0, 1, 2, 3, 4]);
    // The same sentence alone gives the same.
    const { inputs } = labelBatch(lengths);
    const words = (inputs['words'] as Int32Array).subarray(2, 7);
    const features = (inputs['features'] as Float32Array).subarray(6, 21);
    const alone = model.predictSync('predict', { rows: 1, lengths: { tokens: [5] }, inputs: { words, features } });
    const single = output(alone, 'logits', 'matrix').data;
    rowOf(logits, 2).forEach((x, i) => expect(x).toBeCloseTo(single[i] ?? NaN, 5));
  });
});
