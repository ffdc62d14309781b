import { createReadStream } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { OstinatoError } from '../errors.js';
import type { Runtime } from './contract.js';
import { compileFetched, fetchBytes, isRemote, streamFetched, unreadable } from './fetched.js';

/** `file:` URLs as paths; anything else is a path already. */
function pathOf(source: string | URL): string {
  const text = String(source);
  return /^file:/i.test(text) ? fileURLToPath(text) : text;
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'this is a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOSPC: 'the disk is full',
};

/** Why the file system refused, in words. */
export function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return reasons[code] ?? String(cause);
}

/** See {@link Runtime.readBytes}. */
export const readBytes: Runtime['readBytes'] = async (source) => {
  if (isRemote(source)) return fetchBytes(source);
  const path = pathOf(source);
  try {
    const buffer = await readFile(path);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (cause) {
    throw unreadable(path, reasonOf(cause), cause);
  }
};

/** See {@link Runtime.writeBytes}. */
export const writeBytes: Runtime['writeBytes'] = async (path, bytes) => {
  const target = pathOf(path);
  const partial = `${target}.partial-${process.pid}`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, target);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new OstinatoError(`${target}: could not be written, ${reasonOf(cause)}`, { code: 'unwritable', cause });
  }
};

/** See {@link Runtime.openBytes}. */
export const openBytes: Runtime['openBytes'] = async function* (source) {
  if (isRemote(source)) return yield* streamFetched(source);
  const path = pathOf(source);
  try {
    // Leaving the loop early closes the file.
    yield* createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw unreadable(path, reasonOf(cause), cause);
  }
};

/** See {@link Runtime.decompressed}. */
export const decompressed: Runtime['decompressed'] = (compressed) =>
  // Whoever reads from it is told of errors.
  pipeline(compressed, createGunzip(), () => undefined);

/** See {@link Runtime.listFolder}. */
export const listFolder: Runtime['listFolder'] = async (folder) => {
  const path = pathOf(folder);
  const about = <T>(place: string, work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => {
      throw unreadable(place, reasonOf(cause), cause);
    });
  const names = (await about(path, readdir(path))).sort((a, b) => (a < b ? -1 : 1));
  return Promise.all(
    names.map(async (name) => {
      const within = join(path, name);
      return { name, path: within, isFolder: (await about(within, stat(within))).isDirectory() };
    }),
  );
};

/** See {@link Runtime.compileModule}. */
export const compileModule: Runtime['compileModule'] = async (source) =>
  isRemote(source) ? compileFetched(source) : WebAssembly.compile(await readBytes(source));

/** See {@link Runtime.hardwareConcurrency}. */
export const hardwareConcurrency: Runtime['hardwareConcurrency'] = () => availableParallelism();

/** See {@link Runtime.breathe}. */
export const breathe: Runtime['breathe'] = () => new Promise((resolve) => setImmediate(resolve));

/**
 * See {@link Runtime.prefersPlainCode}. Deno has no guard pages, and neither has a Node that was told so; V8 orders
 * the loads of fused multiplication well since 13. Bun, which gains nothing without it, gives the version of V8 that
 * it stands in for, an older one.
 */
export const prefersPlainCode: Runtime['prefersPlainCode'] = (fused) =>
  (Number.parseInt(process.versions.v8, 10) >= 13 || (!fused && process.versions['bun'] === undefined)) &&
  process.versions['deno'] === undefined &&
  !process.execArgv.includes('--disable-wasm-trap-handler');
