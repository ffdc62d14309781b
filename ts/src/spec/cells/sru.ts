import type { SpecBuilder } from '../specBuilder.js';
import type { CellStateValue, MatrixValue } from '../value.js';
import { columns, stack, vector, type LayerValue, type SizedCellOptions } from './stack.js';

/** Options of a cell with one cell state. */
export interface CellStateOptions {
  /** Cell state to begin with, for each row: all layers and directions side by side. Default zeros. */
  c0?: MatrixValue;
}

/**
 * The simple recurrent unit (Lei et al. 2018):
 *
 * ```text
 * f = σ(W_f x + v_f ⊙ c + b_f)
 * r = σ(W_r x + v_r ⊙ c + b_r)
 * c' = f ⊙ c + (1 − f) ⊙ W x
 * h = r ⊙ c' + (1 − r) ⊙ x
 * ```
 *
 * Where the input is not as wide as the state, its product with a further matrix stands for x in the
 * last equation. Only `f` and `c'` are computed step by step. Parameters of a layer:
 * `cell_l0_input.weight` (W, and the further matrix), `cell_l0_gates.weight` and `.bias` (f, r),
 * and `cell_l0_recall.weight` (v: f, r).
 */
export function sru(
  s: SpecBuilder,
  x: MatrixValue,
  options: SizedCellOptions & CellStateOptions & { name: string },
): CellStateValue {
  const { hiddenSize: width, c0 } = options;
  const { y, finals } = stack(s, x, options, { c: width }, { c: c0 }, (x, at): LayerValue<'c'> => {
    const { name, reverse, initial, inputSize } = at;
    const wide = inputSize !== width;
    const outputSize = (wide ? 2 : 1) * width;
    const part = columns(s, s.linear(x, { name: `${name}_input`, outputSize, bias: false }), width);
    const gate = columns(s, s.linear(x, { name: `${name}_gates`, outputSize: 2 * width }), width);
    const recall = columns(s, vector(s, x, `${name}_recall`, 2 * width), width);
    const steps = { product: part(0), f: gate(0), v: recall(0) };
    const loop = s.scan({ name, reverse, steps, states: { c: { width, initial: initial.c } } }, (b, { product, f, v, c }) => {
      const forget = b.activation('sigmoid', b.add(f, b.mul(v, c)));
      const next = b.add(product, b.mul(forget, b.sum([c, product], { weights: [1, -1] })));
      return { outputs: { c: next, before: c }, next: { c: next } };
    });
    const reset = s.activation('sigmoid', s.add(gate(1), s.mul(recall(1), loop.outputs.before)));
    const way = wide ? part(1) : x;
    const y = s.add(way, s.mul(reset, s.sum([loop.outputs.c, way], { weights: [1, -1] })));
    return { y, finals: loop.finals };
  });
  return { ...y, cN: finals.c };
}
