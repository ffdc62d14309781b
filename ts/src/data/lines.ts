/** Text sources of every kind to lines, as they stream in. */

import { DataError, describe, UsageError } from '../errors.js';

/**
 * Where text comes from: the text itself, its UTF-8 bytes, a `Blob` or `File`, a web stream (such
 * as `response.body`), or any async iterable of chunks (such as Node's file streams). Chunks may
 * be cut anywhere, inside a character too.
 */
export type TextSource =
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

/** A line without its line end. */
export interface Line {
  text: string;
  /** Counted from 1. */
  number: number;
}

/**
 * The lines of a source, ended by LF or CRLF; a byte order mark at the very start is left out.
 * Holds no more than a chunk and an unfinished line at a time. Stopping early cancels the source.
 *
 * @param name what errors call the source, usually a file name
 * @throws DataError (`bad_encoding`) with the line that is not UTF-8
 * @throws UsageError (`bad_source`) for what is no source
 *
 * @example
 * for await (const { number, text } of readLines('a\r\nb')) console.log(number, text);
 */
export async function* readLines(source: TextSource, name?: string): AsyncGenerator<Line> {
  const splitter = new LineSplitter(name);
  for await (const chunk of chunksOf(source)) yield* splitter.push(chunk);
  yield* splitter.finish();
}

/** Joins chunks and cuts them into lines. */
class LineSplitter {
  readonly #name: string | undefined;
  // We take a byte order mark off ourselves: strings may start with one too.
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Bytes of the unfinished line, which come after its text. */
  #bytes: Uint8Array[] = [];
  /** Text of the unfinished line. */
  #text: string[] = [];
  #lines = 0;

  constructor(name: string | undefined) {
    this.#name = name;
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
    if (this.#bytes.length === 0) return '';
    const bytes = this.#bytes.length === 1 ? (this.#bytes[0] as Uint8Array) : join(this.#bytes);
    this.#bytes = [];
    try {
      return this.#decoder.decode(bytes);
    } catch (cause) {
      throw this.#badEncoding(bytes, cause);
    }
  }

  /** Finds the line that does not decode among bytes that do not. */
  #badEncoding(bytes: Uint8Array, cause: unknown): DataError {
    let line = this.#lines + 1;
    for (let start = 0; start < bytes.length; line += 1) {
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
    return new DataError(
      `expected UTF-8, found bytes that are not${utf16 ? '; this looks like UTF-16' : ''}`,
      { code: 'bad_encoding', line, source: this.#name, cause },
    );
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The chunks of a source, whatever it is. Told apart by methods, as realms and polyfills differ. */
async function* chunksOf(source: TextSource): AsyncGenerator<Uint8Array | string> {
  if (typeof source === 'string' || source instanceof Uint8Array) {
    yield source;
  } else if (hasMethod(source, 'getReader')) {
    yield* streamChunks(source as ReadableStream<Uint8Array | string>);
  } else if (hasMethod(source, 'stream')) {
    yield* streamChunks((source as Blob).stream());
  } else if (hasMethod(source, Symbol.asyncIterator)) {
    yield* source as AsyncIterable<Uint8Array | string>;
  } else {
    throw new UsageError(
      'text source: expected a string, a Uint8Array, a Blob, a ReadableStream or an async ' +
        `iterable of chunks, given ${describe(source)}`,
      { code: 'bad_source' },
    );
  }
}

function hasMethod(value: unknown, method: PropertyKey): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Record<PropertyKey, unknown>)[method] === 'function'
  );
}

/** Not every browser's streams are async iterable. */
async function* streamChunks(
  stream: ReadableStream<Uint8Array | string>,
): AsyncGenerator<Uint8Array | string> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Does nothing to a stream that has come to its end.
    await reader.cancel();
    reader.releaseLock();
  }
}
