/**
 * A model as plain data: what the builders make, what an engine compiles, and what stands in a
 * model file. Field names are the wire's own (`hidden_size`), which are PyTorch's.
 */

/** Anything that JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** One sequence axis: its rows are those of the batch, or the steps of the axis `of`. */
export interface AxisSpec {
  readonly of?: string;
}

/** One input. Without an `axis` it has one row for each row of the batch. */
export type InputSpec =
  | { readonly type: 'ids'; readonly axis?: string; readonly size: number; readonly ignore_index?: number }
  | {
      readonly type: 'matrix';
      readonly axis?: string;
      readonly width: number;
      readonly gradient?: boolean;
      /** Whether it comes out of a `State` rather than with the batch. */
      readonly state?: boolean;
    };

/** What the parameter table says of one parameter. */
export interface ParameterSpec {
  readonly sparse?: boolean;
  readonly trainable?: boolean;
  readonly lr_scale?: number;
  readonly decay?: boolean;
  readonly drop?: number;
  readonly init?: Json;
}

/** One node of an entry's graph. */
export interface NodeSpec {
  readonly name: string;
  readonly type: string;
  /** Inputs of the spec, earlier nodes, or `node.output`. */
  readonly inputs: readonly string[];
  readonly config?: { readonly [name: string]: Json };
  /** Parameters of other nodes that this one uses in place of its own. */
  readonly share?: { readonly [parameter: string]: string };
}

/** One entry: a graph in topological order, and the values it gives back by name. */
export interface EntrySpec {
  readonly nodes: readonly NodeSpec[];
  readonly outputs: { readonly [name: string]: string };
  /** By input that is a state, the value that it has afterwards. */
  readonly carry?: { readonly [state: string]: string };
}

/** A whole model. */
export interface Spec {
  readonly version: 1;
  readonly axes: { readonly [name: string]: AxisSpec };
  readonly inputs: { readonly [name: string]: InputSpec };
  readonly parameters: { readonly [name: string]: ParameterSpec };
  readonly entries: { readonly [name: string]: EntrySpec };
}
