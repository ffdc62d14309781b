/** Word vectors in memory. */

/** Word vectors, one row a word. */
export class WordVectors {
  /** Components of a vector. */
  readonly dimension: number;
  /** Words in the order of the rows. */
  readonly words: readonly string[];
  /** `[words, dimension]`, row after row. */
  readonly values: Float32Array;
  readonly #rows: ReadonlyMap<string, number>;

  constructor(dimension: number, words: readonly string[], values: Float32Array) {
    this.dimension = dimension;
    this.words = words;
    this.values = values;
    this.#rows = new Map(words.map((word, row) => [word, row]));
  }

  /** Whether a word has a vector. */
  has(word: string): boolean {
    return this.#rows.has(word);
  }

  /** The vector of a word, as a view: `[dimension]`. */
  get(word: string): Float32Array | undefined {
    const row = this.#rows.get(word);
    if (row === undefined) return undefined;
    return this.values.subarray(row * this.dimension, (row + 1) * this.dimension);
  }
}

/** Collects the vectors of wanted words, as they are read. */
export class VectorTable {
  readonly #wanted: { has(word: string): boolean } | undefined;
  readonly #words: string[] = [];
  readonly #seen = new Set<string>();
  #values = new Float32Array(0);

  /** @param wanted words to keep; all where it is undefined */
  constructor(wanted: { has(word: string): boolean } | undefined) {
    this.#wanted = wanted;
  }

  /** Whether the vector of a word is to be added: of a repeated word the first counts. */
  wants(word: string): boolean {
    return !this.#seen.has(word) && this.#wanted?.has(word) !== false;
  }

  /** Adds a word; its vector, `[dimension]`, is for the caller to fill before the next is added. */
  add(word: string, dimension: number): Float32Array {
    const offset = this.#words.length * dimension;
    if (offset + dimension > this.#values.length) {
      const larger = new Float32Array(Math.max(offset + dimension, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#words.push(word);
    this.#seen.add(word);
    return this.#values.subarray(offset, offset + dimension);
  }

  /** What was added. */
  vectors(dimension: number): WordVectors {
    return new WordVectors(dimension, this.#words, this.#values.slice(0, this.#words.length * dimension));
  }
}
