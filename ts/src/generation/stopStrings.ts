/** Text up to a string that ends it. */

/** Passes text on, but not what stands behind one of some strings, these, or what may still become one. */
export class StopStrings {
  readonly #stops: readonly string[];
  readonly #longest: number;
  /** What may be the start of a stop string. */
  #held = '';

  constructor(stops: readonly string[]) {
    this.#stops = stops;
    this.#longest = Math.max(0, ...stops.map(({ length }) => length));
  }

  /** The text that is certain once more of it has come, and whether a stop string is in it. */
  add(more: string): { text: string; stopped: boolean } {
    const text = this.#held + more;
    const found = this.#stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
    if (found.length > 0) {
      this.#held = '';
      return { text: text.slice(0, Math.min(...found)), stopped: true };
    }
    let start = Math.max(0, text.length - this.#longest + 1);
    while (start < text.length && !this.#stops.some((stop) => stop.startsWith(text.slice(start)))) start += 1;
    this.#held = text.slice(start);
    return { text: text.slice(0, start), stopped: false };
  }

  /** The text that is held back, when no more comes. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
