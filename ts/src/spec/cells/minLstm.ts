import type { SpecBuilder } from '../specBuilder.js';
import type { MatrixValue, RecurrentValue } from '../value.js';
import { oneMinus, stackLinear, type StateCellOptions } from './linearCell.js';
import { columns } from './stack.js';

/**
 * The minimal LSTM (Feng et al. 2024, "Were RNNs all we needed?"), with gates that sum to one:
 *
 * ```text
 * f = σ(W_f x + b_f)
 * i = σ(W_i x + b_i)
 * h' = f / (f + i) ⊙ h + i / (f + i) ⊙ (W_h x + b_h)
 * ```
 *
 * The quotients are computed as `σ(ln f − ln i)` and what is left to one, so that two small gates do not
 * divide by zero. Parameters of a layer: `cell_l0_input.weight` and `.bias` (f, i, h).
 */
export function minLstm(s: SpecBuilder, x: MatrixValue, options: StateCellOptions & { name: string }): RecurrentValue {
  const { hiddenSize } = options;
  return stackLinear(s, x, options, (x, { name }) => {
    const part = columns(s, s.linear(x, { name: `${name}_input`, outputSize: 3 * hiddenSize }), hiddenSize);
    // −ln σ(x) = softplus(−x)
    const negativeLog = (gate: MatrixValue): MatrixValue => s.activation('softplus', s.sum([gate], { weights: [-1] }));
    const a = s.activation('sigmoid', s.sum([negativeLog(part(1)), negativeLog(part(0))], { weights: [1, -1] }));
    return { a, b: s.mul(oneMinus(s, a), part(2)) };
  });
}
