/** Recurrent cells of the builder that are made of other blocks, and the loop that they are made with. */

import { UsageError } from '../errors.js';
import { checkOptionNames, type OptionNames } from '../optionNames.js';
import { layerNormLstm } from './cells/layerNormLstm.js';
import { STATE_CELL_NAMES, type StateCellOptions } from './cells/linearCell.js';
import { LSTM_CELL_NAMES, type LstmCellOptions } from './cells/lstmStep.js';
import { minGru } from './cells/minGru.js';
import { minLstm } from './cells/minLstm.js';
import { mogrifierLstm, type MogrifierLstmOptions } from './cells/mogrifierLstm.js';
import { peepholeLstm } from './cells/peepholeLstm.js';
import { qrnn, type QrnnOptions } from './cells/qrnn.js';
import { rgLru } from './cells/rgLru.js';
import { slstm, type SlstmOptions } from './cells/slstm.js';
import { sru, type CellStateOptions } from './cells/sru.js';
import { CELL_NAMES, type CellOptions, type SizedCellOptions } from './cells/stack.js';
import { LossBuilder } from './lossBuilder.js';
import type { LinearScanOptions } from './options.js';
import type { ScanInside, ScanOptions, ScanState, ScanStep, ScanValue, Values } from './scan.js';
import type { SpecBuilder } from './specBuilder.js';
import type { CellStateValue, LstmValue, MatrixValue, RecurrentValue, SlstmValue, Value } from './value.js';
import { toWireName } from './wire.js';

/** Links loops, and cells that are made of them. */
export class CellBuilder extends LossBuilder {
  /**
   * A loop over the steps of an axis whose body is a graph of blocks: a cell of your own. The body's
   * values have a row for each row that has the step; its blocks are those that treat rows by
   * themselves, and a node's parameters are named `loop.node.weight`. Products of the inputs alone belong
   * outside, where they are computed over all steps at once.
   *
   * @throws UsageError (`invalid_spec`) for a value from outside that was not handed in, (`bad_option`)
   *
   * @example
   * const products = s.linear(x, { outputSize: 64 });
   * const { outputs, finals } = s.scan(
   *   { name: 'elman', steps: { x: products }, states: { h: { width: 64 } } },
   *   (b, { x, h }) => {
   *     const y = b.activation('tanh', b.add(x, b.linear(h, { name: 'hidden', outputSize: 64, bias: false })));
   *     return { outputs: { y }, next: { h: y } };
   *   },
   * );
   * s.entry('encode', { steps: outputs.y, last: finals.h });
   */
  scan<
    const Steps extends Values,
    const States extends Values<ScanState>,
    Outputs extends Values,
    const Rows extends Values<MatrixValue> = Record<never, MatrixValue>,
  >(
    options: ScanOptions<Steps, Rows, States>,
    body: (b: SpecBuilder, values: ScanInside<Steps, Rows, States>) => ScanStep<States, Outputs>,
  ): ScanValue<States, Outputs> {
    checkOptionNames(options, { name: true, steps: true, rows: true, states: true, reverse: true });
    const { name = this.freeName('scan'), steps, rows = {}, states, reverse = false } = options;
    const [first] = Object.values(steps);
    if (first === undefined) throw UsageError.option('steps', steps, 'at least one value over the steps of an axis');
    for (const state of Object.values(states)) checkOptionNames<ScanState>(state, { width: true, initial: true });
    const side = reverse ? { reverse } : {};
    // What is the same at each step is a state that nothing changes.
    const same = Object.entries<MatrixValue>(rows).map(([row, initial]): [string, Partial<ScanState>] => [row, { initial }]);
    const begun = [...same, ...Object.entries(states)].map(([value, { width, initial }]): [string, MatrixValue] => {
      const inputs = initial === undefined ? [first] : [first, initial];
      const start = { name: `${name}_${toWireName(value)}_start`, ...(initial ? {} : { width }), ...side };
      return [value, this.node('scan_start', inputs, { y: 'matrix' }, start).y];
    });
    const given: Values = { ...steps, ...Object.fromEntries(begun) };
    const b = new (this.constructor as new () => SpecBuilder)();
    const inside = Object.entries(given).map(([value, { kind }]) => [
      value,
      kind === 'ids' ? b.ids(toWireName(value), { size: 1 }) : b.matrix(toWireName(value), { width: 1 }),
    ]);
    const { outputs, next } = body(b, Object.fromEntries(inside) as ScanInside<Steps, Rows, States>);
    const kept = inside.filter(([value]) => String(value) in rows);
    const after = renamed('next', { ...Object.fromEntries(kept), ...next });
    const graph = this.bodyOf(name, b, { ...renamed('output', outputs), ...after });
    const node = this.node('scan', Object.values(given), { y: 'matrix' }, {
      name,
      inputs: Object.keys(given).map(toWireName),
      states: begun.map(([state]) => toWireName(state)),
      next: begun.map(([state]) => graph.outputs[`next ${state}`]),
      nodes: graph.nodes,
      ...side,
    }).y.source;
    const over = <T extends Value>({ kind }: T, output?: string): T => ({ kind, source: node, output }) as T;
    const values = Object.entries(outputs).map(([output, value]) => [output, over(value, graph.outputs[`output ${output}`])]);
    const finals = Object.entries(next).map(([state, value]: [string, MatrixValue]) => {
      const { initial } = states[state] ?? {};
      const last = over(value, graph.outputs[`next ${state}`]);
      const end = { name: `${name}_${toWireName(state)}_n`, ...side };
      return [state, this.node('scan_end', initial === undefined ? [last] : [last, initial], { y: 'matrix' }, end).y];
    });
    return { outputs: Object.fromEntries(values), finals: Object.fromEntries(finals) } as ScanValue<States, Outputs>;
  }

  /**
   * The linear recurrence `h' = a ⊙ h + b`, whose inputs do not depend on the state.
   *
   * @example
   * const forget = s.activation('sigmoid', s.linear(x, { outputSize: 64 }));
   * const h = s.linearScan({ a: forget, b: s.linear(x, { outputSize: 64 }) }, { hiddenSize: 64 });
   */
  linearScan(
    steps: { readonly a: MatrixValue; readonly b: MatrixValue },
    options: LinearScanOptions,
  ): RecurrentValue {
    checkOptionNames(options, { name: true, hiddenSize: true, h0: true, reverse: true });
    const { hiddenSize, h0, ...rest } = options;
    const states = { h: { width: hiddenSize, initial: h0 } };
    const { outputs, finals } = this.scan({ ...rest, steps, states }, (body, { a, b, h }) => {
      const y = body.add(body.mul(a, h), b);
      return { outputs: { y }, next: { h: y } };
    });
    return { ...outputs.y, hN: finals.h };
  }

  private cell<O extends CellOptions, T>(
    this: SpecBuilder,
    type: string,
    link: (s: SpecBuilder, x: MatrixValue, options: O & { name: string }) => T,
    x: MatrixValue,
    options: O,
    names: OptionNames<O>,
  ): T {
    checkOptionNames(options, names);
    const { name = this.freeName(type) } = options;
    this.found(name, []);
    return link(this, x, { ...options, name });
  }

  /** An LSTM with layer norm (Ba et al. 2016); {@link layerNormLstm} has its equations. */
  layerNormLstm(this: SpecBuilder, x: MatrixValue, options: LstmCellOptions): LstmValue {
    return this.cell('layer_norm_lstm', layerNormLstm, x, options, LSTM_CELL_NAMES);
  }

  /** An LSTM with peepholes (Gers et al. 2002); {@link peepholeLstm} has its equations. */
  peepholeLstm(this: SpecBuilder, x: MatrixValue, options: LstmCellOptions): LstmValue {
    return this.cell('peephole_lstm', peepholeLstm, x, options, LSTM_CELL_NAMES);
  }

  /** A Mogrifier LSTM (Melis et al. 2020); {@link mogrifierLstm} has its equations. */
  mogrifierLstm(this: SpecBuilder, x: MatrixValue, options: MogrifierLstmOptions): LstmValue {
    return this.cell('mogrifier_lstm', mogrifierLstm, x, options, { ...LSTM_CELL_NAMES, inputSize: true, rounds: true, rank: true });
  }

  /** An sLSTM (Beck et al. 2024); {@link slstm} has its equations. */
  slstm(this: SpecBuilder, x: MatrixValue, options: SlstmOptions): SlstmValue {
    return this.cell('slstm', slstm, x, options, { ...LSTM_CELL_NAMES, heads: true, forgetGate: true, n0: true, m0: true });
  }

  /** A simple recurrent unit (Lei et al. 2018); {@link sru} has its equations. */
  sru(this: SpecBuilder, x: MatrixValue, options: SizedCellOptions & CellStateOptions): CellStateValue {
    return this.cell('sru', sru, x, options, { ...CELL_NAMES, inputSize: true, c0: true });
  }

  /** A quasi-recurrent network (Bradbury et al. 2017); {@link qrnn} has its equations. */
  qrnn(this: SpecBuilder, x: MatrixValue, options: QrnnOptions): CellStateValue {
    return this.cell('qrnn', qrnn, x, options, { ...CELL_NAMES, c0: true, window: true });
  }

  /** A minimal GRU (Feng et al. 2024); {@link minGru} has its equations. */
  minGru(this: SpecBuilder, x: MatrixValue, options: StateCellOptions): RecurrentValue {
    return this.cell('min_gru', minGru, x, options, STATE_CELL_NAMES);
  }

  /** A minimal LSTM (Feng et al. 2024); {@link minLstm} has its equations. */
  minLstm(this: SpecBuilder, x: MatrixValue, options: StateCellOptions): RecurrentValue {
    return this.cell('min_lstm', minLstm, x, options, STATE_CELL_NAMES);
  }

  /** A real-gated linear recurrent unit (De et al. 2024); {@link rgLru} has its equations. */
  rgLru(this: SpecBuilder, x: MatrixValue, options: StateCellOptions): RecurrentValue {
    return this.cell('rg_lru', rgLru, x, options, STATE_CELL_NAMES);
  }
}

/** Values under names that tell what they are. */
function renamed(role: string, values: object): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${role} ${name}`, value as MatrixValue]));
}
