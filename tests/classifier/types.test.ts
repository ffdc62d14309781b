import { Classifier, type Classification, type ClassifiedExample } from 'ostinato';
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
  // @ts-expect-error: a weight of a label that no example has
  await Classifier.train([{ text: 'win', label: 'spam' }, { text: 'noon', label: 'ham' }], { classWeights: { sapm: 2 } });
  // @ts-expect-error: a label that no training example has
  await Classifier.train([{ text: 'win', label: 'spam' }, { text: 'noon', label: 'ham' }], { dev: [{ text: 'x', label: 'other' }] });
  // @ts-expect-error: a label that it was not trained on
  await spam.evaluate([{ text: 'x', label: 'other' }]);
  return { spam, topics, levels, any, loaded: await Classifier.load<'a' | 'b'>('x'), given: await spam.classify('x') };
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
  });

  test('of what is read only where they are told', () => {
    expectTypeOf<Inferred['any']>().toEqualTypeOf<Classifier>();
    expectTypeOf<Inferred['spam']>().toExtend<Classifier>();
    expectTypeOf<Inferred['loaded']>().toEqualTypeOf<Classifier<'a' | 'b'>>();
  });
});
