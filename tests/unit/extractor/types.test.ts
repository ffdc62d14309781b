import { Extractor, type RecordOf } from 'ostinato';
import { describe, expectTypeOf, test } from 'vitest';

/** Looked at by the compiler alone: nothing here is called. */
const train = () =>
  Extractor.train(
    [
      { text: 'lunch with Ana today', intent: 'create', entities: [{ type: 'PERSON', text: 'Ana' }, { type: 'DATE', text: 'today' }] },
      { text: 'at noon', intent: 'ask', entities: [{ type: 'TIME', start: 3, end: 7 }] },
      { text: 'hello', intent: 'greet' },
    ],
    { slots: { DATE: 'one', TIME: 'one' }, normalisers: { DATE: async (text) => new Date(text), PERSON: (name) => ({ name }) } },
  );
type Trained = Awaited<ReturnType<typeof train>>;

describe('types', () => {
  test('are those of the examples and the options', () => {
    expectTypeOf<Trained['intents']>().toEqualTypeOf<readonly ('create' | 'ask' | 'greet')[]>();
    type Extraction = Awaited<ReturnType<Trained['extract']>>;
    expectTypeOf<Extraction['intent']>().toEqualTypeOf<'create' | 'ask' | 'greet'>();
    expectTypeOf<Extraction['intents'][number]['label']>().toEqualTypeOf<'create' | 'ask' | 'greet'>();
    expectTypeOf<Extraction['record']['date']>().toEqualTypeOf<Date | null>();
    expectTypeOf<Extraction['record']['time']>().toEqualTypeOf<string | null>();
    expectTypeOf<Extraction['record']['person']>().toEqualTypeOf<{ name: string }[]>();
    expectTypeOf<keyof Extraction['record']>().toEqualTypeOf<'date' | 'time' | 'person'>();
  });

  test('are open where the examples come from a file', () => {
    const fromFile = (examples: AsyncIterable<{ text: string; intent: string; entities: { type: string; text: string }[] }>) =>
      Extractor.train(examples, { slots: { DATE: 'one' }, normalisers: { TIME: (text: string) => text.length } });
    type Extraction = ReturnType<Awaited<ReturnType<typeof fromFile>>['extractSync']>;
    expectTypeOf<Extraction['intent']>().toBeString();
    expectTypeOf<Extraction['record']['date']>().toEqualTypeOf<string | null>();
    expectTypeOf<Extraction['record']['time']>().toEqualTypeOf<number[]>();
    expectTypeOf<Extraction['record']['place']>().toBeUnknown();
  });

  test('may be told to a loaded one', () => {
    type Meeting = RecordOf<'PERSON' | 'DATE', { DATE: 'one' }, { DATE: (text: string) => Date }>;
    expectTypeOf<Meeting>().toEqualTypeOf<{ person: string[]; date: Date | null }>();
    const load = () => Extractor.load<'a' | 'b', Meeting>('file');
    expectTypeOf<Awaited<ReturnType<typeof load>>['extractSync']>().returns.toHaveProperty('record').toEqualTypeOf<Meeting>();
    const plain = () => Extractor.load('file');
    expectTypeOf<Awaited<ReturnType<typeof plain>>['extractSync']>().returns.toHaveProperty('intent').toBeString();
  });
});
