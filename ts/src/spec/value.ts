/** Values of a graph under construction: what nodes take and give. */

import type { Json } from './spec.js';

/** An axis that was declared. */
export interface Axis {
  readonly kind: 'axis';
  readonly name: string;
}

/** Parameters that nodes of one name have in common, whatever their types. */
export interface Family {
  /** What a second node of the family is called in an entry, after the family's name. */
  readonly role: string;
  /** The parameters. */
  readonly parameters: readonly string[];
}

/** A node under construction. */
export interface GraphNode {
  readonly name: string;
  readonly type: string;
  readonly inputs: readonly Value[];
  readonly config: { readonly [name: string]: Json };
  readonly share: { readonly [parameter: string]: string };
  readonly family?: Family;
  /** Place in the order of construction, in which inputs always stand before what uses them. */
  readonly order: number;
}

interface Source<Kind extends string> {
  readonly kind: Kind;
  /** The input that it is, or the node that computes it. */
  readonly source: string | GraphNode;
  /** Which output of the node, in the wire's name; absent for the first. */
  readonly output?: string;
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

/** What a cell without a hidden state of its own gives, such as an SRU. */
export interface CellStateValue extends MatrixValue {
  /** Final cell state of each row: all layers and directions side by side. */
  readonly cN: MatrixValue;
}

/** What an sLSTM gives. */
export interface SlstmValue extends LstmValue {
  /** Final normaliser state, laid out as `hN`. */
  readonly nN: MatrixValue;
  /** Final stabiliser state, laid out as `hN`. */
  readonly mN: MatrixValue;
}

/** What attention gives: it is itself the context of every query. */
export interface AttentionValue extends MatrixValue {
  /** The weight of each key, for each query. */
  readonly weights: MatrixValue;
}
