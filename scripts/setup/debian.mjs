// Debian's package manager, for what neither npm nor cargo can bring.
import { attempt, which } from './command.mjs';

/** The command that may install packages here (`[]` as root, `['sudo', '-n']` with sudo), undefined where none may. */
async function authority() {
  if (!which('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  if (which('sudo') && (await attempt('sudo', ['-n', 'true'])).code === 0) return ['sudo', '-n'];
  return undefined;
}

/** Whether Debian packages may be installed here. */
export async function mayInstall() {
  return (await authority()) !== undefined;
}

let queue = Promise.resolve();

/** Installs Debian packages when this user may. Resolves with whether they are there now; `output` says why not. */
export function aptInstall(packages) {
  // apt holds a lock on its database: two installs at once would make one of them fail.
  const result = queue.then(() => install(packages));
  queue = result.catch(() => {});
  return result;
}

async function install(packages) {
  const prefix = await authority();
  if (!prefix) return { installed: false, output: '' };
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return attempt(command, rest);
  };
  const options = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  let result = await apt('install', ...options, ...packages);
  if (result.code !== 0) {
    // The lists of a fresh image are missing or old.
    await apt('update');
    result = await apt('install', ...options, ...packages);
  }
  return { installed: result.code === 0, output: result.output };
}
