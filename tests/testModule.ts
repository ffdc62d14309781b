/** The suites inside WebAssembly: `crates/testing` as plain exports (`exports.rs`), no glue. */

import { readFileSync } from 'node:fs';
import { variant } from './variant.js';

interface Exports {
  readonly memory: WebAssembly.Memory;
  case_count(): number;
  run_case(index: number): number;
  run_golden(jsonLength: number, fileLength: number): number;
  input_buffer(length: number): number;
  message_pointer(): number;
  message_length(): number;
}

/** What running a case said: its name, and what failed, if anything did. */
export interface Outcome {
  readonly name: string;
  readonly failure: string | undefined;
}

/** One instance of this run's artifact. A case that traps leaves the next ones a new instance. */
export class TestModule {
  readonly #module: WebAssembly.Module;
  #exports: Exports;

  constructor() {
    const file = new URL(`../dist/testing/${variant}.wasm`, import.meta.url);
    this.#module = new WebAssembly.Module(readFileSync(file));
    this.#exports = this.#instantiate();
  }

  #instantiate(): Exports {
    return new WebAssembly.Instance(this.#module, {}).exports as unknown as Exports;
  }

  get caseCount(): number {
    return this.#exports.case_count();
  }

  runCase(index: number): Outcome {
    return this.#run(() => this.#exports.run_case(index));
  }

  /** Runs one golden case: its entry in the manifest, and its file. */
  runGolden(entry: unknown, file: Uint8Array): Outcome {
    const json = new TextEncoder().encode(JSON.stringify(entry));
    const place = this.#exports.input_buffer(json.length + file.length);
    const input = new Uint8Array(this.#exports.memory.buffer, place, json.length + file.length);
    input.set(json);
    input.set(file, json.length);
    return this.#run(() => this.#exports.run_golden(json.length, file.length));
  }

  #message(): string {
    const { memory, message_pointer: pointer, message_length: length } = this.#exports;
    return new TextDecoder().decode(new Uint8Array(memory.buffer, pointer(), length()));
  }

  #run(call: () => number): Outcome {
    try {
      const status = call();
      const [name = '', ...rest] = this.#message().split('\n');
      return { name, failure: status === 0 ? undefined : rest.join('\n') || `status ${status}` };
    } catch (trap) {
      const failure = `${String(trap)}: ${this.#message()}`;
      this.#exports = this.#instantiate();
      return { name: 'trap', failure };
    }
  }
}
