/** What a language model says of sequences, read piece by piece with what is carried in between. */

import { breathe } from '#runtime';
import { CancelledError } from '../../errors.js';
import type { Batch } from '../../training/batch.js';
import type { Model } from '../../training/model.js';
import { output, type Outputs } from '../../training/output.js';
import type { State } from '../../training/state.js';
import { pieceOf, stepsOf } from './pieces.js';

/** Sequences that are read side by side, and steps of a piece, at most. */
const ROWS = 32;
const STEPS = 256;
/** Numbers that the scores of a piece are at most: one for each step and token. */
const NUMBERS = 2 ** 21;
/** Milliseconds of work after which the event loop gets a turn. */
const BREATH = 8;

/** What is read, and how. */
export interface ReadingOptions {
  /** Steps before a piece that are read again, where the model carries nothing. */
  readonly lookback: number;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
}

/** A piece as it was read. */
export interface ReadPiece {
  readonly outputs: Outputs;
  readonly batch: Batch;
  /** Which sequences its rows are. */
  readonly rows: readonly number[];
  /** First step, and one past the last. */
  readonly from: number;
  readonly to: number;
}

/** The state that a model carries; none for one that has no states. */
export async function stateOf(model: Model): Promise<State | undefined> {
  const carries = Object.values(model.spec.inputs).some((input) => input.type === 'matrix' && input.state === true);
  return carries ? model.state() : undefined;
}

/**
 * Runs an entry over sequences, which all begin with nothing before them.
 *
 * @throws CancelledError when the signal is aborted
 */
export async function* readSequences(
  model: Model,
  entry: string,
  sequences: readonly Int32Array[],
  { lookback, signal }: ReadingOptions,
): AsyncGenerator<ReadPiece> {
  const steps = (row: number): number => stepsOf(sequences[row] as Int32Array);
  // The longest first: those that go on are always the first rows.
  const order = [...sequences.keys()].filter((row) => steps(row) > 0).sort((a, b) => steps(b) - steps(a));
  const size = sizeOf(model);
  let last = performance.now();
  for (let first = 0; first < order.length; first += ROWS) {
    let rows = order.slice(first, first + ROWS);
    const state = await stateOf(model);
    try {
      for (let from = 0; ; ) {
        const going = rows.filter((row) => steps(row) > from);
        if (going.length === 0) break;
        if (going.length < rows.length) await state?.gather([...going.keys()]);
        rows = going;
        CancelledError.check(signal);
        const length = Math.max(1, Math.min(STEPS, Math.floor(NUMBERS / size / rows.length)));
        const to = Math.min(from + length, steps(rows[0] as number));
        const batch = pieceOf(rows.map((row) => sequences[row] as Int32Array), from, to, lookback);
        yield { outputs: await model.predict(entry, batch, state && { state }), batch, rows, from, to };
        from = to;
        if (performance.now() - last >= BREATH) {
          await breathe();
          last = performance.now();
        }
      }
    } finally {
      state?.dispose();
    }
  }
}

/** One more than the largest id of a token. */
function sizeOf({ spec }: Model): number {
  const tokens = spec.inputs['tokens'];
  return tokens?.type === 'ids' ? tokens.size : 1;
}

/**
 * The natural logarithm of the probability of what each step foresees.
 *
 * @throws CancelledError when the signal is aborted
 */
export async function logProbsOf(model: Model, sequences: readonly Int32Array[], options: ReadingOptions): Promise<Float64Array[]> {
  const found = sequences.map((sequence) => new Float64Array(Math.max(0, stepsOf(sequence))));
  for await (const { outputs, rows, from } of readSequences(model, 'score', sequences, options)) {
    const { data, width, offsets } = output(outputs, 'logProbs', 'matrix');
    rows.forEach((row, at) => {
      const sequence = sequences[row] as Int32Array;
      const [begin = 0, end = 0] = offsets.subarray(at, at + 2);
      const again = Math.min(from, options.lookback);
      for (let step = begin + again; step < end; step += 1) {
        const place = from + step - begin - again;
        (found[row] as Float64Array)[place] = data[step * width + (sequence[place + 1] as number)] as number;
      }
    });
  }
  return found;
}

/**
 * Nats of what all steps foresee, faster than by {@link logProbsOf}.
 *
 * @throws CancelledError when the signal is aborted
 */
export async function natsOf(model: Model, sequences: readonly Int32Array[], options: ReadingOptions): Promise<number> {
  let nats = 0;
  for await (const { outputs, rows, from, to } of readSequences(model, 'adapt', sequences, options)) {
    const counted = rows.reduce((sum, row) => sum + Math.min(to, stepsOf(sequences[row] as Int32Array)) - from, 0);
    nats += output(outputs, 'loss', 'scalar').value * counted;
  }
  return nats;
}
