/** Text sources of every kind to lines, as they stream in. */

import { DataError, describe, UsageError } from '../errors.js';
import { chunksOf, joinBytes, type SourceOptions, type TextSource } from './source.js';

/** A line without its line end. */
export interface Line {
  text: string;
  /** Counted from 1. */
  number: number;
}

/**
 * The lines of a source, ended by LF or CRLF; a byte order mark at the very start is left out, and
 * what gzip compressed is restored. Holds no more than a chunk and an unfinished line at a time.
 * Stopping early cancels the source.
 *
 * @param options `lenient` puts U+FFFD in place of bytes that do not decode
 * @throws DataError (`bad_encoding`) with the line that does not decode, (`bad_gzip`)
 * @throws UsageError (`bad_source`) for what is no source, (`bad_option`) for an unknown encoding
 *
 * @example
 * for await (const { number, text } of readLines('a\r\nb')) console.log(number, text);
 */
export async function* readLines(
  source: TextSource,
  options: SourceOptions & { lenient?: boolean } = {},
): AsyncGenerator<Line> {
  const { name, encoding = 'utf-8', lenient = false } = options;
  const splitter = new LineSplitter(name, decoderOf(encoding, lenient));
  for await (const chunk of chunksOf(source, name)) yield* splitter.push(chunk);
  yield* splitter.finish();
}

/** @throws UsageError (`bad_option`) for an encoding that this host does not know */
export function decoderOf(encoding: string, lenient: boolean): TextDecoder {
  try {
    // We take a byte order mark off ourselves: strings may start with one too.
    return new TextDecoder(encoding, { fatal: !lenient, ignoreBOM: true });
  } catch {
    const expected = 'a name of the Encoding Standard that this host knows, such as utf-8 or iso-8859-1';
    throw UsageError.option('encoding', encoding, expected);
  }
}

/** Joins chunks and cuts them into lines. */
class LineSplitter {
  readonly #name: string | undefined;
  readonly #decoder: TextDecoder;
  /** Bytes of the unfinished line, which come after its text. */
  #bytes: Uint8Array[] = [];
  /** Text of the unfinished line. */
  #text: string[] = [];
  #lines = 0;

  constructor(name: string | undefined, decoder: TextDecoder) {
    this.#name = name;
    this.#decoder = decoder;
  }

  /** The lines that a chunk finishes. */
  push(chunk: Uint8Array | string): Line[] {
    if (typeof chunk === 'string') return this.#split(this.#decodeUnfinished() + chunk);
    if (!(chunk instanceof Uint8Array)) {
      throw new UsageError(
        `text source: expected chunks of string or Uint8Array, given ${describe(chunk)}`,
        { code: 'bad_source' },
      );
    }
    if (this.#decoder.encoding !== 'utf-8') return this.#split(this.#decode(chunk, { stream: true }));
    // The byte of LF occurs in no longer UTF-8 sequence, so whole lines decode by themselves.
    const end = chunk.lastIndexOf(0x0a) + 1;
    if (end === 0) {
      this.#bytes.push(chunk.slice());
      return [];
    }
    this.#bytes.push(chunk.subarray(0, end));
    const lines = this.#split(this.#decodeUnfinished());
    // Copied, as the producer may use its buffer again.
    if (end < chunk.length) this.#bytes.push(chunk.slice(end));
    return lines;
  }

  /** The last line, where the source does not end with a line end. */
  finish(): Line[] {
    const lines = this.#split(this.#decodeUnfinished());
    const rest = this.#text.join('');
    this.#text = [];
    return rest === '' ? lines : [...lines, this.#line(rest)];
  }

  #split(text: string): Line[] {
    const parts = text.split('\n');
    const unfinished = parts.pop() as string;
    const lines: Line[] = [];
    for (const [index, part] of parts.entries()) {
      if (index === 0) {
        lines.push(this.#line(this.#text.join('') + part));
        this.#text = [];
      } else {
        lines.push(this.#line(part));
      }
    }
    if (unfinished !== '') this.#text.push(unfinished);
    return lines;
  }

  #line(text: string): Line {
    this.#lines += 1;
    const start = this.#lines === 1 && text.startsWith('\ufeff') ? 1 : 0;
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    return { text: text.slice(start, end), number: this.#lines };
  }

  #decodeUnfinished(): string {
    const bytes = joinBytes(this.#bytes);
    this.#bytes = [];
    return this.#decode(bytes);
  }

  /** Text of bytes; without `stream` they end a character. */
  #decode(bytes: Uint8Array, options?: TextDecodeOptions): string {
    try {
      return this.#decoder.decode(bytes, options);
    } catch (cause) {
      throw this.#badEncoding(bytes, cause);
    }
  }

  /** Finds the line that does not decode among bytes that do not. */
  #badEncoding(bytes: Uint8Array, cause: unknown): DataError {
    const { encoding } = this.#decoder;
    let line = this.#lines + 1;
    // Elsewhere the line is that of the chunk: where its lines end is not known.
    for (let start = 0; encoding === 'utf-8' && start < bytes.length; line += 1) {
      const found = bytes.indexOf(0x0a, start);
      const end = found < 0 ? bytes.length : found + 1;
      try {
        this.#decoder.decode(bytes.subarray(start, end));
      } catch {
        break;
      }
      start = end;
    }
    const utf16 = line === 1 && (bytes[0] === 0xff || bytes[0] === 0xfe);
    const hint = utf16 ? '; this looks like UTF-16' : '; text in another encoding takes the option encoding';
    return new DataError(
      `expected ${encoding.toUpperCase()}, found bytes that are not${encoding === 'utf-8' ? hint : ''}`,
      { code: 'bad_encoding', line, source: this.#name, cause },
    );
  }
}
