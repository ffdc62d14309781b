/** What an engine and the threads of its pool tell each other. */

/** What a thread needs to take part. */
export interface Begin {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** See `PoolBuilder.receiver`. */
  readonly receiver: number;
}

/** What a thread answers: that it is ready, or why it cannot be. */
export type Answer = { readonly ready: true } | { readonly ready: false; readonly reason: string };
