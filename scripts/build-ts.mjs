// Compiles the TypeScript sources into `dist/`, unless that is up to date.
//   node scripts/build-ts.mjs
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './setup/command.mjs';
import { isEntry, main } from './setup/entry.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { at } from './setup/project.mjs';
import { hashOf, isFresh, listFiles, stamp } from './setup/stamp.mjs';
import { step } from './setup/step.mjs';

const sources = at('ts/src');

/** What the compiler writes for each source file. */
export function outputsOf(files) {
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join(at('dist'), relative(sources, file).replace(/\.ts$/, '')))
    .flatMap((stem) => [`${stem}.js`, `${stem}.js.map`, `${stem}.d.ts`]);
}

/** Files in `dist/` that a source which is gone has left behind; the WebAssembly builds are not looked at. */
function leftovers(outputs) {
  const kept = new Set(outputs);
  const foreign = ['.stamps', 'testing', ...['baseline', 'relaxed', 'threads'].map((variant) => join('wasm', variant))];
  return listFiles([at('dist')]).filter(
    (file) => !kept.has(file) && !foreign.some((folder) => relative(at('dist'), file).startsWith(folder)),
  );
}

/** Brings `dist/` up to date with the sources. */
export async function buildTypeScript() {
  const hash = hashOf([sources, at('tsconfig.json'), at('package-lock.json'), fileURLToPath(import.meta.url)]);
  const outputs = outputsOf(listFiles([sources]));
  if (isFresh('ts', hash, outputs)) return;
  await ensurePackages();
  await step('Compiling TypeScript', async () => {
    await run('The TypeScript sources do not compile.', process.execPath, [
      at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.json'), '--inlineSources',
    ]);
    for (const file of leftovers(outputs)) rmSync(file);
    stamp('ts', hash, outputs);
  });
}

if (isEntry(import.meta.url)) await main(buildTypeScript);
