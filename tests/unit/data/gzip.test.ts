import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readClassified } from '../../../ts/src/data/classified.js';
import { readExamples } from '../../../ts/src/data/format.js';
import { readLines } from '../../../ts/src/data/lines.js';
import type { TextSource } from '../../../ts/src/data/source.js';
import { readVectors } from '../../../ts/src/data/vectors.js';
import { DataError } from '../../../ts/src/errors.js';
import * as browser from '../../../ts/src/runtime/browser.js';
import { collect, dataErrorOf } from './collect.js';

const text = `${Array.from({ length: 3000 }, (_, index) => `line ${index} é`).join('\n')}\n`;
const whole = text.trimEnd().split('\n');
const zipped = Uint8Array.from(gzipSync(text));

/** Pieces of so many bytes, from one buffer that is used again and again. */
async function* pieces(bytes: Uint8Array, size: number, atEnd = (): void => {}): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(size);
  try {
    for (let at = 0; at < bytes.length; at += size) {
      const part = bytes.subarray(at, at + size);
      buffer.set(part);
      yield buffer.subarray(0, part.length);
    }
  } finally {
    atEnd();
  }
}

async function textsOf(source: TextSource, encoding?: string): Promise<string[]> {
  return (await collect(readLines(source, { encoding }))).map((line) => line.text);
}

describe('gzip', () => {
  test.each([1, 2, 3, 1000, 1 << 20])('in pieces of %i bytes', async (size) => {
    expect(await textsOf(pieces(zipped, size))).toEqual(whole);
  });

  test.each([1, 1000, 1 << 20])('of several files joined to one, in pieces of %i bytes', async (size) => {
    const joined = Buffer.concat([zipped, gzipSync(''), gzipSync('one'), gzipSync(' more\n'), Buffer.alloc(20)]);
    expect(await textsOf(pieces(joined, size))).toEqual([...whole, 'one more']);
  });

  test('as browsers decompress it', async () => {
    const copies = async function* (size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      for await (const part of pieces(zipped, size)) yield part.slice();
    };
    expect(Buffer.concat(await collect(browser.decompressed(copies(1000)))).toString()).toBe(text);
    for await (const _ of browser.decompressed(copies(50))) break;
  });

  test('every kind of source, and every reader', async () => {
    expect(await textsOf(zipped)).toEqual(whole);
    expect(await textsOf(new Blob([zipped]))).toEqual(whole);
    expect(await textsOf(new Response(zipped).body as ReadableStream<Uint8Array>)).toEqual(whole);
    expect(await textsOf(Uint8Array.from(gzipSync(Uint8Array.of(0xe9, 0x0a))), 'iso-8859-1')).toEqual(['é']);
    expect(await textsOf(Uint8Array.from(gzipSync('')))).toEqual([]);
    const [tagged] = await collect(readExamples(gzipSync('a O\n'), { name: 'a.conll.gz' }));
    expect(tagged).toMatchObject({ tokens: ['a'], source: 'a.conll.gz' });
    const [classified] = await collect(readClassified(gzipSync('"a, b",x\n'), { name: 'a.csv.gz' }));
    expect(classified).toMatchObject({ text: 'a, b', label: 'x' });
    expect((await readVectors(gzipSync('a 1 2\n'))).words).toEqual(['a']);
  });

  test('what only begins like it is plain', async () => {
    for (const [bytes, lines] of [[[0x1f], ['\x1f']], [[0x1f, 0x0a], ['\x1f']], [[0x61, 0x1f, 0x8b], ['a\x1f\u2039']]] as const) {
      expect(await textsOf(pieces(Uint8Array.from(bytes), 1), 'latin1')).toEqual(lines);
    }
  });

  test('says what is damaged or cut short', async () => {
    const junk = Buffer.concat([zipped, Buffer.from('junk')]);
    const damaged = zipped.slice();
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] as number) ^ 1;
    for (const wrong of [damaged, junk, zipped.subarray(0, -9), zipped.subarray(0, 2)]) {
      const error = await dataErrorOf(collect(readLines(pieces(wrong, 100), { name: 'a.gz' })));
      expect([error.code, error.source]).toEqual(['bad_gzip', 'a.gz']);
      expect(error.message).toMatch(/^a\.gz: the gzip data are damaged/);
    }
  });

  test('a failing source fails as itself', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield* pieces(zipped.subarray(0, 100), 50);
      throw new DataError('gone', { code: 'unreadable' });
    };
    await expect(textsOf(failing())).rejects.toThrow(/^gone$/);
  });

  test('stopping early cancels the source', async () => {
    let cancelled = false;
    for await (const line of readLines(pieces(zipped, 200, () => (cancelled = true)))) {
      if (line.number === 2) break;
    }
    expect(cancelled).toBe(true);
  });
});
