/** Cells whose gates do not see the state, so that only a linear recurrence runs step by step. */

import type { OptionNames } from '../../optionNames.js';
import type { SpecBuilder } from '../specBuilder.js';
import type { MatrixValue, RecurrentValue } from '../value.js';
import { CELL_NAMES, stack, type CellOptions, type Layer, type LayerValue } from './stack.js';

/** Options of a cell with one state. */
export interface StateCellOptions extends CellOptions {
  /** State to begin with, for each row: all layers and directions side by side. Default zeros. */
  h0?: MatrixValue;
}

/** Names of {@link StateCellOptions}. */
export const STATE_CELL_NAMES = { ...CELL_NAMES, h0: true } satisfies OptionNames<StateCellOptions>;

/** What a linear recurrence `h' = a ⊙ h + b` is made of. */
export interface Recurrence {
  readonly a: MatrixValue;
  readonly b: MatrixValue;
}

/** `1 − x` */
export function oneMinus(s: SpecBuilder, x: MatrixValue): MatrixValue {
  return s.sum([x], { weights: [-1], shift: 1 });
}

/** `x` to a power, of numbers above zero. */
export function power(s: SpecBuilder, x: MatrixValue, exponent: number): MatrixValue {
  return s.activation('exp', s.sum([s.activation('log', x)], { weights: [exponent] }));
}

/** Stacks a cell whose output is the state of a linear recurrence. */
export function stackLinear(
  s: SpecBuilder,
  x: MatrixValue,
  options: StateCellOptions & { name: string },
  recurrence: (x: MatrixValue, at: Layer<'h'>) => Recurrence,
): RecurrentValue {
  const { hiddenSize, h0 } = options;
  const { y, finals } = stack(s, x, options, { h: hiddenSize }, { h: h0 }, (x, at): LayerValue<'h'> => {
    const { name, reverse, initial } = at;
    const { hN, ...y } = s.linearScan(recurrence(x, at), { name, hiddenSize, reverse, h0: initial.h });
    return { y, finals: { h: hN } };
  });
  return { ...y, hN: finals.h };
}
