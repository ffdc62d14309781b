/** One-file models of whole numbers, which need no engine: safetensors without a spec. */

import { writeBytes } from '#runtime';
import { describe, ModelFileError } from '../errors.js';
import { aboutFile, bytesOf, readMetadata, writeMetadata, type ModelMetadata, type ModelSource } from './modelFile.js';

/** A list of counts, or of what they are about. */
export type CountTensors = Readonly<Record<string, Int32Array>>;

/** A file of counts as it was read. */
export interface CountFile {
  readonly metadata: ModelMetadata;
  readonly tensors: CountTensors;
}

/** What a header says of a tensor. */
interface HeaderEntry {
  readonly dtype?: unknown;
  readonly shape?: unknown;
  readonly data_offsets?: unknown;
}

/** Bytes of the header's length, and what the header's own length is a multiple of. */
const PREFIX = 8;
/** Bytes of a number. */
const WIDTH = 4;

/**
 * Counts as the bytes of a file, which any safetensors library reads: each a tensor of one dimension,
 * metadata as JSON texts in `__metadata__`. With a path the bytes are written there, too.
 */
export async function saveCountFile(tensors: CountTensors, metadata: ModelMetadata, path?: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  const header: Record<string, unknown> = { __metadata__: writeMetadata(null, metadata) };
  let end = 0;
  for (const [name, { length }] of Object.entries(tensors)) {
    header[name] = { dtype: 'I32', shape: [length], data_offsets: [end, end + length * WIDTH] };
    end += length * WIDTH;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = Math.ceil(text.length / PREFIX) * PREFIX;
  const bytes = new Uint8Array(PREFIX + size + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(size), true);
  bytes.fill(0x20, PREFIX, PREFIX + size);
  bytes.set(text, PREFIX);
  let at = PREFIX + size;
  for (const values of Object.values(tensors)) {
    for (const value of values) {
      view.setInt32(at, value, true);
      at += WIDTH;
    }
  }
  if (path !== undefined) await writeBytes(path, bytes);
  return bytes;
}

/**
 * Reads a file of counts.
 *
 * @param names of the tensors it must have
 * @throws ModelFileError when the file does not exist, is none, is damaged, or lacks a tensor
 */
export async function loadCountFile(source: ModelSource, names: readonly string[]): Promise<CountFile> {
  const bytes = await bytesOf(source);
  return aboutFile(source, () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < PREFIX) throw damaged('truncated', `the file has ${bytes.length} bytes, expected at least ${PREFIX}`);
    const start = PREFIX + Number(view.getBigUint64(0, true));
    if (start > bytes.length) throw damaged('truncated', `header: ${start - PREFIX} bytes long, but the file ends after ${bytes.length}; is this a model file?`);
    const header = parse(bytes.subarray(PREFIX, start));
    const { __metadata__: texts } = header;
    if (!isTexts(texts)) throw damaged('invalid_header', `__metadata__: expected texts by name, given ${describe(texts)}`);
    const { spec: _, ...metadata } = readMetadata(texts);
    const tensors = names.map((name) => [name, numbers(header[name], name, view, start)]);
    return { metadata, tensors: Object.fromEntries(tensors) as CountTensors };
  });
}

function parse(text: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
    throw new TypeError(`expected an object, given ${describe(header)}`);
  } catch (cause) {
    throw new ModelFileError(`header: ${(cause as Error).message}; is this a model file?`, { code: 'invalid_header', cause });
  }
}

function isTexts(texts: unknown): texts is Record<string, string> {
  return typeof texts === 'object' && texts !== null && Object.values(texts).every((text) => typeof text === 'string');
}

function numbers(entry: unknown, name: string, view: DataView, start: number): Int32Array {
  if (typeof entry !== 'object' || entry === null) throw damaged('missing_tensor', `${name}: the file has no tensor of this name`);
  const { dtype, shape, data_offsets: offsets } = entry as HeaderEntry;
  const [length] = Array.isArray(shape) ? (shape as unknown[]) : [];
  const [from, to] = Array.isArray(offsets) ? (offsets as unknown[]) : [];
  const sound = [length, from, to].every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
  if (dtype !== 'I32' || !sound || (to as number) - (from as number) !== (length as number) * WIDTH) {
    throw damaged('wrong_tensor', `${name}: expected a list of I32 with its place in the file, given ${JSON.stringify(entry)}`);
  }
  if (start + (to as number) > view.byteLength) throw damaged('truncated', `${name}: the file ends before this tensor does`);
  return Int32Array.from({ length: length as number }, (_, index) => view.getInt32(start + (from as number) + index * WIDTH, true));
}

function damaged(code: string, message: string): ModelFileError {
  return new ModelFileError(message, { code });
}
