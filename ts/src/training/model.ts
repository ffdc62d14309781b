/** Models: a spec brought to life in an engine. */

import { describe, UsageError } from '../errors.js';
import { coreOf, defaultEngine, type Engine } from '../engine.js';
import { Owned } from '../memory/owned.js';
import { checkOptionNames } from '../optionNames.js';
import type { EntrySpec, Spec } from '../spec/spec.js';
import type { Core } from '../wasm/core.js';
import type { Batch, Numbers } from './batch.js';
import { SizedBatch, type EntryInfo } from './encode.js';
import type { Outputs } from './output.js';
import { beginRows, State, STATE_NAMES, stateHandle, type StateOptions } from './state.js';
import { Tape } from './tape.js';

/** Options of a {@link Model}. */
export interface ModelOptions {
  /** Decides how parameters start. Default 1. */
  seed?: number;
}

/** A parameter of a model. */
export interface ParameterInfo {
  /** `node.parameter`, such as `lstm.weight_ih_l0_reverse`. */
  readonly name: string;
  /** PyTorch's shape. */
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly sparse: boolean;
}

interface Description {
  readonly parameters: readonly ParameterInfo[];
  readonly entries: readonly EntryInfo[];
}

/** Options of {@link Model.forward}. */
export interface ForwardOptions extends StateOptions {
  /** Whether dropout is on and a backward pass may follow. Default true. */
  training?: boolean;
  /** Decides dropout, with `step`. Default 1. */
  seed?: number;
  /** Default 0. */
  step?: number;
}

/** A batch that a call may be made for. */
interface StagedBatch {
  readonly index: number;
  readonly info: EntryInfo;
  readonly sized: SizedBatch;
  readonly words: number;
  /** Handle of the state, 0 for none. */
  readonly state: number;
}

/** A copy of a model's parameters, kept in its engine. */
export class Snapshot extends Owned {
  /** Internal: made by {@link Model.snapshot}. */
  constructor(core: Core, handle: number) {
    super(core, handle, 'this Snapshot', true);
  }
}

/** Where {@link adoptModel} puts a handle. */
const ADOPTED = Symbol('handle');

/** Internal: the model of a handle that the core gave for this spec. */
export function adoptModel(engine: Engine, spec: Spec, handle: number): Model {
  const options: ModelOptions & { [ADOPTED]: number } = { [ADOPTED]: handle };
  return new Model(engine, spec, options);
}

function handleOf(core: Core, spec: Spec, options: ModelOptions & { [ADOPTED]?: number }): number {
  if (options[ADOPTED] !== undefined) return options[ADOPTED];
  const length = core.stageJson(spec);
  return core.call((exports) => exports.model_create(length, options.seed ?? 1, 0));
}

/**
 * A model: parameters and compiled entries. Every method that computes also exists with `Sync` at
 * its end, for engines in this realm.
 *
 * @example
 * const model = await Model.create(spec, { seed: 1 });
 * const outputs = await model.predict('predict', batch);
 * output(outputs, 'tags', 'ids').data; // Int32Array
 */
export class Model extends Owned {
  /** Where it lives. */
  readonly engine: Engine;
  #spec: Spec;
  #description: Description;

  /**
   * Makes a model in an engine of this realm.
   *
   * @throws UsageError (`invalid_spec`) naming the path of what is wrong with the spec, (`bad_option`)
   */
  constructor(engine: Engine, spec: Spec, options: ModelOptions = {}) {
    checkOptionNames(options, { seed: true });
    const core = coreOf(engine);
    super(core, handleOf(core, spec, options), 'this Model', true);
    this.engine = engine;
    this.#spec = structuredClone(spec);
    this.#description = this.#describe();
  }

  /**
   * Makes a model in `engine`, or else in the shared engine.
   *
   * @throws UsageError (`invalid_spec`) naming the path of what is wrong with the spec, (`bad_option`)
   */
  static async create(spec: Spec, options: ModelOptions & { engine?: Engine } = {}): Promise<Model> {
    checkOptionNames(options, { seed: true, engine: true });
    const { engine, ...rest } = options;
    return new Model(engine ?? (await defaultEngine()), spec, rest);
  }

  #describe(): Description {
    this.core.call((exports) => exports.model_describe(this.handle));
    return JSON.parse(this.core.text()) as Description;
  }

  /** What it is made of, with the entries that were added. */
  get spec(): Spec {
    return this.#spec;
  }

  /** Its parameters, in the order of their declaration. */
  get parameters(): readonly ParameterInfo[] {
    return this.#description.parameters;
  }

  /** Its entries. */
  get entries(): readonly EntryInfo[] {
    return this.#description.entries;
  }

  /**
   * Internal: an entry and its number.
   *
   * @throws UsageError (`no_entry`)
   */
  entry(name: string): { readonly index: number; readonly info: EntryInfo } {
    const index = this.entries.findIndex((entry) => entry.name === name);
    const info = this.entries[index];
    if (info !== undefined) return { index, info };
    const names = this.entries.map((entry) => entry.name).join(', ');
    throw new UsageError(`entry: expected one of ${names}, given ${describe(name)}`, { code: 'no_entry' });
  }

  /**
   * Compiles one more entry over the same parameters, in place of one of the same name. Parameters of
   * nodes that are new start from the model's seed.
   *
   * @throws UsageError (`invalid_spec`)
   */
  addEntrySync(name: string, entry: EntrySpec): void {
    const length = this.core.stageJson({ name, entry });
    this.core.call((exports) => exports.model_add_entry(this.handle, length));
    this.#spec = { ...this.#spec, entries: { ...this.#spec.entries, [name]: structuredClone(entry) } };
    this.#description = this.#describe();
  }

  /** See {@link addEntrySync}. */
  async addEntry(name: string, entry: EntrySpec): Promise<void> {
    this.addEntrySync(name, entry);
  }

  /**
   * Internal: stages a batch for an entry, after rows of the state that begin anew with it were set to
   * zero; returns what a call needs.
   */
  stage(entry: string, batch: Batch, options: StateOptions): StagedBatch {
    const { index, info } = this.entry(entry);
    const sized = new SizedBatch(this.spec, info, batch);
    const state = stateHandle(this, options);
    if (options.state !== undefined) beginRows(options.state, batch);
    return { index, info, sized, words: sized.stage(this.core, batch.inputs), state };
  }

  /**
   * Runs an entry over a batch, without dropout.
   *
   * @throws UsageError (`invalid_batch`) naming the field, what was given and what was expected;
   *   (`invalid_state`) when the state is of another model or has another number of rows
   */
  predictSync(entry: string, batch: Batch, options: StateOptions = {}): Outputs {
    checkOptionNames(options, STATE_NAMES);
    const { state } = options;
    const tape = this.forwardSync(entry, batch, { training: false, ...(state === undefined ? {} : { state }) });
    tape.dispose();
    return tape.outputs;
  }

  /** See {@link predictSync}. */
  async predict(entry: string, batch: Batch, options: StateOptions = {}): Promise<Outputs> {
    return this.predictSync(entry, batch, options);
  }

  /**
   * Runs an entry over a batch and keeps what a backward pass needs, for a loss that is computed in
   * JavaScript. Predictions in between do no harm; a change of the parameters makes `backward` an
   * error.
   *
   * @throws UsageError (`invalid_batch`)
   *
   * @example
   * const tape = await model.forward('predict', batch);
   * const { data } = output(tape.outputs, 'y', 'matrix');
   * await tape.backward({ y: data.map((y, i) => y - target[i]) });
   * await trainer.apply();
   */
  forwardSync(entry: string, batch: Batch, options: ForwardOptions = {}): Tape {
    checkOptionNames(options, { ...STATE_NAMES, training: true, seed: true, step: true });
    const { training = true, seed = 1, step = 0 } = options;
    const { index, info, sized, words, state } = this.stage(entry, batch, options);
    const handle = this.core.call((exports) =>
      exports.forward(this.handle, index, words, state, Number(training), seed, step),
    );
    return new Tape(this.core, handle, this.spec, info, sized);
  }

  /** See {@link forwardSync}. */
  async forward(entry: string, batch: Batch, options: ForwardOptions = {}): Promise<Tape> {
    return this.forwardSync(entry, batch, options);
  }

  /**
   * Plans memory for a batch of these sizes, so that the next step or prediction that needs more than
   * there is makes room for this one too.
   *
   * @throws UsageError (`invalid_batch`)
   */
  reserveSync(entry: string, sizes: Pick<Batch, 'rows' | 'lengths'>, training = true): void {
    const { index, info } = this.entry(entry);
    const words = new SizedBatch(this.spec, info, sizes).stageSizes(this.core);
    this.core.call((exports) => exports.reserve(this.handle, index, words, Number(training)));
  }

  /** See {@link reserveSync}. */
  async reserve(entry: string, sizes: Pick<Batch, 'rows' | 'lengths'>, training = true): Promise<void> {
    this.reserveSync(entry, sizes, training);
  }

  #parameterId(name: string): number {
    const id = this.parameters.findIndex((parameter) => parameter.name === name);
    if (id >= 0) return id;
    const names = this.parameters.map((parameter) => parameter.name).join(', ');
    throw new UsageError(`parameter: expected one of ${names}, given ${describe(name)}`, { code: 'no_parameter' });
  }

  #read(name: string, gradient: boolean): Float32Array {
    const id = this.#parameterId(name);
    this.core.call((exports) => exports.read(this.handle, id, Number(gradient)));
    return this.core.floats();
  }

  #write(name: string, gradient: boolean, values: Numbers): void {
    const id = this.#parameterId(name);
    this.core.stageWords(values.length).floats.set(values);
    this.core.call((exports) => exports.write(this.handle, id, Number(gradient), values.length));
  }

  /** The numbers of a parameter, row-major in PyTorch's layout. */
  parameterSync(name: string): Float32Array {
    return this.#read(name, false);
  }

  /** See {@link parameterSync}. */
  async parameter(name: string): Promise<Float32Array> {
    return this.parameterSync(name);
  }

  /** Sets the numbers of a parameter, in the layout of {@link parameterSync}. */
  setParameterSync(name: string, values: Numbers): void {
    this.#write(name, false, values);
  }

  /** See {@link setParameterSync}. */
  async setParameter(name: string, values: Numbers): Promise<void> {
    this.setParameterSync(name, values);
  }

  /** The gradient of a parameter, as {@link parameterSync} gives its value; zeros where not trained. */
  gradientSync(name: string): Float32Array {
    return this.#read(name, true);
  }

  /** See {@link gradientSync}. */
  async gradient(name: string): Promise<Float32Array> {
    return this.gradientSync(name);
  }

  /** Sets the gradient of a parameter, for instance to add a penalty of one's own. */
  setGradientSync(name: string, values: Numbers): void {
    this.#write(name, true, values);
  }

  /** See {@link setGradientSync}. */
  async setGradient(name: string, values: Numbers): Promise<void> {
    this.setGradientSync(name, values);
  }

  /** Sets all gradients to zero. */
  clearGradientsSync(): void {
    this.core.call((exports) => exports.gradient_clear(this.handle));
  }

  /** See {@link clearGradientsSync}. */
  async clearGradients(): Promise<void> {
    this.clearGradientsSync();
  }

  /** A state for batches of this model, without rows as yet. */
  stateSync(): State {
    return new State(this);
  }

  /** See {@link stateSync}. */
  async state(): Promise<State> {
    return this.stateSync();
  }

  /** Copies all parameters within the engine. */
  snapshotSync(): Snapshot {
    return new Snapshot(
      this.core,
      this.core.call((exports) => exports.snapshot(this.handle)),
    );
  }

  /** See {@link snapshotSync}. */
  async snapshot(): Promise<Snapshot> {
    return this.snapshotSync();
  }

  /** Sets all parameters to those of a snapshot of this model. */
  restoreSync(snapshot: Snapshot): void {
    this.core.call((exports) => exports.restore(this.handle, snapshot.handle));
  }

  /** See {@link restoreSync}. */
  async restore(snapshot: Snapshot): Promise<void> {
    this.restoreSync(snapshot);
  }
}
