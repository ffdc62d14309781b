/** From ids to text, while they come. */

/** From ids to their text; where these end within a character, it ends with U+FFFD. */
export type Decode = (ids: readonly number[]) => string;

/** Bytes of the longest character: so many tokens may be one. */
const LONGEST_CHARACTER = 4;

/**
 * The last ids of a prompt: enough for a decoder to know that a text has begun, so that it gives the
 * space between two words, and none that begin within a character.
 */
function ending(decode: Decode, prompt: readonly number[]): number[] {
  let count = LONGEST_CHARACTER;
  while (count < prompt.length && !STARTS_WHOLE.test(decode(prompt.slice(-count)))) count *= 2;
  return prompt.slice(-count);
}

const STARTS_WHOLE = /^[^\ufffd]/;

/** The text of ids that go on from a prompt. */
export function continuation(decode: Decode, prompt: readonly number[], ids: readonly number[]): string {
  const before = ending(decode, prompt);
  return decode([...before, ...ids]).slice(decode(before).length);
}

/**
 * Gives the text of ids one by one. Half a character is held back until it is whole; what is none after
 * four tokens is given out as U+FFFD.
 */
export class Transcript {
  readonly #decode: Decode;
  /** The ids of the last text that was given out, and those behind them. */
  #ids: number[];
  /** How many of them are given out, as what. */
  #given: number;
  #before: string;
  /** Tokens since the last whole character. */
  #waiting = 0;

  constructor(decode: Decode, prompt: readonly number[]) {
    this.#decode = decode;
    this.#ids = ending(decode, prompt);
    this.#given = this.#ids.length;
    this.#before = decode(this.#ids);
  }

  /** The text that is whole with one more id. */
  add(id: number): string {
    this.#ids.push(id);
    const text = this.#decode(this.#ids);
    this.#waiting += 1;
    if (text.endsWith('\ufffd') && this.#waiting < LONGEST_CHARACTER) return '';
    this.#waiting = 0;
    const fresh = text.slice(this.#before.length);
    // Tokens that are no text would leave a decoder at the start of one.
    if (fresh === '') return '';
    this.#ids = this.#ids.slice(this.#given);
    this.#given = this.#ids.length;
    this.#before = this.#decode(this.#ids);
    return fresh;
  }

  /** The text that is held back, when no more ids come. */
  end(): string {
    return this.#decode(this.#ids).slice(this.#before.length);
  }
}
