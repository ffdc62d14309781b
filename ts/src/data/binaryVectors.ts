/** Pretrained word vectors in the binary format of word2vec. */

import { DataError, describe } from '../errors.js';
import { joinBytes } from './source.js';
import type { VectorOptions } from './vectors.js';
import { VectorTable, type WordVectors } from './wordVectors.js';

/** The first line of word2vec's files: how many words there are, and how many components each has. */
export const HEADER = /^(\d+)[ \t]+(\d+)$/;

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const FLOAT = Float32Array.BYTES_PER_ELEMENT;
/** No word has as many bytes, and no vector as many components: what looks so is no such file. */
const LONGEST = 1 << 16;
const DECODER = new TextDecoder();

/**
 * Whether chunks start as a binary file does: a header, a word, and behind it what are not the
 * characters of a number.
 */
export function startsBinary(head: readonly (Uint8Array | string)[]): boolean {
  if (!head.every((chunk) => chunk instanceof Uint8Array)) return false;
  const bytes = joinBytes(head);
  const lineEnd = bytes.indexOf(LINE_FEED);
  const wordEnd = bytes.indexOf(SPACE, lineEnd + 1);
  if (lineEnd < 0 || wordEnd < 0 || !HEADER.test(DECODER.decode(bytes.subarray(0, lineEnd)))) return false;
  const rowEnd = bytes.indexOf(LINE_FEED, wordEnd);
  const components = bytes.subarray(wordEnd, rowEnd < 0 ? bytes.length : rowEnd);
  return !/^[-+.\deE \t\r]*$/.test(DECODER.decode(components));
}

/**
 * Reads rows of a word, a space and little-endian floats, which a line end may follow. See `readVectors`.
 *
 * @throws DataError (`bad_vector`)
 */
export async function binaryVectors(chunks: AsyncIterable<Uint8Array>, { name, words }: VectorOptions): Promise<WordVectors> {
  const table = new VectorTable(words);
  const fail = (message: string): DataError => new DataError(message, { code: 'bad_vector', source: name });
  let rows = 0;
  let promised = -1;
  let dimension = 0;
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    const bytes = joinBytes([rest, chunk]);
    const numbers = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    if (promised < 0) {
      at = bytes.indexOf(LINE_FEED) + 1;
      const [, count, size] = HEADER.exec(DECODER.decode(bytes.subarray(0, Math.max(0, at - 1)))) ?? [];
      promised = Number(count ?? -1);
      dimension = Number(size ?? 0);
      if (promised >= 0 && !(dimension > 0 && dimension <= LONGEST)) throw fail(`the header says ${dimension} components`);
    }
    while (promised >= 0 && rows < promised) {
      const start = bytes[at] === LINE_FEED ? at + 1 : at;
      const wordEnd = bytes.indexOf(SPACE, start);
      const end = wordEnd + 1 + dimension * FLOAT;
      if (wordEnd < 0 || end > bytes.length) break;
      const word = DECODER.decode(bytes.subarray(start, wordEnd));
      if (table.wants(word)) {
        const vector = table.add(word, dimension);
        for (let component = 0; component < dimension; component += 1) {
          const value = numbers.getFloat32(wordEnd + 1 + component * FLOAT, true);
          if (!Number.isFinite(value)) {
            throw fail(`component ${component + 1} of ${describe(word)}: expected a finite number, given ${value}`);
          }
          vector[component] = value;
        }
      }
      rows += 1;
      at = end;
    }
    rest = bytes.slice(at);
    if (rows === promised && rest.some((byte) => byte !== LINE_FEED)) {
      throw fail(`the header says ${promised} rows, the file has more`);
    }
    if (rest.length > LONGEST + dimension * FLOAT) throw fail(`row ${rows + 1}: expected a word and ${dimension} components`);
  }
  if (rows < promised) throw fail(`the header says ${promised} rows, the file ends in row ${rows + 1}`);
  return table.vectors(dimension);
}
