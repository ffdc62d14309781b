/** Engines: instances of the compute core, each with a memory of its own. */

import { UnsupportedError, UsageError } from './errors.js';
import { DISPOSE } from './memory/owned.js';
import { hasRelaxedSimd } from './runtime/probe.js';
import { instantiate, type ModuleSource, type Variant } from './wasm/bindings.js';
import { Core, type MemoryReport } from './wasm/core.js';

export type { MemoryReport, Variant };

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /**
   * Which build of the compute core. `auto`, the default, is `relaxed` where the host has fused
   * multiply-add and `baseline` elsewhere. Ask for `baseline` to get the same bits on every host.
   */
  variant?: 'auto' | Variant;
  /** How many threads compute. Default 1; more are not supported yet. */
  threads?: number;
  /** A compiled module to use in place of the library's own file. */
  module?: WebAssembly.Module;
  /** Bytes of such a module, for hosts where the library's files cannot be fetched. */
  bytes?: BufferSource;
  /** Where such a module is, for instance on a content delivery network. */
  url?: string | URL;
}

/** Internal: the calls behind an engine. */
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
  readonly #core: Core;

  static {
    coreOf = (engine) => engine.#core;
  }

  /** Internal: made by {@link createEngine}. */
  constructor(core: Core, variant: Variant, threads: number) {
    this.#core = core;
    this.variant = variant;
    this.threads = threads;
  }

  /** Bytes held, by what for. */
  memory(): MemoryReport {
    return this.#core.memory();
  }

  /** Frees everything that lives in this engine, models included. Doing so again does nothing. */
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

/**
 * Makes an engine.
 *
 * @throws UnsupportedError when this host cannot run the variant, or for more than one thread
 * @throws OstinatoError (`bad_module`) when the WebAssembly that was given is not this library's
 *
 * @example
 * const engine = await createEngine();
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { variant = 'auto', threads = 1 } = options;
  if (!Number.isInteger(threads) || threads < 1) throw UsageError.option('threads', threads, 'a whole number above 0');
  if (threads > 1 || (variant as string) === 'threads') {
    throw new UnsupportedError('threads: this release computes on one thread');
  }
  if (!['auto', 'baseline', 'relaxed'].includes(variant)) {
    throw UsageError.option('variant', variant, 'auto, baseline or relaxed');
  }
  const source = sourceOf(options);
  const fused = hasRelaxedSimd();
  if (variant === 'relaxed' && !fused) {
    throw new UnsupportedError('variant relaxed: this host has no relaxed SIMD instructions; use baseline or auto');
  }
  const chosen = variant === 'auto' ? (fused ? 'relaxed' : 'baseline') : variant;
  return new Engine(new Core(await instantiate(chosen, source)), chosen, threads);
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
