import { UsageError } from '../../errors.js';
import type { SpecBuilder } from '../specBuilder.js';
import type { CellStateValue, MatrixValue } from '../value.js';
import type { CellStateOptions } from './sru.js';
import { checkCount, columns, stack, type CellOptions, type LayerValue } from './stack.js';

/** Options of a QRNN. */
export interface QrnnOptions extends CellOptions, CellStateOptions {
  /** How many steps the convolution sees, its own among them. Default 2. */
  window?: number;
}

/**
 * The quasi-recurrent network (Bradbury et al. 2017) with fo-pooling; `∗` is a convolution that sees a
 * step and those before it, zeros before the first:
 *
 * ```text
 * z = tanh(W_z ∗ x + b_z)
 * f = σ(W_f ∗ x + b_f)
 * o = σ(W_o ∗ x + b_o)
 * c' = f ⊙ c + (1 − f) ⊙ z
 * h = o ⊙ c'
 * ```
 *
 * Parameters of a layer: `cell_l0_input.weight` and `.bias` (z, f, o).
 *
 * @throws UsageError (`bad_option`) for a window of more than 2 in both directions
 */
export function qrnn(s: SpecBuilder, x: MatrixValue, options: QrnnOptions & { name: string }): CellStateValue {
  const { hiddenSize: width, c0, window = 2, bidirectional = false } = options;
  checkCount('window', window);
  if (bidirectional && window > 2) throw UsageError.option('window', window, '1 or 2 in both directions');
  const { y, finals } = stack(s, x, options, { c: width }, { c: c0 }, (x, at): LayerValue<'c'> => {
    const { name, reverse, initial } = at;
    // A window of two that keeps its length looks ahead, which is back where time runs backward.
    const padding = reverse ? 'same' : 'causal';
    const conv = s.conv1d(x, { name: `${name}_input`, outputSize: 3 * width, kernelSize: window, padding });
    const part = columns(s, conv, width);
    const [z, f] = [s.activation('tanh', part(0)), s.activation('sigmoid', part(1))];
    const b = s.sum([z, s.mul(f, z)], { weights: [1, -1] });
    const { hN, ...c } = s.linearScan({ a: f, b }, { name, hiddenSize: width, reverse, h0: initial.c });
    return { y: s.mul(s.activation('sigmoid', part(2)), c), finals: { c: hN } };
  });
  return { ...y, cN: finals.c };
}
