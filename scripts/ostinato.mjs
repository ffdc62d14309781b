// The command line of a checkout, built first where need be: npm run -s ostinato -- train tagger --train …
// Nothing is printed but what the command prints, unless something has to be built.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isEntry, main } from './setup/entry.mjs';
import { hostVariant } from './setup/host.mjs';
import { at } from './setup/project.mjs';
import { buildTypeScript } from './build-ts.mjs';
import { buildWasm } from './build-wasm.mjs';
import { variants } from './wasm/variants.mjs';

/** What a command line says for an option, there or in its configuration file. */
function asked(args, name) {
  const typed = (flag) => {
    const at = args.findLastIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
    if (at < 0) return undefined;
    return args[at] === flag ? args[at + 1] : args[at].slice(flag.length + 1);
  };
  const value = typed(`--${name}`);
  const config = typed('--config');
  if (value !== undefined || config === undefined) return value;
  try {
    return JSON.parse(readFileSync(config, 'utf8'))[name];
  } catch {
    // The command itself says what is wrong with the file.
    return undefined;
  }
}

/** The artifact that a command line asks for, given what this Node takes by itself. */
export function variantOf(args, host = hostVariant()) {
  const variant = asked(args, 'variant');
  if (variant in variants) return variant;
  // A Node without relaxed SIMD has no threads; the command says so, and needs an artifact for nothing else.
  return Number(asked(args, 'threads')) > 1 && host === 'relaxed' ? 'threads' : host;
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
