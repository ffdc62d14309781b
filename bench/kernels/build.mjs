// Builds the kernels for a variant as the library is built: its toolchain, its flags, wasm-opt.
import { copyFileSync } from 'node:fs';
import { run } from '../../scripts/setup/command.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { ensureRust } from '../../scripts/setup/rust.mjs';
import { step } from '../../scripts/setup/step.mjs';
import { buildStd, environment, optimise, target } from '../../scripts/wasm/artifact.mjs';

/** Builds the module of the kernels; returns its path. cargo compiles it again only if something has changed. */
export async function kernelModule(variant) {
  const rust = await ensureRust();
  const manifest = at('bench/kernels/Cargo.toml');
  await step(`Compiling the kernels, ${variant}`, () =>
    run(`The ${variant} build of bench/kernels does not compile.`, rust.cargo, [
      'build', '--lib', '--release', '--locked', '--target', target, ...buildStd, '--manifest-path', manifest,
    ], { env: environment(rust, variant) }),
  );
  const module = at('target', variant, 'bench-kernels.wasm');
  copyFileSync(at('target', variant, target, 'release/bench_kernels.wasm'), module);
  await optimise(variant, module);
  return module;
}
