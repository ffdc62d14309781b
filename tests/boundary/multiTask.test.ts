import { describe, expect, it } from 'vitest';
import { SpecBuilder } from '../../ts/src/spec/specBuilder.js';
import type { Batch } from '../../ts/src/training/batch.js';
import { Model } from '../../ts/src/training/model.js';
import { testEngine, testModel, testTrainer, labelBatch } from './graph.js';

/** One encoder, an intent for each row and a tag for each step; both may be unknown. */
async function jointModel(weights: readonly number[]): Promise<Model> {
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const words = s.ids('words', { axis: tokens, size: 20 });
  const intents = s.ids('intents', { size: 3, ignoreIndex: -1 });
  const tags = s.ids('tags', { axis: tokens, size: 4, ignoreIndex: -1 });
  const h = s.gru(s.embedding(words, { embeddingSize: 6 }), { hiddenSize: 8, bidirectional: true });
  const intent = s.crossEntropy(s.linear(s.pool(h, { kind: 'mean' }), { name: 'intent', outputSize: 3 }), intents);
  const slots = s.crf(s.linear(h, { name: 'slots', outputSize: 4 })).loss(tags);
  const spec = s.entry('train', { loss: s.sum([intent, slots], { weights }), intent, slots }).build();
  return new Model(await testEngine(), spec, { seed: 1 });
}

const words = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
const known: Batch = {
  rows: 4,
  lengths: { tokens: [3, 2, 1, 4] },
  inputs: { words, intents: [0, 1, 2, 1], tags: words.map((word) => word % 4) },
};
const partly = (intents: number[], tags: number[]): Batch => ({ ...known, inputs: { words, intents, tags } });

describe('several tasks', () => {
  it('are trained by the weighted sum of their losses, each of which is told', async () => {
    const trainer = testTrainer(await jointModel([1, 0.5]));
    const { loss, losses } = trainer.stepSync(known);
    expect(Object.keys(losses)).toEqual(['intent', 'slots']);
    expect(loss).toBeCloseTo((losses['intent'] ?? NaN) + 0.5 * (losses['slots'] ?? NaN), 5);
    const other = partly([2, 2, 0, 0], words.map((word) => (word + 1) % 4));
    const means = await testTrainer(await jointModel([1, 0.5])).fit([known, other], { epochs: 1 });
    const [mean] = means.epochs;
    expect(mean?.loss).toBeCloseTo((mean?.losses['intent'] ?? NaN) + 0.5 * (mean?.losses['slots'] ?? NaN), 5);
    const { epochs } = await trainer.fit([known], { epochs: 150 });
    expect(epochs.at(-1)?.losses['intent']).toBeLessThan(0.05);
    expect(epochs.at(-1)?.losses['slots']).toBeLessThan(0.1);
  });

  it('learn from rows that lack the answer of one of them', async () => {
    const model = await jointModel([1, 1]);
    const trainer = testTrainer(model);
    const noTags = Array(10).fill(-1);
    const slotsBefore = model.parameterSync('slots.weight');
    const first = trainer.stepSync(partly([0, 1, 2, 1], noTags));
    expect(first.losses['slots']).toBe(0);
    expect(model.parameterSync('slots.weight')).toEqual(slotsBefore);

    // Rows 0 and 2 have tags, 1 and 3 an intent; the loss is that of these rows.
    const mixed = partly([-1, 1, -1, 1], [3, 1, 0, -1, -1, 1, -1, -1, -1, 2]);
    const { losses } = trainer.stepSync(mixed);
    const again = testTrainer(await jointModel([1, 1]));
    again.stepSync(partly([0, 1, 2, 1], noTags));
    const halves = { rows: 2, lengths: { tokens: [3, 1] }, inputs: { words: [3, 1, 4, 9], intents: [-1, -1], tags: [3, 1, 0, 1] } };
    expect(losses['slots']).toBeCloseTo(again.stepSync(halves).losses['slots'] ?? NaN, 5);
  });

  it('are none where an entry has one loss', async () => {
    const trainer = testTrainer(await testModel());
    expect(trainer.stepSync(labelBatch([3, 1])).losses).toEqual({});
    const report = await trainer.fit([labelBatch([3, 1])], { epochs: 1, onProgress: ({ losses }) => expect(losses).toEqual({}) });
    expect(report.epochs[0]?.losses).toEqual({});
  });
});
