/** Layers and directions of a cell, one over the other and side by side. */

import { UsageError } from '../../errors.js';
import type { OptionNames } from '../../optionNames.js';
import type { Init } from '../builder.js';
import type { SpecBuilder } from '../specBuilder.js';
import type { MatrixValue } from '../value.js';

/** Options of every cell. */
export interface CellOptions {
  /**
   * From which the nodes have theirs: `cell_l0`, `cell_l1_reverse` and, for what is computed over all
   * steps at once, `cell_l0_input`. Default the cell's, with a number from the second on.
   */
  name?: string;
  /** Units for each direction. */
  hiddenSize: number;
  /** Layers on top of each other. Default 1. */
  layers?: number;
  /** Share of numbers dropped between layers in training. Default 0. */
  dropout?: number;
  /** Default false. */
  bidirectional?: boolean;
}

/** Names of {@link CellOptions}. */
export const CELL_NAMES = {
  name: true,
  hiddenSize: true,
  layers: true,
  dropout: true,
  bidirectional: true,
} satisfies OptionNames<CellOptions>;

/** Options of a cell whose weights must know how wide their input is. */
export interface SizedCellOptions extends CellOptions {
  /** How many numbers a step of the input has. */
  inputSize: number;
}

/** One layer in one direction. */
export interface Layer<State extends string> {
  readonly name: string;
  /** How many numbers a step of its input has; that of the first is not known unless it is an option. */
  readonly inputSize: number | undefined;
  readonly reverse: boolean;
  /** States to begin with, where there are any. */
  readonly initial: { readonly [S in State]?: MatrixValue | undefined };
}

/** What a layer gives, and what a stack of them does. */
export interface LayerValue<State extends string> {
  readonly y: MatrixValue;
  readonly finals: { readonly [S in State]: MatrixValue };
}

/** A whole number of at least one. */
export function checkCount(option: string, given: number): number {
  if (Number.isSafeInteger(given) && given >= 1) return given;
  throw UsageError.option(option, given, 'a whole number of at least 1');
}

/**
 * Stacks a cell. States of all layers and directions stand side by side, as those of `SpecBuilder.lstm`.
 *
 * @param widths numbers of each state of one layer in one direction
 * @param initial states to begin with, of all layers and directions
 * @param layer links one layer in one direction
 */
export function stack<State extends string>(
  s: SpecBuilder,
  x: MatrixValue,
  options: CellOptions & { name: string; inputSize?: number },
  widths: { readonly [S in State]: number },
  initial: { readonly [S in State]?: MatrixValue | undefined },
  layer: (x: MatrixValue, at: Layer<State>) => LayerValue<State>,
): LayerValue<State> {
  const { name, hiddenSize, inputSize, layers = 1, dropout = 0, bidirectional = false } = options;
  checkCount('layers', layers);
  const directions = bidirectional ? [false, true] : [false];
  const count = layers * directions.length;
  const states = Object.keys(widths) as State[];
  const cut = (state: State, place: number): MatrixValue | undefined => {
    const [all, width] = [initial[state], widths[state]];
    return all && count > 1 ? s.slice(all, { start: place * width, end: (place + 1) * width }) : all;
  };
  const done: LayerValue<State>[] = [];
  let below = x;
  for (let depth = 0; depth < layers; depth++) {
    const sides = directions.map((reverse, side) => {
      const begin = states.map((state) => [state, cut(state, depth * directions.length + side)]);
      return layer(below, {
        name: `${name}_l${depth}${reverse ? '_reverse' : ''}`,
        inputSize: depth === 0 ? inputSize : directions.length * hiddenSize,
        reverse,
        initial: Object.fromEntries(begin) as Layer<State>['initial'],
      });
    });
    done.push(...sides);
    below = joined(s, sides.map(({ y }) => y));
    if (dropout > 0 && depth + 1 < layers) below = s.dropout(below, { name: `${name}_l${depth}_dropout`, p: dropout });
  }
  const finals = states.map((state) => [state, joined(s, done.map((value) => value.finals[state]))]);
  return { y: below, finals: Object.fromEntries(finals) as LayerValue<State>['finals'] };
}

/**
 * A learnt vector, the same at every step of `x`: the product of a `weight` `[size, 1]` and ones. It
 * starts between −1/√n and 1/√n, or as `init` says.
 */
export function vector(s: SpecBuilder, x: MatrixValue, name: string, size: number, init?: Init): MatrixValue {
  const ones = s.sum([s.slice(x, { end: 1 })], { weights: [0], shift: 1 });
  const most = 1 / Math.sqrt(size);
  const weight = { init: init ?? { kind: 'uniform', low: -most, high: most } } as const;
  return s.linear(ones, { name, outputSize: size, bias: false, parameters: { weight } });
}

/** Values side by side. */
export function joined(s: SpecBuilder, values: readonly MatrixValue[]): MatrixValue {
  const [only] = values;
  return only !== undefined && values.length === 1 ? only : s.concat(values);
}

/** Columns of equal number, one after the other. */
export function columns(s: SpecBuilder, x: MatrixValue, width: number): (place: number) => MatrixValue {
  return (place) => s.slice(x, { start: place * width, end: (place + 1) * width });
}
