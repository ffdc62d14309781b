import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { WordVectors } from '../../../ts/src/data/wordVectors.js';
import { readWordVectors } from '../../../ts/src/models/text/vectors.js';

const text = 'the 1 2\nAna 3 4\nana 5 6\nunused 7 8\n';
const blob = new Blob([text]);

describe('readWordVectors', () => {
  test('keeps rows of words that occur, in their spelling or in lower case', async () => {
    const vectors = await readWordVectors(blob, ['Ana', 'The']);
    expect([...vectors.words].sort()).toEqual(['Ana', 'ana', 'the']);
  });

  test('takes what has been read already', async () => {
    const vectors = new WordVectors(1, ['a'], Float32Array.of(1));
    expect(await readWordVectors(vectors, ['b'])).toBe(vectors);
  });

  test('reads a file that gzip compressed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ostinato-vectors-'));
    try {
      await writeFile(join(folder, 'v.txt.gz'), gzipSync(text));
      expect((await readWordVectors(join(folder, 'v.txt.gz'), ['the'])).words).toEqual(['the']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('says when no word occurs', async () => {
    await expect(readWordVectors(blob, ['王'])).rejects.toMatchObject({
      code: 'no_vectors', message: 'vectors: expected vectors of some words that occur, such as "王", found none',
    });
  });

  test('says when there is no such file, and when a text stands for a path', async () => {
    await expect(readWordVectors('no/such/vectors.txt', ['a'])).rejects.toMatchObject({ code: 'unreadable' });
    await expect(readWordVectors(text, ['a'])).rejects.toMatchObject({ code: 'bad_option' });
  });
});
