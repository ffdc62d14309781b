// node_modules, as package-lock.json wants it.
import { readFileSync } from 'node:fs';
import { at } from './project.mjs';
import { run, which } from './command.mjs';
import { Failure } from './failure.mjs';
import { step } from './step.mjs';

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Packages of the lock file that are absent from the installed one, or there in another version. */
export function lacking(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && !entry.optional && installed.packages?.[path]?.version !== entry.version)
    .map(([path]) => path);
}

/** Whether node_modules holds what the lock file names. */
export function hasPackages() {
  try {
    return lacking(readJson(at('package-lock.json')), readJson(at('node_modules', '.package-lock.json'))).length === 0;
  } catch {
    return false;
  }
}

let installing;

/** Installs the packages of package-lock.json unless they are there. */
export function ensurePackages() {
  installing ??= install();
  return installing;
}

async function install() {
  if (hasPackages()) return;
  const npm = which('npm');
  if (!npm) throw new Failure('npm is needed to install the packages in package-lock.json, and it is not on PATH.');
  await step('Installing npm packages', () =>
    run('npm could not install the packages in package-lock.json (is the registry reachable?).', npm, ['ci']),
  );
}
