import { describe, expect, it } from 'vitest';
import { loadModelFile, saveModelFile } from '../../ts/src/io/modelFile.js';
import type { Spec } from '../../ts/src/spec/spec.js';
import { optimizer } from '../../ts/src/spec/optimizer.js';
import { SpecBuilder } from '../../ts/src/spec/specBuilder.js';
import { Model } from '../../ts/src/training/model.js';
import { output } from '../../ts/src/training/output.js';
import { labelBatch, rejected, testEngine, testModel, testTrainer, thrown, WORDS } from './graph.js';

/** A language model as Merity et al. (2018) have it, on words alone; the labels are what comes next. */
function awdSpec(): Spec {
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const words = s.ids('words', { axis: tokens, size: WORDS });
  const labels = s.ids('labels', { axis: tokens, size: WORDS });
  const x = s.dropout(s.embedding(words, { embeddingSize: 5, dropout: 0.1 }), { p: 0.2, locked: true });
  const h = s.lstm(x, { hiddenSize: 5, parameters: { weight_hh_l0: { drop: 0.5 } } });
  const dropped = s.dropout(h, { p: 0.2, locked: true });
  const logits = s.linear(dropped, { outputSize: WORDS, share: { weight: 'embedding.weight' } });
  const nll = s.crossEntropy(logits, labels);
  const losses = [nll, s.activationRegularization(dropped), s.temporalActivationRegularization(h)];
  return s.entry('train', { loss: s.sum(losses, { weights: [1, 2, 1] }), nll }).entry('predict', { logits }).build();
}

const { rows, lengths = {}, inputs } = labelBatch([7, 3, 5, 1, 6]);
const batch = { rows, lengths, inputs: { words: inputs['words'] ?? [], labels: inputs['labels'] ?? [] } };
const forPrediction = { rows, lengths, inputs: { words: batch.inputs.words } };
const all = (model: Model): number[][] => model.parameters.map(({ name }) => [...model.parameterSync(name)]);

describe('a language model with all that regularises it', () => {
  it('learns, in constant memory', async () => {
    const model = await testModel(awdSpec());
    const trainer = testTrainer(model);
    const first = trainer.stepSync(batch);
    expect(Object.keys(first.losses)).toEqual(['nll']);
    const { total } = model.engine.memory();
    let last = first;
    for (let step = 0; step < 300; step++) last = trainer.stepSync(batch);
    expect(last.losses['nll']).toBeLessThan((first.losses['nll'] ?? NaN) / 2);
    expect(model.engine.memory().total).toBe(total);
  });

  it('drops weights in training alone, and never the weights themselves', async () => {
    const model = await testModel(awdSpec());
    const before = all(model);
    const logits = (): number[] => [...output(model.predictSync('predict', forPrediction), 'logits', 'matrix').data];
    const predicted = logits();
    const tape = (step: number): number[] => {
      const forward = model.forwardSync('predict', forPrediction, { training: true, seed: 1, step });
      return [...output(forward.outputs, 'logits', 'matrix').data];
    };
    expect(tape(0)).not.toEqual(predicted);
    expect(tape(1)).not.toEqual(tape(0));
    expect(tape(0)).toEqual(tape(0));
    expect(logits()).toEqual(predicted);
    expect(all(model)).toEqual(before);
  });

  it('is saved with one table for both ends, and goes on as it was', async () => {
    const model = await testModel(awdSpec());
    const trainer = testTrainer(model);
    for (let step = 0; step < 3; step++) trainer.stepSync(batch);
    const bytes = await saveModelFile(model);
    const { model: loaded } = await loadModelFile(bytes, { engine: await testEngine() });
    expect(loaded.parameters.map(({ name }) => name)).not.toContain('linear.weight');
    expect(all(loaded)).toEqual(all(model));
    const [again, before] = [loaded, model].map((each) => testTrainer(each, { seed: 4 }).stepSync(batch));
    expect(again).toEqual(before);
  });

  it('refuses to drop a share that is none, or numbers whose gradient is sparse', async () => {
    const engine = await testEngine();
    const refused = (attributes: object): unknown => {
      const spec = awdSpec();
      const parameters = { ...spec.parameters, 'lstm.weight_hh_l0': attributes };
      return thrown(() => new Model(engine, { ...spec, parameters }));
    };
    expect(refused({ drop: 2 })).toMatchObject({
      code: 'invalid_spec',
      message: 'spec.parameters.lstm.weight_hh_l0.drop: expected a number from 0 to 1, got 2',
    });
    expect(refused({ drop: 0.1, sparse: true })).toMatchObject({
      code: 'invalid_spec',
      message: 'spec.parameters.lstm.weight_hh_l0.drop: expected 0 where the gradient is sparse, got 0.1',
    });
  });
});

describe('the mean of the weights', () => {
  const plain = { optimizer: optimizer.sgd({ learningRate: 0.5 }) };

  it('is that of the steps since averaging began, and gives way to the latest', async () => {
    const model = await testModel(awdSpec());
    const trainer = testTrainer(model, plain);
    trainer.stepSync(batch);
    expect(trainer.averaged).toBe(0);
    expect(thrown(() => trainer.useAverageSync())).toMatchObject({
      code: 'invalid_state',
      message: 'average: expected a step since averaging began, there was none',
    });
    await trainer.startAveraging();
    const after: number[][][] = [];
    for (let step = 0; step < 4; step++) {
      trainer.stepSync(batch);
      after.push(all(model));
    }
    expect(trainer.averaged).toBe(4);
    await trainer.useAverage();
    all(model).forEach((numbers, id) =>
      numbers.forEach((x, i) => expect(x).toBeCloseTo(after.reduce((sum, each) => sum + (each[id]?.[i] ?? NaN), 0) / 4, 5)),
    );
    expect(thrown(() => trainer.stepSync(batch))).toMatchObject({ code: 'invalid_state' });
    await trainer.useLatest();
    expect(all(model)).toEqual(after[3]);
    trainer.stepSync(batch);
    expect(trainer.averaged).toBe(5);
  });

  it('is what training ends on where nothing is evaluated', async () => {
    const model = await testModel(awdSpec());
    const trainer = testTrainer(model, { ...plain, averageFrom: 1 });
    await trainer.fit([batch], { epochs: 3 });
    expect(trainer.averaged).toBe(2);
    const mean = all(model);
    await trainer.useLatest();
    expect(all(model)).not.toEqual(mean);
    await trainer.useAverage();
    expect(all(model)).toEqual(mean);
    await trainer.fit([batch], { epochs: 1 });
    expect(trainer.averaged).toBe(3);
  });

  it('is kept once scores no longer improve, evaluated, and the best', async () => {
    const model = await testModel(awdSpec());
    const trainer = testTrainer(model, plain);
    const scores = [5, 4, 4.8, 4.5, 5, 3, 7];
    const seen: number[] = [];
    const evaluated: number[][][] = [];
    let best: number[][] = [];
    const report = await trainer.fit([batch], {
      epochs: scores.length,
      mode: 'min',
      averageAfter: 1,
      evaluate: (epoch) => {
        seen.push(trainer.averaged);
        evaluated.push(all(model));
        return { loss: scores[epoch - 1] ?? NaN };
      },
      onBest: () => void (best = all(model)),
    });
    // The fourth score is worse than the second.
    expect(seen).toEqual([0, 0, 0, 0, 1, 2, 3]);
    expect(report.bestEpoch).toBe(6);
    expect(all(model)).toEqual(evaluated[5]);
    expect(best).toEqual(evaluated[5]);
    const latest = testTrainer(await testModel(awdSpec()), plain);
    for (let step = 0; step < 6; step++) latest.stepSync(batch);
    expect(all(latest.model)).not.toEqual(evaluated[5]);
    trainer.stepSync(batch);
  });

  it('lets go of the model when evaluation fails', async () => {
    const model = await testModel(awdSpec());
    const trainer = testTrainer(model, { ...plain, averageFrom: 0 });
    const evaluate = (): never => {
      throw new Error('no scores');
    };
    expect(await rejected(trainer.fit([batch, batch], { epochs: 2, evaluate }))).toMatchObject({ message: 'no scores' });
    trainer.stepSync(batch);
    const wrong = trainer.fit([batch], { averageAfter: 1.5 });
    expect(await rejected(wrong)).toMatchObject({ code: 'bad_option', message: expect.stringContaining('averageAfter') });
  });
});
