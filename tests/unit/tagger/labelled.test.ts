import { describe, expect, test } from 'vitest';
import { OstinatoError } from '../../../ts/src/errors.js';
import type { TaggedExample } from '../../../ts/src/data/example.js';
import {
  labelsOf,
  readDocuments,
  sentencesOf,
  typesOf,
} from '../../../ts/src/models/tagger/labelled.js';
import { checkLabels } from '../../../ts/src/models/text/labels.js';
import { tokenizerFromConfig } from '../../../ts/src/text/ruleTokenizer.js';

const tokenizer = tokenizerFromConfig({ type: 'default' });
const options = { tokenizer, offsetUnit: 'utf16', what: 'training data' } as const;
const read = (...examples: TaggedExample[]) => readDocuments(examples, options);

function errorOf(act: () => unknown): OstinatoError {
  try {
    act();
  } catch (error) {
    if (error instanceof OstinatoError) return error;
    throw error;
  }
  throw new Error('expected an OstinatoError');
}

describe('readDocuments', () => {
  test('takes both shapes in their order', () => {
    const documents = read(
      { tokens: ['Ana', 'sings'], tags: ['B-PER', 'O'] },
      { text: 'with Bo Li', entities: [{ type: 'PER', text: 'Bo Li' }] },
      { tokens: ['x'], tags: ['O'] },
      { text: '王芳', entities: [{ start: 0, end: 2, type: 'PER' }] },
    );
    expect(documents.map(({ document }) => document.tokens.length)).toEqual([2, 3, 1, 2]);
    expect(documents.map(({ spans }) => spans)).toEqual([
      [{ type: 'PER', start: 0, end: 1 }],
      [{ type: 'PER', start: 1, end: 3 }],
      [],
      [{ type: 'PER', start: 0, end: 2 }],
    ]);
  });

  test('takes tags of any scheme', () => {
    const [bmes] = read({ tokens: ['a', 'b', 'c', 'd'], tags: ['B-X', 'M-X', 'E-X', 'S-Y'] });
    expect(bmes?.spans).toEqual([{ type: 'X', start: 0, end: 3 }, { type: 'Y', start: 3, end: 4 }]);
  });

  test('leaves malformed tags out when it is to be strict', () => {
    const examples = [{ tokens: ['a', 'b', 'c'], tags: ['B-X', 'I-Y', 'O'] }, { tokens: ['a', 'b'], tags: ['B-X', 'I-X'] }];
    const spans = (strict: boolean) => readDocuments(examples, { ...options, strict }).flatMap((document) => document.spans);
    expect(spans(false)).toHaveLength(3);
    expect(spans(true)).toHaveLength(2);
  });

  test('reads offsets in code points', () => {
    const example = { text: '🍜 Ana', entities: [{ start: 2, end: 5, type: 'PER' }] };
    const [document] = readDocuments([example], { ...options, offsetUnit: 'codePoint' });
    expect(document?.spans).toEqual([{ type: 'PER', start: 1, end: 2 }]);
  });

  test.each<[string, unknown, string, RegExp]>([
    ['no example', undefined, 'no_data', /^training data: expected at least one example, given none$/],
    ['null', null, 'bad_example', /example 1: expected \{ tokens, tags \} or \{ text, entities \}, given null/],
    ['neither shape', { words: [] }, 'bad_example', /given an object with words/],
    ['a text without entities', { text: 'a' }, 'bad_example', /given an object with text/],
    ['an entity without a type', { text: 'a', entities: [{ start: 0, end: 1 }] }, 'bad_example', /entity 1: expected \{ type, start, end \}/],
    ['an entity that is null', { text: 'a', entities: [null] }, 'bad_example', /entity 1: .* given null/],
    ['an entity without a place', { text: 'a', entities: [{ type: 'X' }] }, 'bad_example', /entity 1/],
    ['no tokens', { tokens: [], tags: [] }, 'empty_sentence', /example 1: an empty sentence/],
    ['a blank text', { text: ' ', entities: [] }, 'empty_sentence', /an empty sentence; expected at least one token/],
    ['too few tags', { tokens: ['a', 'b'], tags: ['O'] }, 'bad_length', /as many tags as tokens, given 1 for 2/],
    ['an empty token', { tokens: ['a', ''], tags: ['O', 'O'] }, 'bad_example', /token 2: .* given ""/],
    ['a tag that is no string', { tokens: ['a'], tags: [1] }, 'bad_example', /tag 1: expected a string, given 1/],
    ['an unknown scheme', { tokens: ['a'], tags: ['PER'] }, 'unknown_scheme', /unknown tag scheme: .*"PER"/],
    ['a cut token', { text: 'Anastasia', entities: [{ start: 0, end: 3, type: 'PER' }] }, 'cut_span', /cuts a token; the nearest/],
  ])('refuses %s', (_, example, code, message) => {
    const error = errorOf(() => readDocuments(example === undefined ? [] : [example as TaggedExample], options));
    expect(error).toMatchObject({ name: 'DataError', code });
    expect(error.message).toMatch(message);
  });

  test('names the line of what came from a file', () => {
    const error = errorOf(() => read({ tokens: [], tags: [], line: 7, source: 'a.conll' }));
    expect(error.message).toBe('a.conll:7: training data: an empty sentence; expected at least one token');
  });
});

describe('sentencesOf', () => {
  test('cuts texts into sentences and shifts their entities', () => {
    const text = 'Meet Ana. Then call Bo Li.';
    const documents = read({ text, entities: [{ type: 'PER', text: 'Ana' }, { type: 'PER', text: 'Bo Li' }] });
    expect(sentencesOf(documents)).toEqual([
      { tokens: ['Meet', 'Ana', '.'], spans: [{ type: 'PER', start: 1, end: 2 }] },
      { tokens: ['Then', 'call', 'Bo', 'Li', '.'], spans: [{ type: 'PER', start: 2, end: 4 }] },
    ]);
  });

  test('never cuts an entity', () => {
    const title = 'Who? Me!';
    const [sentence, ...others] = sentencesOf(read({ text: `see ${title}`, entities: [{ type: 'TITLE', text: title }] }));
    expect(others).toEqual([]);
    expect(sentence?.spans).toEqual([{ type: 'TITLE', start: 1, end: 5 }]);
  });
});

describe('labels', () => {
  const documents = read(
    { tokens: ['a'], tags: ['O'] },
    { tokens: ['b', 'c'], tags: ['B-Z', 'B-A'], line: 3, source: 'dev.conll' },
  );

  test('are sorted', () => {
    expect(labelsOf(documents, 'training data')).toEqual(['A', 'Z']);
  });

  test('must be there', () => {
    const error = errorOf(() => labelsOf(documents.slice(0, 1), 'training data'));
    expect(error).toMatchObject({ code: 'no_labels', message: expect.stringContaining('expected at least one entity') });
  });

  test('must be known', () => {
    expect(() => checkLabels(documents, typesOf, ['A', 'Z'], 'development data', 'of the training data')).not.toThrow();
    const error = errorOf(() => checkLabels(documents, typesOf, ['A'], 'development data', 'of the training data'));
    expect(error).toMatchObject({
      code: 'unknown_label',
      line: 3,
      message: 'dev.conll:3: development data: expected the labels of the training data (A), given "Z"',
    });
  });
});
