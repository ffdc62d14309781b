/** What the glue of the threads artifact imports in place of what wasm-bindgen would do by itself. */

/** wasm-bindgen-rayon's pool before its threads run. */
export interface PoolBuilder {
  /** How many threads it waits for. */
  numThreads(): number;
  /** What each thread is given to find its work. */
  receiver(): number;
  /** Hands every thread its work. Blocks until all of them have begun, so they must be there. */
  build(): void;
  free(): void;
}

/** A pool that has yet to be started. */
export interface PoolParts {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly builder: PoolBuilder;
}

/** Called by `initThreadPool`, which so gives its caller what a pool is started with. */
export async function startWorkers(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  builder: PoolBuilder,
): Promise<PoolParts> {
  return { module, memory, builder };
}

/** Pages that a memory must be able to grow to for an engine to be of use: 64 MiB. */
const LEAST = 1024;

/**
 * Makes shared memory. The host reserves its maximum beforehand, and some have no room for that: they
 * get half as much, and so on.
 *
 * @throws RangeError when there is no room for the least either
 */
export function createMemory({ initial, maximum }: { initial: number; maximum: number }): WebAssembly.Memory {
  for (;;) {
    try {
      return new WebAssembly.Memory({ initial, maximum, shared: true });
    } catch (error) {
      if (maximum / 2 < LEAST) throw error;
      maximum /= 2;
    }
  }
}
