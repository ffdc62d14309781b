/** What LSTMs have in common: from the pre-activations of the gates to the states after a step. */

import type { OptionNames } from '../../optionNames.js';
import type { SpecBuilder } from '../specBuilder.js';
import type { LstmValue, MatrixValue } from '../value.js';
import { CELL_NAMES, columns, stack, type CellOptions, type Layer, type LayerValue } from './stack.js';

/** The states of an LSTM. */
export interface LstmStates {
  readonly h: MatrixValue;
  readonly c: MatrixValue;
}

/** Options of an LSTM that is linked step by step. */
export interface LstmCellOptions extends CellOptions {
  /** State to begin with, for each row: all layers and directions side by side. Default zeros. */
  h0?: MatrixValue;
  /** Cell state to begin with. Default zeros. */
  c0?: MatrixValue;
}

/** Names of {@link LstmCellOptions}. */
export const LSTM_CELL_NAMES = { ...CELL_NAMES, h0: true, c0: true } satisfies OptionNames<LstmCellOptions>;

/** `c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g)` of gates in the order i, f, g. */
export function cellState(b: SpecBuilder, [i, f, g]: readonly [MatrixValue, MatrixValue, MatrixValue], c: MatrixValue): MatrixValue {
  const kept = b.mul(b.activation('sigmoid', f), c);
  return b.add(kept, b.mul(b.activation('sigmoid', i), b.activation('tanh', g)));
}

/** `h' = σ(o) ⊙ tanh(c')` */
export function hiddenState(b: SpecBuilder, o: MatrixValue, c: MatrixValue): MatrixValue {
  return b.mul(b.activation('sigmoid', o), b.activation('tanh', c));
}

/** A whole step of the plain LSTM, gates in the order i, f, g, o. */
export function lstmStep(b: SpecBuilder, gates: MatrixValue, before: MatrixValue, hiddenSize: number): LstmStates {
  const gate = columns(b, gates, hiddenSize);
  const c = cellState(b, [gate(0), gate(1), gate(2)], before);
  return { h: hiddenState(b, gate(3), c), c };
}

/**
 * Stacks an LSTM whose step is `step`.
 *
 * @param products what of a step does not depend on the state, computed over all steps at once
 */
export function stackLstm<Products extends { readonly [name: string]: MatrixValue }>(
  s: SpecBuilder,
  x: MatrixValue,
  options: LstmCellOptions & { name: string; inputSize?: number },
  products: (x: MatrixValue, at: Layer<'h' | 'c'>) => Products,
  step: (b: SpecBuilder, inside: Products & LstmStates, at: Layer<'h' | 'c'>) => LstmStates,
): LstmValue {
  const { hiddenSize: width, h0, c0 } = options;
  const { y, finals } = stack(s, x, options, { h: width, c: width }, { h: h0, c: c0 }, (x, at): LayerValue<'h' | 'c'> => {
    const { name, reverse, initial } = at;
    const states = { h: { width, initial: initial.h }, c: { width, initial: initial.c } };
    const loop = s.scan({ name, reverse, steps: products(x, at), states }, (b, inside) => {
      const next = step(b, inside as unknown as Products & LstmStates, at);
      return { outputs: { y: next.h }, next: { h: next.h, c: next.c } };
    });
    return { y: loop.outputs.y, finals: loop.finals };
  });
  return { ...y, hN: finals.h, cN: finals.c };
}
