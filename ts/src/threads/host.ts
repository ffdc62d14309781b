/** What this host has for threads. */

/** Node's worker threads, where there are any: Node, Deno and Bun have them. */
export function workerThreads(): typeof import('node:worker_threads') | undefined {
  // Asked for rather than imported, so that bundlers for pages find nothing to resolve.
  return typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:worker_threads');
}

/** Why an engine cannot have more than one thread here. */
export type Obstacle = 'no workers' | 'not isolated' | 'main thread';

/**
 * What stands in the way of threads; undefined when nothing does.
 *
 * That `SharedArrayBuffer` exists says little: it may be there where no worker may have it, and be
 * hidden where memory can be shared all the same.
 */
export function obstacle(): Obstacle | undefined {
  if (workerThreads() === undefined) {
    if (typeof Worker !== 'function') return 'no workers';
    if (globalThis.crossOriginIsolated !== true) return 'not isolated';
  }
  return mayWait() ? undefined : 'main thread';
}

/** Whether this thread may sleep until another one wakes it, which a page's own may not. */
function mayWait(): boolean {
  const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  try {
    Atomics.wait(new Int32Array(buffer), 0, 1);
    return true;
  } catch {
    return false;
  }
}
