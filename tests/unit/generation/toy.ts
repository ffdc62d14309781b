/** Models of a table, for generation to work with. */

import type { NextTokens, PromptedLanguage } from '../../../ts/src/generation/nextTokens.js';

/** The scores of what may follow some ids. */
export type Scores = (ids: readonly number[]) => readonly number[];

/** A model whose scores are a function of the ids that a row has read. It keeps an account of its calls. */
export class Toy implements NextTokens {
  readonly size: number;
  readonly calls: string[] = [];
  disposals = 0;
  rows: (readonly number[])[];
  readonly #scores: Scores;
  readonly #array: Float32Array;

  constructor(scores: Scores, prompts: readonly (readonly number[])[] = [[]]) {
    this.#scores = scores;
    this.rows = [...prompts];
    this.size = scores(prompts[0] ?? []).length;
    // Used again and again, as the contract allows.
    this.#array = new Float32Array(this.size * 64);
  }

  /** The scores of what may follow the rows as they are. */
  now(): Float32Array {
    this.rows.forEach((row, place) => this.#array.set(this.#scores(row), place * this.size));
    return this.#array.subarray(0, this.rows.length * this.size);
  }

  async feed(ids: Int32Array): Promise<Float32Array> {
    if (this.disposals > 0) throw new Error('fed after its disposal');
    if (ids.length !== this.rows.length) throw new Error(`${ids.length} ids for ${this.rows.length} rows`);
    this.calls.push(`feed ${[...ids].join(' ')}`);
    this.rows = this.rows.map((row, place) => [...row, ids[place] as number]);
    return this.now();
  }

  async select(rows: readonly number[]): Promise<void> {
    this.calls.push(`select ${rows.join(' ')}`);
    this.rows = rows.map((row) => this.rows[row] as readonly number[]);
  }

  dispose(): void {
    this.disposals += 1;
  }
}

/** Probabilities as scores. */
export const logs = (...probabilities: number[]): number[] => probabilities.map((probability) => Math.log(probability));

/** A language whose ids are the places of letters, and one more that ends a text where there is `end`. */
export function letters(alphabet: string, { end = false, prompts = [''] } = {}): PromptedLanguage {
  const encode = (text: string): number[] => [...text].map((letter) => alphabet.indexOf(letter));
  return {
    prompts: prompts.map(encode),
    endIds: end ? [alphabet.length] : [],
    encode,
    decode: (ids) => ids.map((id) => alphabet.charAt(id)).join(''),
  };
}
