/** Pretrained word vectors in the text formats of GloVe and word2vec. */

import { DataError, describe } from '../errors.js';
import { readLines, type Line } from './lines.js';
import type { SourceOptions, TextSource } from './source.js';

/** Options of `readVectors`. */
export interface VectorOptions extends SourceOptions {
  /** Words to keep: a `Vocabulary`, a `Set` or a `Map`. Default: all. */
  words?: { has(word: string): boolean } | undefined;
}

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

/**
 * Reads word vectors, a word and its components a line, separated by spaces or tabs. A first line
 * of two integers is word2vec's header. The source streams through, and only the rows of wanted
 * words stay in memory. Words may hold spaces, as some of GloVe's do. Of a repeated word the first
 * row counts.
 *
 * @throws DataError with the line: `bad_vector` for a row of another dimension than the first's or
 *   the header's, for what is no finite number, and for fewer or more rows than the header says
 *
 * @example
 * const vectors = await readVectors(stream, { words: new Set(['the', 'of']), name: 'glove.txt' });
 * vectors.get('the'); // Float32Array [dimension]
 */
export async function readVectors(
  source: TextSource,
  options: VectorOptions = {},
): Promise<WordVectors> {
  const reader = new VectorReader(options);
  for await (const line of readLines(source, options)) reader.push(line);
  return reader.finish();
}

class VectorReader {
  readonly #options: VectorOptions;
  readonly #words: string[] = [];
  readonly #seen = new Set<string>();
  #values = new Float32Array(0);
  #dimension = 0;
  /** Rows that the header says there are. */
  #promised: number | undefined;
  #rows = 0;
  #line = 0;

  constructor(options: VectorOptions) {
    this.#options = options;
  }

  push({ text, number }: Line): void {
    this.#line = number;
    const row = text.replace(/[ \t]+$/, '');
    if (row === '') return;
    if (number === 1) {
      const header = /^(\d+)[ \t]+(\d+)$/.exec(row);
      if (header !== null) {
        this.#promised = Number(header[1]);
        this.#dimension = Number(header[2]);
        if (this.#dimension === 0) throw this.#error('the header says 0 components');
        return;
      }
    }
    this.#rows += 1;
    const separators = separatorsOf(row);
    if (this.#dimension === 0) this.#dimension = separators.length;
    const wordEnd = separators.at(-this.#dimension);
    if (this.#dimension === 0 || wordEnd === undefined || wordEnd === 0) {
      throw this.#wrongDimension(row, separators.length);
    }
    const word = row.slice(0, wordEnd).replace(/[ \t]+$/, '');
    // More columns than expected are a word with spaces, unless a number stands among them.
    const extra = separators.length - this.#dimension;
    if (extra > 0 && isNumber(word.slice((separators[extra - 1] as number) + 1))) {
      throw this.#wrongDimension(row, separators.length);
    }
    if (this.#seen.has(word) || this.#options.words?.has(word) === false) return;
    const offset = this.#words.length * this.#dimension;
    this.#reserve(offset + this.#dimension);
    for (let component = 0; component < this.#dimension; component += 1) {
      const separator = separators.length - this.#dimension + component;
      const field = row.slice((separators[separator] as number) + 1, separators[separator + 1]);
      if (!isNumber(field)) {
        throw this.#error(
          `component ${component + 1} of ${describe(word)}: expected a finite number, ` +
            `given ${describe(field)}`,
        );
      }
      this.#values[offset + component] = Number(field);
    }
    this.#words.push(word);
    this.#seen.add(word);
  }

  finish(): WordVectors {
    if (this.#promised !== undefined && this.#rows !== this.#promised) {
      throw this.#error(`the header says ${this.#promised} rows, the file has ${this.#rows}`);
    }
    const used = this.#words.length * this.#dimension;
    return new WordVectors(this.#dimension, this.#words, this.#values.slice(0, used));
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const larger = new Float32Array(Math.max(length, this.#values.length * 2));
    larger.set(this.#values);
    this.#values = larger;
  }

  #wrongDimension(row: string, found: number): DataError {
    const expected = this.#dimension === 0 ? 'a word and its components' : `${this.#dimension} components`;
    return this.#error(`expected ${expected}, found ${found}: ${describe(row)}`);
  }

  #error(message: string): DataError {
    const { name } = this.#options;
    return new DataError(message, { code: 'bad_vector', line: this.#line, source: name });
  }
}

/** Offsets of the spaces and tabs of a row; of several in a row the last. */
function separatorsOf(row: string): number[] {
  const separators: number[] = [];
  for (let at = 0; at < row.length; at += 1) {
    if (!isSeparator(row.charCodeAt(at))) continue;
    if (!isSeparator(row.charCodeAt(at + 1))) separators.push(at);
  }
  return separators;
}

function isSeparator(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

function isNumber(field: string): boolean {
  return field !== '' && Number.isFinite(Number(field));
}
