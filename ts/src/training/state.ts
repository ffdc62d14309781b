/** States: what is kept of the rows of a model's batches from one call to the next. */

import { describe, UsageError } from '../errors.js';
import { coreOf } from '../engine.js';
import { Owned } from '../memory/owned.js';
import type { OptionNames } from '../optionNames.js';
import type { Batch, Numbers } from './batch.js';
import type { Model } from './model.js';

/** Options of what runs over a batch. */
export interface StateOptions {
  /**
   * Where the states of the batch come from, and where what the entry carries on goes. Without one they
   * are zero, and nothing is kept.
   */
  state?: State;
}

/** Names of {@link StateOptions}. */
export const STATE_NAMES = { state: true } satisfies OptionNames<StateOptions>;

/**
 * The states of a model's batches: for each row, in the order of the batch, the numbers of every input
 * made by `SpecBuilder.state`. It has no rows until its first use, which gives it those of the batch, as
 * zeros; later batches have as many. A call that fails leaves it as it was. Every method that computes
 * also exists with `Sync` at its end.
 *
 * It is what makes long sequences of pieces: truncated backpropagation through time, streaming, beams.
 * Nothing flows back through it: each piece is trained as if its first state were data.
 *
 * @example
 * const state = await model.state();
 * for (const piece of pieces) await trainer.step(piece, 'train', { state });
 * await state.reset();
 */
export class State extends Owned {
  /** The model that it is of. */
  readonly model: Model;
  readonly #names: readonly string[];

  /** Internal: made by `Model.state`. */
  constructor(model: Model) {
    const core = coreOf(model.engine);
    super(core, core.call((exports) => exports.state_create(model.handle)), 'this State', true);
    this.model = model;
    this.#names = Object.entries(model.spec.inputs).flatMap(([name, input]) =>
      input.type === 'matrix' && input.state === true ? [name] : [],
    );
  }

  /** Number of rows; 0 before its first use. */
  get rows(): number {
    return this.core.call((exports) => exports.state_rows(this.handle));
  }

  /**
   * Sets all rows to zero, or those that are given.
   *
   * @throws UsageError (`invalid_state`) for a row that it does not have
   */
  resetSync(rows?: readonly number[]): void {
    const count = this.rows;
    const kept = Array.from({ length: count }, (_, row) => (rows === undefined ? -1 : row));
    for (const row of rows ?? []) {
      if (!(row in kept)) throw wrong('rows', `rows below ${count}`, row);
      kept[row] = -1;
    }
    this.gatherSync(kept);
  }

  /** See {@link resetSync}. */
  async reset(rows?: readonly number[]): Promise<void> {
    this.resetSync(rows);
  }

  /**
   * Makes each row the one that `rows` names, of those there were. A number may come again, as where
   * beams part; -1 stands for zeros. There are as many rows afterwards as were named: with none it is as
   * before its first use.
   *
   * @throws UsageError (`invalid_state`) for a row that it does not have
   *
   * @example
   * await state.gather([0, 0, 2, -1]); // 4 rows: the first twice, the third, and a new one
   */
  gatherSync(rows: readonly number[]): void {
    rows.forEach((row, at) => {
      if (row !== (row | 0)) throw wrong(`rows[${at}]`, 'a whole number', row);
    });
    this.core.stageWords(rows.length).ints.set(rows);
    this.core.call((exports) => exports.state_gather(this.handle, rows.length));
  }

  /** See {@link gatherSync}. */
  async gather(rows: readonly number[]): Promise<void> {
    this.gatherSync(rows);
  }

  /** Another state of the model, with the same rows. */
  copySync(): State {
    const copy = new State(this.model);
    copy.restoreSync(this);
    return copy;
  }

  /** See {@link copySync}. */
  async copy(): Promise<State> {
    return this.copySync();
  }

  /**
   * Sets all rows to those of another state of the model, whose number they take.
   *
   * @throws UsageError (`invalid_state`) when it is of another model
   */
  restoreSync(from: State): void {
    const source = stateHandle(this.model, { state: from });
    this.core.call((exports) => exports.restore(this.handle, source));
  }

  /** See {@link restoreSync}. */
  async restore(from: State): Promise<void> {
    this.restoreSync(from);
  }

  #number(name: string): number {
    const number = this.#names.indexOf(name);
    if (number >= 0) return number;
    throw wrong('name', `a state of the model among ${this.#names.join(', ') || '(none)'}`, name);
  }

  /**
   * The numbers of one state of the spec, row after row.
   *
   * @throws UsageError (`invalid_state`) when the spec has no state of that name
   */
  readSync(name: string): Float32Array {
    const number = this.#number(name);
    this.core.call((exports) => exports.read(this.handle, number, 0));
    return this.core.floats();
  }

  /** See {@link readSync}. */
  async read(name: string): Promise<Float32Array> {
    return this.readSync(name);
  }

  /**
   * Sets the numbers of one state of the spec, row after row; gives it its rows if it has none yet.
   *
   * @throws UsageError (`invalid_state`) when there are too few or too many
   */
  writeSync(name: string, values: Numbers): void {
    const number = this.#number(name);
    this.core.stageWords(values.length).floats.set(values);
    this.core.call((exports) => exports.write(this.handle, number, 0, values.length));
  }

  /** See {@link writeSync}. */
  async write(name: string, values: Numbers): Promise<void> {
    this.writeSync(name, values);
  }
}

function wrong(what: string, expected: string, given: unknown): UsageError {
  return new UsageError(`${what}: expected ${expected}, given ${describe(given)}`, { code: 'invalid_state' });
}

/**
 * Internal: the handle of the state that a call is made with, 0 for none.
 *
 * @throws UsageError (`invalid_state`) when it is of another model
 */
export function stateHandle(model: Model, { state }: StateOptions): number {
  if (state === undefined) return 0;
  if (!(state instanceof State)) throw wrong('option state', 'what Model.state gives', state);
  if (state.model === model) return state.handle;
  throw new UsageError('option state: expected a state of this model, it is of another', { code: 'invalid_state' });
}

/** Internal: sets those rows to zero that begin anew with a batch. */
export function beginRows(state: State, { reset = false }: Batch): void {
  if (reset === true) state.gatherSync([]);
  else if (reset !== false && state.rows > 0) state.resetSync(reset);
}
