// Builds the WebAssembly artifacts that are not up to date.
//   node scripts/build-wasm.mjs [baseline] [relaxed] [threads] [--crate testing]
import { parseArgs } from 'node:util';
import { ensureCargoTools } from './setup/cargo-tools.mjs';
import { isEntry, main } from './setup/entry.mjs';
import { Failure } from './setup/failure.mjs';
import { ensurePackages } from './setup/npm-packages.mjs';
import { ensureRust } from './setup/rust.mjs';
import { step } from './setup/step.mjs';
import { buildArtifact, compile, crates, isBuilt, kilobytes } from './wasm/artifact.mjs';
import { variants } from './wasm/variants.mjs';

/**
 * Builds what is lacking of `wanted`, a list of `[variant, crate]`, and brings the tools for it. The first core is
 * compiled while the tools are being built; npm's packages must come too, since wasm-opt is one of them.
 */
export async function buildWasm(wanted) {
  const lacking = distinct(wanted).filter(([variant, crate]) => !isBuilt(variant, crate));
  if (lacking.length === 0) return;
  const rust = ensureRust();
  const [firstVariant, firstCrate] = lacking[0];
  await Promise.all([
    ensureCargoTools(),
    ensurePackages(),
    rust.then((found) => step(`Compiling ${label(firstVariant, firstCrate)}`, () => compile(firstVariant, found, firstCrate))),
  ]);
  for (const [variant, crate] of lacking) {
    await step(`Building ${label(variant, crate)}`, async () => {
      const { raw, gzip } = await buildArtifact(variant, await rust, crate);
      return `${kilobytes(raw)}, ${kilobytes(gzip)} gzipped`;
    });
  }
}

const distinct = (wanted) => [...new Map(wanted.map((artifact) => [artifact.join(), artifact])).values()];

const label = (variant, crate) => (crate === 'wasm' ? `${variant}.wasm` : `the ${variant} ${crate} module`);

/** Every artifact: the three of the library, and the test cases in the two that differ in arithmetic. */
export const everything = [
  ['baseline', 'wasm'],
  ['relaxed', 'wasm'],
  ['threads', 'wasm'],
  ['baseline', 'testing'],
  ['relaxed', 'testing'],
];

if (isEntry(import.meta.url)) {
  await main(async (args) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { crate: { type: 'string' } },
    });
    const unknown = positionals.find((name) => !(name in variants)) ?? (values.crate in crates ? undefined : values.crate);
    if (unknown) throw new Failure(`"${unknown}" is neither a variant (${Object.keys(variants).join(', ')}) nor a crate (${Object.keys(crates).join(', ')}).`);
    const chosen = everything.filter(
      ([variant, crate]) =>
        (positionals.length === 0 || positionals.includes(variant)) && (values.crate === undefined || values.crate === crate),
    );
    await buildWasm(chosen);
  });
}
