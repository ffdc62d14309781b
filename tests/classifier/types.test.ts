import { Classifier, type Classification, type ClassifiedExample, type ClassifierTrainOptions } from 'ostinato';
import { describe, expectTypeOf, test } from 'vitest';
import type { several } from './sample.js';

// What is looked at is what the compiler makes of this; nothing of it runs.
async function inferred(read: AsyncIterable<ClassifiedExample>, texts: typeof several) {
  const spam = await Classifier.train([
    { text: 'win', label: 'spam' },
    { tokens: ['noon'], label: 'ham' },
  ]);
  const topics = await Classifier.train(texts);
  const levels = await Classifier.train([{ text: 'a', label: 'low' }, { text: 'b', label: 'high' }], { kind: 'ordinal', labels: ['low', 'high'] });
  const any = await Classifier.train(read);
  const three = await Classifier.train([{ text: 'a', label: 'low' }, { text: 'b', label: 'high' }], { labels: ['low', 'middle', 'high'] });
  return { spam, topics, levels, three, any, loaded: await Classifier.load<'a' | 'b'>('x'), given: await spam.classify('x') };
}

type Inferred = Awaited<ReturnType<typeof inferred>>;

describe('labels are literal types', () => {
  test('of what was trained', () => {
    expectTypeOf<Inferred['spam']>().toEqualTypeOf<Classifier<'spam' | 'ham'>>();
    expectTypeOf<Inferred['given']>().toEqualTypeOf<Classification<'spam' | 'ham'>>();
    expectTypeOf<Inferred['given']['label']>().toEqualTypeOf<'spam' | 'ham'>();
    expectTypeOf<Inferred['given']['labels'][number]['label']>().toEqualTypeOf<'spam' | 'ham'>();
    expectTypeOf<Inferred['topics']['labels'][number]>().toEqualTypeOf<'animal' | 'tool' | 'meal'>();
    expectTypeOf<Inferred['levels']>().toEqualTypeOf<Classifier<'low' | 'high'>>();
    expectTypeOf<Inferred['three']>().toEqualTypeOf<Classifier<'low' | 'middle' | 'high'>>();
  });

  test('which options and other examples must have', () => {
    type Two = 'spam' | 'ham';
    expectTypeOf<{ classWeights: { spam: number } }>().toExtend<ClassifierTrainOptions<Two>>();
    expectTypeOf<{ classWeights: { sapm: number } }>().not.toExtend<ClassifierTrainOptions<Two>>();
    expectTypeOf<{ text: string; label: 'spam' }[]>().toExtend<Parameters<Inferred['spam']['evaluate']>[0]>();
    expectTypeOf<{ text: string; label: 'other' }[]>().not.toExtend<Parameters<Inferred['spam']['evaluate']>[0]>();
    expectTypeOf<{ dev: { text: string; label: 'other' }[] }>().not.toExtend<ClassifierTrainOptions<Two>>();
  });

  test('of what is read only where they are told', () => {
    expectTypeOf<Inferred['any']>().toEqualTypeOf<Classifier>();
    expectTypeOf<Inferred['spam']>().toExtend<Classifier>();
    expectTypeOf<Inferred['loaded']>().toEqualTypeOf<Classifier<'a' | 'b'>>();
  });
});
