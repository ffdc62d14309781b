/** One-file models: safetensors whose metadata holds the spec and everything else. */

import { readBytes, writeBytes } from '#runtime';
import { coreOf, defaultEngine, type Engine } from '../engine.js';
import { describe, ModelFileError, OstinatoError, UsageError } from '../errors.js';
import { checkOptionNames } from '../optionNames.js';
import { bytesOfBody } from '../runtime/fetched.js';
import type { Json, Spec } from '../spec/spec.js';
import { adoptModel, type Model } from '../training/model.js';
import type { Core } from '../wasm/core.js';

/** The version of the file's metadata that this release reads and writes. */
export const FORMAT_VERSION = 1;

/** What every file says of itself. */
const OWN = ['format', 'format_version', 'spec'] as const;

/** Where a model file may come from. A string is a path where there are files, else a URL; a `File` is named in errors. */
export type ModelSource = string | URL | Uint8Array | ArrayBuffer | Blob | Response;

/** What a model file holds besides spec and parameters, such as vocabularies and labels, by name. */
export interface ModelMetadata {
  readonly [name: string]: Json;
}

/** A model file as it was read. */
export interface ModelFile {
  readonly model: Model;
  readonly metadata: ModelMetadata;
}

/** One tensor of a model file. */
export interface TensorInfo {
  readonly name: string;
  /** `F32` and the like, in safetensors' names. */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** What stands in a model file, without a model being made. */
export interface ModelFileInfo {
  readonly formatVersion: number;
  /** Null for a model that is no network, such as a Markov model. */
  readonly spec: Spec | null;
  readonly metadata: ModelMetadata;
  readonly tensors: readonly TensorInfo[];
  /** Size of the file. */
  readonly bytes: number;
}

/**
 * A model as the bytes of a file, which any safetensors library reads: one tensor for each parameter,
 * under PyTorch's names and in its layouts; spec and metadata as JSON texts in `__metadata__`. With a
 * path the bytes are written there, too.
 *
 * @throws UsageError (`bad_option`) when the metadata uses a name that the file has itself
 *
 * @example
 * const bytes = await saveModelFile(model, { labels: ['O', 'B-PER', 'I-PER'] }, 'model.safetensors');
 */
export async function saveModelFile(
  model: Model,
  metadata: ModelMetadata = {},
  path?: string | URL,
): Promise<Uint8Array<ArrayBuffer>> {
  const texts = writeMetadata(model.spec, metadata);
  const core = coreOf(model.engine);
  const length = core.stageJson(texts);
  core.call((exports) => exports.model_save(model.handle, length));
  const bytes = core.bytes();
  if (path !== undefined) await writeBytes(path, bytes);
  return bytes;
}

/**
 * Reads a model file and makes the model in `engine`, or else in the shared engine. Sizes, names,
 * element types and version are checked before the parameters are allocated.
 *
 * @throws ModelFileError when the file does not exist, is none, is damaged, or has another version
 *
 * @example
 * const { model, metadata } = await loadModelFile('model.safetensors');
 */
export async function loadModelFile(source: ModelSource, options: { engine?: Engine } = {}): Promise<ModelFile> {
  checkOptionNames(options, ENGINE_NAMES);
  const engine = options.engine ?? (await defaultEngine());
  const core = coreOf(engine);
  const bytes = await bytesOf(source);
  return aboutFile(source, () =>
    opened(core, bytes, (file, { spec, metadata }) => {
      if (spec === null) {
        throw new ModelFileError(`kind: expected a network, given ${describe(metadata['kind'])}`, { code: 'wrong_kind' });
      }
      const length = core.stageJson(spec);
      const handle = core.call((exports) => exports.model_create(length, 0, file));
      return { model: adoptModel(engine, spec, handle), metadata };
    }),
  );
}

/**
 * Reads what stands in a model file, without making a model.
 *
 * @throws ModelFileError as {@link loadModelFile}
 *
 * @example
 * const { tensors } = await readModelFileInfo('model.safetensors');
 */
export async function readModelFileInfo(
  source: ModelSource,
  options: { engine?: Engine } = {},
): Promise<ModelFileInfo> {
  checkOptionNames(options, ENGINE_NAMES);
  const core = coreOf(options.engine ?? (await defaultEngine()));
  const bytes = await bytesOf(source);
  return aboutFile(source, () => opened(core, bytes, (_, info) => info));
}

/** Names of the options of what reads a file in an engine. */
const ENGINE_NAMES = { engine: true };

/** Hands a file to the core for as long as `use` runs. */
function opened<T>(core: Core, bytes: Uint8Array, use: (file: number, info: ModelFileInfo) => T): T {
  const length = core.stageBytes(bytes);
  const file = core.call((exports) => exports.file_open(length));
  try {
    const contents = JSON.parse(core.text()) as { metadata: Record<string, string>; tensors: TensorInfo[] };
    const { spec, ...metadata } = readMetadata(contents.metadata);
    return use(file, {
      formatVersion: FORMAT_VERSION,
      spec: spec as unknown as Spec | null,
      metadata,
      tensors: contents.tensors,
      bytes: bytes.length,
    });
  } finally {
    if (core.usable) core.release(file);
  }
}

/** Internal: spec and metadata as the texts of a file. */
export function writeMetadata(spec: Spec | null, metadata: ModelMetadata): Record<string, string> {
  const taken = OWN.find((name) => Object.hasOwn(metadata, name));
  if (taken !== undefined) throw UsageError.option(`metadata.${taken}`, taken, 'another name');
  const texts = Object.entries(metadata).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return { format: 'ostinato', format_version: String(FORMAT_VERSION), spec: JSON.stringify(spec), ...Object.fromEntries(texts) };
}

/** Internal: the texts of a file as JSON values, the spec among them. */
export function readMetadata(texts: Readonly<Record<string, string>>): Record<string, Json> {
  const { format, format_version: version, ...rest } = texts;
  if (format !== 'ostinato') {
    throw new ModelFileError(
      `this is a safetensors file, but no model of this library: expected the format "ostinato", given ${describe(format)}`,
      { code: 'not_a_model' },
    );
  }
  if (version !== String(FORMAT_VERSION)) {
    throw new ModelFileError(`format_version: expected ${FORMAT_VERSION}, given ${describe(version)}`, {
      code: 'wrong_version',
    });
  }
  if (rest['spec'] === undefined) throw new ModelFileError('spec: missing', { code: 'bad_metadata' });
  const entries = Object.entries(rest).map(([name, text]): [string, Json] => {
    try {
      return [name, JSON.parse(text) as Json];
    } catch (cause) {
      throw new ModelFileError(`${name}: expected JSON, given ${describe(text)}`, { code: 'bad_metadata', cause });
    }
  });
  return Object.fromEntries(entries);
}

/** Internal: the bytes of a source. */
export async function bytesOf(source: ModelSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (typeof source === 'string' || source instanceof URL) {
    try {
      return await readBytes(source);
    } catch (error) {
      throw asFileError(error, undefined);
    }
  }
  if (typeof Response === 'function' && source instanceof Response) {
    if (!source.ok) {
      throw new ModelFileError(`the server answered ${source.status} ${source.statusText}`.trimEnd(), {
        code: 'unreadable',
        source: nameOf(source),
      });
    }
    try {
      return await bytesOfBody(source, nameOf(source) ?? 'response');
    } catch (error) {
      throw asFileError(error, undefined);
    }
  }
  if (typeof Blob === 'function' && source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  throw UsageError.option('source', source, 'a path, a URL, bytes, a Blob or a Response');
}

function nameOf(source: ModelSource): string | undefined {
  if (typeof source === 'string') return source;
  if (source instanceof URL) return source.href;
  if (typeof File === 'function' && source instanceof File) return source.name;
  if (typeof Response === 'function' && source instanceof Response) return source.url || undefined;
  return undefined;
}

/** Internal: runs `read`, whose errors about the file are told with its name. */
export async function aboutFile<T>(source: ModelSource, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asFileError(error, nameOf(source));
  }
}

/** An error about a file as a ModelFileError; anything else, such as a failed engine, stays what it is. */
function asFileError(error: unknown, source: string | undefined): unknown {
  const about = error instanceof OstinatoError && ['UsageError', 'DataError', 'ModelFileError'].includes(error.name);
  if (!about) return error;
  return new ModelFileError(error.message, { code: error.code, cause: error, source });
}
