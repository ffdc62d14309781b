import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { TestModule } from '../testModule.js';
import { variant } from '../variant.js';

interface Manifest {
  readonly cases: readonly { readonly name: string; readonly file: string }[];
}

const folder = process.env['GOLDEN_DIR'] ?? fileURLToPath(new URL('.', import.meta.url));
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
const module = new TestModule();

describe(`golden cases, ${variant}`, () => {
  test.each(manifest.cases.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
    expect(module.runGolden(entry, readFileSync(join(folder, entry.file))).failure).toBeUndefined();
  });

  test('a value that is off fails', () => {
    const entry = manifest.cases[0];
    if (entry === undefined) throw new Error('The manifest has no cases.');
    const file = readFileSync(join(folder, entry.file));
    // The last bytes are the last number of the last tensor; its exponent changes.
    file[file.length - 1] = (file[file.length - 1] ?? 0) ^ 0x40;
    expect(module.runGolden(entry, file).failure).toMatch(/elements are off|was not checked/);
  });
});
