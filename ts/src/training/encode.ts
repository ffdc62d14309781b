/** Batches to staged words, and what an entry computed back to outputs. */

import { describe, UsageError } from '../errors.js';
import type { Spec } from '../spec/spec.js';
import type { Core } from '../wasm/core.js';
import type { Batch, Numbers } from './batch.js';
import type { Output, Outputs } from './output.js';

/** An input or output as the core describes it. */
export interface ValueInfo {
  readonly name: string;
  readonly type: 'ids' | 'matrix' | 'scalar';
  /** Numbers a row. */
  readonly width: number;
  /** The axis whose steps are its rows; absent for rows of the batch. */
  readonly axis?: string;
  /** For a value over pairs: the axis of the queries, null when each batch row is one. */
  readonly queries?: string | null;
  /** For a value over pairs: the axis of the keys. */
  readonly keys?: string;
}

/** An entry as the core describes it. */
export interface EntryInfo {
  readonly name: string;
  /** The axes that it uses, a parent before its children. */
  readonly axes: readonly string[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** More than the core takes in one batch. */
const MOST_STEPS = 2 ** 24;

function wrong(what: string, expected: string, given: string): UsageError {
  return new UsageError(`batch${what && '.'}${what}: expected ${expected}, given ${given}`, { code: 'invalid_batch' });
}

/** Whether an input comes out of a `State` rather than with the batch. */
function isState({ inputs }: Spec, name: string): boolean {
  const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  return input?.type === 'matrix' && input.state === true;
}

const isNumbers = (value: unknown): value is Numbers => Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);

/** A batch whose sizes have been checked against an entry. */
export class SizedBatch {
  readonly #rows: number;
  readonly #lengths = new Map<string, Numbers>();
  readonly #totals = new Map<string, number>();
  readonly #spec: Spec;
  readonly #entry: EntryInfo;
  /** What the batch has data for. */
  readonly #inputs: readonly ValueInfo[];

  /** @throws UsageError (`invalid_batch`) naming the field, what was given and what was expected */
  constructor(spec: Spec, entry: EntryInfo, batch: Pick<Batch, 'rows' | 'lengths'>) {
    this.#spec = spec;
    this.#entry = entry;
    this.#inputs = entry.inputs.filter(({ name }) => !isState(spec, name));
    if (typeof batch !== 'object' || batch === null) {
      throw wrong('', 'rows, lengths and inputs', describe(batch));
    }
    const { rows, lengths } = batch;
    if (!Number.isInteger(rows) || rows < 1 || rows > MOST_STEPS) {
      throw wrong('rows', 'a whole number above 0', describe(rows));
    }
    this.#rows = rows;
    for (const name of Object.keys(lengths ?? {})) {
      if (!Object.hasOwn(spec.axes, name)) {
        throw wrong(`lengths.${name}`, `one of the axes ${Object.keys(spec.axes).join(', ') || '(none)'}`, 'another');
      }
    }
    for (const axis of entry.axes) this.#take(axis, lengths?.[axis]);
  }

  #take(axis: string, lengths: Numbers | undefined): void {
    const parent = this.#spec.axes[axis]?.of;
    const rows = parent === undefined ? this.#rows : (this.#totals.get(parent) ?? 0);
    const of = parent === undefined ? 'row' : `step of ${parent}`;
    if (!isNumbers(lengths) || lengths.length !== rows) {
      const given = isNumbers(lengths) ? `${lengths.length}` : describe(lengths);
      throw wrong(`lengths.${axis}`, `${rows} lengths, one for each ${of}`, given);
    }
    let total = 0;
    for (let i = 0; i < lengths.length; i++) {
      const length = lengths[i] ?? NaN;
      if (!Number.isInteger(length) || length < 0) {
        throw wrong(`lengths.${axis}[${i}]`, 'a whole number from 0', describe(length));
      }
      total += length;
    }
    if (total > MOST_STEPS) throw wrong(`lengths.${axis}`, `at most ${MOST_STEPS} steps in all`, String(total));
    this.#lengths.set(axis, lengths);
    this.#totals.set(axis, total);
  }

  /** Stages the sizes alone; returns how many words that are. */
  stageSizes(core: Core): number {
    const { ints } = core.stageWords(this.#headWords());
    this.#writeHead(ints);
    return ints.length;
  }

  /** Stages the batch with the data of the entry's inputs; returns how many words that are. */
  stage(core: Core, inputs: Batch['inputs']): number {
    if (typeof inputs !== 'object' || inputs === null) throw wrong('inputs', 'data by input', describe(inputs));
    const sources = this.#inputs.map((input) => this.#source(input, inputs));
    for (const name of Object.keys(inputs)) {
      if (isState(this.#spec, name)) throw wrong(`inputs.${name}`, 'no data for a state', describe(inputs[name]));
      if (!Object.hasOwn(this.#spec.inputs, name)) {
        throw wrong(`inputs.${name}`, `one of the inputs ${Object.keys(this.#spec.inputs).join(', ')}`, 'another');
      }
    }
    const words = sources.reduce((sum, source) => sum + source.length, this.#headWords());
    const { ints, floats } = core.stageWords(words);
    let at = this.#writeHead(ints);
    this.#inputs.forEach((input, i) => {
      const source = sources[i] ?? [];
      (input.type === 'ids' ? ints : floats).set(source, at);
      at += source.length;
    });
    return words;
  }

  #headWords(): number {
    return [...this.#lengths.values()].reduce((sum, lengths) => sum + lengths.length, 1);
  }

  #writeHead(ints: Int32Array): number {
    ints[0] = this.#rows;
    let at = 1;
    for (const lengths of this.#lengths.values()) {
      ints.set(lengths, at);
      at += lengths.length;
    }
    return at;
  }

  /** The data of an input, after a look at its size and, for ids, at each number. */
  #source(input: ValueInfo, inputs: Batch['inputs']): Numbers {
    const field = `inputs.${input.name}`;
    const source = Object.hasOwn(inputs, input.name) ? inputs[input.name] : undefined;
    const count = this.#steps(input);
    const expected = `${count * input.width} ${input.type === 'ids' ? 'ids' : 'numbers'}, ${
      input.width === 1 ? 'one' : input.width
    } for each ${input.axis === undefined ? 'row' : `step of ${input.axis}`}`;
    if (!isNumbers(source)) throw wrong(field, expected, describe(source));
    if (source.length !== count * input.width) throw wrong(field, expected, String(source.length));
    if (input.type === 'ids' && !(source instanceof Int32Array)) {
      // The core checks the range; a fraction would not survive the way there.
      for (let i = 0; i < source.length; i++) {
        const id = source[i] ?? NaN;
        if (id !== (id | 0)) throw wrong(`${field}[${i}]`, 'a whole number', describe(id));
      }
    }
    return source;
  }

  #steps({ axis }: ValueInfo): number {
    return axis === undefined ? this.#rows : (this.#totals.get(axis) ?? 0);
  }

  /** Where each row of a value begins, and the number of steps at the end. */
  #offsets({ axis, queries, keys }: ValueInfo): Uint32Array {
    const ends = (count: number, length: (row: number) => number): Uint32Array => {
      const offsets = new Uint32Array(count + 1);
      for (let row = 0, at = 0; row < count; row++) offsets[row + 1] = at += length(row);
      return offsets;
    };
    if (axis !== undefined) {
      const lengths = this.#lengths.get(axis) ?? [];
      return ends(lengths.length, (row) => lengths[row] ?? 0);
    }
    if (keys === undefined) return ends(this.#rows, () => 1);
    const keyLengths = this.#lengths.get(keys) ?? [];
    if (queries === undefined || queries === null) return ends(keyLengths.length, (row) => keyLengths[row] ?? 0);
    const queryLengths = this.#lengths.get(queries) ?? [];
    const perQuery: number[] = [];
    for (let row = 0; row < queryLengths.length; row++) {
      for (let query = 0; query < (queryLengths[row] ?? 0); query++) perQuery.push(keyLengths[row] ?? 0);
    }
    return ends(perQuery.length, (query) => perQuery[query] ?? 0);
  }

  /** Reads every output, of which `show` makes the core show one. */
  outputs(core: Core, show: (index: number) => void): Outputs {
    const outputs = this.#entry.outputs.map((info, index): [string, Output] => {
      show(index);
      if (info.type === 'scalar') return [info.name, { type: 'scalar', value: core.floats()[0] ?? NaN }];
      const offsets = this.#offsets(info);
      if (info.type === 'ids') return [info.name, { type: 'ids', data: core.ints(), width: 1, offsets }];
      return [info.name, { type: 'matrix', data: core.floats(), width: info.width, offsets }];
    });
    return Object.fromEntries(outputs);
  }
}
