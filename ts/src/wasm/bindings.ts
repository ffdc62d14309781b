import { compileModule, prefersPlainCode } from '#runtime';
import { OstinatoError } from '../errors.js';
import type { PoolParts } from '../threads/imports.js';
import { startPool } from '../threads/pool.js';

/** A build of the compute core that an engine can run on. */
export type Variant = 'baseline' | 'relaxed' | 'threads';

/** Where the WebAssembly of an engine comes from, for hosts that cannot load the library's own files. */
export type ModuleSource = WebAssembly.Module | BufferSource | URL | string | Response;

/** The functions of `crates/wasm`. Numbers in, numbers out; handles are numbers too. */
export interface RawExports {
  readonly memory: WebAssembly.Memory;
  /** Of the threads artifact: its pool is there, and so many threads help from now on. */
  pool_started?(threads: number): void;
  /** Of the threads artifact: a thread of its pool is no longer there. */
  pool_failed?(): void;
  /** Which of two kinds of products suits the host. */
  prefer_plain(yes: number): void;
}

/** One instance of the compute core, with a memory of its own. */
export interface Instance {
  readonly exports: RawExports;
  readonly memory: WebAssembly.Memory;
  /** Ends the threads that compute for it, where there are any; it cannot be used afterwards. */
  readonly end?: () => void;
}

type Glue = typeof import('./baseline/ostinato.js');

interface Artifact {
  readonly glue: () => Promise<Glue>;
  readonly url: () => URL;
}

// Bundlers follow these only when each is written out in place.
const artifacts: Record<Variant, Artifact> = {
  baseline: {
    glue: () => import('./baseline/ostinato.js'),
    url: () => new URL('./baseline/ostinato_bg.wasm', import.meta.url),
  },
  relaxed: {
    glue: () => import('./relaxed/ostinato.js'),
    url: () => new URL('./relaxed/ostinato_bg.wasm', import.meta.url),
  },
  threads: {
    glue: () => import('./threads/ostinato.js'),
    url: () => new URL('./threads/ostinato_bg.wasm', import.meta.url),
  },
};

/** Variants whose glue holds a module already; every further instance is one of that module. */
const started = new Set<Variant>();

let last: Promise<unknown> = Promise.resolve();

/**
 * Makes an instance of a variant, separate from every other one in this realm.
 *
 * wasm-bindgen's glue keeps a single current instance. It is told to forget it before the next one
 * is made; what an earlier instance exports goes on working, because those functions take and return
 * numbers only. Instances are made one after the other, their threads included, since the glue would
 * mix up two at once.
 *
 * @param source WebAssembly to use in place of the library's own file. The first engine of a variant
 *   decides for the realm: further engines of that variant are instances of the same module.
 * @param threads how many threads compute, the calling one among them
 * @throws OstinatoError (code `bad_module`) when the source is not this library's WebAssembly or this
 *   host cannot compile it, `pool_failed` when a thread could not be started
 */
export function instantiate(variant: Variant, source?: ModuleSource, threads = 1): Promise<Instance> {
  const next = last.then(() => make(variant, source, threads));
  last = next.catch(() => undefined);
  return next;
}

async function make(variant: Variant, source: ModuleSource | undefined, threads: number): Promise<Instance> {
  const artifact = artifacts[variant];
  const glue = await artifact.glue();
  try {
    if (started.has(variant)) glue.__wbg_reset_state();
    else glue.initSync({ module: checked(await compile(source ?? artifact.url())) });
  } catch (cause) {
    if (cause instanceof OstinatoError) throw cause;
    throw new OstinatoError(`the ${variant} build of the compute core could not be started`, { code: 'bad_module', cause });
  }
  started.add(variant);
  const exports = glue.initSync() as RawExports;
  exports.prefer_plain(Number(prefersPlainCode(variant !== 'baseline')));
  const instance = { exports, memory: exports.memory };
  return threads > 1 ? { ...instance, end: await startHelpers(glue, exports, threads - 1) } : instance;
}

/** Gives the newest instance a pool of threads that help the calling one; returns what ends it. */
async function startHelpers(glue: Glue, exports: RawExports, count: number): Promise<() => void> {
  const { module, memory, builder } = (await glue.initThreadPool(count)) as PoolParts;
  try {
    const pool = await startPool({
      count,
      begin: { module, memory, receiver: builder.receiver() },
      build: () => builder.build(),
      lost: () => exports.pool_failed?.(),
    });
    exports.pool_started?.(count);
    return pool.end;
  } finally {
    builder.free();
  }
}

/** Glue that has been given a foreign module cannot be given another, so this looks before. */
function checked(module: WebAssembly.Module): WebAssembly.Module {
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  if (names.has('memory') && names.has('__wbindgen_start')) return module;
  throw new OstinatoError("this is not the library's WebAssembly", { code: 'bad_module' });
}

async function compile(source: ModuleSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source === 'string' || source instanceof URL) return compileModule(source);
  if (typeof Response === 'function' && source instanceof Response) return WebAssembly.compile(await source.arrayBuffer());
  return WebAssembly.compile(source as BufferSource);
}
