/**
 * Views over an engine's memory. Growth replaces the memory's buffer: on plain memory an old view is
 * then empty and loses what is written to it, on shared memory it is alive but short. So views are
 * made here alone, and each use compares the buffer with the one that they were made of.
 *
 * What the methods return is for use at once: nothing may run in WebAssembly before it is copied.
 */
export class MemoryViews {
  readonly #memory: WebAssembly.Memory;
  #buffer: ArrayBufferLike;
  #bytes: Uint8Array;
  #ints: Int32Array;
  #floats: Float32Array;
  #doubles: Float64Array;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#buffer = memory.buffer;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#ints = new Int32Array(memory.buffer);
    this.#floats = new Float32Array(memory.buffer);
    this.#doubles = new Float64Array(memory.buffer);
  }

  #refresh(): void {
    const { buffer } = this.#memory;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#ints = new Int32Array(buffer);
    this.#floats = new Float32Array(buffer);
    this.#doubles = new Float64Array(buffer);
  }

  /** How large the memory is. */
  get byteLength(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Bytes from a pointer on. */
  bytes(pointer: number, length: number): Uint8Array {
    this.#refresh();
    return this.#bytes.subarray(pointer, pointer + length);
  }

  /** Whole numbers of 32 bits from a pointer on, which is a multiple of 4. */
  ints(pointer: number, length: number): Int32Array {
    this.#refresh();
    return this.#ints.subarray(pointer / 4, pointer / 4 + length);
  }

  /** Real numbers of 32 bits from a pointer on, which is a multiple of 4. */
  floats(pointer: number, length: number): Float32Array {
    this.#refresh();
    return this.#floats.subarray(pointer / 4, pointer / 4 + length);
  }

  /** Real numbers of 64 bits from a pointer on, which is a multiple of 8. */
  doubles(pointer: number, length: number): Float64Array {
    this.#refresh();
    return this.#doubles.subarray(pointer / 8, pointer / 8 + length);
  }
}
