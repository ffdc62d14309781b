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

const folder = join(toolsFolder, 'node24');
const binary = join(folder, 'node_modules/node/bin/node');

/**
 * A Node that runs the relaxed artifact: this one if it does, else one from npm. That one stays in a folder of its own,
 * since the package would put its `node` before everybody else's in `node_modules/.bin`.
 */
export async function ensureRelaxedNode() {
  if (hostVariant() === 'relaxed') return process.execPath;
  if (existsSync(binary) && (await attempt(binary, ['--version'])).code === 0) return binary;
  const npm = which('npm');
  if (!npm) throw new Failure('npm is needed to bring a newer Node, and it is not on PATH.');
  await step('Installing Node 24 from npm, for the tests that need relaxed SIMD', () =>
    run('npm could not install the package node@24 (is the registry reachable?).', npm, [
      'install', '--prefix', folder, '--no-save', '--no-package-lock', 'node@24',
    ]),
  );
  return binary;
}
