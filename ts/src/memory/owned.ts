/// <reference lib="esnext.disposable" preserve="true" />
/** What lives behind the boundary and is disposed of by hand. */

import { DisposedError } from '../errors.js';
import type { Core } from '../wasm/core.js';

/** `Symbol.dispose`, also where the host does not have it yet. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

interface Leaked {
  readonly core: Core;
  readonly handle: number;
}

let net: FinalizationRegistry<Leaked> | undefined;

/** Frees what the garbage collector finds undisposed; only a net, since it may never run. */
function safetyNet(): FinalizationRegistry<Leaked> {
  net ??= new FinalizationRegistry(({ core, handle }) => {
    if (core.usable) core.release(handle);
  });
  return net;
}

/** An object of the compute core. */
export abstract class Owned implements Disposable {
  /** Internal: the calls behind it. */
  protected readonly core: Core;
  readonly #handle: number;
  readonly #name: string;
  readonly #caught: boolean;
  #disposed = false;

  /**
   * @param name what it is called in a DisposedError, such as `this Model`
   * @param catchLeaks whether the garbage collector frees it if nobody does; not for what is made
   *   in every step, since that costs more than a small step does
   */
  protected constructor(core: Core, handle: number, name: string, catchLeaks: boolean) {
    this.core = core;
    this.#handle = handle;
    this.#name = name;
    this.#caught = catchLeaks;
    if (catchLeaks) safetyNet().register(this, { core, handle }, this);
  }

  /** Whether it has been disposed of. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Internal: whether it lives, in an engine that does. */
  get usable(): boolean {
    return !this.#disposed && this.core.usable;
  }

  /**
   * Internal: its handle.
   *
   * @throws DisposedError after {@link dispose}
   */
  get handle(): number {
    if (this.#disposed) throw new DisposedError(this.#name);
    return this.#handle;
  }

  /** Frees its memory. Doing so again does nothing; anything else throws a DisposedError from now on. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#caught) safetyNet().unregister(this);
    if (this.core.usable) this.core.release(this.#handle);
  }

  [DISPOSE](): void {
    this.dispose();
  }
}
