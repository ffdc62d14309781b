import type { SpecBuilder } from '../specBuilder.js';
import type { LstmValue, MatrixValue } from '../value.js';
import { cellState, hiddenState, stackLstm, type LstmCellOptions } from './lstmStep.js';
import { columns } from './stack.js';

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
 * `cell_l0.hidden.weight` (U), `cell_l0.peephole_i.weight`, `_f`, `_o` (p).
 */
export function peepholeLstm(s: SpecBuilder, x: MatrixValue, options: LstmCellOptions & { name: string }): LstmValue {
  const { hiddenSize } = options;
  const outputSize = 4 * hiddenSize;
  return stackLstm(
    s,
    x,
    options,
    (x, { name }) => s.linear(x, { name: `${name}_input`, outputSize }),
    (b, x, { h, c }) => {
      const gate = columns(b, b.add(x, b.linear(h, { name: 'hidden', outputSize, bias: false })), hiddenSize);
      const seeing = (place: number, name: string, c: MatrixValue): MatrixValue =>
        b.add(gate(place), b.scale(c, { name: `peephole_${name}` }));
      const after = cellState(b, [seeing(0, 'i', c), seeing(1, 'f', c), gate(2)], c);
      return { h: hiddenState(b, seeing(3, 'o', after), after), c: after };
    },
  );
}
