import type { SpecBuilder } from '../specBuilder.js';
import type { LstmValue, MatrixValue } from '../value.js';
import { cellState, hiddenState, stackLstm, type LstmCellOptions } from './lstmStep.js';
import { columns } from './stack.js';

/**
 * An LSTM with layer norm (Ba, Kiros and Hinton 2016, equations 20 to 22):
 *
 * ```text
 * (i, f, g, o) = LN(W x; α₁, β₁) + LN(U h; α₂, β₂)
 * c' = σ(f) ⊙ c + σ(i) ⊙ tanh(g)
 * h' = σ(o) ⊙ tanh(LN(c'; α₃, β₃))
 * ```
 *
 * The paper's bias is in β₁ and β₂, to which it would be added. Parameters of a layer:
 * `cell_l0_input.weight` (W), `cell_l0_input_norm.weight` and `.bias` (α₁ and β₁), `cell_l0.hidden.weight`
 * (U), and of `cell_l0.hidden_norm` and `cell_l0.cell_norm` what those of `cell_l0_input_norm` are.
 */
export function layerNormLstm(s: SpecBuilder, x: MatrixValue, options: LstmCellOptions & { name: string }): LstmValue {
  const { hiddenSize } = options;
  const outputSize = 4 * hiddenSize;
  return stackLstm(
    s,
    x,
    options,
    (x, { name }) => {
      const products = s.linear(x, { name: `${name}_input`, outputSize, bias: false });
      return { x: s.layerNorm(products, { name: `${name}_input_norm` }) };
    },
    (b, { x, h, c }) => {
      const products = b.linear(h, { name: 'hidden', outputSize, bias: false });
      const gate = columns(b, b.add(x, b.layerNorm(products, { name: 'hidden_norm' })), hiddenSize);
      const after = cellState(b, [gate(0), gate(1), gate(2)], c);
      return { h: hiddenState(b, gate(3), b.layerNorm(after, { name: 'cell_norm' })), c: after };
    },
  );
}
