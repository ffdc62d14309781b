import { describe, expect, test } from 'vitest';
import type { RequestExample } from '../../../ts/src/data/example.js';
import { intentsOf, partsOf, readLabelledRequests, slotTypesOf, typesIn } from '../../../ts/src/models/extractor/labelled.js';
import { tokenizerFromConfig } from '../../../ts/src/text/ruleTokenizer.js';

const tokenizer = tokenizerFromConfig({ type: 'default' });
const read = (...examples: RequestExample[]) => readLabelledRequests(examples, { tokenizer, offsetUnit: 'utf16', what: 'training data' });

describe('readLabelledRequests', () => {
  const known = read(
    { text: 'call Bo Li', intent: 'create', entities: [{ type: 'PER', text: 'Bo Li' }] },
    { text: 'what is on?', intent: 'ask' },
    { text: 'no. Nothing', entities: [] },
    { tokens: ['call', 'Ana'], tags: ['O', 'S-PER'], intent: 'create' },
    { tokens: ['well'], intent: 'ask' },
  );

  test('tells what is known from what is not', () => {
    expect(known.map(({ intent, spans }) => [intent, spans])).toEqual([
      ['create', [{ type: 'PER', start: 1, end: 3 }]],
      ['ask', undefined],
      [undefined, []],
      ['create', [{ type: 'PER', start: 1, end: 2 }]],
      ['ask', undefined],
    ]);
    expect(intentsOf(known, 'x')).toEqual(['ask', 'create']);
    expect(slotTypesOf(known, 'x')).toEqual(['PER']);
    expect(known.map((request) => [...typesIn(request)])).toEqual([['PER'], [], [], ['PER'], []]);
  });

  test('makes one row of a request, of several sentences, too', () => {
    expect(partsOf(known).map(({ tokens }) => tokens)).toEqual([
      ['call', 'Bo', 'Li'], ['what', 'is', 'on', '?'], ['no', '.', 'Nothing'], ['call', 'Ana'], ['well'],
    ]);
  });

  test('cuts a request that is very long, with its entities and its intent in every part', () => {
    const sentence = 'see Bo Li. ';
    const text = sentence.repeat(100);
    const entities = Array.from({ length: 100 }, (_, i) => ({ type: 'PER', start: 11 * i + 4, end: 11 * i + 9 }));
    const parts = partsOf(read({ text, intent: 'a', entities }));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.flatMap(({ tokens }) => tokens)).toHaveLength(400);
    for (const { tokens, intent, spans } of parts) {
      expect(intent).toBe('a');
      expect(spans?.length).toBeGreaterThan(0);
      for (const { start, end } of spans ?? []) expect(tokens.slice(start, end)).toEqual(['Bo', 'Li']);
    }
    expect(partsOf(read({ text, intent: 'a' })).every(({ spans }) => spans === undefined)).toBe(true);
  });

  test.each<[unknown, string]>([
    [null, 'training data, example 1: expected { text, intent, entities } or { tokens, intent, tags }, given null'],
    [{ text: 'a' }, 'training data, example 1: expected an intent, entities (or tags) or both, given neither'],
    [{ tokens: ['a'] }, 'training data, example 1: expected an intent, entities (or tags) or both, given neither'],
    [{ text: 'a', intent: 5 }, 'training data, example 1: intent: expected a name, given 5'],
    [{ text: 'a', intent: '' }, 'training data, example 1: intent: expected a name, given ""'],
    [{ text: 'a', intent: 'x', entities: [{}], line: 3, source: 'f' }, 'f:3: training data: entity 1: expected { type, start, end } or { type, text }, given an empty object'],
    [{ tokens: ['a'], intent: 'x', tags: [] }, 'training data, example 1: expected as many tags as tokens, given 0 for 1'],
  ])('refuses %j', (example, message) => {
    expect(() => read(example as RequestExample)).toThrow(expect.objectContaining({ name: 'DataError', message }));
  });
});

describe('what there is to learn', () => {
  test('is two intents or more', () => {
    const message = (given: string) => `training data: expected at least two intents, given ${given}`;
    const requests = read({ text: 'a', intent: 'x', source: 'f' }, { text: 'b', entities: [] });
    expect(() => intentsOf(requests, 'training data')).toThrow(expect.objectContaining({ code: 'no_intents', message: `f: ${message('"x" alone')}` }));
    expect(() => intentsOf(read({ text: 'b', entities: [] }), 'training data')).toThrow(message('none'));
  });

  test('is a slot or more', () => {
    expect(() => slotTypesOf(read({ text: 'a', intent: 'x' }), 'training data')).toThrow(expect.objectContaining({ code: 'no_labels' }));
  });
});
