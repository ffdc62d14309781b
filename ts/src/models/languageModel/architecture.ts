/** What can read the text in a language model, layer by layer. */

import type { SpecBuilder } from '../../spec/specBuilder.js';
import type { MatrixValue } from '../../spec/value.js';

/** States of a layer by name. */
export interface States {
  readonly [name: string]: MatrixValue;
}

/** What a layer says of each step, and its states behind the last. */
export interface LayerValue {
  readonly y: MatrixValue;
  readonly finals: States;
}

/** What every layer is told. */
export interface LayerOptions {
  readonly name: string;
  /** Numbers of each step that it reads. */
  readonly inputSize: number;
  readonly hiddenSize: number;
}

/** A recurrent layer. */
export interface Cell {
  /** Its states, each as wide as what it reads or as what it says. */
  readonly states: { readonly [name: string]: 'inputSize' | 'hiddenSize' };
  /** The parameters that weigh states, behind the layer's name; none where states are not weighed. */
  readonly recurrent: readonly string[];
  /** @param states to begin with */
  layer(s: SpecBuilder, x: MatrixValue, options: LayerOptions, states: States): LayerValue;
}

const NAMES = [
  'lstm',
  'gru',
  'rnn',
  'layerNormLstm',
  'peepholeLstm',
  'mogrifierLstm',
  'slstm',
  'sru',
  'qrnn',
  'minGru',
  'minLstm',
  'rgLru',
] as const;

/** What reads the text: a stack of recurrent layers, or `feedForward`. */
export const ARCHITECTURES = [...NAMES, 'feedForward'] as const;

/** One of {@link ARCHITECTURES}. */
export type Architecture = (typeof ARCHITECTURES)[number];

/** Where cells that are made of other blocks keep what weighs their hidden state. */
const HIDDEN = '_l0.hidden.weight';

/** The recurrent layers by name. */
export const CELLS: { readonly [name in (typeof NAMES)[number]]: Cell } = {
  lstm: cell({ h: 'hN', c: 'cN' }, ['.weight_hh_l0'], (s, x, options) => s.lstm(x, options)),
  gru: cell({ h: 'hN' }, ['.weight_hh_l0'], (s, x, options) => s.gru(x, options)),
  rnn: cell({ h: 'hN' }, ['.weight_hh_l0'], (s, x, options) => s.rnn(x, options)),
  layerNormLstm: cell({ h: 'hN', c: 'cN' }, [HIDDEN], (s, x, options) => s.layerNormLstm(x, options)),
  peepholeLstm: cell({ h: 'hN', c: 'cN' }, [HIDDEN], (s, x, options) => s.peepholeLstm(x, options)),
  mogrifierLstm: cell({ h: 'hN', c: 'cN' }, [HIDDEN], (s, x, options, inputSize) => s.mogrifierLstm(x, { ...options, inputSize })),
  slstm: cell({ h: 'hN', c: 'cN', n: 'nN', m: 'mN' }, ['_l0_head0.hidden.weight'], (s, x, options) => s.slstm(x, options)),
  sru: cell({ c: 'cN' }, [], (s, x, options, inputSize) => s.sru(x, { ...options, inputSize })),
  minGru: cell({ h: 'hN' }, [], (s, x, options) => s.minGru(x, options)),
  minLstm: cell({ h: 'hN' }, [], (s, x, options) => s.minLstm(x, options)),
  rgLru: cell({ h: 'hN' }, [], (s, x, options) => {
    // Gated and added to what it reads, as in Griffin: its long memory alone says little of the present step.
    const { name, hiddenSize } = options;
    const branch = (role: string): MatrixValue => s.linear(x, { name: `${name}_${role}`, outputSize: hiddenSize });
    const wide = branch('input');
    const h = s.rgLru(wide, options);
    return { ...s.add(wide, s.mul(h, s.activation('gelu', branch('gate')))), hN: h.hN };
  }),
  qrnn: {
    states: { c: 'hiddenSize', x: 'inputSize' },
    recurrent: [],
    layer(s, x, { name, inputSize, hiddenSize }, { c, x: last }) {
      // A window of two steps, of which the first may be the last of the piece before.
      const before = s.scan({ name: `${name}_before`, steps: { x }, states: { x0: { width: inputSize, initial: last } } }, (b, inside) => ({
        outputs: { y: inside.x0 },
        next: { x0: b.sum([inside.x]) },
      }));
      const seen = s.concat([before.outputs.y, x], { name: `${name}_window` });
      const y = s.qrnn(seen, { name, hiddenSize, window: 1, c0: c as MatrixValue });
      return { y, finals: { c: y.cN, x: before.finals.x0 } };
    },
  },
};

/** What layers give for states. */
type Final = 'hN' | 'cN' | 'nN' | 'mN';

/** Options of a block whose states begin with those of the layer. */
type LinkOptions<F> = Omit<LayerOptions, 'inputSize'> & { readonly [state in `${keyof F & string}0`]: MatrixValue };

/**
 * A layer of a block of the builder.
 *
 * @param finals its states, and what of the block's value each becomes
 */
function cell<F extends { readonly [state: string]: Final }>(
  finals: F,
  recurrent: readonly string[],
  link: (s: SpecBuilder, x: MatrixValue, options: LinkOptions<F>, inputSize: number) => MatrixValue & { readonly [final in F[keyof F]]: MatrixValue },
): Cell {
  const names = Object.keys(finals);
  return {
    states: Object.fromEntries(names.map((name) => [name, 'hiddenSize'])),
    recurrent,
    layer(s, x, { inputSize, ...options }, states) {
      const initial = Object.fromEntries(names.map((name) => [`${name}0`, states[name]]));
      const y: MatrixValue & { readonly [final: string]: unknown } = link(s, x, { ...options, ...initial } as LinkOptions<F>, inputSize);
      return { y, finals: Object.fromEntries(names.map((name) => [name, y[finals[name] as Final] as MatrixValue])) };
    },
  };
}
