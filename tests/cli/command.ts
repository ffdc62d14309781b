import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { small, training } from '../tagger/sample.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** How a run of the command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A run of the command that goes on. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves when stdout or stderr holds this text. */
  until(text: string | RegExp): Promise<void>;
}

/** Starts the command in a folder, without a terminal. */
export function start(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  // What npm tells a script that it runs is not for this command to see.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...Object.fromEntries(inherited), ...env } });
  const seen = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      seen[name] += text;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...seen }));
  });
  const until = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = [seen.stdout, seen.stderr].some((all) => (typeof text === 'string' ? all.includes(text) : text.test(all)));
        if (!found) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      void ended.then(({ code }) => reject(new Error(`ended with ${code} before ${text}:\n${seen.stdout}\n${seen.stderr}`)));
      look();
    });
  return { child, ended, until };
}

/** Runs the command in a folder to its end. */
export async function run(cwd: string, args: readonly string[], input = ''): Promise<Ended> {
  const { child, ended } = start(cwd, args);
  child.stdin?.end(input);
  return ended;
}

/** The objects of JSON Lines. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Options that make the command quick, the same on every host. */
export const quick = [
  ...Object.entries(small).flatMap(([name, value]) => [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, `${value}`]),
  '--variant',
  'baseline',
];

/** A folder of its own for a test file. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ostinato-cli-'));
  afterAll(() => rm(folder, { recursive: true }));
  return folder;
}

/** A folder of its own for a test file, with `train.jsonl` in it. */
export async function folderForFile(): Promise<string> {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'train.jsonl'), training.map((example) => `${JSON.stringify(example)}\n`).join(''));
  return folder;
}

/** A server of one file, until the test file is over; `asked` counts how often it was fetched. */
export async function serve(path: string): Promise<{ url: string; asked: () => number }> {
  let count = 0;
  const server = createServer((_, response) => {
    count += 1;
    void readFile(path).then((bytes) => response.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.safetensors`, asked: () => count };
}
