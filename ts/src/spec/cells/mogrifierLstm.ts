import type { SpecBuilder } from '../specBuilder.js';
import type { LstmValue, MatrixValue } from '../value.js';
import { lstmStep, stackLstm, type LstmCellOptions } from './lstmStep.js';
import { checkCount, type SizedCellOptions } from './stack.js';

/** Options of a Mogrifier LSTM. */
export interface MogrifierLstmOptions extends LstmCellOptions, SizedCellOptions {
  /** How often input and state gate each other. Default 5. */
  rounds?: number;
  /** Rank of the matrices that they do so by. Default full. */
  rank?: number;
}

/**
 * The Mogrifier LSTM (Melis, Kočiský and Blunsom 2020), whose input and state gate each other before
 * they enter a plain LSTM. With `x⁻¹ = x` and `h⁰ = h`, for i from 1 to `rounds`:
 *
 * ```text
 * xⁱ = 2 σ(Qⁱ hⁱ⁻¹) ⊙ xⁱ⁻²    for odd i
 * hⁱ = 2 σ(Rⁱ xⁱ⁻¹) ⊙ hⁱ⁻²    for even i
 * h', c' = LSTM(x↑, c, h↑)
 * ```
 *
 * Q and R are products of two matrices where a `rank` is given. Parameters of a layer:
 * `cell_l0.q1.weight`, `cell_l0.r2.weight`, `cell_l0.q3.weight` … (with a rank each in two parts,
 * `q1_right` before `q1`), `cell_l0.input.weight`, `.bias` and `cell_l0.hidden.weight` (gates in the
 * order i, f, g, o).
 */
export function mogrifierLstm(s: SpecBuilder, x: MatrixValue, options: MogrifierLstmOptions & { name: string }): LstmValue {
  const { hiddenSize, rounds = 5, rank } = options;
  if (rounds !== 0) checkCount('rounds', rounds);
  const outputSize = 4 * hiddenSize;
  return stackLstm(
    s,
    x,
    options,
    (x) => ({ x }),
    (b, { x, h, c }, { inputSize = 0 }) => {
      const gated = (value: MatrixValue, by: MatrixValue, name: string, outputSize: number): MatrixValue => {
        const right = rank === undefined ? by : b.linear(by, { name: `${name}_right`, outputSize: rank, bias: false });
        const gate = b.activation('sigmoid', b.linear(right, { name, outputSize, bias: false }));
        return b.sum([b.mul(gate, value)], { weights: [2] });
      };
      let [input, state] = [x, h];
      for (let round = 1; round <= rounds; round++) {
        if (round % 2 === 1) input = gated(input, state, `q${round}`, inputSize);
        else state = gated(state, input, `r${round}`, hiddenSize);
      }
      const products = b.linear(input, { name: 'input', outputSize });
      return lstmStep(b, b.add(products, b.linear(state, { name: 'hidden', outputSize, bias: false })), c, hiddenSize);
    },
  );
}
