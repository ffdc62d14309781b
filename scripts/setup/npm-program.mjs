// Programs that npm brings, each in a folder of its own: some would put a `node` before everybody else's in
// `node_modules/.bin`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, run, which } from './command.mjs';
import { Failure } from './failure.mjs';
import { toolsFolder } from './project.mjs';
import { step } from './step.mjs';

/**
 * Path of a program of an npm package, which is installed if it is not there.
 *
 * @param {{ title: string, folder: string, wanted: string, binary: string, purpose: string }} program `wanted` is the
 *   package with its version, `binary` the program within `node_modules`
 */
export async function ensureNpmProgram({ title, folder, wanted, binary, purpose }) {
  const home = join(toolsFolder, folder);
  const path = join(home, 'node_modules', binary);
  if (existsSync(path) && (await attempt(path, ['--version'])).code === 0) return path;
  const npm = which('npm');
  if (!npm) throw new Failure(`npm is needed to bring ${title}, and it is not on PATH.`);
  await step(`Installing ${title} from npm, for ${purpose}`, () =>
    run(`npm could not install the package ${wanted} (is the registry reachable?).`, npm, [
      'install', '--prefix', home, '--no-save', '--no-package-lock', wanted,
    ]),
  );
  return path;
}
