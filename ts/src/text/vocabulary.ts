/** Vocabularies: strings to dense ids and back. */

import { DataError, describe, UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';

/** Options of `VocabularyBuilder.build`. */
export interface VocabularyOptions {
  /** Strings seen less often than this are left out. Default 1. */
  minCount?: number;
  /** At most this many strings, the most frequent, beside padding and `<unk>`. */
  maxSize?: number;
  /** Strings to hold even if they were never seen, such as those that have pretrained vectors. */
  extra?: Iterable<string>;
}

/** A vocabulary as JSON, the form in which a model file keeps it. */
export interface VocabularyJson {
  /** Strings in the order of their ids, from id 2 on. */
  tokens: string[];
  /** First id and one past the last id of the strings that were seen exactly once. */
  singletons: [number, number];
  /** Whether lookups are in lower case; absent means no. */
  lowercase?: boolean;
}

/**
 * An immutable map from strings to ids. Id 0 is padding, id 1 is `<unk>`; the rest descend in
 * frequency, ties in order of first appearance, so that the strings seen once stand together.
 *
 * @example
 * const words = new VocabularyBuilder();
 * for (const sentence of sentences) words.addAll(sentence.tokens);
 * const vocabulary = words.build({ minCount: 1 });
 * vocabulary.id('never seen'); // 1
 */
export class Vocabulary {
  /** Id of padding. No string has it. */
  static readonly PADDING = 0;
  /** Id of every string that the vocabulary does not hold, and of `<unk>` itself. */
  static readonly UNKNOWN = 1;

  /** Whether lookups are in lower case. */
  readonly lowercase: boolean;
  /** Ids of the strings seen exactly once when the vocabulary was built: `start <= id < end`. */
  readonly singletons: { readonly start: number; readonly end: number };
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  private constructor(tokens: string[], singletons: [number, number], lowercase: boolean) {
    this.lowercase = lowercase;
    this.singletons = { start: singletons[0], end: singletons[1] };
    this.#tokens = tokens;
    this.#ids = new Map(tokens.map((token, index) => [token, index + RESERVED]));
  }

  /** How many ids there are, with padding and `<unk>`. */
  get size(): number {
    return this.#tokens.length + RESERVED;
  }

  /** The id of a string, or `UNKNOWN`. */
  id(token: string): number {
    return this.#ids.get(this.lowercase ? token.toLowerCase() : token) ?? Vocabulary.UNKNOWN;
  }

  /** Whether a string has an id of its own. */
  has(token: string): boolean {
    return this.id(token) !== Vocabulary.UNKNOWN;
  }

  /** The ids of strings: `[tokens]`. A string given alone is taken character by character. */
  ids(tokens: Iterable<string>): Int32Array {
    return Int32Array.from(tokens, (token) => this.id(token));
  }

  /**
   * The string of an id; `<pad>` and `<unk>` for 0 and 1.
   *
   * @throws UsageError (`bad_id`) outside the vocabulary
   */
  token(id: number): string {
    if (id === Vocabulary.PADDING) return '<pad>';
    if (id === Vocabulary.UNKNOWN) return UNKNOWN_TOKEN;
    const token = this.#tokens[id - RESERVED];
    if (token === undefined) {
      throw new UsageError(`expected an id from 0 to ${this.size - 1}, given ${id}`, {
        code: 'bad_id',
      });
    }
    return token;
  }

  /** All strings in the order of their ids, from id 2 on. */
  tokens(): IterableIterator<string> {
    return this.#tokens.values();
  }

  /** The vocabulary as plain data; `fromJSON` is the inverse. */
  toJSON(): VocabularyJson {
    return {
      tokens: [...this.#tokens],
      singletons: [this.singletons.start, this.singletons.end],
      ...(this.lowercase ? { lowercase: true } : {}),
    };
  }

  /**
   * Reads what `toJSON` gave.
   *
   * @throws DataError (`bad_vocabulary`) for anything else
   */
  static fromJSON(json: unknown): Vocabulary {
    const { tokens, singletons, lowercase } = (json ?? {}) as Partial<VocabularyJson>;
    if (!Array.isArray(tokens) || !tokens.every((token) => typeof token === 'string')) {
      throw wrong('tokens', tokens, 'an array of strings');
    }
    const size = tokens.length + RESERVED;
    // What is no pair of ids becomes NaN, and fails every comparison.
    const [start = Number.NaN, end = Number.NaN] = Array.isArray(singletons) ? singletons : [];
    const integers = Number.isInteger(start) && Number.isInteger(end);
    if (!integers || !(RESERVED <= start && start <= end && end <= size)) {
      throw wrong('singletons', singletons, `two ids from ${RESERVED} to ${size}, in order`);
    }
    if (lowercase !== undefined && typeof lowercase !== 'boolean') {
      throw wrong('lowercase', lowercase, 'true or false');
    }
    const vocabulary = new Vocabulary([...tokens], [start, end], lowercase ?? false);
    if (vocabulary.#ids.size !== tokens.length) {
      throw wrong('tokens', tokens, 'strings without a repetition');
    }
    return vocabulary;
  }
}

/** Counts strings, then builds a `Vocabulary` of them. */
export class VocabularyBuilder {
  readonly #lowercase: boolean;
  // A map keeps the order of first appearance.
  readonly #counts = new Map<string, number>();

  /**
   * @param options.lowercase count, and later look up, in lower case. Default false.
   * @throws UsageError (`bad_option`)
   */
  constructor(options: { lowercase?: boolean } = {}) {
    checkOptionNames(options, { lowercase: true });
    this.#lowercase = options.lowercase ?? false;
  }

  /** Counts one occurrence of a string. The string `<unk>` stands for itself and is not counted. */
  add(token: string): void {
    if (token === UNKNOWN_TOKEN) return;
    const key = this.#lowercase ? token.toLowerCase() : token;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Counts strings; a string given alone is taken character by character (by code point). */
  addAll(tokens: Iterable<string>): void {
    for (const token of tokens) this.add(token);
  }

  /** How often a string was counted. */
  count(token: string): number {
    return this.#counts.get(this.#lowercase ? token.toLowerCase() : token) ?? 0;
  }

  /**
   * The vocabulary of what was counted.
   *
   * @throws UsageError (`bad_option`)
   */
  build(options: VocabularyOptions = {}): Vocabulary {
    checkOptionNames(options, { minCount: true, maxSize: true, extra: true });
    const { minCount = 1, maxSize = Number.POSITIVE_INFINITY, extra = [] } = options;
    if (!(Number.isInteger(minCount) && minCount >= 1)) {
      throw UsageError.option('minCount', minCount, 'an integer of at least 1');
    }
    if (!(maxSize >= 0)) throw UsageError.option('maxSize', maxSize, 'a number of at least 0');
    // Sorting is stable: equal counts stay in order of first appearance.
    const kept = [...this.#counts]
      .filter(([, count]) => count >= minCount)
      .sort(([, a], [, b]) => b - a)
      .slice(0, maxSize);
    const seen = new Set(kept.map(([token]) => token));
    const firstSingleton = kept.findIndex(([, count]) => count === 1);
    const end = seen.size + RESERVED;
    const start = firstSingleton < 0 ? end : firstSingleton + RESERVED;
    for (const token of extra) {
      if (token !== UNKNOWN_TOKEN) seen.add(this.#lowercase ? token.toLowerCase() : token);
    }
    return Vocabulary.fromJSON({
      tokens: [...seen],
      singletons: [start, end],
      lowercase: this.#lowercase,
    });
  }
}

/** Ids before the first string. */
const RESERVED = 2;
const UNKNOWN_TOKEN = '<unk>';

function wrong(field: string, given: unknown, expected: string): DataError {
  return new DataError(`vocabulary.${field}: expected ${expected}, given ${describe(given)}`, {
    code: 'bad_vocabulary',
  });
}
