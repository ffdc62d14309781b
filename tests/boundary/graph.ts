/** A small model of every kind of part, and batches for it, for the boundary's tests. */

import { createEngine, type Engine } from '../../ts/src/engine.js';
import { optimizer } from '../../ts/src/spec/optimizer.js';
import type { Spec } from '../../ts/src/spec/spec.js';
import { SpecBuilder } from '../../ts/src/spec/specBuilder.js';
import type { Batch } from '../../ts/src/training/batch.js';
import { Model } from '../../ts/src/training/model.js';
import { Trainer, type TrainerOptions } from '../../ts/src/training/trainer.js';
import { threads, variant } from '../variant.js';

export const WORDS = 50;
export const CLASSES = 4;
export const WIDTH = 3;

/** Words and real features → LSTM with dropout → linear; `train` has cross-entropy as its loss. */
export function labelSpec({ dropout = 0.3, hiddenSize = 6 } = {}): Spec {
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const words = s.ids('words', { axis: tokens, size: WORDS });
  const features = s.matrix('features', { axis: tokens, width: WIDTH, gradient: true });
  const labels = s.ids('labels', { axis: tokens, size: CLASSES });
  const embedded = s.embedding(words, { embeddingSize: 5, parameters: { weight: { sparse: true } } });
  const x = s.dropout(s.concat([embedded, features]), { p: dropout });
  const h = s.lstm(x, { hiddenSize, bidirectional: true });
  const logits = s.linear(h, { outputSize: CLASSES });
  return s
    .entry('train', { loss: s.crossEntropy(logits, labels, { reduction: 'sum' }), logits })
    .entry('predict', { logits, probabilities: s.softmax(logits), final: h.hN })
    .build();
}

/** Whole numbers from 0 to below `n` and real numbers around 0, the same for a seed everywhere. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 + 1;
  }

  below(n: number): number {
    // Numerical Recipes' generator; the high bits are the good ones.
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * n);
  }

  real(): number {
    return this.below(2001) / 1000 - 1;
  }
}

/** A batch whose labels follow from the words, so that it can be learnt. */
export function labelBatch(lengths: readonly number[], seed = 1): Batch {
  const draw = new Draw(seed);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const words = Int32Array.from({ length: total }, () => draw.below(WORDS));
  return {
    rows: lengths.length,
    lengths: { tokens: lengths },
    inputs: {
      words,
      features: Float32Array.from({ length: total * WIDTH }, () => draw.real()),
      labels: words.map((word) => word % CLASSES),
    },
  };
}

/** An engine of the variant under test. */
export const testEngine = (): Promise<Engine> => createEngine({ variant, threads });

/** A model in an engine of its own. */
export async function testModel(spec: Spec = labelSpec(), seed = 1): Promise<Model> {
  return new Model(await testEngine(), spec, { seed });
}

/** A trainer of a model. */
export function testTrainer(model: Model, options: Partial<TrainerOptions> = {}): Trainer {
  return new Trainer(model, { optimizer: optimizer.adam({ learningRate: 0.02 }), clipNorm: 5, ...options });
}

/** What `act` throws. */
export function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}

/** What a promise is rejected with. */
export async function rejected(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('expected an error');
    },
    (reason: unknown) => reason,
  );
}
