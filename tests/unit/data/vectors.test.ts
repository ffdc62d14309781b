import { describe, expect, test } from 'vitest';
import { readVectors } from '../../../ts/src/data/vectors.js';
import { VocabularyBuilder } from '../../../ts/src/text/vocabulary.js';
import { dataErrorOf } from './collect.js';

describe('readVectors', () => {
  test('GloVe', async () => {
    const vectors = await readVectors('the 0.5 -1 2e-3\nof 1 2 3\n王芳 4 5 6');
    expect(vectors.dimension).toBe(3);
    expect(vectors.words).toEqual(['the', 'of', '王芳']);
    expect([...vectors.values]).toEqual([0.5, -1, 2e-3, 1, 2, 3, 4, 5, 6].map(Math.fround));
    expect([...(vectors.get('of') ?? [])]).toEqual([1, 2, 3]);
    expect(vectors.get('and')).toBeUndefined();
    expect([vectors.has('the'), vectors.has('and')]).toEqual([true, false]);
  });

  test('word2vec: a header, trailing spaces, CRLF, a byte order mark', async () => {
    const vectors = await readVectors('\ufeff2 2\r\nthe 1 2 \r\nof 3 4 \r\n');
    expect(vectors.words).toEqual(['the', 'of']);
    expect([...vectors.values]).toEqual([1, 2, 3, 4]);
  });

  test('tabs, several spaces, blank lines', async () => {
    const vectors = await readVectors('the\t1\t2\n\nof  3   4\n');
    expect(vectors.words).toEqual(['the', 'of']);
    expect([...vectors.values]).toEqual([1, 2, 3, 4]);
  });

  test('keeps the wanted words alone', async () => {
    const builder = new VocabularyBuilder();
    builder.addAll(['of', 'x']);
    const text = 'the 1 2\nof 3 4\nto 5 6';
    for (const words of [new Set(['of', 'x']), new Map([['of', 1]]), builder.build()]) {
      const vectors = await readVectors(text, { words });
      expect(vectors.words).toEqual(['of']);
      expect([...vectors.values]).toEqual([3, 4]);
    }
    const none = await readVectors(text, { words: new Set<string>() });
    expect([none.dimension, none.words.length, none.values.length]).toEqual([2, 0, 0]);
  });

  test('words with spaces, numbers as words, odd white space in words', async () => {
    const text = '. . . 1 2 3\nat name@domain.com 4 5 6\n2 7 8 9\na\u00a0b 1 1 1\n\u3000 2 2 2';
    const vectors = await readVectors(`x 0 0 0\n${text}`);
    expect(vectors.words).toEqual(['x', '. . .', 'at name@domain.com', '2', 'a\u00a0b', '\u3000']);
  });

  test('of a repeated word the first row counts', async () => {
    const vectors = await readVectors('a 1\nb 2\na 3');
    expect(vectors.words).toEqual(['a', 'b']);
    expect([...vectors.values]).toEqual([1, 2]);
  });

  test('nothing', async () => {
    const vectors = await readVectors('');
    expect([vectors.dimension, vectors.words.length]).toEqual([0, 0]);
  });

  test('streams', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      for (const byte of new TextEncoder().encode('é 1 2\n王 3 4\n')) yield Uint8Array.of(byte);
    }
    expect((await readVectors(source())).words).toEqual(['é', '王']);
  });

  test('fastText: a header, odd words, bytes that are no UTF-8', async () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('3 2\n</s> 1 2 \n王 3 4 \n'), 0xe9, ...new TextEncoder().encode(' 5 6 \n')]);
    const vectors = await readVectors(bytes);
    expect(vectors.words).toEqual(['</s>', '王', '\ufffd']);
    expect([...vectors.values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a large file passes through in little memory', async () => {
    const block = new TextEncoder().encode(`w0000000 ${'-0.1234 '.repeat(299)}0.5\n`.repeat(1000));
    const rowLength = block.length / 1000;
    let row = 0;
    let peak = 0;
    const before = process.memoryUsage().rss;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let blocks = 0; blocks < 60; blocks += 1) {
        for (let at = 1; at < block.length; at += rowLength) block.set(new TextEncoder().encode(String(row++).padStart(7, '0')), at);
        peak = Math.max(peak, process.memoryUsage().rss);
        yield block;
      }
    }
    const vectors = await readVectors(source(), { words: new Set(['w0000007', 'w0059999']) });
    expect(vectors.words).toEqual(['w0000007', 'w0059999']);
    const [size, used] = [60 * block.length, peak - before].map((bytes) => bytes / 2 ** 20) as [number, number];
    expect(size).toBeGreaterThan(130);
    expect(used).toBeLessThan(90);
  }, 120_000);

  test('many rows', async () => {
    const rows = Array.from({ length: 5000 }, (_, row) => `w${row} ${row} ${-row}`).join('\n');
    const vectors = await readVectors(rows);
    expect([...(vectors.get('w4999') ?? [])]).toEqual([4999, -4999]);
    expect(vectors.values).toHaveLength(10_000);
  });

  test.each([
    ['a shorter row', 'a 1 2 3\nb 1 2\n', 'x:2: expected 3 components, found 2: "b 1 2"'],
    ['a longer row', 'a 1 2\n\nb 1 2 3\n', 'x:3: expected 2 components, found 3: "b 1 2 3"'],
    ['a longer unwanted row', 'a 1 2\nunwanted 1 2 3\n', 'x:2: expected 2 components, found 3: "unwanted 1 2 3"'],
    ['a row unlike the header', '2 3\na 1 2\nb 1 2', 'x:2: expected 3 components, found 2: "a 1 2"'],
    ['a word alone', 'a', 'x:1: expected a word and its components, found 0: "a"'],
    ['no word', 'a 1 2\n 1 2', 'x:2: expected 2 components, found 2: " 1 2"'],
    ['what is no number', 'a 1 x', 'x:1: component 2 of "a": expected a finite number, given "x"'],
    ['NaN', 'a 1 2\nb nan 1', 'x:2: component 1 of "b": expected a finite number, given "nan"'],
    ['infinity', 'a 1 Infinity', 'x:1: component 2 of "a": expected a finite number, given "Infinity"'],
    ['a file cut short', '3 2\na 1 2\nb 1 2\n', 'x:3: the header says 3 rows, the file has 2'],
    ['a file too long', '1 2\na 1 2\nb 1 2', 'x:3: the header says 1 rows, the file has 2'],
    ['a header of no components', '1 0\na', 'x:1: the header says 0 components'],
  ])('refuses %s', async (_, text, message) => {
    const words = new Set(['a', 'b']);
    const error = await dataErrorOf(readVectors(text, { name: 'x', words }));
    expect(error.message).toBe(message);
    expect(error.code).toBe('bad_vector');
  });
});
