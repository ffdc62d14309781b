/** The cells step by step, as their papers have them: plain loops over one row, in double precision. */

import type { CellCase } from './cases.js';

type Vector = readonly number[];
/** States by name. */
export interface States {
  [state: string]: Vector;
}
/** The numbers of a parameter. */
export type Parameter = (name: string) => Float32Array;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const map = (x: Vector, f: (x: number, place: number) => number): Vector => x.map(f);
const add = (a: Vector, ...others: readonly Vector[]): Vector => map(a, (x, j) => others.reduce((sum, b) => sum + b[j]!, x));
const mul = (a: Vector, b: Vector): Vector => map(a, (x, j) => x * b[j]!);
/** `g a + (1 − g) b` */
const mix = (g: Vector, a: Vector, b: Vector): Vector => map(g, (g, j) => g * a[j]! + (1 - g) * b[j]!);
const part = (x: Vector, place: number, parts: number): Vector => {
  const width = x.length / parts;
  return x.slice(place * width, (place + 1) * width);
};

/** `W x + b` */
function linear(p: Parameter, name: string, x: Vector, bias = true): Vector {
  const [weight, b] = [p(`${name}.weight`), bias ? p(`${name}.bias`) : undefined];
  return Array.from({ length: weight.length / x.length }, (_, row) =>
    x.reduce((sum, value, j) => sum + weight[row * x.length + j]! * value, b?.[row] ?? 0),
  );
}

function layerNorm(p: Parameter, name: string, x: Vector): Vector {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const [weight, bias] = [p(`${name}.weight`), p(`${name}.bias`)];
  return map(x, (value, j) => ((value - mean) / Math.sqrt(variance + 1e-5)) * weight[j]! + bias[j]!);
}

/** One step: what it gives, and the states after it, from the input, those before it and the inputs before that. */
type Step = (p: Parameter, x: Vector, states: States, past: readonly Vector[], reverse: boolean) => [Vector, States];

const steps: { readonly [cell in CellCase['cell']]: (of: CellCase) => Step } = {
  layerNormLstm: () => (p, x, { h, c }) => {
    const products = layerNorm(p, '_input_norm', linear(p, '_input', x, false));
    const gates = add(products, layerNorm(p, '.hidden_norm', linear(p, '.hidden', h!, false)));
    const next = add(mul(map(part(gates, 1, 4), sigmoid), c!), mul(map(part(gates, 0, 4), sigmoid), map(part(gates, 2, 4), Math.tanh)));
    const after = mul(map(part(gates, 3, 4), sigmoid), map(layerNorm(p, '.cell_norm', next), Math.tanh));
    return [after, { h: after, c: next }];
  },

  peepholeLstm: () => (p, x, { h, c }) => {
    const gates = add(linear(p, '_input', x), linear(p, '.hidden', h!, false));
    const peephole = (place: number, c: Vector): Vector => mul(c, part(Array.from(p('_peephole.weight')), place, 3));
    const i = map(add(part(gates, 0, 4), peephole(0, c!)), sigmoid);
    const f = map(add(part(gates, 1, 4), peephole(1, c!)), sigmoid);
    const next = add(mul(f, c!), mul(i, map(part(gates, 2, 4), Math.tanh)));
    const o = map(add(part(gates, 3, 4), peephole(2, next)), sigmoid);
    const after = mul(o, map(next, Math.tanh));
    return [after, { h: after, c: next }];
  },

  mogrifierLstm:
    ({ options: { rounds = 5, rank } }) =>
    (p, x, { h, c }) => {
      const gate = (name: string, by: Vector): Vector =>
        map(linear(p, name, rank === undefined ? by : linear(p, `${name}_right`, by, false), false), (x) => 2 * sigmoid(x));
      let [input, state] = [x, h!];
      for (let i = 1; i <= rounds; i++) {
        if (i % 2 === 1) input = mul(gate(`.q${i}`, state), input);
        else state = mul(gate(`.r${i}`, input), state);
      }
      const gates = add(linear(p, '.input', input), linear(p, '.hidden', state, false));
      const next = add(mul(map(part(gates, 1, 4), sigmoid), c!), mul(map(part(gates, 0, 4), sigmoid), map(part(gates, 2, 4), Math.tanh)));
      const after = mul(map(part(gates, 3, 4), sigmoid), map(next, Math.tanh));
      return [after, { h: after, c: next }];
    },

  sru: () => (p, x, { c }) => {
    const width = c!.length;
    const products = linear(p, '_input', x, false);
    const gates = linear(p, '_gates', x);
    const recall = Array.from(p('_recall.weight'));
    const f = map(add(gates.slice(0, width), mul(c!, part(recall, 0, 2))), sigmoid);
    const r = map(add(gates.slice(width), mul(c!, part(recall, 1, 2))), sigmoid);
    const next = mix(f, c!, products.slice(0, width));
    return [mix(r, next, products.length > width ? products.slice(width) : x), { c: next }];
  },

  qrnn:
    ({ options: { window = 2 } }) =>
    (p, x, { c }, past, reverse) => {
      const [weight, bias] = [p('_input.weight'), p('_input.bias')];
      const gates = map(Array.from(bias), (b, unit) => {
        let sum = b;
        for (let back = 0; back < window; back++) {
          // The kernel's steps lie in the order of time.
          const place = reverse ? back : window - 1 - back;
          const seen = back === 0 ? x : past[past.length - back];
          seen?.forEach((value, j) => (sum += weight[(unit * x.length + j) * window + place]! * value));
        }
        return sum;
      });
      const next = mix(map(part(gates, 1, 3), sigmoid), c!, map(part(gates, 0, 3), Math.tanh));
      return [mul(map(part(gates, 2, 3), sigmoid), next), { c: next }];
    },

  minGru: () => (p, x, { h }) => {
    const parts = linear(p, '_input', x);
    const after = mix(map(part(parts, 0, 2), sigmoid), part(parts, 1, 2), h!);
    return [after, { h: after }];
  },

  minLstm: () => (p, x, { h }) => {
    const parts = linear(p, '_input', x);
    const [f, i] = [map(part(parts, 0, 3), sigmoid), map(part(parts, 1, 3), sigmoid)];
    const after = map(h!, (h, j) => (f[j]! * h + i[j]! * part(parts, 2, 3)[j]!) / (f[j]! + i[j]!));
    return [after, { h: after }];
  },

  slstm:
    ({ options: { heads = 1, forgetGate = 'sigmoid' } }) =>
    (p, x, states) => {
      const all = linear(p, '_input', x);
      const next: { [state: string]: number[] } = { h: [], c: [], n: [], m: [] };
      for (let head = 0; head < heads; head++) {
        const [h, c, n, m] = ['h', 'c', 'n', 'm'].map((state) => part(states[state]!, head, heads)) as [Vector, Vector, Vector, Vector];
        const gates = add(part(all, head, heads), linear(p, `_head${head}.hidden`, h, false));
        const [z, i, f, o] = [0, 1, 2, 3].map((place) => part(gates, place, 4)) as [Vector, Vector, Vector, Vector];
        for (let j = 0; j < h.length; j++) {
          const logF = forgetGate === 'exp' ? f[j]! : Math.log(sigmoid(f[j]!));
          const most = Math.max(logF + m[j]!, i[j]!);
          const [input, kept] = [Math.exp(i[j]! - most), Math.exp(logF + m[j]! - most)];
          const cell = kept * c[j]! + input * Math.tanh(z[j]!);
          const normaliser = kept * n[j]! + input;
          next['h']!.push((sigmoid(o[j]!) * cell) / normaliser);
          next['c']!.push(cell);
          next['n']!.push(normaliser);
          next['m']!.push(most);
        }
      }
      return [next['h']!, next];
    },

  rgLru: () => (p, x, { h }) => {
    const parts = linear(p, '_input', x);
    const [r, i] = [map(part(parts, 0, 2), sigmoid), map(part(parts, 1, 2), sigmoid)];
    const decay = p('_decay.weight');
    const after = map(h!, (h, j) => {
      const a = Math.exp(-8 * Math.log(1 + Math.exp(decay[j]!)) * r[j]!);
      return a * h + Math.sqrt(1 - a * a) * i[j]! * x[j]!;
    });
    return [after, { h: after }];
  },
};

/** All layers and directions over one row: what each step gives, and the final states side by side. */
export function reference(of: CellCase, p: Parameter, row: readonly Vector[], initial: States): [readonly Vector[], States] {
  const { hiddenSize, layers = 1, bidirectional = false } = of.options;
  const step = steps[of.cell](of);
  const finals: { [state: string]: number[] } = Object.fromEntries(of.states.map((state) => [state, []]));
  let below = row;
  let place = 0;
  for (let layer = 0; layer < layers; layer++) {
    const sides = (bidirectional ? [false, true] : [false]).map((reverse) => {
      const own: Parameter = (name) => p(`cell_l${layer}${reverse ? '_reverse' : ''}${name}`);
      const cut = (state: string): Vector => initial[state]!.slice(place * hiddenSize, (place + 1) * hiddenSize);
      let states: States = Object.fromEntries(of.states.map((state) => [state, cut(state)]));
      const inputs = reverse ? below.toReversed() : below;
      const ys = inputs.map((x, t) => {
        const [y, next] = step(own, x, states, inputs.slice(0, t), reverse);
        states = next;
        return y;
      });
      for (const state of of.states) finals[state]!.push(...states[state]!);
      place++;
      return reverse ? ys.toReversed() : ys;
    });
    below = below.map((_, t) => sides.flatMap((ys) => ys[t]!));
  }
  return [below, finals];
}
