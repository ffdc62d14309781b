import { describe, expect, test } from 'vitest';
import { detectFormat, readExamples, type DataFormat } from '../../../ts/src/data/format.js';
import { UsageError } from '../../../ts/src/errors.js';
import { collect, dataErrorOf } from './collect.js';

describe('detectFormat', () => {
  test.each<[DataFormat, string, string | undefined]>([
    ['jsonl', '{"text": "a"}', undefined],
    ['jsonl', '{"text": "a"', 'a.conll'],
    ['jsonl', '\n  { "text": "[a](X)"}', 'a.txt'],
    ['conll', 'a O\nb B-X', undefined],
    ['conll', '# a comment\n-DOCSTART- -X- O\n\na O', 'a.txt'],
    ['conll', '[a](X)\tO', 'a.txt'],
    ['conll', '王 B-X', 'a.jsonl'],
    ['inline', 'see [Ana](P)', undefined],
    ['inline', 'nothing here\nsee [Ana](P)', 'a.txt'],
    ['inline', 'nothing here', 'notes.MD'],
    ['inline', '# A heading', 'notes.md'],
    ['conll', 'a PER', 'a.conll'],
    ['conll', 'a 1', 'dir.x/a.BIO'],
    ['jsonl', '[', 'a.json'],
    ['jsonl', '', 'a.ndjson'],
  ])('%s: %j in %s', (format, text, name) => {
    expect(detectFormat(text.split('\n'), name)).toBe(format);
  });

  test('says what it looked for', () => {
    expect(() => detectFormat(['just some words'], 'a.txt')).toThrow(
      'a.txt:1: unknown data format: expected CoNLL (a token and a tag a line), JSON Lines (an ' +
        'object a line) or inline annotation ([text](TYPE)), found "just some words"',
    );
    expect(() => detectFormat([])).toThrow('found ""');
    expect(() => detectFormat(['O', 'B-X'])).toThrow('found "O"');
  });
});

describe('readExamples', () => {
  test('reads each format, lines counted from the start', async () => {
    expect(await collect(readExamples('\n\na O\n\nb O', { name: 'x' }))).toEqual([
      { tokens: ['a'], tags: ['O'], line: 3, source: 'x' },
      { tokens: ['b'], tags: ['O'], line: 5, source: 'x' },
    ]);
    expect(await collect(readExamples('\n{"text":"🍜a","label":[[1,2,"X"]]}', { offsetUnit: 'codePoint' }))).toEqual([
      { text: '🍜a', entities: [{ type: 'X', start: 2, end: 3 }], line: 2 },
    ]);
    expect(await collect(readExamples('a\n[b](X)'))).toEqual([
      { text: 'a', entities: [], line: 1 },
      { text: 'b', entities: [{ type: 'X', start: 0, end: 1 }], line: 2 },
    ]);
  });

  test('reads past the lines that it looked at', async () => {
    const text = Array.from({ length: 500 }, (_, index) => `w${index} O\n`).join('\n');
    const sentences = await collect(readExamples(text));
    expect(sentences).toHaveLength(500);
    expect(sentences.map((sentence) => sentence.line)).toEqual(sentences.map((_, index) => 2 * index + 1));
  });

  test('the format can be given', async () => {
    expect(await collect(readExamples('a O', { format: 'inline' }))).toEqual([
      { text: 'a O', entities: [], line: 1 },
    ]);
    await expect(collect(readExamples('a', { format: 'xml' as DataFormat }))).rejects.toThrow(UsageError);
  });

  test('empty and blank sources have no examples', async () => {
    expect(await collect(readExamples(''))).toEqual([]);
    expect(await collect(readExamples(' \n\n', { name: 'a.txt' }))).toEqual([]);
  });

  test('errors keep their line', async () => {
    const error = await dataErrorOf(collect(readExamples('a O\n\nb\n', { name: 'a.conll' })));
    expect(error.line).toBe(3);
  });

  test('stopping early cancels the source', async () => {
    let finished = false;
    async function* source(): AsyncGenerator<string> {
      try {
        for (;;) yield 'a O\n\n';
      } finally {
        finished = true;
      }
    }
    for await (const example of readExamples(source())) {
      expect(example.line).toBe(1);
      break;
    }
    expect(finished).toBe(true);
  });
});
