// What is already built is not built again: a stamp is the hash of everything a build was made from, kept beside the
// time the files it made were written, so that a deleted or foreign output is noticed too.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root, stampsFolder } from './project.mjs';

/** Every file under the given files and folders, sorted, so that two machines hash in the same order. */
export function listFiles(paths) {
  const files = [];
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (!stat.isDirectory()) return void files.push(path);
    for (const name of readdirSync(path)) visit(join(path, name));
  };
  for (const path of paths) visit(path);
  return files.sort();
}

/** Hash of file contents (by path within the project) and of plain values. */
export function hashOf(paths, ...values) {
  const hash = createHash('sha256');
  for (const file of listFiles(paths)) {
    hash.update(`${relative(root, file).split(sep).join('/')}\0`);
    hash.update(readFileSync(file));
    hash.update('\0');
  }
  hash.update(JSON.stringify(values));
  return hash.digest('hex');
}

const stampFile = (name) => join(stampsFolder, `${name}.json`);

const written = (outputs) =>
  outputs.map((file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat ? `${stat.size}@${stat.mtimeMs}` : 'missing';
  });

/** Whether `outputs` are there as they were when `name` was last stamped, from the same `hash`. */
export function isFresh(name, hash, outputs) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(name), 'utf8'));
    const now = written(outputs);
    return stamp.hash === hash && !now.includes('missing') && JSON.stringify(stamp.outputs) === JSON.stringify(now);
  } catch {
    return false;
  }
}

/** Records that `outputs` were made from `hash`. */
export function stamp(name, hash, outputs) {
  mkdirSync(stampsFolder, { recursive: true });
  writeFileSync(stampFile(name), `${JSON.stringify({ hash, outputs: written(outputs) })}\n`);
}
