/** Every cell in a small spec, for what computes them and for what checks their gradients. */

import type { Spec } from '../../../ts/src/spec/spec.js';
import { SpecBuilder } from '../../../ts/src/spec/specBuilder.js';
import type { MatrixValue } from '../../../ts/src/spec/value.js';

/** What a case is about. */
export interface CellCase {
  readonly cell: 'layerNormLstm' | 'peepholeLstm' | 'mogrifierLstm' | 'sru' | 'qrnn' | 'minGru' | 'minLstm' | 'slstm' | 'rgLru';
  /** Numbers of a step of the input. */
  readonly width: number;
  readonly options: {
    readonly hiddenSize: number;
    readonly layers?: number;
    readonly bidirectional?: boolean;
    readonly rounds?: number;
    readonly rank?: number;
    readonly window?: number;
    readonly heads?: number;
    readonly forgetGate?: 'sigmoid' | 'exp';
  };
  /** Its states, all of which are given. */
  readonly states: readonly ('h' | 'c' | 'n' | 'm')[];
}

/** The cases, by name. */
export const cellCases: { readonly [name: string]: CellCase } = {
  layerNormLstm: { cell: 'layerNormLstm', width: 3, options: { hiddenSize: 4, layers: 2 }, states: ['h', 'c'] },
  peepholeLstm: { cell: 'peepholeLstm', width: 3, options: { hiddenSize: 2, layers: 2, bidirectional: true }, states: ['h', 'c'] },
  mogrifierLstm: { cell: 'mogrifierLstm', width: 3, options: { hiddenSize: 2, layers: 2, rounds: 3 }, states: ['h', 'c'] },
  mogrifierLstmOfRankOne: {
    cell: 'mogrifierLstm',
    width: 2,
    options: { hiddenSize: 3, bidirectional: true, rounds: 4, rank: 1 },
    states: ['h', 'c'],
  },
  sru: { cell: 'sru', width: 3, options: { hiddenSize: 3, layers: 2 }, states: ['c'] },
  sruOfAnotherWidth: { cell: 'sru', width: 2, options: { hiddenSize: 3, layers: 2, bidirectional: true }, states: ['c'] },
  qrnn: { cell: 'qrnn', width: 3, options: { hiddenSize: 2, layers: 2, bidirectional: true }, states: ['c'] },
  qrnnOfThree: { cell: 'qrnn', width: 3, options: { hiddenSize: 3, window: 3 }, states: ['c'] },
  minGru: { cell: 'minGru', width: 3, options: { hiddenSize: 2, layers: 2, bidirectional: true }, states: ['h'] },
  minLstm: { cell: 'minLstm', width: 3, options: { hiddenSize: 2, layers: 2, bidirectional: true }, states: ['h'] },
  slstm: { cell: 'slstm', width: 3, options: { hiddenSize: 3, layers: 2 }, states: ['h', 'c', 'n', 'm'] },
  slstmWithHeads: {
    cell: 'slstm',
    width: 2,
    options: { hiddenSize: 4, heads: 2, forgetGate: 'exp', bidirectional: true },
    states: ['h', 'c', 'n', 'm'],
  },
  rgLru: { cell: 'rgLru', width: 3, options: { hiddenSize: 3, layers: 2 }, states: ['h'] },
};

/** Numbers of a state of all layers and directions. */
export function stateWidth({ options: { hiddenSize, layers = 1, bidirectional = false } }: CellCase): number {
  return hiddenSize * layers * (bidirectional ? 2 : 1);
}

/** The entry `cell` of `x` and initial states, named `h0` and so on; `given` is which are inputs. */
export function cellSpec(of: CellCase, given: readonly string[] = of.states): Spec {
  const s = new SpecBuilder();
  const tokens = s.axis('tokens');
  const x = s.matrix('x', { axis: tokens, width: of.width, gradient: true });
  const initial = given.map((state) => [`${state}0`, s.matrix(`${state}0`, { width: stateWidth(of), gradient: true })]);
  const sized = of.cell === 'mogrifierLstm' || of.cell === 'sru' ? { inputSize: of.width } : {};
  const options = { name: 'cell', ...sized, ...of.options, ...Object.fromEntries(initial) };
  const value: MatrixValue & { readonly [final: string]: unknown } = s[of.cell](x, options) as never;
  const finals = of.states.map((state) => [`${state}N`, value[`${state}N`] as MatrixValue]);
  return s.entry('cell', { y: value, ...(Object.fromEntries(finals) as { [name: string]: MatrixValue }) }).build();
}
