/** Engines: instances of the compute core, each with a memory of its own. */

import { UnsupportedError, UsageError } from './errors.js';
import { DISPOSE } from './memory/owned.js';
import { checkOptionNames } from './optionNames.js';
import { hasRelaxedSimd } from './runtime/probe.js';
import { obstacle, type Obstacle } from './threads/host.js';
import { instantiate, type ModuleSource, type Variant } from './wasm/bindings.js';
import { Core, type MemoryReport } from './wasm/core.js';

export type { MemoryReport, Variant };

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /**
   * Which build of the compute core. `auto`, the default, is `threads` for more than one thread, else
   * `relaxed` where the host has fused multiply-add and `baseline` elsewhere. Ask for `baseline` to get
   * the same bits on every host.
   */
  variant?: 'auto' | Variant;
  /**
   * How many threads compute, from 1, the default, to 255. The `threads` build gives the same bits with
   * any number of them. It needs fused multiply-add, and workers: Node ≥ 22, Deno and Bun have both. In a
   * browser the engine must be made in a Web Worker, since a page's own thread may not wait for others;
   * and the page must be cross-origin isolated (served, with the scripts of its workers, with
   * `Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`). Where it is
   * not, there is one thread, and `Engine.notice` says why.
   */
  threads?: number;
  /**
   * A compiled module to use in place of the library's own file. The first engine of a variant decides: further
   * engines of it are instances of the same module, whatever they are given here, as `bytes` or as `url`.
   */
  module?: WebAssembly.Module;
  /** Bytes of such a module, for hosts where the library's files cannot be fetched. */
  bytes?: BufferSource;
  /** Where such a module is, for instance on a content delivery network. */
  url?: string | URL;
}

/** Internal: the calls behind an engine; a UsageError (`bad_option`) for what is none. */
export let coreOf: (engine: Engine) => Core;

/**
 * An instance of the compute core. Models live in it; it is disposed of as a whole.
 *
 * @example
 * const engine = await createEngine({ variant: 'baseline' });
 * const model = new Model(engine, spec);
 * engine.memory().total; // bytes
 * engine.dispose();
 */
export class Engine implements Disposable {
  /** The build that it runs. */
  readonly variant: Variant;
  /** How many threads compute. */
  readonly threads: number;
  /** Why there are fewer threads than were asked for, and how to change that; null when there are as many. */
  readonly notice: string | null;
  readonly #core: Core;

  static {
    coreOf = (engine) => {
      if (typeof engine === 'object' && engine !== null && #core in engine) return engine.#core;
      throw UsageError.option('engine', engine, 'an engine made by createEngine');
    };
  }

  /** Internal: made by {@link createEngine}. */
  constructor(core: Core, { variant, threads, notice }: Choice) {
    this.#core = core;
    this.variant = variant;
    this.threads = threads;
    this.notice = notice;
  }

  /** Bytes held, by what for. */
  memory(): MemoryReport {
    return this.#core.memory();
  }

  /**
   * Frees everything that lives in this engine, models included, and ends its threads. Doing so again
   * does nothing.
   */
  dispose(): void {
    this.#core.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}

function sourceOf({ module, bytes, url }: EngineOptions): ModuleSource | undefined {
  const given = Object.entries({ module, bytes, url }).filter(([, source]) => source !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name).join(' and ');
    throw new UsageError(`options ${names}: expected one of them, given ${given.length}`, { code: 'bad_option' });
  }
  return module ?? bytes ?? url;
}

/** What an engine will be. */
interface Choice {
  readonly variant: Variant;
  readonly threads: number;
  readonly notice: string | null;
}

const VARIANTS = ['auto', 'baseline', 'relaxed', 'threads'];
/** As many as rayon has room for. */
const MOST_THREADS = 255;

const hindrances: Record<Exclude<Obstacle, 'not isolated'>, string> = {
  'no workers': 'this host has no workers; use one thread',
  'main thread':
    "a page's own thread may not wait for others, so make the engine in a Web Worker, or use one thread",
};

const NOT_ISOLATED =
  'this page is not cross-origin isolated, so memory cannot be shared with other threads and one computes; ' +
  'serve the page and its scripts with the headers "Cross-Origin-Opener-Policy: same-origin" and ' +
  '"Cross-Origin-Embedder-Policy: require-corp", and make the engine in a Web Worker';

function choose({ variant = 'auto', threads = 1 }: EngineOptions): Choice {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw UsageError.option('threads', threads, `a whole number from 1 to ${MOST_THREADS}`);
  }
  if (!VARIANTS.includes(variant)) throw UsageError.option('variant', variant, 'auto, baseline, relaxed or threads');
  if (threads > 1 && (variant === 'baseline' || variant === 'relaxed')) {
    throw UsageError.option('threads', threads, `1 with variant ${variant}; more take variant threads or auto`);
  }
  const fused = hasRelaxedSimd();
  if (!fused && (variant === 'relaxed' || variant === 'threads' || threads > 1)) {
    const what = threads > 1 ? `threads ${threads}` : `variant ${variant}`;
    const instead = threads > 1 ? 'use one thread' : 'use baseline or auto';
    throw new UnsupportedError(`${what}: this host has no relaxed SIMD instructions (Node has them since 22); ${instead}`);
  }
  const alone = variant === 'auto' ? (fused ? 'relaxed' : 'baseline') : variant;
  if (threads === 1) return { variant: alone, threads, notice: null };
  const found = obstacle();
  if (found === 'not isolated') return { variant: alone, threads: 1, notice: `threads ${threads}: ${NOT_ISOLATED}` };
  if (found !== undefined) throw new UnsupportedError(`threads ${threads}: ${hindrances[found]}`);
  return { variant: 'threads', threads, notice: null };
}

/**
 * Makes an engine.
 *
 * @throws UsageError (`bad_option`) when an option is wrong, or the variant has no threads
 * @throws UnsupportedError when this host cannot run the variant or so many threads
 * @throws OstinatoError (`bad_module`) when the WebAssembly that was given is not this library's;
 *   (`pool_failed`) with the reason when a thread could not be started
 *
 * @example
 * const engine = await createEngine({ threads: 4 });
 * console.log(engine.threads, engine.notice); // 4 null
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  checkOptionNames(options, { variant: true, threads: true, module: true, bytes: true, url: true });
  const choice = choose(options);
  const instance = await instantiate(choice.variant, sourceOf(options), choice.threads);
  if (choice.notice !== null) console.warn(`ostinato: ${choice.notice}`);
  return new Engine(new Core(instance), choice);
}

let shared: Promise<Engine> | undefined;

/**
 * The engine that is used where none is named: made on first use, and made anew when it was disposed
 * of or has failed.
 */
export async function defaultEngine(): Promise<Engine> {
  for (;;) {
    const current = (shared ??= createEngine());
    try {
      const engine = await current;
      if (coreOf(engine).usable) return engine;
    } catch (error) {
      if (shared === current) shared = undefined;
      throw error;
    }
    // Somebody else may have put a new one in its place meanwhile.
    if (shared === current) shared = undefined;
  }
}
