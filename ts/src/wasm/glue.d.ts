/** What `bindings.ts` uses of the glue that wasm-bindgen writes beside each artifact. */
declare module '*/ostinato.js' {
  /** Makes the first instance; returns the newest one's exports when there is one. */
  export function initSync(options?: { module: WebAssembly.Module; memory?: WebAssembly.Memory }): unknown;
  /** Makes another instance of the first one's module, with a memory of its own. */
  export function __wbg_reset_state(): void;
}
