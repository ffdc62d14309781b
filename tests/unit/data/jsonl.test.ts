import { describe, expect, test } from 'vitest';
import { readJsonl, type JsonlOptions } from '../../../ts/src/data/jsonl.js';
import type { TaggedText } from '../../../ts/src/data/example.js';
import { Random } from '../../../ts/src/data/random.js';
import { collect, dataErrorOf } from './collect.js';

const read = (records: readonly unknown[], options?: JsonlOptions): Promise<unknown[]> =>
  collect(readJsonl(records.map((record) => JSON.stringify(record)).join('\n'), options));

const person = { type: 'PERSON', start: 11, end: 14 };

describe('readJsonl', () => {
  test.each<[string, unknown, unknown]>([
    ['our shape', { text: 'lunch with Ana', entities: [person] }, { text: 'lunch with Ana', entities: [person] }],
    ['what a tagger returns', { text: 'lunch with Ana', entities: [{ ...person, text: 'Ana', score: 0.5 }] }, { text: 'lunch with Ana', entities: [{ ...person, text: 'Ana' }] }],
    ['a mention', { text: 'lunch with Ana', entities: [{ text: 'Ana', type: 'PERSON' }] }, { text: 'lunch with Ana', entities: [{ text: 'Ana', type: 'PERSON' }] }],
    ['no entities', { text: 'a', entities: [] }, { text: 'a', entities: [] }],
    ['an intent beside entities', { text: 'lunch with Ana', label: 'create', entities: [person] }, { text: 'lunch with Ana', entities: [person] }],
    ["doccano's label", { id: 1, text: 'lunch with Ana', label: [[11, 14, 'PERSON']] }, { text: 'lunch with Ana', entities: [person] }],
    ["doccano's labels", { text: 'lunch with Ana', labels: [[11, 14, 'PERSON']], username: 'x' }, { text: 'lunch with Ana', entities: [person] }],
    ["doccano's data", { id: 1, data: 'lunch with Ana', label: [[11, 14, 'PERSON']] }, { text: 'lunch with Ana', entities: [person] }],
    ["doccano's entities", { text: 'lunch with Ana', entities: [{ id: 1, label: 'PERSON', start_offset: 11, end_offset: 14 }], relations: [], Comments: [] }, { text: 'lunch with Ana', entities: [person] }],
    ["Prodigy's spans", { text: 'lunch with Ana', tokens: [{ text: 'lunch', start: 0, end: 5, id: 0 }], spans: [{ start: 11, end: 14, label: 'PERSON', token_start: 2, token_end: 2 }], answer: 'accept', _task_hash: 1 }, { text: 'lunch with Ana', entities: [person] }],
    ["Prodigy's text without spans", { text: 'nothing', answer: 'accept' }, { text: 'nothing', entities: [] }],
    ['an answer that is not Prodigy\'s', { text: 'lunch with Ana', answer: 'yes', entities: [person] }, { text: 'lunch with Ana', entities: [person] }],
    ['tokens and tags', { tokens: ['Ana', '!'], tags: ['B-PER', 'O'] }, { tokens: ['Ana', '!'], tags: ['B-PER', 'O'] }],
    ['no tokens', { tokens: [], tags: [] }, { tokens: [], tags: [] }],
  ])('%s', async (_, record, expected) => {
    expect(await read([record])).toEqual([{ ...(expected as object), line: 1 }]);
  });

  test('lines count blank and rejected ones', async () => {
    const text =
      '\ufeff{"text":"a","entities":[]}\r\n\r\n{"text":"b","spans":[],"answer":"reject"}\r\n' +
      '{"text":"c","spans":[],"answer":"ignore"}\n  \n{"text":"d","spans":[],"answer":"accept"}';
    expect(await collect(readJsonl(text, { name: 'x.jsonl' }))).toEqual([
      { text: 'a', entities: [], line: 1, source: 'x.jsonl' },
      { text: 'd', entities: [], line: 6, source: 'x.jsonl' },
    ]);
  });

  test('code point offsets come out in UTF-16', async () => {
    const record = { text: '🍜𠮷 with Ana', label: [[0, 1, 'DISH'], [8, 11, 'PERSON']] };
    const expected = [
      { type: 'DISH', start: 0, end: 2 },
      { type: 'PERSON', start: 10, end: 13 },
    ];
    expect(await read([record], { offsetUnit: 'codePoint' })).toEqual([
      { text: record.text, entities: expected, line: 1 },
    ]);
    const error = await dataErrorOf(read([{ text: '🍜', label: [[0, 2, 'DISH']] }], { offsetUnit: 'codePoint' }));
    expect(error.message).toBe('line 1: label[0][1]: expected an integer from 0 to 1, given 2');
  });

  test('code point offsets of random texts select the same characters', async () => {
    const random = new Random(31);
    const alphabet = ['a', '中', '🍜', '𠮷', 'é', '👩‍🍳'];
    for (let round = 0; round < 200; round += 1) {
      const text = Array.from({ length: 1 + random.below(12) }, () => alphabet[random.below(6)]).join('');
      const characters = Array.from(text);
      const start = random.below(characters.length);
      const end = start + 1 + random.below(characters.length - start);
      const [example] = (await read([{ text, label: [[start, end, 'X']] }], { offsetUnit: 'codePoint' })) as TaggedText[];
      const [entity] = example?.entities ?? [];
      expect(text.slice(entity?.start, entity?.end)).toBe(characters.slice(start, end).join(''));
    }
  });

  test('broken JSON keeps the cause', async () => {
    const broken = await dataErrorOf(collect(readJsonl('{')));
    expect(broken.cause).toBeInstanceOf(SyntaxError);
    expect('cause' in (await dataErrorOf(collect(readJsonl('{}'))))).toBe(false);
  });

  test.each<[string, string, string]>([
    ['broken JSON', '{"text": "a",', 'x:2: not JSON: '],
    ['an array', '[{"text": "a"},', 'x:2: expected one JSON object a line, found the start of an array'],
    ['a whole array', '[1, 2]', 'x:2: expected one JSON object a line, given an array of 2'],
    ['a string', '"a"', 'x:2: expected one JSON object a line, given "a"'],
    ['null', 'null', 'x:2: expected one JSON object a line, given null'],
    ['no text', '{"entities": []}', 'x:2: text: expected a string, given undefined'],
    ['text that is none', '{"text": 1, "entities": []}', 'x:2: text: expected a string, given 1'],
    ['no entities', '{"text": "a", "id": 1}', 'x:2: expected entities (a field entities, spans, labels, label, or tokens and tags), given an object with text, id'],
    ['a class as label', '{"text": "a", "label": "good"}', 'x:2: label: expected an array of entities, given "good"'],
    ['a short span', '{"text": "a", "label": [[0, 1]]}', 'x:2: label[0]: expected [start, end, type], given an array of 2'],
    ['an entity that is none', '{"text": "a", "entities": [{"start":0,"end":1,"type":"X"}, 3]}', 'x:2: entities[1]: expected an object or [start, end, type], given 3'],
    ['no type', '{"text": "a", "entities": [{"start":0,"end":1}]}', 'x:2: entities[0].type: expected the name of a type, given undefined'],
    ['an empty label', '{"text": "a", "spans": [{"start":0,"end":1,"label":""}]}', 'x:2: spans[0].label: expected the name of a type, given ""'],
    ['label numbers', '{"text": "a", "label": [[0, 1, 7]]}', 'x:2: label[0][2]: expected the name of a type, given 7'],
    ['a start that is a string', '{"text": "ab", "entities": [{"start":"0","end":1,"type":"X"}]}', 'x:2: entities[0].start: expected an integer from 0 to 2, given "0"'],
    ['no end', '{"text": "ab", "entities": [{"start":0,"type":"X"}]}', 'x:2: entities[0].end: expected an integer from 0 to 2, given undefined'],
    ['an end before the start', '{"text": "ab", "entities": [{"start_offset":2,"end_offset":1,"label":"X"}]}', 'x:2: entities[0].end_offset: expected an integer from 2 to 2, given 1'],
    ['an end beyond the text', '{"text": "ab", "spans": [{"start":0,"end":3,"label":"X"}]}', 'x:2: spans[0].end: expected an integer from 0 to 2, given 3'],
    ['a fraction', '{"text": "ab", "spans": [{"start":0.5,"end":2,"label":"X"}]}', 'x:2: spans[0].start: expected an integer from 0 to 2, given 0.5'],
    ['a covered text that is none', '{"text": "ab", "entities": [{"text":1,"type":"X"}]}', 'x:2: entities[0].text: expected a string, given 1'],
    ['tags that are numbers', '{"tokens": ["a"], "tags": [1]}', 'x:2: tags[0]: expected a string, given 1'],
    ['tags that are none', '{"tokens": ["a"], "tags": "O"}', 'x:2: tags: expected an array of strings, given "O"'],
    ['fewer tags than tokens', '{"tokens": ["a", "b"], "tags": ["O"]}', 'x:2: expected as many tags as tokens, given 1 tags for 2 tokens'],
    ['token objects with tags', '{"tokens": [{"text":"a"}], "tags": ["O"]}', 'x:2: tokens[0]: expected a string, given an object with text'],
  ])('refuses %s', async (_, line, message) => {
    const error = await dataErrorOf(
      collect(readJsonl(`{"text":"a","entities":[]}\n${line}\n`, { name: 'x' })),
    );
    expect(error.message.startsWith(message), error.message).toBe(true);
    expect(error.line).toBe(2);
    expect(['bad_json', 'bad_record']).toContain(error.code);
  });
});
