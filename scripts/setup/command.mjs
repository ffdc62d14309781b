// Running other programs.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';
import { root } from './project.mjs';

const running = new Set();

/** Ends every program that is still running, when there is no more use for what they do. */
export function stopAll() {
  for (const child of running) child.kill();
}

/**
 * Runs a program and resolves with `{ code, stdout, stderr, output }` whatever its exit code; `output` is both
 * streams in the order they came. `live` passes them through to this process's stderr or stdout as well.
 * A program that does not exist resolves with code 127.
 */
export function attempt(command, args = [], { cwd = root, env, live = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    // What could not be started has no id: to end it would end everything in this process's group, itself too.
    if (child.pid !== undefined) running.add(child);
    const result = { code: 0, stdout: '', stderr: '', output: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        result[stream] += text;
        result.output += text;
        if (live) process[stream].write(text);
      });
    }
    child.on('error', (error) => resolve({ ...result, code: 127, output: `${result.output}${error.message}\n` }));
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ ...result, code: code ?? (signal === 'SIGINT' ? 130 : 1) });
    });
  });
}

/** Runs a program that must succeed; otherwise fails with `sentence`, with the program's output as the details. */
export async function run(sentence, command, args, options) {
  const result = await attempt(command, args, options);
  if (result.code !== 0) throw new Failure(sentence, options?.live ? '' : result.output);
  return result;
}

/** Full path of a program on PATH (or in one folder), else undefined. */
export function which(name, path = process.env.PATH ?? '') {
  for (const folder of path.split(delimiter)) {
    if (!folder) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here: look in the next folder.
    }
  }
  return undefined;
}

/** The environment with folders put in front of PATH. */
export function withPath(folders, env = process.env) {
  return { ...env, PATH: [...folders, env.PATH ?? ''].join(delimiter) };
}
