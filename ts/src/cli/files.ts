/** Labelled files and models, and where models are written. */

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { DataError, OstinatoError } from '../errors.js';
import { openBytes, readBytes, reasonOf } from '../runtime/node.js';

/**
 * The bytes of a file as they come; `-` is stdin.
 *
 * @throws DataError (`unreadable`)
 */
export async function* openFile(path: string): AsyncGenerator<Uint8Array> {
  yield* path === '-' ? (process.stdin as AsyncIterable<Uint8Array>) : openBytes(path);
}

/**
 * A model file in memory, with its name: whoever looks into it first reads it once, be it a URL or a pipe.
 *
 * @throws DataError (`unreadable`)
 */
export async function openModel(path: string): Promise<File> {
  return new File([await readBytes(path)], path);
}

/** What messages call a file. */
export function sourceName(path: string): string {
  return path === '-' ? 'stdin' : path;
}

/**
 * All examples of files, one file after another.
 *
 * @param read the examples of one
 * @throws DataError as `read` does, and (`no_data`) when there are none
 */
export async function readAll<E>(paths: readonly string[], read: (path: string) => AsyncIterable<E>): Promise<E[]> {
  const all: E[] = [];
  for (const path of paths) for await (const example of read(path)) all.push(example);
  if (all.length === 0) {
    const source = paths.map(sourceName).join(', ');
    throw new DataError('expected at least one example, found none', { code: 'no_data', source });
  }
  return all;
}

/** Where the model of a data file is written when nobody says where: beside the caller. */
export function defaultModelPath(data: string, task: string): string {
  const name = basename(data).replace(/\.gz$/i, '').replace(/\.[^.]*$/, '');
  return `${name === '' || name === '-' ? task : name}.ostinato.safetensors`;
}

/**
 * Makes sure, before long work, that its result can be written.
 *
 * @throws OstinatoError (`unwritable`)
 */
export async function checkWritable(path: string): Promise<void> {
  const fail = (reason: string, cause?: unknown): OstinatoError =>
    new OstinatoError(`${path}: could not be written, ${reason}`, { code: 'unwritable', cause });
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    throw fail(reasonOf(cause), cause);
  }
  const present = await stat(path).catch(() => undefined);
  if (present?.isDirectory() === true) throw fail('this is a folder');
}

/** One or several paths, as a configuration file may have them. */
export function pathsOf(given: string | readonly string[] | undefined): string[] {
  return given === undefined ? [] : typeof given === 'string' ? [given] : [...given];
}
