import { UsageError } from '../../errors.js';
import type { SpecBuilder } from '../specBuilder.js';
import type { MatrixValue, SlstmValue } from '../value.js';
import { power } from './linearCell.js';
import type { LstmCellOptions } from './lstmStep.js';
import { checkCount, columns, joined, stack, type LayerValue } from './stack.js';

/** Options of an sLSTM. */
export interface SlstmOptions extends LstmCellOptions {
  /** Parts of the state that see only themselves; they divide `hiddenSize`. Default 1. */
  heads?: number;
  /** What the forget gate is: `sigmoid` or `exp` of its pre-activation. Default `sigmoid`. */
  forgetGate?: 'sigmoid' | 'exp';
  /** Normaliser state to begin with. Default zeros. */
  n0?: MatrixValue;
  /** Stabiliser state to begin with. Default zeros. */
  m0?: MatrixValue;
}

type State = 'h' | 'c' | 'n' | 'm';

/** What keeps the normaliser off zero where a row begins with an input gate that underflows. */
const LEAST = 1e-12;

/**
 * The sLSTM of xLSTM (Beck et al. 2024) in its stabilised form, with exponential gates and a normaliser.
 * With `(z̃, ĩ, f̃, õ) = W x + R h + b`:
 *
 * ```text
 * z = tanh(z̃), o = σ(õ), ln f = ln σ(f̃) (or f̃)
 * m' = max(ln f + m, ĩ)
 * i = exp(ĩ − m'), f = exp(ln f + m − m')
 * c' = f ⊙ c + i ⊙ z
 * n' = f ⊙ n + i
 * h' = o ⊙ c' / n'
 * ```
 *
 * R is block-diagonal where there are several heads. Parameters of a layer: `cell_l0_input.weight` and
 * `.bias` (W and b: for each head z, i, f, o), `cell_l0_head0.hidden.weight` … (R).
 *
 * @throws UsageError (`bad_option`) for heads that do not divide `hiddenSize`
 */
export function slstm(s: SpecBuilder, x: MatrixValue, options: SlstmOptions & { name: string }): SlstmValue {
  const { hiddenSize, heads = 1, forgetGate = 'sigmoid', h0, c0, n0, m0 } = options;
  if (hiddenSize % checkCount('heads', heads) !== 0) throw UsageError.option('heads', heads, `a divisor of hiddenSize ${hiddenSize}`);
  const width = hiddenSize / heads;
  const outputSize = 4 * width;
  const widths = { h: hiddenSize, c: hiddenSize, n: hiddenSize, m: hiddenSize };
  const { y, finals } = stack(s, x, options, widths, { h: h0, c: c0, n: n0, m: m0 }, (x, at): LayerValue<State> => {
    const { name, reverse, initial } = at;
    const products = s.linear(x, { name: `${name}_input`, outputSize: heads * outputSize });
    const own = (all: MatrixValue | undefined, width: number, head: number): MatrixValue | undefined =>
      all && heads > 1 ? columns(s, all, width)(head) : all;
    const loops = Array.from({ length: heads }, (_, head) => {
      const state = (which: State) => ({ width, initial: own(initial[which], width, head) });
      const states = { h: state('h'), c: state('c'), n: state('n'), m: state('m') };
      const steps = { x: own(products, outputSize, head) ?? products };
      return s.scan({ name: `${name}_head${head}`, reverse, steps, states }, (b, { x, h, c, n, m }) => {
        const gate = columns(b, b.add(x, b.linear(h, { name: 'hidden', outputSize, bias: false })), width);
        const [z, logI, f, o] = [b.activation('tanh', gate(0)), gate(1), gate(2), b.activation('sigmoid', gate(3))];
        // ln σ(x) = x − softplus(x)
        const logF = forgetGate === 'exp' ? f : b.sum([f, b.activation('softplus', f)], { weights: [1, -1] });
        // With d = ln f + m − ĩ: m' − ĩ = max(d, 0).
        const d = b.sum([logF, m, logI], { weights: [1, 1, -1] });
        const over = b.activation('relu', d);
        const i = b.activation('exp', b.sum([over], { weights: [-1] }));
        const kept = b.activation('exp', b.sum([d, over], { weights: [1, -1] }));
        const next = {
          c: b.add(b.mul(kept, c), b.mul(i, z)),
          n: b.sum([b.mul(kept, n), i], { shift: LEAST }),
          m: b.add(logI, over),
        };
        const quotient = b.mul(next.c, power(b, next.n, -1));
        const after = b.mul(o, quotient);
        return { outputs: { y: after }, next: { ...next, h: after } };
      });
    });
    const all = (which: State): MatrixValue => joined(s, loops.map(({ finals }) => finals[which]));
    const y = joined(s, loops.map(({ outputs }) => outputs.y));
    return { y, finals: { h: all('h'), c: all('c'), n: all('n'), m: all('m') } };
  });
  return { ...y, hN: finals.h, cN: finals.c, nN: finals.n, mN: finals.m };
}
