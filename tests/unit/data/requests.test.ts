import { describe, expect, test } from 'vitest';
import { readRequests } from '../../../ts/src/data/requests.js';
import { collect, dataErrorOf } from './collect.js';

const read = (...records: unknown[]): Promise<unknown[]> =>
  collect(readRequests(records.map((record) => JSON.stringify(record)).join('\n'), { name: 'r.jsonl' }));
const from = { source: 'r.jsonl', line: 1 };

describe('readRequests', () => {
  const text = 'lunch with Ana';
  const person = { type: 'PERSON', start: 11, end: 14 };

  test.each<[string, unknown, unknown]>([
    ['intent and entities', { text, intent: 'create', entities: [person] }, { text, intent: 'create', entities: [person] }],
    ['an intent alone', { text, intent: 'create' }, { text, intent: 'create' }],
    ['an intent, and that there are no entities', { text, intent: 'create', entities: [] }, { text, intent: 'create', entities: [] }],
    ['entities alone', { text, entities: [person] }, { text, entities: [person] }],
    ['entities, and an intent that is null', { text, intent: null, entities: [person] }, { text, entities: [person] }],
    ['an intent, and entities that are null', { text, intent: 'create', entities: null }, { text, intent: 'create' }],
    ["doccano's labels", { text, intent: 'create', label: [[11, 14, 'PERSON']] }, { text, intent: 'create', entities: [person] }],
    ['tokens and tags', { tokens: ['Ana'], tags: ['B-PER'], intent: 'greet' }, { tokens: ['Ana'], tags: ['B-PER'], intent: 'greet' }],
    ['tokens alone', { tokens: ['Ana'], intent: 'greet' }, { tokens: ['Ana'], intent: 'greet' }],
  ])('%s', async (_, record, expected) => {
    expect(await read(record)).toEqual([{ ...(expected as object), ...from }]);
  });

  test('leaves out blank lines, and what its annotator turned down', async () => {
    const lines = '{"text":"a","intent":"x","answer":"reject"}\n\n{"text":"b","intent":"x"}';
    expect(await collect(readRequests(lines))).toEqual([{ text: 'b', intent: 'x', line: 3 }]);
  });

  test.each<[unknown, string]>([
    [{ text, intent: 5 }, 'intent: expected the name of an intent, given 5'],
    [{ text, intent: '' }, 'intent: expected the name of an intent, given ""'],
    [{ text }, 'expected entities (a field entities, spans, labels, label, or tokens and tags), given an object with text'],
    [{ intent: 'x' }, 'text: expected a string, given undefined'],
    [{ intent: 'x', tokens: [1] }, 'tokens[0]: expected a string, given 1'],
    [{ text, intent: 'x', entities: [{}] }, 'entities[0].type: expected the name of a type, given undefined'],
  ])('names what is wrong with %j', async (record, message) => {
    expect(await dataErrorOf(read(record))).toMatchObject({ code: 'bad_record', message: `r.jsonl:1: ${message}` });
  });
});
