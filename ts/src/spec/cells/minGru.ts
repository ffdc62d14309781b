import type { SpecBuilder } from '../specBuilder.js';
import type { MatrixValue, RecurrentValue } from '../value.js';
import { oneMinus, stackLinear, type StateCellOptions } from './linearCell.js';
import { columns } from './stack.js';

/**
 * The minimal GRU (Feng et al. 2024, "Were RNNs all we needed?"):
 *
 * ```text
 * z = σ(W_z x + b_z)
 * h' = (1 − z) ⊙ h + z ⊙ (W_h x + b_h)
 * ```
 *
 * Parameters of a layer: `cell_l0_input.weight` and `.bias` (z, then h).
 */
export function minGru(s: SpecBuilder, x: MatrixValue, options: StateCellOptions & { name: string }): RecurrentValue {
  const { hiddenSize } = options;
  return stackLinear(s, x, options, (x, { name }) => {
    const part = columns(s, s.linear(x, { name: `${name}_input`, outputSize: 2 * hiddenSize }), hiddenSize);
    const z = s.activation('sigmoid', part(0));
    return { a: oneMinus(s, z), b: s.mul(z, part(1)) };
  });
}
