/** Pretrained word vectors in the formats of GloVe, word2vec and fastText. */

import { DataError, describe } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import { binaryVectors, HEADER, startsBinary } from './binaryVectors.js';
import { readLines, type Line } from './lines.js';
import { peek } from './peek.js';
import { chunksOf, SOURCE_NAMES, type SourceOptions, type TextSource } from './source.js';
import { VectorTable, type WordVectors } from './wordVectors.js';

/** Options of `readVectors`. */
export interface VectorOptions extends SourceOptions {
  /** Words to keep: a `Vocabulary`, a `Set` or a `Map`. Default: all. */
  words?: { has(word: string): boolean } | undefined;
}

/**
 * Reads word vectors. A text has a word and its components a line, separated by spaces or tabs; a first
 * line of two integers is the header of word2vec and fastText. Words may hold spaces, as some of
 * GloVe's do. word2vec's binary form is known by what stands behind its header. The source streams
 * through, and only the rows of wanted words stay in memory. Of a repeated word the first row counts.
 *
 * @throws DataError with the line: `bad_vector` for a row of another dimension than the first's or
 *   the header's, for what is no finite number, and for fewer or more rows than the header says
 * @throws UsageError (`bad_option`)
 *
 * @example
 * const vectors = await readVectors(stream, { words: new Set(['the', 'of']), name: 'glove.txt' });
 * vectors.get('the'); // Float32Array [dimension]
 */
export async function readVectors(
  source: TextSource,
  options: VectorOptions = {},
): Promise<WordVectors> {
  checkOptionNames(options, { ...SOURCE_NAMES, words: true });
  const chunks = chunksOf(source, options.name);
  let seen = 0;
  const { head, all } = await peek(chunks, 1, ({ length }) => (seen += length) >= HEAD_SIZE);
  if (startsBinary(head)) return binaryVectors(all as AsyncGenerator<Uint8Array>, options);
  const reader = new VectorReader(options);
  // A word that does not decode is not one that anybody looks for.
  for await (const line of readLines(all, { ...options, lenient: true })) reader.push(line);
  return reader.finish();
}

/** Bytes that tell whether a file is binary: a header, a word and a few components. */
const HEAD_SIZE = 1024;

class VectorReader {
  readonly #name: string | undefined;
  readonly #table: VectorTable;
  #dimension = 0;
  /** Rows that the header says there are. */
  #promised: number | undefined;
  #rows = 0;
  #line = 0;

  constructor({ name, words }: VectorOptions) {
    this.#name = name;
    this.#table = new VectorTable(words);
  }

  push({ text, number }: Line): void {
    this.#line = number;
    const row = text.replace(/[ \t]+$/, '');
    if (row === '') return;
    if (number === 1) {
      const header = HEADER.exec(row);
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
    if (!this.#table.wants(word)) return;
    const vector = this.#table.add(word, this.#dimension);
    for (let component = 0; component < this.#dimension; component += 1) {
      const separator = separators.length - this.#dimension + component;
      const field = row.slice((separators[separator] as number) + 1, separators[separator + 1]);
      if (!isNumber(field)) {
        throw this.#error(
          `component ${component + 1} of ${describe(word)}: expected a finite number, ` +
            `given ${describe(field)}`,
        );
      }
      vector[component] = Number(field);
    }
  }

  finish(): WordVectors {
    if (this.#promised !== undefined && this.#rows !== this.#promised) {
      throw this.#error(`the header says ${this.#promised} rows, the file has ${this.#rows}`);
    }
    return this.#table.vectors(this.#dimension);
  }

  #wrongDimension(row: string, found: number): DataError {
    const expected = this.#dimension === 0 ? 'a word and its components' : `${this.#dimension} components`;
    return this.#error(`expected ${expected}, found ${found}: ${describe(row)}`);
  }

  #error(message: string): DataError {
    return new DataError(message, { code: 'bad_vector', line: this.#line, source: this.#name });
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
