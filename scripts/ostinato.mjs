// The command line of a checkout, built first where need be: npm run -s ostinato -- train tagger --train …
// Nothing is printed but what the command prints, unless something has to be built.
import { pathToFileURL } from 'node:url';
import { isEntry, main } from './setup/entry.mjs';
import { hostVariant } from './setup/host.mjs';
import { at } from './setup/project.mjs';
import { buildTypeScript } from './build-ts.mjs';
import { buildWasm } from './build-wasm.mjs';
import { variants } from './wasm/variants.mjs';

/** The artifact that a command line asks for. */
export function variantOf(args) {
  for (const [index, argument] of args.entries()) {
    const asked = argument === '--variant' ? args[index + 1] : /^--variant=(.*)$/.exec(argument)?.[1];
    if (asked !== undefined && asked in variants) return asked;
  }
  return hostVariant();
}

if (isEntry(import.meta.url)) {
  await main(async (args) => {
    await Promise.all([buildWasm([[variantOf(args), 'wasm']]), buildTypeScript()]);
    const cli = at('dist/cli/main.js');
    process.argv[1] = cli;
    await import(pathToFileURL(cli).href);
    return process.exitCode;
  });
}
