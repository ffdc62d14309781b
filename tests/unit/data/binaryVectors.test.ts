import { describe, expect, test } from 'vitest';
import { readVectors } from '../../../ts/src/data/vectors.js';
import { dataErrorOf } from './collect.js';

/** A file as word2vec writes it, each row ended by a line end or not. */
function binary(rows: readonly [string, readonly number[]][], { end = '\n', header = `${rows.length} ${rows[0]?.[1].length ?? 0}` } = {}): Uint8Array {
  const encode = (text: string): number[] => [...new TextEncoder().encode(text)];
  const floats = (values: readonly number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((value, index) => view.setFloat32(4 * index, value, true));
    return new Uint8Array(view.buffer);
  };
  return Uint8Array.from([...encode(`${header}\n`), ...rows.flatMap(([word, values]) => [...encode(`${word} `), ...floats(values), ...encode(end)])]);
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Components with bytes of spaces and line ends among them. */
const awkward = new DataView(Uint8Array.of(0x20, 0x0a, 0x20, 0x41).buffer).getFloat32(0, true);

const rows: [string, number[]][] = [['</s>', [0.5, -1]], ['王芳', [awkward, 1e-8]], ['New_York', [3, 4]], ['the', [awkward, awkward]]];

describe('word2vec, binary', () => {
  test.each([['\n', 1 << 20], ['\n', 1], ['', 1 << 20], ['', 7], ['\n', 10]])('rows ended by %j, in pieces of %i bytes', async (end, size) => {
    const vectors = await readVectors(pieces(binary(rows, { end }), size));
    expect(vectors.words).toEqual(rows.map(([word]) => word));
    expect([...vectors.values]).toEqual(rows.flatMap(([, values]) => values.map(Math.fround)));
  });

  test('keeps the wanted words, the first of each', async () => {
    const vectors = await readVectors(binary([...rows, ['the', [7, 7]]]), { words: new Set(['the', 'of']) });
    expect([vectors.words, [...vectors.values], vectors.dimension]).toEqual([['the'], [awkward, awkward], 2]);
  });

  test('a text with the same header is text', async () => {
    expect((await readVectors(new TextEncoder().encode('1 2\n王 1e-3 +2.5E1\n'))).get('王')).toEqual(Float32Array.of(1e-3, 25));
  });

  test.each<[string, Uint8Array, string]>([
    ['a file cut short', binary(rows).subarray(0, -3), 'x: the header says 4 rows, the file ends in row 4'],
    ['a file that is longer', binary(rows, { header: '3 2' }), 'x: the header says 3 rows, the file has more'],
    ['what is no number', binary([['a', [1, NaN]]]), 'x: component 2 of "a": expected a finite number, given NaN'],
    ['no components', binary([['a', [1]]], { header: '1 0' }), 'x: the header says 0 components'],
    ['a row without an end', binary([['a', [1]], ['b'.repeat(200_000), [1]]]), 'x: row 2: expected a word and 1 components'],
  ])('refuses %s', async (_, bytes, message) => {
    const error = await dataErrorOf(readVectors(pieces(bytes, 50_000), { name: 'x' }));
    expect([error.code, error.message]).toEqual(['bad_vector', message]);
  });
});
