/** Calls into one instance of the compute core: staging, failures, traps, results. */

import {
  DisposedError,
  InternalError,
  ModelFileError,
  OstinatoError,
  PoisonedError,
  UsageError,
} from '../errors.js';
import { MemoryViews } from '../memory/views.js';
import type { Instance } from './bindings.js';
import type { CoreExports } from './exports.js';

/** Bytes held by an engine, by what they are for. */
export interface MemoryReport {
  /** All of the engine's memory. It never shrinks, so this is also the most there ever was. */
  readonly total: number;
  /** What crosses to and from JavaScript. */
  readonly staging: number;
  /** Parameters, their gradients, and what is derived from them. */
  readonly models: number;
  /** Moments and the like. */
  readonly optimizers: number;
  /** Values of the present step or prediction and of its backward pass. */
  readonly arena: number;
  /** Gradients of the shards of a batch, before they are added up. */
  readonly shardGradients: number;
  /** Forward passes that are kept for a backward pass. */
  readonly tapes: number;
  /** Copies of parameters, and states. */
  readonly snapshots: number;
  /** Model files while they are read. */
  readonly files: number;
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Codes of `crates/format`. */
const fileCodes = new Set([
  'FILE_IS_HTML',
  'FILE_TRUNCATED',
  'HEADER_TOO_LARGE',
  'INVALID_HEADER',
  'DUPLICATE_NAME',
  'UNKNOWN_DTYPE',
  'INVALID_SHAPE',
  'INVALID_OFFSETS',
  'MISSING_TENSOR',
  'WRONG_TENSOR',
]);

function errorOf({ code, message }: Failure): OstinatoError {
  const details = { code: code.toLowerCase() };
  if (fileCodes.has(code)) return new ModelFileError(message, details);
  switch (code) {
    case 'INVALID_SPEC':
    case 'INVALID_BATCH':
    case 'INVALID_PARAMETER':
    case 'INVALID_STATE':
    case 'INVALID_NUMBER':
    case 'INVALID_JSON':
      return new UsageError(message, details);
    case 'STALE_HANDLE':
      return new DisposedError('this object', { ...details, cause: message });
    case 'NOT_FINITE':
    case 'OUT_OF_MEMORY':
    case 'TOO_MANY_HANDLES':
      return new OstinatoError(message, details);
    default:
      return new InternalError(`${code}: ${message}`, details);
  }
}

let net: FinalizationRegistry<() => void> | undefined;

/** Ends the threads of instances that nobody disposed of; only a net, since it may never do so. */
function safetyNet(): FinalizationRegistry<() => void> {
  net ??= new FinalizationRegistry((end) => end());
  return net;
}

/** One instance, and what has become of it. */
export class Core {
  readonly #views: MemoryViews;
  #exports: CoreExports | undefined;
  #trap: PoisonedError | undefined;
  readonly #end: (() => void) | undefined;

  constructor({ exports, memory, end }: Instance) {
    this.#exports = exports as CoreExports;
    this.#end = end;
    this.#views = new MemoryViews(memory);
    if (end !== undefined) safetyNet().register(this, end, this);
  }

  /** Lets go of the instance and ends its threads; further calls throw a DisposedError. */
  dispose(): void {
    if (this.#exports === undefined) return;
    this.#exports = undefined;
    this.#end?.();
    if (this.#end !== undefined) safetyNet().unregister(this);
  }

  /** Whether calls can be made: it was neither disposed of nor has it trapped. */
  get usable(): boolean {
    return this.#exports !== undefined && this.#trap === undefined;
  }

  /** The exports, for a call that cannot fail. */
  #use(): CoreExports {
    if (this.#exports === undefined) throw new DisposedError('this Engine');
    if (this.#trap !== undefined) throw new PoisonedError(this.#trap.message, { cause: this.#trap });
    return this.#exports;
  }

  /**
   * Makes one call; returns its value.
   *
   * @throws OstinatoError of the class and code that fit what the core refused
   * @throws PoisonedError when the call trapped, and ever after
   */
  call(make: (exports: CoreExports) => number): number {
    const exports = this.#use();
    let value: number;
    try {
      value = make(exports);
    } catch (cause) {
      // A handle that was looked up on the way has its own errors.
      throw cause instanceof OstinatoError ? cause : this.#poison(cause);
    }
    if (value >= 0) return value;
    throw errorOf(JSON.parse(this.text()) as Failure);
  }

  /** After a trap nothing in the memory can be relied on. */
  #poison(cause: unknown): PoisonedError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#trap = new PoisonedError(
      `the engine failed (${reason}, with ${this.#views.byteLength} bytes in use: out of memory, or a defect) and must be made anew`,
      { cause },
    );
    return this.#trap;
  }

  /** Makes room for so many bytes; returns where. */
  #stage(bytes: number): number {
    return 4 * this.call((exports) => exports.stage(bytes));
  }

  /** Room for so many 32-bit words, to be filled at once. */
  stageWords(words: number): { readonly ints: Int32Array; readonly floats: Float32Array } {
    const pointer = this.#stage(words * 4);
    return { ints: this.#views.ints(pointer, words), floats: this.#views.floats(pointer, words) };
  }

  /** Stages bytes; returns how many. */
  stageBytes(bytes: Uint8Array): number {
    const pointer = this.#stage(bytes.length);
    this.#views.bytes(pointer, bytes.length).set(bytes);
    return bytes.length;
  }

  /**
   * Stages a value as JSON; returns how many bytes that are.
   *
   * @throws UsageError (`invalid_spec`) for a number that JSON has not, which would else become its default
   */
  stageJson(value: unknown): number {
    const text = JSON.stringify(value, (name, part: unknown) => {
      if (typeof part !== 'number' || Number.isFinite(part)) return part;
      throw new UsageError(`${name}: expected a finite number, given ${part}`, { code: 'invalid_spec' });
    });
    return this.stageBytes(new TextEncoder().encode(text));
  }

  #result(): [pointer: number, length: number] {
    const exports = this.#use();
    return [exports.result_pointer() >>> 0, exports.result_length() >>> 0];
  }

  /** The result of the last call as text. */
  text(): string {
    // A browser's decoder refuses shared memory, so it gets a copy.
    return new TextDecoder().decode(this.bytes());
  }

  /** A copy of the result of the last call. */
  bytes(): Uint8Array<ArrayBuffer> {
    const [pointer, length] = this.#result();
    return new Uint8Array(this.#views.bytes(pointer, length));
  }

  /** A copy of the result of the last call, as real numbers. */
  floats(): Float32Array<ArrayBuffer> {
    const [pointer, length] = this.#result();
    return new Float32Array(this.#views.floats(pointer, length / 4));
  }

  /** A copy of the result of the last call, as whole numbers. */
  ints(): Int32Array<ArrayBuffer> {
    const [pointer, length] = this.#result();
    return new Int32Array(this.#views.ints(pointer, length / 4));
  }

  /** A copy of the first numbers of the result of the last call, which is a report. */
  report<N extends number>(count: N): Float64Array {
    return this.#views.doubles(this.#result()[0], count).slice();
  }

  /** Disposes of a handle, which may be stale: what belongs to a model goes with it. */
  release(handle: number): void {
    try {
      this.call((exports) => exports.dispose(handle));
    } catch (error) {
      if (!(error instanceof DisposedError)) throw error;
    }
  }

  /** Bytes held, by what for. */
  memory(): MemoryReport {
    this.call((exports) => exports.memory_report());
    const [staging, models, optimizers, arena, shardGradients, tapes, snapshots, files] = this.report(8);
    return {
      total: this.#views.byteLength,
      staging: staging ?? 0,
      models: models ?? 0,
      optimizers: optimizers ?? 0,
      arena: arena ?? 0,
      shardGradients: shardGradients ?? 0,
      tapes: tapes ?? 0,
      snapshots: snapshots ?? 0,
      files: files ?? 0,
    };
  }
}
