/** Values of a graph under construction: what nodes take and give. */

import type { Json } from './spec.js';

/** An axis that was declared. */
export interface Axis {
  readonly kind: 'axis';
  readonly name: string;
}

/** A node under construction. */
export interface GraphNode {
  readonly name: string;
  readonly type: string;
  readonly inputs: readonly Value[];
  readonly config: { readonly [name: string]: Json };
  readonly share: { readonly [parameter: string]: string };
  /** Place in the order of construction, in which inputs always stand before what uses them. */
  readonly order: number;
}

interface Source<Kind extends string> {
  readonly kind: Kind;
  /** How the wire refers to it: an input's name, a node's, or `node.output`. */
  readonly reference: string;
  /** The node that computes it; absent for an input. */
  readonly node?: GraphNode;
}

/** Real numbers, a row for each batch row or step. */
export type MatrixValue = Source<'matrix'>;
/** Ids, one for each batch row or step. */
export type IdsValue = Source<'ids'>;
/** One number over the whole batch, such as a loss. */
export type ScalarValue = Source<'scalar'>;
/** Anything that a node takes or gives. */
export type Value = MatrixValue | IdsValue | ScalarValue;

/** What a recurrent layer gives: it is itself the output of every step. */
export interface RecurrentValue extends MatrixValue {
  /** Final state of each row: `[layer 0, layer 0 reverse, layer 1, …]` side by side. */
  readonly hN: MatrixValue;
}

/** What an LSTM gives. */
export interface LstmValue extends RecurrentValue {
  /** Final cell state, laid out as `hN`. */
  readonly cN: MatrixValue;
}

/** What attention gives: it is itself the context of every query. */
export interface AttentionValue extends MatrixValue {
  /** The weight of each key, for each query. */
  readonly weights: MatrixValue;
}
