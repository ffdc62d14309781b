/** The builder that all blocks stand on: axes, inputs, nodes, entries. */

import { describe, UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import type { AxisSpec, EntrySpec, InputSpec, NodeSpec, ParameterSpec, Spec } from './spec.js';
import type { Axis, Family, GraphNode, IdsValue, MatrixValue, ScalarValue, Value } from './value.js';
import { toWire, toWireName } from './wire.js';

/** How a parameter starts: a kind, or a kind with its numbers; PyTorch's `torch.nn.init`. */
export type Init =
  | 'zeros'
  | 'ones'
  | 'uniform'
  | 'normal'
  | 'xavier_uniform'
  | 'xavier_normal'
  | 'kaiming_uniform'
  | 'kaiming_normal'
  | 'orthogonal'
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low?: number; readonly high?: number }
  | { readonly kind: 'normal'; readonly mean?: number; readonly std?: number }
  | { readonly kind: 'xavier_uniform' | 'xavier_normal' | 'orthogonal'; readonly gain?: number }
  | {
      readonly kind: 'kaiming_uniform' | 'kaiming_normal';
      readonly a?: number;
      readonly mode?: 'fan_in' | 'fan_out';
    };

/** What a spec may say of one parameter. */
export interface ParameterOptions {
  /**
   * Whether a step moves just the rows that its batch looks up, as PyTorch's SparseAdam does: for tables of lookups
   * alone. Default false.
   */
  sparse?: boolean;
  /** Whether it is trained. Default true. */
  trainable?: boolean;
  /** Factor on the learning rate. Default 1. */
  lrScale?: number;
  /** Whether weight decay applies. Default true. */
  decay?: boolean;
  /**
   * Share of its numbers that a training step sees as 0, others scaled up, the same for all rows: weight
   * drop (DropConnect, Wan et al. 2013) of recurrent weights regularises a language model (Merity et al.
   * 2018). Predictions see the parameter itself, which is also what the optimiser moves. Default 0.
   */
  drop?: number;
  /** How it starts, in place of the block's own way. */
  init?: Init;
}

/** Options of every block. */
export interface NodeOptions {
  /**
   * The node's name, from which its parameters have theirs. Default the block's, with a number from
   * the second on. Nodes of one name in two entries are one node.
   */
  name?: string;
  /** Parameters of other nodes to use: `{ weight: 'embedding.weight' }`. */
  share?: { readonly [parameter: string]: string };
  /** What is to be said of this node's parameters: `{ weight: { trainable: false } }`. */
  parameters?: { readonly [parameter: string]: ParameterOptions };
}

/** Options of an input of ids. */
export interface IdsOptions {
  /** The axis that has an id for each step. Without one, each row of the batch has one. */
  axis?: Axis;
  /** One more than the largest id. */
  size: number;
  /** An id that stands for "no target". */
  ignoreIndex?: number;
}

/** Options of an input of real numbers. */
export interface MatrixOptions {
  /** The axis that has numbers for each step. Without one, each row of the batch has them. */
  axis?: Axis;
  /** How many numbers each. */
  width: number;
  /** Whether backward passes give the gradient by this input. Default false. */
  gradient?: boolean;
}

/** Options of a state. */
export interface StateInputOptions {
  /** How many numbers a row: the `hiddenSize` of a recurrent layer, by its layers and directions. */
  width: number;
}

/** Options of an entry. */
export interface EntryOptions {
  /** By state, the value that it has after a call: `{ h: lstm.hN }`. Others stay as they were. */
  carry?: { readonly [state: string]: Value };
}

/** Types of outputs, by which values of them are made. */
interface Kinds {
  matrix: MatrixValue;
  ids: IdsValue;
  scalar: ScalarValue;
}

/** Declares axes and inputs, links nodes, names entries; the blocks come on top of it. */
export class GraphBuilder {
  readonly #axes = new Map<string, AxisSpec>();
  readonly #inputs = new Map<string, InputSpec>();
  readonly #nodes = new Map<string, GraphNode>();
  readonly #entries = new Map<string, EntrySpec>();
  readonly #parameters = new Map<string, ParameterSpec>();
  readonly #families = new Map<string, readonly string[]>();
  #count = 0;

  /**
   * Declares an axis: its rows are those of the batch, or the steps of another axis.
   *
   * @example
   * const tokens = s.axis('tokens');
   * const chars = s.axis('chars', { of: tokens });
   */
  axis(name: string, options: { of?: Axis } = {}): Axis {
    checkOptionNames(options, { of: true });
    if (this.#axes.has(name)) throw taken('axis', name);
    this.#axes.set(name, options.of === undefined ? {} : { of: options.of.name });
    return { kind: 'axis', name };
  }

  /**
   * Declares an input of ids.
   *
   * @example
   * const words = s.ids('words', { axis: tokens, size: 20_000 });
   */
  ids(name: string, options: IdsOptions): IdsValue {
    const { axis, ...rest } = options;
    return this.#input(name, 'ids', axis, rest);
  }

  /**
   * Declares an input of real numbers.
   *
   * @example
   * const features = s.matrix('features', { axis: tokens, width: 12 });
   */
  matrix(name: string, options: MatrixOptions): MatrixValue {
    const { axis, ...rest } = options;
    return this.#input(name, 'matrix', axis, rest);
  }

  /**
   * Declares a state: numbers of each row of the batch that outlive the call, as `Model.state` keeps
   * them. Entries that `carry` it give it a new value.
   *
   * @example
   * const h = s.state('h', { width: 128 });
   * const gru = s.gru(x, { hiddenSize: 128, h0: h });
   * s.entry('train', { loss: s.crossEntropy(s.linear(gru, { outputSize }), next) }, { carry: { h: gru.hN } });
   */
  state(name: string, options: StateInputOptions): MatrixValue {
    checkOptionNames(options, { width: true });
    const { width } = options;
    return this.#input(name, 'matrix', undefined, { width, state: true });
  }

  #input<K extends 'ids' | 'matrix'>(name: string, type: K, axis: Axis | undefined, rest: object): Kinds[K] {
    this.#checkFree('input', name);
    const place = axis === undefined ? {} : { axis: axis.name };
    this.#inputs.set(name, { type, ...place, ...toWire(rest) } as unknown as InputSpec);
    return { kind: type, source: name } as Kinds[K];
  }

  /**
   * Links a node of any block. The methods named after blocks do so with options that are checked.
   *
   * @param type the block's name on the wire
   * @param outputs names and types of its outputs; the first is what the node's own name refers to
   * @param options the block's configuration, in camel case, beside what every node has
   */
  node<const O extends { readonly [output: string]: keyof Kinds }>(
    type: string,
    inputs: readonly Value[],
    outputs: O,
    options: NodeOptions & { readonly [option: string]: unknown } = {},
  ): { [Output in keyof O]: Kinds[O[Output]] } {
    return this.link(type, inputs, outputs, options);
  }

  /** {@link node}, perhaps as one of a family, whose nodes have one name. */
  protected link<const O extends { readonly [output: string]: keyof Kinds }>(
    type: string,
    inputs: readonly Value[],
    outputs: O,
    options: NodeOptions & { readonly [option: string]: unknown },
    family?: Family,
  ): { [Output in keyof O]: Kinds[O[Output]] } {
    const { name = this.freeName(type), share = {}, parameters = {}, ...config } = options;
    const owner = this.#families.get(name);
    const related = owner !== undefined && owner === family?.parameters;
    if (!related) this.#checkFree('node', name);
    const node: GraphNode = {
      name,
      type,
      inputs,
      config: toWire(config),
      share,
      ...(family === undefined ? {} : { family }),
      order: this.#count++,
    };
    this.#nodes.set(name, node);
    for (const [parameter, given] of Object.entries(parameters)) this.parameter(`${name}.${parameter}`, given);
    const values = Object.entries(outputs).map(([output, kind], place) => [
      output,
      place === 0 ? { kind, source: node } : { kind, source: node, output: toWireName(output) },
    ]);
    return Object.fromEntries(values) as { [Output in keyof O]: Kinds[O[Output]] };
  }

  #isTaken(name: string): boolean {
    return this.#nodes.has(name) || this.#inputs.has(name) || this.#families.has(name);
  }

  #checkFree(what: string, name: string): void {
    if (this.#isTaken(name)) throw taken(what, name);
  }

  /**
   * The graph of a loop's body, built by a builder of its own, for a loop of this name; what the body
   * says of its parameters is said here.
   *
   * @throws UsageError (`invalid_spec`) for a value that stands outside of the body
   */
  protected bodyOf(name: string, body: GraphBuilder, outputs: { readonly [output: string]: Value }): EntrySpec {
    const own = new Set(body.#nodes.values());
    const foreign = nodesOf(Object.values(outputs)).find((node) => !own.has(node));
    if (foreign !== undefined) {
      throw new UsageError(
        `scan ${describe(name)}: expected values of its body, given ${describe(foreign.name)} from outside; ` +
          'hand it in as one of steps, rows or states',
        { code: 'invalid_spec' },
      );
    }
    for (const [parameter, given] of body.#parameters) this.#parameters.set(`${name}.${parameter}`, given);
    return entryOf(outputs);
  }

  /** The name of a node that was given none. */
  protected freeName(type: string): string {
    for (let count = 1; ; count++) {
      const name = count === 1 ? type : `${type}_${count}`;
      if (!this.#isTaken(name)) return name;
    }
  }

  /** Gives a name to a family of nodes, which have these parameters in common. */
  protected found(name: string, parameters: readonly string[]): void {
    this.#checkFree('node', name);
    this.#families.set(name, parameters);
  }

  /**
   * Says something of a parameter.
   *
   * @example
   * s.parameter('embedding.weight', { sparse: true });
   */
  parameter(name: string, options: ParameterOptions): this {
    this.#parameters.set(name, { ...this.#parameters.get(name), ...toWire(options) });
    return this;
  }

  /**
   * Names an entry by what it gives back; the nodes that these values need are its graph. An entry
   * that is trained has an output `loss`.
   *
   * @example
   * s.entry('train', { loss }).entry('predict', { tags });
   */
  entry(name: string, outputs: { readonly [output: string]: Value }, options: EntryOptions = {}): this {
    if (this.#entries.has(name)) throw taken('entry', name);
    this.#entries.set(name, entryOf(outputs, options));
    return this;
  }

  /** The spec. */
  build(): Spec {
    if (this.#entries.size === 0) {
      throw new UsageError('spec: expected at least one entry, given none', { code: 'invalid_spec' });
    }
    const used = new Set([...this.#entries.values()].flatMap(({ nodes }) => nodes.map(({ name }) => name)));
    // A node that is in no entry yet has no parameters to say anything of.
    const parameters = [...this.#parameters].filter(([name]) => {
      const [node = ''] = name.split('.');
      return used.has(node) || !this.#nodes.has(node);
    });
    return {
      version: 1,
      axes: Object.fromEntries(this.#axes),
      inputs: Object.fromEntries(this.#inputs),
      parameters: Object.fromEntries(parameters),
      entries: Object.fromEntries(this.#entries),
    };
  }
}

function taken(what: string, name: string): UsageError {
  return new UsageError(`${what}: expected a name that is not taken, given ${describe(name)}`, {
    code: 'invalid_spec',
  });
}

/**
 * The entry that gives these values back, for `Model.addEntry`.
 *
 * @example
 * await model.addEntry('scores', entryOf({ emissions }));
 */
export function entryOf(outputs: { readonly [output: string]: Value }, options: EntryOptions = {}): EntrySpec {
  checkOptionNames(options, { carry: true });
  const { carry } = options;
  const names = new Map<GraphNode, string>();
  const nodes = nodesOf([...Object.values(outputs), ...Object.values(carry ?? {})]).map((node): NodeSpec => {
    const { family, config } = node;
    // The first of a family owns the parameters, the others share them.
    const second = family !== undefined && [...names.values()].includes(node.name);
    const name = second ? `${node.name}_${family.role}` : node.name;
    const own = second ? family.parameters.map((parameter) => [parameter, `${node.name}.${parameter}`]) : [];
    const share = { ...(Object.fromEntries(own) as { [parameter: string]: string }), ...node.share };
    names.set(node, name);
    return {
      name,
      type: node.type,
      inputs: node.inputs.map((input) => referenceOf(input, names)),
      ...(Object.keys(config).length > 0 ? { config } : {}),
      ...(Object.keys(share).length > 0 ? { share } : {}),
    };
  });
  const references = (values: { readonly [name: string]: Value }): { [name: string]: string } =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, referenceOf(value, names)]));
  const carried = carry === undefined ? {} : { carry: references(carry) };
  return { nodes, outputs: references(outputs), ...carried };
}

/** The nodes that these values need, in the order of their construction. */
function nodesOf(values: readonly Value[]): GraphNode[] {
  const needed = new Set<GraphNode>();
  const waiting = [...values];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value.source === 'string' || needed.has(value.source)) continue;
    needed.add(value.source);
    waiting.push(...value.source.inputs);
  }
  return [...needed].sort((a, b) => a.order - b.order);
}

/** How the wire refers to a value: an input's name, a node's, or `node.output`. */
function referenceOf({ source, output }: Value, names: ReadonlyMap<GraphNode, string>): string {
  if (typeof source === 'string') return source;
  const name = names.get(source) ?? source.name;
  return output === undefined ? name : `${name}.${output}`;
}
