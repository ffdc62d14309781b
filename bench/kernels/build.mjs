// Builds the kernels for a variant with the library's toolchain and flags.
import { readFileSync } from 'node:fs';
import { run } from '../../scripts/setup/command.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { ensureRust } from '../../scripts/setup/rust.mjs';
import { step } from '../../scripts/setup/step.mjs';
import { buildStd, environment, target } from '../../scripts/wasm/artifact.mjs';

/** The bytes of the kernels' module. cargo builds it again only if something has changed. */
export async function kernelModule(variant) {
  const rust = await ensureRust();
  const manifest = at('bench/kernels/Cargo.toml');
  await step(`Compiling the kernels, ${variant}`, () =>
    run(`The ${variant} build of bench/kernels does not compile.`, rust.cargo, [
      'build', '--lib', '--release', '--locked', '--target', target, ...buildStd, '--manifest-path', manifest,
    ], { env: environment(rust, variant) }),
  );
  return readFileSync(at('target', variant, target, 'release/bench_kernels.wasm'));
}
