// The core with the names of its functions, for profiles.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../scripts/setup/failure.mjs';
import { at } from '../../scripts/setup/project.mjs';
import { ensureRust } from '../../scripts/setup/rust.mjs';
import { step } from '../../scripts/setup/step.mjs';
import { bind, crates, optimise, putInOrder } from '../../scripts/wasm/artifact.mjs';
import { readBinary } from '../../scripts/wasm/binary.mjs';

const codeOf = (file) => Buffer.concat(readBinary(readFileSync(file)).bodies);

/**
 * Builds the module of a variant's core once more, names kept; returns its path. A module whose code is that of the
 * artifact is not built again.
 *
 * @throws Failure when what comes out has other code than the artifact: it would tell about another core
 */
export async function namedModule(variant) {
  const shipped = codeOf(crates.wasm.outputs(variant).find((file) => file.endsWith('.wasm')));
  const named = at('target', variant, 'named.wasm');
  const isShipped = () => existsSync(named) && codeOf(named).equals(shipped);
  if (isShipped()) return named;
  const rust = await ensureRust();
  const work = at('target', variant, `named-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    await step(`Building ${variant}.wasm with names`, async () => {
      await bind(variant, rust, work);
      const module = join(work, 'ostinato_bg.wasm');
      await optimise(variant, module, { names: true });
      await putInOrder(variant, module, { names: true });
      copyFileSync(module, named);
    });
  } finally {
    rmSync(work, { recursive: true });
  }
  if (!isShipped()) throw new Failure(`${named} has other code than the ${variant} artifact, so that its profile would tell about another core.`);
  return named;
}
