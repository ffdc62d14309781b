import { UsageError } from '../../errors.js';
import type { SpecBuilder } from '../specBuilder.js';
import type { MatrixValue, RecurrentValue } from '../value.js';
import { power, stackLinear, type StateCellOptions } from './linearCell.js';
import { columns, vector } from './stack.js';

/** The paper's c. */
const SHARPNESS = 8;

/** What keeps the root off zero, so that its derivative is at most 1000. */
const LEAST = 2.5e-7;

/**
 * The real-gated linear recurrent unit of Griffin (De et al. 2024). Its input has `hiddenSize` numbers:
 *
 * ```text
 * r = σ(W_a x + b_a)
 * i = σ(W_x x + b_x)
 * a = exp(−8 softplus(Λ) ⊙ r)
 * h' = a ⊙ h + √(1 − a²) ⊙ (i ⊙ x)
 * ```
 *
 * Λ starts between −9 and −4.3, so that with an open gate a is about 0.9 to 0.999, as in the paper.
 * Parameters of a layer: `cell_l0_input.weight` and `.bias` (a, then x) and `cell_l0_decay.weight` (Λ).
 *
 * @throws UsageError (`bad_option`) for several layers in both directions, whose inputs are twice as wide
 */
export function rgLru(s: SpecBuilder, x: MatrixValue, options: StateCellOptions & { name: string }): RecurrentValue {
  const { hiddenSize, layers = 1, bidirectional = false } = options;
  if (bidirectional && layers > 1) throw UsageError.option('layers', layers, '1 in both directions, as its input is as wide as its state');
  return stackLinear(s, x, options, (x, { name }) => {
    const part = columns(s, s.linear(x, { name: `${name}_input`, outputSize: 2 * hiddenSize }), hiddenSize);
    const [r, i] = [s.activation('sigmoid', part(0)), s.activation('sigmoid', part(1))];
    const decays = vector(s, x, `${name}_decay`, hiddenSize, { kind: 'uniform', low: -9, high: -4.3 });
    const decay = s.activation('softplus', decays);
    const a = s.activation('exp', s.sum([s.mul(decay, r)], { weights: [-SHARPNESS] }));
    const scale = power(s, s.sum([s.mul(a, a)], { weights: [-1], shift: 1 + LEAST }), 0.5);
    return { a, b: s.mul(scale, s.mul(i, x)) };
  });
}
