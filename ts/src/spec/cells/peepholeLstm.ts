import type { SpecBuilder } from '../specBuilder.js';
import type { LstmValue, MatrixValue } from '../value.js';
import { cellState, hiddenState, stackLstm, type LstmCellOptions } from './lstmStep.js';
import { columns, vector } from './stack.js';

/**
 * An LSTM whose gates see the cell state (Gers and Schmidhuber 2000; Gers, Schraudolph and Schmidhuber
 * 2002):
 *
 * ```text
 * i = σ(W_i x + U_i h + p_i ⊙ c + b_i)
 * f = σ(W_f x + U_f h + p_f ⊙ c + b_f)
 * g = tanh(W_g x + U_g h + b_g)
 * c' = f ⊙ c + i ⊙ g
 * o = σ(W_o x + U_o h + p_o ⊙ c' + b_o)
 * h' = o ⊙ tanh(c')
 * ```
 *
 * Parameters of a layer: `cell_l0_input.weight` and `.bias` (W and b, gates in the order i, f, g, o),
 * `cell_l0.hidden.weight` (U), `cell_l0_peephole.weight` (p: i, f, o).
 */
export function peepholeLstm(s: SpecBuilder, x: MatrixValue, options: LstmCellOptions & { name: string }): LstmValue {
  const { hiddenSize } = options;
  const outputSize = 4 * hiddenSize;
  return stackLstm(
    s,
    x,
    options,
    (x, { name }) => ({
      x: s.linear(x, { name: `${name}_input`, outputSize }),
      peepholes: vector(s, x, `${name}_peephole`, 3 * hiddenSize),
    }),
    (b, { x, peepholes, h, c }) => {
      const peephole = columns(b, peepholes, hiddenSize);
      const gate = columns(b, b.add(x, b.linear(h, { name: 'hidden', outputSize, bias: false })), hiddenSize);
      const seeing = (gate: MatrixValue, place: number, c: MatrixValue): MatrixValue => b.add(gate, b.mul(peephole(place), c));
      const after = cellState(b, [seeing(gate(0), 0, c), seeing(gate(1), 1, c), gate(2)], c);
      return { h: hiddenState(b, seeing(gate(3), 2, after), after), c: after };
    },
  );
}
