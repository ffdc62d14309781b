/** A language model at work on rows of text, token by token. */

import type { NextTokens } from '../../generation/nextTokens.js';
import { Turns } from '../../generation/turns.js';
import type { Batch } from '../../training/batch.js';
import { Vocabulary } from '../../text/vocabulary.js';
import type { Model } from '../../training/model.js';
import { output } from '../../training/output.js';
import type { State } from '../../training/state.js';
import { TextReader } from '../language/reader.js';
import { lookbackOf, type LanguageParts } from './learning.js';
import { stateOf } from './reading.js';

/** Ids of a prompt that are read at once. */
const STEPS = 256;

/** Rows of text, all of which begin as one. */
export class LanguageNext implements NextTokens {
  readonly size: number;
  readonly #model: Model;
  /** Ids before the last that count for what comes next, where the model carries nothing. */
  readonly #lookback: number;
  /** Ids that never come next. */
  readonly #never: readonly number[];
  readonly #state: State | undefined;
  /** The last ids of each row, where the model carries nothing. */
  #seen: Int32Array[] = [new Int32Array(0)];

  private constructor({ model, reader, settings }: LanguageParts, state: State | undefined, documents: boolean) {
    this.#model = model;
    this.size = reader.vocabulary.size;
    this.#state = state;
    this.#lookback = lookbackOf(settings);
    this.#never = documents ? [Vocabulary.UNKNOWN] : [Vocabulary.UNKNOWN, TextReader.BOUNDARY];
  }

  /**
   * One row that has read a prompt, and the scores of what may follow.
   *
   * @param prompt at least one id
   * @param documents whether texts end
   * @throws CancelledError when the signal is aborted
   */
  static async after(
    parts: LanguageParts,
    prompt: Int32Array,
    documents: boolean,
    signal: AbortSignal | undefined,
  ): Promise<{ next: LanguageNext; scores: Float32Array }> {
    const turns = new Turns(signal);
    const next = new LanguageNext(parts, await stateOf(parts.model), documents);
    try {
      let scores: Float32Array = new Float32Array(0);
      // Where nothing is carried, what stands before what the last token sees counts for nothing.
      const from = next.#state === undefined ? Math.max(0, prompt.length - next.#lookback - 1) : 0;
      for (let at = from; at < prompt.length; at += STEPS) {
        scores = await next.#read([prompt.subarray(at, at + STEPS)]);
        await turns.take();
      }
      return { next, scores };
    } catch (error) {
      next.dispose();
      throw error;
    }
  }

  async feed(ids: Int32Array): Promise<Float32Array> {
    return this.#read(Array.from(ids, (id) => Int32Array.of(id)));
  }

  async #read(rows: readonly Int32Array[]): Promise<Float32Array> {
    const read = this.#state === undefined ? this.#withSeen(rows) : rows;
    const batch: Batch = {
      rows: rows.length,
      lengths: { tokens: read.map(({ length }) => length) },
      inputs: { tokens: joined(read) },
    };
    const outputs = await this.#model.predict('next', batch, this.#state && { state: this.#state });
    const { data } = output(outputs, 'logProbs', 'matrix');
    for (let row = 0; row < rows.length; row += 1) for (const id of this.#never) data[row * this.size + id] = -Infinity;
    return data;
  }

  #withSeen(rows: readonly Int32Array[]): Int32Array[] {
    const read = rows.map((row, index) => joined([this.#seen[index] as Int32Array, row]));
    this.#seen = read.map((row) => row.slice(Math.max(0, row.length - this.#lookback)));
    return read;
  }

  async select(rows: readonly number[]): Promise<void> {
    await this.#state?.gather(rows);
    this.#seen = rows.map((row) => this.#seen[row] ?? new Int32Array(0));
  }

  dispose(): void {
    this.#state?.dispose();
  }
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
