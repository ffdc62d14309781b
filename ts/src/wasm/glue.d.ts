/** What `bindings.ts` uses of the glue that wasm-bindgen writes beside each artifact. */
declare module '*/ostinato.js' {
  /** Makes the first instance; returns the newest one's exports when there is one. */
  export function initSync(options?: { module: WebAssembly.Module; memory?: WebAssembly.Memory }): unknown;
  /** Makes another instance of the first one's module, with a memory of its own. */
  export function __wbg_reset_state(): void;
  /** Of the threads artifact: see `threads/imports.ts`. */
  export function initThreadPool(threads: number): Promise<unknown>;
  /** Of the threads artifact: works for the pool that the receiver belongs to, until the engine is disposed of. */
  export function wbg_rayon_start_worker(receiver: number): void;
  /** Of the threads artifact: a thread of its pool is no longer there. */
  export function pool_failed(): void;
}
