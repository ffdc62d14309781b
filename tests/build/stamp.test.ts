import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stampsFolder } from '../../scripts/setup/project.mjs';
import { hashOf, isFresh, stamp } from '../../scripts/setup/stamp.mjs';

const name = `test-${process.pid}`;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ostinato-stamp-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(stampsFolder, `${name}.json`), { force: true });
});

const write = (file: string, content: string): string => {
  writeFileSync(join(folder, file), content);
  return join(folder, file);
};

it('hashes contents, paths and values', () => {
  const file = write('a.rs', 'one');
  const first = hashOf([folder], { flag: 1 });
  expect(hashOf([folder], { flag: 1 })).toBe(first);
  expect(hashOf([folder], { flag: 2 })).not.toBe(first);
  write('a.rs', 'two');
  expect(hashOf([folder], { flag: 1 })).not.toBe(first);
  rmSync(file);
  write('b.rs', 'one');
  expect(hashOf([folder], { flag: 1 })).not.toBe(first);
});

it('is fresh only with the same hash and the very outputs that were stamped', () => {
  const output = write('out.wasm', 'built');
  expect(isFresh(name, 'h1', [output])).toBe(false);
  stamp(name, 'h1', [output]);
  expect(isFresh(name, 'h1', [output])).toBe(true);
  expect(isFresh(name, 'h2', [output])).toBe(false);
  utimesSync(output, 1, 1);
  expect(isFresh(name, 'h1', [output])).toBe(false);
  rmSync(output);
  expect(isFresh(name, 'h1', [output])).toBe(false);
});
