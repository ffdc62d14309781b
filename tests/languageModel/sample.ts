import { createEngine, LanguageModel, type Engine, type LanguageModelTrainOptions } from 'ostinato';
import { afterAll } from 'vitest';
import { Random } from '../../ts/src/data/random.js';
import { threads, variant } from '../variant.js';

/** An engine of the artifact that this run is about, for one test file. */
export async function engineForFile(): Promise<Engine> {
  const engine = await createEngine({ variant, threads });
  afterAll(() => engine.dispose());
  return engine;
}

const who = ['the cat', 'a dog', 'my owl', 'the old fox', 'a small bee'];
const does = ['sees', 'hears', 'likes', 'follows'];
const whom = ['the moon', 'a red door', 'my hat', 'the sea'];

/** Sentences of a small language. */
export function sentences(count: number, seed: number): string[] {
  const random = new Random(seed);
  const one = (of: readonly string[]): string => of[random.below(of.length)] as string;
  return Array.from({ length: count }, () => `${one(who)} ${one(does)} ${one(whom)}.`);
}

/** A text to learn from, and another. */
export const text = `${sentences(200, 1).join('\n')}\n`;
export const unseen = `${sentences(40, 2).join('\n')}\n`;

/** Sizes that are learnt in a second. */
export const small = {
  embeddingSize: 12, hiddenSize: 24, layers: 1, learningRate: 0.02, batchSize: 8, sequenceLength: 30, epochs: 8,
} as const satisfies LanguageModelTrainOptions;

/** A language model that has learnt the sample. */
export function trainSmall(engine: Engine, options: LanguageModelTrainOptions = {}): Promise<LanguageModel> {
  return LanguageModel.train(text, { ...small, engine, ...options });
}

/** What all parameters are, number by number. */
export function bits(model: LanguageModel): number[] {
  return model.model.parameters.flatMap(({ name }) => [...model.model.parameterSync(name)]);
}
