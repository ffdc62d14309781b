// What this Node can run.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run, which } from './command.mjs';
import { Failure } from './failure.mjs';
import { toolsFolder } from './project.mjs';
import { step } from './step.mjs';

/** The artifact that an engine of this Node takes by itself: V8 has relaxed SIMD since 11.4. */
export function hostVariant(v8 = process.versions.v8) {
  const [major, minor] = v8.split('.').map(Number);
  return major > 11 || (major === 11 && minor >= 4) ? 'relaxed' : 'baseline';
}

/**
 * A Node from npm. It stays in a folder of its own, since the package would put its `node` before everybody else's in
 * `node_modules/.bin`.
 */
async function ensureNode(major, purpose) {
  const folder = join(toolsFolder, `node${major}`);
  const binary = join(folder, 'node_modules/node/bin/node');
  if (existsSync(binary) && (await attempt(binary, ['--version'])).code === 0) return binary;
  const npm = which('npm');
  if (!npm) throw new Failure(`npm is needed to bring Node ${major}, and it is not on PATH.`);
  await step(`Installing Node ${major} from npm, ${purpose}`, () =>
    run(`npm could not install the package node@${major} (is the registry reachable?).`, npm, [
      'install', '--prefix', folder, '--no-save', '--no-package-lock', `node@${major}`,
    ]),
  );
  return binary;
}

/** A Node that runs the relaxed artifact: this one if it does, else one from npm. */
export async function ensureRelaxedNode() {
  return hostVariant() === 'relaxed' ? process.execPath : ensureNode(24, 'which has relaxed SIMD');
}

/** A Node without relaxed SIMD: this one if it has none, else one from npm. */
export async function ensureBaselineNode() {
  return hostVariant() === 'baseline' ? process.execPath : ensureNode(20, 'which has no relaxed SIMD');
}
