import { describe, expect, it } from 'vitest';
import { output, rowOf } from '../../ts/src/training/output.js';
import { CLASSES, labelBatch, labelSpec, testModel, testTrainer, thrown } from './graph.js';

const batches = [labelBatch([4, 1, 3], 1), labelBatch([2, 6], 2), labelBatch([5], 3)];

/** Summed cross-entropy of logits, and its gradient. */
function crossEntropy(logits: Float32Array, labels: ArrayLike<number>): { loss: number; dLogits: Float32Array } {
  const dLogits = new Float32Array(logits.length);
  let loss = 0;
  for (let step = 0; step < labels.length; step++) {
    const row = logits.subarray(step * CLASSES, (step + 1) * CLASSES);
    const most = Math.max(...row);
    const sum = row.reduce((total, x) => total + Math.exp(x - most), 0);
    const label = labels[step] ?? 0;
    loss += Math.log(sum) + most - (row[label] ?? NaN);
    row.forEach((x, k) => (dLogits[step * CLASSES + k] = Math.exp(x - most) / sum - Number(k === label)));
  }
  return { loss, dLogits };
}

describe('a loss in JavaScript', () => {
  it('trains as the built-in one does, dropout included', async () => {
    const [builtIn, own] = [await testModel(), await testModel()];
    const [inRust, inScript] = [testTrainer(builtIn), testTrainer(own)];
    for (let step = 0; step < 30; step++) {
      const batch = batches[step % batches.length] ?? labelBatch([1]);
      const expected = await inRust.step(batch);
      const tape = await inScript.forward('predict', batch);
      const { loss, dLogits } = crossEntropy(
        output(tape.outputs, 'logits', 'matrix').data,
        Array.from(batch.inputs['labels'] ?? []),
      );
      await tape.backward({ logits: dLogits });
      const actual = await inScript.apply();
      expect(loss).toBeCloseTo(expected.loss, 3);
      expect(actual.gradientNorm / expected.gradientNorm).toBeCloseTo(1, 3);
      expect(actual).toMatchObject({ step: expected.step, learningRate: expected.learningRate });
    }
    for (const { name } of builtIn.parameters) {
      const expected = builtIn.parameterSync(name);
      own.parameterSync(name).forEach((x, i) => expect(x, `${name}[${i}]`).toBeCloseTo(expected[i] ?? NaN, 3));
    }
  });

  it('starts from any outputs, a built-in scalar among them', async () => {
    const model = await testModel(labelSpec({ dropout: 0 }));
    const batch = labelBatch([4, 1, 3], 1);
    model.forwardSync('train', batch).backwardSync({ loss: 2 });
    const twice = model.gradientSync('linear.weight');
    model.clearGradientsSync();
    model.forwardSync('train', batch).backwardSync({ loss: [1] });
    const once = model.gradientSync('linear.weight');
    once.forEach((d, i) => expect(2 * d).toBeCloseTo(twice[i] ?? NaN, 5));
    // Gradients of two passes add up, those of two outputs too.
    model.forwardSync('train', batch).backwardSync({ loss: 1 });
    model.gradientSync('linear.weight').forEach((d, i) => expect(d).toBeCloseTo(twice[i] ?? NaN, 5));
  });

  it('gives the gradients of inputs', async () => {
    const model = await testModel(labelSpec({ dropout: 0 }));
    const batch = labelBatch([3, 5, 2]);
    const features = batch.inputs['features'] as Float32Array;
    const lossAt = (values: Float32Array): number => {
      const { logits } = model.predictSync('predict', { ...batch, inputs: { ...batch.inputs, features: values } });
      return crossEntropy((logits as { data: Float32Array }).data, Array.from(batch.inputs['labels'] ?? [])).loss;
    };
    const tape = model.forwardSync('train', batch);
    const gradients = tape.backwardSync({ loss: 1 });
    expect(Object.keys(gradients)).toEqual(['features']);
    for (const at of [0, 7, 13, 29]) {
      const moved = [-1e-2, 1e-2].map((by) => lossAt(features.map((x, i) => (i === at ? x + by : x))));
      const slope = ((moved[1] ?? NaN) - (moved[0] ?? NaN)) / 2e-2;
      expect(gradients['features']?.[at]).toBeCloseTo(slope, 2);
    }
  });

  it('leaves other passes alone', async () => {
    const model = await testModel(labelSpec({ dropout: 0 }));
    const [first, second] = [labelBatch([4, 1, 3], 1), labelBatch([2, 6], 2)];
    const expected = model.forwardSync('train', first).backwardSync({ loss: 1 })['features'];
    const [a, b] = [model.forwardSync('train', first), model.forwardSync('train', second)];
    model.predictSync('predict', second);
    expect(a.backwardSync({ loss: 1 })['features']).toEqual(expected);
    expect(b.backwardSync({ loss: 1 })['features']).toHaveLength(8 * 3);
  });

  it('can look at the tape again when it is kept', async () => {
    const model = await testModel();
    const tape = model.forwardSync('train', labelBatch([3, 2]));
    const first = tape.backwardSync({ loss: 1 }, { keep: true });
    expect(tape.disposed).toBe(false);
    expect(tape.backwardSync({ loss: 1 })).toEqual(first);
    expect(tape.disposed).toBe(true);
    expect(rowOf(output(tape.outputs, 'logits', 'matrix'), 0)).toHaveLength(3 * CLASSES);
  });
});

describe('backward is an error', () => {
  it('after the parameters have changed', async () => {
    const model = await testModel();
    const trainer = testTrainer(model);
    const batch = labelBatch([2]);
    const changes = {
      step: () => trainer.stepSync(batch),
      apply: () => trainer.applySync(),
      set: () => model.setParameterSync('linear.bias', [0, 0, 0, 0]),
      restore: () => model.restoreSync(model.snapshotSync()),
    };
    for (const [name, change] of Object.entries(changes)) {
      const tape = model.forwardSync('train', batch);
      change();
      expect(thrown(() => tape.backwardSync({ loss: 1 })), name).toMatchObject({
        code: 'invalid_state',
        message: expect.stringContaining('parameters have changed'),
      });
      tape.dispose();
    }
  });

  it('without a pass for training', async () => {
    const model = await testModel();
    const tape = model.forwardSync('train', labelBatch([2]), { training: false });
    expect(thrown(() => tape.backwardSync({ loss: 1 }))).toMatchObject({ code: 'invalid_state' });
  });

  it('with gradients of the wrong size, of ids, or of no output', async () => {
    const model = await testModel();
    const tape = model.forwardSync('train', labelBatch([2]));
    for (const [gradients, message] of [
      [{ logits: [1, 2, 3] }, 'gradient of output "logits": expected 8 numbers, got 3'],
      [{ loss: [] }, 'gradient of output "loss": expected 1 numbers, got 0'],
      [{ losses: 1 }, 'dOutputs: expected outputs among loss, logits, given "losses"'],
    ] as const) {
      expect(thrown(() => tape.backwardSync(gradients))).toMatchObject({ message });
    }
    expect(tape.backwardSync({ loss: 1 })['features']).toHaveLength(6);
  });
});
