import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { readClassifiedFolder } from '../../../ts/src/data/classifiedFolder.js';
import { collect, dataErrorOf } from './collect.js';

const folder = mkdtempSync(join(tmpdir(), 'ostinato-classes-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe('readClassifiedFolder', () => {
  test('a folder a class, files at any depth', async () => {
    write('two/spam/b.txt', '\ufeffWin\r\na cruise\n');
    write('two/spam/a/c.txt.gz', gzipSync('Zipped'));
    write('two/ham/1', '');
    write('two/ham/.hidden', 'no');
    write('two/.git/x', 'no');
    write('two/README', 'no');
    const path = join(folder, 'two');
    expect(await collect(readClassifiedFolder(path))).toEqual([
      { text: '', label: 'ham', source: join(path, 'ham/1') },
      { text: 'Zipped', label: 'spam', source: join(path, 'spam/a/c.txt.gz') },
      { text: 'Win\na cruise', label: 'spam', source: join(path, 'spam/b.txt') },
    ]);
  });

  test('in another encoding; without it the file at fault is named', async () => {
    write('latin/x/a.txt', Uint8Array.of(0x61, 0x0a, 0xe9));
    const path = join(folder, 'latin');
    expect(await collect(readClassifiedFolder(path, { encoding: 'iso-8859-1' }))).toMatchObject([{ text: 'a\né', label: 'x' }]);
    const error = await dataErrorOf(collect(readClassifiedFolder(path)));
    expect([error.code, error.source, error.line]).toEqual(['bad_encoding', join(path, 'x/a.txt'), 2]);
  });

  test('says that there are no classes, or no folder', async () => {
    write('flat/a.txt', 'a');
    const flat = join(folder, 'flat');
    expect((await dataErrorOf(collect(readClassifiedFolder(flat)))).message).toBe(`${flat}: expected a folder for each class, found none`);
    expect((await dataErrorOf(collect(readClassifiedFolder(join(folder, 'none'))))).code).toBe('unreadable');
  });
});
