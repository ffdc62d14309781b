/** Where text comes from: sources of every kind to chunks, as they stream in. */

import { decompressed } from '#runtime';
import { DataError, describe, UsageError } from '../errors.js';
import type { OptionNames } from '../optionNames.js';
import { streamChunks } from '../runtime/chunks.js';
import { chain } from './peek.js';

/**
 * Where text comes from: the text itself, its bytes, a `Blob` or `File`, a web stream (such as
 * `response.body`), or any async iterable of chunks (such as Node's file streams). Chunks may be
 * cut anywhere, inside a character too. Bytes may be compressed by gzip; several such files joined to one,
 * as `cat a.gz b.gz` does, are taken by Node, Deno and Bun, but not by browsers.
 */
export type TextSource =
  | string
  | Uint8Array
  | Blob
  | ReadableStream<Uint8Array | string>
  | AsyncIterable<Uint8Array | string>;

/** How a source is called and decoded. */
export interface SourceOptions {
  /** What errors call the source, usually a file name. */
  name?: string | undefined;
  /**
   * Encoding of the bytes, under any name of the Encoding Standard, such as `iso-8859-1` or
   * `gb18030`. Default `utf-8`.
   */
  encoding?: string | undefined;
}

/** Names of {@link SourceOptions}. */
export const SOURCE_NAMES = { name: true, encoding: true } satisfies OptionNames<SourceOptions>;

/** The extension of a name in lower case, without that of gzip; empty where there is none. */
export function extensionOf(name: string | undefined): string {
  return /\.([^./\\]+)$/.exec(name?.replace(/\.gz$/i, '') ?? '')?.[1]?.toLowerCase() ?? '';
}

type Chunk = Uint8Array | string;

/**
 * The chunks of a source; where bytes start as those of gzip do, what was compressed. Stopping early
 * cancels the source.
 *
 * @throws DataError (`bad_gzip`)
 * @throws UsageError (`bad_source`) for what is no source
 */
export async function* chunksOf(source: TextSource, name?: string): AsyncGenerator<Chunk> {
  const chunks = plainChunks(source);
  try {
    const head: Uint8Array[] = [];
    let seen = 0;
    for (;;) {
      const next = await chunks.next();
      if (next.done === true) break;
      const { value } = next;
      if (!(value instanceof Uint8Array)) {
        yield* head;
        yield value;
        return yield* chunks;
      }
      // A chunk of a single byte does not tell yet; copied, as the producer may use its buffer again.
      head.push(value.length < MAGIC.length ? value.slice() : value);
      seen += value.length;
      if (seen >= MAGIC.length) break;
    }
    const start = head.flatMap((chunk) => [...chunk.subarray(0, MAGIC.length)]);
    const whole = chain(head, chunks);
    if (MAGIC.every((byte, index) => start[index] === byte)) yield* gunzip(whole, name);
    else yield* whole;
  } finally {
    await chunks.return(undefined);
  }
}

/** How data compressed by gzip start (RFC 1952). */
const MAGIC = [0x1f, 0x8b];

async function* gunzip(chunks: AsyncGenerator<Chunk>, name: string | undefined): AsyncGenerator<Uint8Array> {
  let failure: { cause: unknown } | undefined;
  async function* compressed(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    try {
      // The next chunk is asked for before this one is used up; its producer may use its buffer again.
      for await (const chunk of chunks) yield (chunk as Uint8Array<ArrayBuffer>).slice();
    } catch (cause) {
      failure = { cause };
      throw cause;
    }
  }
  try {
    yield* decompressed(compressed());
  } catch (cause) {
    if (failure !== undefined) throw failure.cause;
    const details = { code: 'bad_gzip', source: name, cause };
    throw new DataError('the gzip data are damaged or cut short; in a browser they may also be several files joined to one', details);
  }
}

/** The chunks of a source, whatever it is. Told apart by methods, as realms and polyfills differ. */
async function* plainChunks(source: TextSource): AsyncGenerator<Chunk> {
  if (typeof source === 'string' || source instanceof Uint8Array) {
    yield source;
  } else if (hasMethod(source, 'getReader')) {
    yield* streamChunks(source as ReadableStream<Chunk>);
  } else if (hasMethod(source, 'stream')) {
    yield* streamChunks((source as Blob).stream());
  } else if (hasMethod(source, Symbol.asyncIterator)) {
    yield* source as AsyncIterable<Chunk>;
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

/** The bytes of parts, one after another; a part that stands alone is not copied. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
